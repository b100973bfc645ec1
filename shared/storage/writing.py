"""How are many rows written in one statement, each value to the column of its name?

The rows are one JSON parameter, and only `recordset` unpacks it. It lists the columns of the rows, so that a misspelled
name is an error and never a NULL, and a column that the rows do not have gets its default.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel

from shared.storage.database import Tx, rows

Names = tuple[str, ...]


async def insert(tx: Tx, table: str, values: Iterable[Any]) -> int:
    """Insert rows, except those whose key exists; returns how many were inserted.

    Rows are named tuples, dataclasses, models or dictionaries of one shape. Raises `psycopg.errors.UndefinedColumn`.
    """
    given = list(values)
    return await tx.run(_insert(table, columns_of(given)), rows=rows(given)) if given else 0


async def upsert(tx: Tx, table: str, values: Iterable[Any], *, key: Names) -> int:
    """Insert each row, or replace the row with its key; returns how many were new or changed.

    Rows are named tuples, dataclasses, models or dictionaries of one shape, one for each key.
    Raises `psycopg.errors.UndefinedColumn`.
    """
    given = list(values)
    return await tx.run(_upsert_always(table, columns_of(given), key), rows=rows(given)) if given else 0


async def upsert_newest(
    tx: Tx, table: str, values: Iterable[Any], *, key: Names, version: Names = ("version",)
) -> list[dict[str, Any]]:
    """Insert each row, or replace the row with its key if that has a lower version.

    Of two rows with one key the newer wins. Returns the key of each row that was written.

    Rows are named tuples, dataclasses, models or dictionaries of one shape. Raises `psycopg.errors.UndefinedColumn`.
    """
    given = list(values)
    if not given:
        return []
    return await tx.dicts(_upsert_newest(table, columns_of(given), key, version), rows=rows(given))


def recordset(table: str, values: Sequence[Any], parameter: str = "rows") -> str:
    """The subquery of a statement that unpacks `parameter`, the JSON of these rows of a table.

    It has the columns of the rows, and `ordinality`, their order. A row with a column that the table does not have
    raises `psycopg.errors.UndefinedColumn`, and so does a statement that reads a column that the rows do not have.
    """
    return _recordset(table, columns_of(values), parameter)


def columns_of(values: Sequence[Any]) -> Names:
    """The column names of these rows, none without a row; raises `ValueError` if they differ."""
    shapes = {
        tuple(value) if isinstance(value, dict) else _fields(type(value))  # type: ignore[arg-type]  # a class is hashable
        for value in values
    }
    if len(shapes) > 1:
        raise ValueError(f"rows of one statement must have the same columns; these have {sorted(shapes)}")
    return shapes.pop() if shapes else ()


@cache
def _fields(shape: type[Any]) -> Names:
    if issubclass(shape, BaseModel):
        return tuple(shape.model_fields)
    if issubclass(shape, tuple) and hasattr(shape, "_fields"):
        return tuple(shape._fields)
    if is_dataclass(shape):
        return tuple(field.name for field in fields(shape))
    raise TypeError(f"{shape.__name__} is not a row; use named tuples, dataclasses, models or dictionaries")


@cache
def _recordset(table: str, columns: Names, parameter: str = "rows") -> str:
    names = ", ".join((*columns, "ordinality")) if columns else "*"
    return f"(SELECT {names} FROM json_populate_recordset(NULL::{table}, %({parameter})s::json) WITH ORDINALITY)"


@cache
def _insert(table: str, columns: Names) -> str:
    names = ", ".join(columns)
    return f"""
        INSERT INTO {table} ({names})
        SELECT {names} FROM {_recordset(table, columns)} AS given
        ON CONFLICT DO NOTHING
    """


@cache
def _upsert_always(table: str, columns: Names, key: Names) -> str:
    names, others = ", ".join(columns), [name for name in columns if name not in key]
    existing, given = (", ".join(f"{place}.{name}" for name in others) for place in (table, "excluded"))
    return f"""
        INSERT INTO {table} ({names})
        SELECT {names} FROM {_recordset(table, columns)} AS given
        ON CONFLICT ({", ".join(key)}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in others)}
        WHERE ({existing}) IS DISTINCT FROM ({given})
    """


@cache
def _upsert_newest(table: str, columns: Names, key: Names, version: Names) -> str:
    names, keys = ", ".join(columns), ", ".join(key)
    newest = ", ".join(f"{name} DESC" for name in version)
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    given, existing = (", ".join(f"{place}.{name}" for name in version) for place in ("excluded", table))
    return f"""
        INSERT INTO {table} ({names})
        SELECT DISTINCT ON ({keys}) {names} FROM {_recordset(table, columns)} AS given
        ORDER BY {keys}, {newest}
        ON CONFLICT ({keys}) DO UPDATE SET {changes}
        WHERE ({given}) > ({existing})
        RETURNING {", ".join(f"{table}.{name}" for name in key)}
    """
