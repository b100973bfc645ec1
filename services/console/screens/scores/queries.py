"""What do read models know about scores, cuts and crossings?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shared.storage.arrays import texts
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Scored:
    """An account with its score."""

    facility_id: str
    name: str | None
    score: Decimal
    tier: int
    owner: str | None
    city: str | None
    state: str | None


@dataclass(frozen=True, slots=True)
class Alike:
    """Accounts with the same score in the same tier."""

    score: Decimal
    tier: int
    accounts: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """The cuts, from this day on."""

    id: str
    calibrated_on: date
    data: dict[str, Any]


SCORED = "listed AND score IS NOT NULL AND tier IS NOT NULL AND (%(rep)s = '' OR owner = %(rep)s)"


async def spread(tx: Tx, rep: str) -> list[Alike]:
    """Every listed account that has a score, of a rep or of all."""
    sql = f"SELECT score, tier, count(*) AS accounts FROM facilities WHERE {SCORED} GROUP BY score, tier"
    return await tx.all(Alike, sql, rep=rep)


async def scored(tx: Tx, rep: str) -> list[Scored]:
    """The same accounts one by one, the best first."""
    return await tx.all(
        Scored,
        f"""
        SELECT facility_id, name, score, tier, owner, city, state FROM facilities WHERE {SCORED}
        ORDER BY score DESC, facility_id
        """,
        rep=rep,
    )


async def calibrations(tx: Tx) -> list[Calibration]:
    """The last one, and the one before it."""
    return await tx.all(
        Calibration,
        """
        SELECT id, day AS calibrated_on, data FROM states WHERE kind = 'calibration' ORDER BY day DESC, id DESC LIMIT 2
        """,
    )


async def scores_until(tx: Tx, facility_ids: Collection[str], on: date) -> dict[str, dict[str, Any]]:
    """The last score of each of these accounts until the end of a day."""
    rows = await tx.dicts(
        """
        SELECT DISTINCT ON (facility_id) facility_id, data FROM log
        WHERE facility_id = ANY(%(ids)s) AND subject = 'score.changed' AND day <= %(on)s
        ORDER BY facility_id, (data ->> 'score_version')::bigint DESC
        """,
        ids=texts(facility_ids),
        on=on,
    )
    return {row["facility_id"]: row["data"] for row in rows}


async def named(tx: Tx, facility_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The names and owners of these accounts."""
    rows = await tx.dicts(
        "SELECT facility_id, name, owner FROM facilities WHERE facility_id = ANY(%(ids)s)", ids=texts(facility_ids)
    )
    return {row["facility_id"]: row for row in rows}
