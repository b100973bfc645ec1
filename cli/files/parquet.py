"""How do rows become Parquet, with the types that their contract states?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from shared.contracts.requests import Question

TYPES: dict[Any, str] = {
    bool: "BOOLEAN",
    int: "BIGINT",
    float: "DOUBLE",
    Decimal: "DECIMAL(18, 6)",
    date: "DATE",
    datetime: "TIMESTAMPTZ",
    UUID: "UUID",
}
MEMORY = "256MB"
LONGEST = 16 << 20
"""Bytes of a row; a page of several comes in one message of NATS, which has at most half of that."""


def type_of(stated: Any) -> str:
    """The type of a column for a field of a contract; what has no type of its own is text."""
    if get_origin(stated) in (Union, UnionType):
        (stated,) = [each for each in get_args(stated) if each is not type(None)][:1]
    if get_origin(stated) in (list, tuple):
        return f"{type_of(get_args(stated)[0])}[]"
    return TYPES.get(stated, "VARCHAR")


def types_of(question: Question[list[Any]], columns: tuple[str, ...]) -> list[str]:
    """The types of the columns of a list."""
    (row,) = get_args(type(question).REPLY)
    return [type_of(row.model_fields[name].annotation) for name in columns]


def write_parquet(
    question: Question[list[Any]],
    columns: tuple[str, ...],
    numbers: tuple[str, ...],
    heading: Callable[[str], str],
    rows: Path,
    out: Path,
) -> None:
    """Write a file with an object of JSON in each line as Parquet; `numbers` are columns beyond those of the list.

    Raises `ValueError` with a sentence if they cannot be written.
    """
    import duckdb  # large, and needed only here

    types = [*types_of(question, columns), *(TYPES[Decimal] for _ in numbers)]
    stated = {heading(name): kind for name, kind in zip((*columns, *numbers), types, strict=True)}
    try:
        with duckdb.connect(config={"memory_limit": MEMORY, "threads": 1}) as database:
            read = database.read_json(
                str(rows), columns=stated, format="newline_delimited", maximum_object_size=LONGEST
            )
            read.write_parquet(str(out), compression="zstd")
    except duckdb.Error as error:
        why = str(error).partition("\n")[0].rstrip(".")
        raise ValueError(f"The rows cannot be written as Parquet: {why}. CSV can have every row.") from error
