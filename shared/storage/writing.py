"""How are many rows written in one statement, each value to the column of its name?

The statement lists the columns of the rows, so that a misspelled name is an error and never a NULL, and a column that
the rows do not have gets its default.
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
    """Insert rows, except those whose key exists; returns how many were inserted.

    Rows are dataclasses, models or mappings of one shape; raises `psycopg.errors.UndefinedColumn`.
    """
    given = list(values)
    return await tx.run(_insert(table, columns_of(given)), rows=rows(given)) if given else 0


async def upsert(tx: Tx, table: str, values: Iterable[Any], *, key: Names) -> int:
    """Insert each row, or replace the row with its key; returns how many were new or changed.

    Rows are dataclasses, models or mappings of one shape, one for each key; raises `psycopg.errors.UndefinedColumn`.
    """
    given = list(values)
    return await tx.run(_upsert_always(table, columns_of(given), key), rows=rows(given)) if given else 0


async def upsert_newest(
    tx: Tx, table: str, values: Iterable[Any], *, key: Names, version: Names = ("version",), returning: Names = ()
) -> list[dict[str, Any]]:
    """Insert each row, or replace the row with its key if that has a lower version.

    Of two rows with one key the newer wins. Returns the key, or the `returning` columns, of each row that was written.
    Rows are dataclasses, models or mappings of one shape; raises `psycopg.errors.UndefinedColumn`.
    """
    given = list(values)
    if not given:
        return []
    return await tx.dicts(_upsert_newest(table, columns_of(given), key, version, returning or key), rows=rows(given))


def columns_of(values: Sequence[Any]) -> Names:
    """The column names of these rows; raises `ValueError` if they differ."""
    shapes = {_names(value) for value in values}
    if len(shapes) > 1:
        raise ValueError(f"rows of one statement must have the same columns; these have {sorted(shapes)}")
    return shapes.pop()


def _names(value: Any) -> Names:
    if isinstance(value, Mapping):
        return tuple(value)
    if isinstance(value, BaseModel):
        return tuple(type(value).model_fields)
    if is_dataclass(value):
        return tuple(field.name for field in fields(value))
    raise TypeError(f"{type(value).__name__} is not a row; use dataclasses, models or mappings")


@cache
def _insert(table: str, columns: Names) -> str:
    names = ", ".join(columns)
    return f"""
        INSERT INTO {table} ({names})
        SELECT {names} FROM json_populate_recordset(NULL::{table}, %(rows)s::json)
        ON CONFLICT DO NOTHING
    """


@cache
def _upsert_always(table: str, columns: Names, key: Names) -> str:
    names, others = ", ".join(columns), [name for name in columns if name not in key]
    existing, given = (", ".join(f"{place}.{name}" for name in others) for place in (table, "excluded"))
    return f"""
        INSERT INTO {table} ({names})
        SELECT {names} FROM json_populate_recordset(NULL::{table}, %(rows)s::json)
        ON CONFLICT ({", ".join(key)}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in others)}
        WHERE ({existing}) IS DISTINCT FROM ({given})
    """


@cache
def _upsert_newest(table: str, columns: Names, key: Names, version: Names, returning: Names) -> str:
    names, keys = ", ".join(columns), ", ".join(key)
    newest = ", ".join(f"{name} DESC" for name in version)
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    given, existing = (", ".join(f"{place}.{name}" for name in version) for place in ("excluded", table))
    return f"""
        INSERT INTO {table} ({names})
        SELECT DISTINCT ON ({keys}) {names} FROM json_populate_recordset(NULL::{table}, %(rows)s::json)
        ORDER BY {keys}, {newest}
        ON CONFLICT ({keys}) DO UPDATE SET {changes}
        WHERE ({given}) > ({existing})
        RETURNING {", ".join(f"{table}.{name}" for name in returning)}
    """
