"""How are many rows written in one statement, each value to the column of its name?

The columns are those of the rows, so that a name no column has is an error of the statement and never a NULL, and a
column that the rows do not have keeps its default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel

from shared.storage.database import Tx, rows

Names = tuple[str, ...]


async def insert(tx: Tx, table: str, values: Iterable[Any]) -> int:
    """Add rows, unless one with the same key is there; returns how many were new.

    Rows are dataclasses, models or mappings of one shape; raises `psycopg.errors.UndefinedColumn`.
    """
    given = list(values)
    return await tx.run(_insert(table, columns_of(given)), rows=rows(given)) if given else 0


async def upsert(tx: Tx, table: str, values: Iterable[Any], *, key: Names) -> int:
    """Write each row in place of the one with its key; returns how many were new or different.

    Rows are dataclasses, models or mappings of one shape, one a key; raises `psycopg.errors.UndefinedColumn`.
    """
    given = list(values)
    return await tx.run(_upsert_any(table, columns_of(given), key), rows=rows(given)) if given else 0


async def upsert_newest(
    tx: Tx, table: str, values: Iterable[Any], *, key: Names, version: Names = ("version",), returning: Names = ()
) -> list[dict[str, Any]]:
    """Write each row unless its table holds a version of the same key that is as new, whatever the order they come in.

    Returns of each row that was written its key, or the columns asked for. Of two rows with one key the newer counts.
    Rows are dataclasses, models or mappings of one shape; raises `psycopg.errors.UndefinedColumn`.
    """
    given = list(values)
    if not given:
        return []
    return await tx.dicts(_upsert(table, columns_of(given), key, version, returning or key), rows=rows(given))


def columns_of(values: Sequence[Any]) -> Names:
    """The names that all of these rows have; raises ValueError where they differ."""
    shapes = {_names(value) for value in values}
    if len(shapes) > 1:
        raise ValueError(f"rows of one statement have the same columns; found {sorted(shapes)}")
    return shapes.pop()


def _names(value: Any) -> Names:
    if isinstance(value, Mapping):
        return tuple(value)
    if isinstance(value, BaseModel):
        return tuple(type(value).model_fields)
    if is_dataclass(value):
        return tuple(field.name for field in fields(value))
    raise TypeError(f"{type(value).__name__} is no row: give dataclasses, models or mappings")


@cache
def _insert(table: str, columns: Names) -> str:
    names = ", ".join(columns)
    return f"""
        INSERT INTO {table} ({names})
        SELECT {names} FROM json_populate_recordset(NULL::{table}, %(rows)s::json)
        ON CONFLICT DO NOTHING
    """


@cache
def _upsert_any(table: str, columns: Names, key: Names) -> str:
    names, others = ", ".join(columns), [name for name in columns if name not in key]
    before, after = (", ".join(f"{place}.{name}" for name in others) for place in (table, "excluded"))
    return f"""
        INSERT INTO {table} ({names})
        SELECT {names} FROM json_populate_recordset(NULL::{table}, %(rows)s::json)
        ON CONFLICT ({", ".join(key)}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in others)}
        WHERE ({before}) IS DISTINCT FROM ({after})
    """


@cache
def _upsert(table: str, columns: Names, key: Names, version: Names, returning: Names) -> str:
    names, keys = ", ".join(columns), ", ".join(key)
    newest = ", ".join(f"{name} DESC" for name in version)
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    given, held = (", ".join(f"{place}.{name}" for name in version) for place in ("excluded", table))
    return f"""
        INSERT INTO {table} ({names})
        SELECT DISTINCT ON ({keys}) {names} FROM json_populate_recordset(NULL::{table}, %(rows)s::json)
        ORDER BY {keys}, {newest}
        ON CONFLICT ({keys}) DO UPDATE SET {changes}
        WHERE ({given}) > ({held})
        RETURNING {", ".join(f"{table}.{name}" for name in returning)}
    """
