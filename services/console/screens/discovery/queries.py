"""Which accounts without an open posting have the highest scores?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from shared.storage.arrays import texts
from shared.storage.database import Tx

WITHOUT = "listed AND NOT client AND urgency IS NULL AND score IS NOT NULL"
NEAR = "CASE tier WHEN 2 THEN %(first)s::numeric WHEN 3 THEN %(second)s::numeric END - score BETWEEN 0 AND %(points)s"


@dataclass(frozen=True, slots=True)
class Row:
    """An account without an open posting."""

    facility_id: str
    name: str | None
    city: str | None
    state: str | None
    tier: int
    score: float
    owner: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are, of which a rep's, and near the next tier."""

    every: int
    own: int
    near: int


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which of them are asked for."""

    owner: str | None
    ids: Collection[str] | None
    """None: not only bookmarked ones."""
    near: bool
    first: float | None
    """The cuts of the first two tiers."""
    second: float | None
    points: float


async def rows(tx: Tx, asked: Narrowed, limit: int | None, offset: int) -> list[Row]:
    return await tx.all(
        Row,
        f"""
        SELECT facility_id, name, city, state, tier, score, owner FROM facilities WHERE {_where(asked)}
        ORDER BY score DESC, facility_id LIMIT %(limit)s OFFSET %(offset)s
        """,
        **_params(asked),
        limit=limit,
        offset=offset,
    )


async def total(tx: Tx, asked: Narrowed) -> int:
    found: int = await tx.value(f"SELECT count(*) FROM facilities WHERE {_where(asked)}", **_params(asked))
    return found


async def counts(tx: Tx, asked: Narrowed, rep: str | None) -> Counts:
    found = await tx.one(
        Counts,
        f"""
        SELECT count(*) AS every, count(*) FILTER (WHERE owner = %(rep)s) AS own,
            count(*) FILTER (WHERE {NEAR}) AS near
        FROM facilities WHERE {WITHOUT}
        """,
        **_params(asked),
        rep=rep,
    )
    return found or Counts(0, 0, 0)


def _where(asked: Narrowed) -> str:
    narrowed = {
        "owner = %(owner)s": asked.owner is not None,
        "facility_id = ANY(%(ids)s)": asked.ids is not None,
        NEAR: asked.near,
    }
    return " AND ".join([WITHOUT, *(condition for condition, given in narrowed.items() if given)])


def _params(asked: Narrowed) -> dict[str, object]:
    return {
        "owner": asked.owner,
        "ids": texts(asked.ids or ()),
        "first": asked.first,
        "second": asked.second,
        "points": asked.points,
    }
