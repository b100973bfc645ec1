"""How is a table read page by page, in the order of its key?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from shared.contracts.refusals import Refused
from shared.storage.database import Tx

Row = dict[str, Any]
R = TypeVar("R")


async def page_by_key(
    tx: Tx, table: str, key: Sequence[str], after: str | None, limit: int, where: str = "TRUE", columns: str = "*"
) -> list[tuple[str, Row]]:
    """At most `limit` rows after the key `after`, each with its key: the values of the key columns, joined by `/`.

    Only the first of several key columns may contain a `/`. One index scan reads the page, if an index begins with the
    key columns.
    """
    names, start = ", ".join(key), dict(_start(key, after))
    begins = f"({names}) > ({', '.join(f'%({name})s' for name in start)})" if start else "TRUE"
    found = await tx.dicts(
        f"""
        SELECT {columns} FROM {table} WHERE {begins} AND {where} ORDER BY {names} LIMIT %(limit)s
        """,
        limit=limit,
        **start,
    )
    return [("/".join(str(row[name]) for name in key), row) for row in found]


async def page_of(
    tx: Tx,
    into: Callable[..., R],
    table: str,
    key: Sequence[str],
    after: str | None,
    limit: int,
    where: str = "TRUE",
    columns: str = "*",
) -> list[tuple[str, R]]:
    """The same, each row as `into(**columns)`."""
    return [(name, into(**row)) for name, row in await page_by_key(tx, table, key, after, limit, where, columns)]


def _start(key: Sequence[str], after: str | None) -> list[tuple[str, str]]:
    """A parameter for each key column; none at the beginning. Raises `Refused` for a text that is not a key."""
    if after is None:
        return []
    parts = after.rsplit("/", len(key) - 1)
    if len(parts) < len(key):
        raise Refused(f"{after!r} is not a key; use the `after` of the previous page.", 400, {"after": "is not a key"})
    return [(f"after_{name}", part) for name, part in zip(key, parts, strict=True)]


def ids_beginning(prefix: str) -> tuple[UUID, UUID] | None:
    """The first and the last id that begin with a prefix, with or without dashes; None for one that begins no id."""
    digits = prefix.replace("-", "").lower()
    try:
        first, last = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    except ValueError:
        return None
    begins = str(first) if "-" in prefix else first.hex
    return (first, last) if begins.startswith(prefix.lower()) else None
