"""Which suppressions are in force?

Whom they are about is personal data, which row-level security returns only to those who may see people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to."""

    scope: str = ""
    by: str = ""
    """Who stated it last."""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A suppression, also one that was lifted."""

    id: str
    scope: str
    version: int
    channels: list[str]
    source: str
    by: str
    since: date
    target: str | None
    label: str | None
    reason: str | None
    account: str | None
    """The name of the facility, if it is one."""


_COLUMNS = """
    suppression.id, suppression.status AS scope, suppression.version,
    ARRAY(SELECT jsonb_array_elements_text(suppression.data -> 'channels')) AS channels,
    suppression.data ->> 'source' AS source, suppression.data ->> 'stated_by' AS by, suppression.day AS since,
    personal.data ->> 'target' AS target, personal.data ->> 'label' AS label, personal.data ->> 'reason' AS reason,
    facilities.name AS account
"""
_FROM = """
    states AS suppression
    LEFT JOIN personal ON personal.kind = suppression.kind AND personal.id = suppression.id
    LEFT JOIN facilities ON suppression.status = 'facility' AND facilities.facility_id = personal.data ->> 'target'
"""
_ASKED = """
    suppression.kind = 'suppression' AND suppression.data -> 'channels' <> '[]'
    AND (%(by)s = '' OR suppression.data ->> 'stated_by' = %(by)s)
    AND (%(query)s = '' OR strpos(
        lower(concat_ws(' ', personal.data ->> 'target', personal.data ->> 'label', facilities.name)), lower(%(query)s)
    ) > 0)
"""


async def rows(tx: Tx, asked: Asked, limit: int | None, offset: int = 0) -> list[Row]:
    """The latest first."""
    return await tx.all(
        Row,
        f"""
        SELECT {_COLUMNS} FROM {_FROM}
        WHERE {_ASKED} AND (%(scope)s = '' OR suppression.status = %(scope)s)
        ORDER BY suppression.day DESC, suppression.id LIMIT %(limit)s OFFSET %(offset)s
        """,
        scope=asked.scope,
        by=asked.by,
        query=asked.query,
        limit=limit,
        offset=offset,
    )


async def counts(tx: Tx, asked: Asked) -> dict[str, int]:
    """By kind, whatever kind the list is narrowed to."""
    found = await tx.dicts(
        f"SELECT suppression.status AS scope, count(*) AS rows FROM {_FROM} WHERE {_ASKED} GROUP BY 1",
        by=asked.by,
        query=asked.query,
    )
    return {each["scope"]: each["rows"] for each in found}


async def one(tx: Tx, suppression_id: str) -> Row | None:
    """Also one that was lifted."""
    return await tx.one(
        Row,
        f"""
        SELECT {_COLUMNS} FROM {_FROM}
        WHERE suppression.kind = 'suppression' AND suppression.id = %(id)s
        """,
        id=suppression_id,
    )
