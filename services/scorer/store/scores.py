"""How does every facility stand, and how did it stand before?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from engines.scoring.standing import Standing
from shared.storage.database import Tx, rows

PARTS = tuple(part.name for part in fields(Standing))


class ScoreMoved(Exception):
    """Somebody else wrote a score between our reading and our writing (R23); the batch is tried again."""


@dataclass(frozen=True)
class Held:
    """How a facility stands in the store, since when, and how often that was written."""

    standing: Standing
    score_version: int
    scored_on: date


CUTS = "cuts"
"""Shared by whoever scores a facility: the calibration record stays as it is until they are through."""


async def hold_everything(tx: Tx) -> None:
    """Wait until nobody scores, and let nobody begin until this transaction ends."""
    await tx.lock("facility", [CUTS])


_HELD = ", ".join((*(part for part in PARTS if part != "recheck_on"), "score_version", "scored_on"))
_BEFORE = """
    SELECT past.* FROM unnest(%(facility_ids)s::text[]) AS asked (facility_id),
        LATERAL (
            SELECT * FROM score_history AS history
            WHERE history.facility_id = asked.facility_id AND history.scored_on < %(today)s
            ORDER BY history.scored_on DESC LIMIT 1
        ) AS past
"""


async def held(tx: Tx, facility_ids: Sequence[str], day: date) -> tuple[dict[str, Held], dict[str, Held]]:
    """How facilities stand, and how those stood at the end of the last day before this one that their history tells."""
    found = await tx.dicts(
        f"""
        SELECT true AS now, {_HELD}, recheck_on FROM scores WHERE facility_id = ANY(%(facility_ids)s)
        UNION ALL
        SELECT false, {_HELD}, NULL FROM ({_BEFORE}) AS past
        """,
        facility_ids=list(facility_ids),
        today=day,
    )
    now, before = ([row for row in found if row["now"] is which] for which in (True, False))
    return _by_facility_id(now), _by_facility_id(before)


async def held_before(tx: Tx, facility_ids: Sequence[str], day: date) -> dict[str, Held]:
    """How facilities stood at the end of the last day before this one that has a row in their history."""
    return _by_facility_id(
        await tx.dicts(
            f"SELECT {_HELD}, NULL::date AS recheck_on FROM ({_BEFORE}) AS past",
            facility_ids=list(facility_ids),
            today=day,
        )
    )


def _by_facility_id(found: Iterable[Mapping[str, Any]]) -> dict[str, Held]:
    return {
        row["facility_id"]: Held(
            Standing(**{part: row[part] for part in PARTS}), row["score_version"], row["scored_on"]
        )
        for row in found
    }


async def write(tx: Tx, several: Sequence[Held], today: Iterable[tuple[Held, str]]) -> None:
    """Write scores of which each is the successor of the one that was read, and today's rows of the history of some.

    A row of the history has its cause, and replaces an earlier one of the same day; raises `ScoreMoved` where somebody
    else wrote a score meanwhile (R23).
    """
    written = await tx.value(
        """
        WITH score AS (
            INSERT INTO scores AS held
            SELECT * FROM json_populate_recordset(NULL::scores, %(scores)s::json)
            ON CONFLICT (facility_id) DO UPDATE
            SET score_version = excluded.score_version, score = excluded.score, tier = excluded.tier,
                scored_on = excluded.scored_on, breakdown = excluded.breakdown, multiplier = excluded.multiplier,
                multiplier_evidence = excluded.multiplier_evidence, urgency = excluded.urgency,
                last_seen_on = excluded.last_seen_on, measure = excluded.measure,
                recheck_on = excluded.recheck_on, pack = excluded.pack, score_updated_at = excluded.score_updated_at
            WHERE held.score_version = excluded.score_version - 1
            RETURNING 1
        ), history AS (
            INSERT INTO score_history
            SELECT * FROM json_populate_recordset(NULL::score_history, %(history)s::json)
            ON CONFLICT (facility_id, scored_on) DO UPDATE
            SET score_version = excluded.score_version, score = excluded.score, tier = excluded.tier,
                breakdown = excluded.breakdown, multiplier = excluded.multiplier,
                multiplier_evidence = excluded.multiplier_evidence, urgency = excluded.urgency,
                last_seen_on = excluded.last_seen_on, measure = excluded.measure,
                pack = excluded.pack, cause = excluded.cause
        )
        SELECT count(*) FROM score
        """,
        scores=rows({**_row(one), "score_updated_at": tx.now} for one in several),
        history=rows({**_row(one), "cause": cause} for one, cause in today),
    )
    if written != len(several):
        raise ScoreMoved(f"{len(several) - written} of {len(several)} scores were written by somebody else meanwhile")


async def forget_today(tx: Tx, facility_ids: Sequence[str]) -> None:
    """Take back today's rows of facilities that stand as they stood before today after all."""
    await tx.run(
        "DELETE FROM score_history WHERE facility_id = ANY(%(facility_ids)s) AND scored_on = %(today)s",
        facility_ids=list(facility_ids),
        today=tx.today,
    )


def _row(one: Held) -> dict[str, Any]:
    # Not `asdict`: it copies every line of the breakdown, and took two thirds of the time of a batch.
    parts = {part: getattr(one.standing, part) for part in PARTS}
    return {**parts, "score_version": one.score_version, "scored_on": one.scored_on}


async def to_recheck(tx: Tx) -> list[str]:
    """Facilities whose score may differ today although nothing was reported."""
    found = await tx.dicts(
        "SELECT facility_id FROM scores WHERE recheck_on <= %(today)s ORDER BY facility_id", today=tx.today
    )
    return [row["facility_id"] for row in found]


async def everyone(tx: Tx) -> list[str]:
    """All facilities that have a score or may have one, in the order of CCNs."""
    found = await tx.dicts("SELECT facility_id FROM facilities WHERE identity_version > 0 ORDER BY facility_id")
    return [row["facility_id"] for row in found]


async def names(tx: Tx, facility_ids: Sequence[str]) -> dict[str, str]:
    found = await tx.dicts(
        "SELECT facility_id, name FROM facilities WHERE facility_id = ANY(%(facility_ids)s)",
        facility_ids=list(facility_ids),
    )
    return {row["facility_id"]: row["name"] for row in found}


async def note_aged(tx: Tx) -> None:
    """Note that from here on scores are those of today."""
    await tx.run("INSERT INTO aged_days (day) VALUES (%(today)s) ON CONFLICT DO NOTHING", today=tx.today)


async def aged_on(tx: Tx, day: date) -> date | None:
    """The last day up to this one on which scores were looked at for having aged."""
    found: date | None = await tx.value("SELECT max(day) FROM aged_days WHERE day <= %(day)s", day=day)
    return found


async def facility(tx: Tx, facility_id: str) -> dict[str, Any] | None:
    """Who a facility is, and its score; None when it was never listed."""
    found = await tx.dicts(
        """
        SELECT name, city, state, chain, identity_version > delisted_version AS listed, scores.*
          FROM facilities JOIN scores USING (facility_id) WHERE facility_id = %(facility_id)s
        """,
        facility_id=facility_id,
    )
    return found[0] if found else None


async def history(tx: Tx, facility_id: str, limit: int, until: date | None = None) -> list[dict[str, Any]]:
    """How a facility stood at the end of each day, up to one, that changed its numbers; the latest first."""
    return await tx.dicts(
        """
        SELECT scored_on, score, tier, multiplier, cause, breakdown, pack FROM score_history
         WHERE facility_id = %(facility_id)s AND scored_on <= coalesce(%(until)s, 'infinity'::date)
         ORDER BY scored_on DESC LIMIT %(limit)s
        """,
        facility_id=facility_id,
        until=until,
        limit=limit,
    )


async def page(tx: Tx, after: str, limit: int) -> list[dict[str, Any]]:
    """Listed facilities with their scores, in the order of CCNs."""
    return await tx.dicts(
        """
        SELECT facility_id, name, score, tier, scored_on, multiplier, breakdown
          FROM scores JOIN facilities USING (facility_id)
         WHERE identity_version > delisted_version AND facility_id > %(after)s ORDER BY facility_id LIMIT %(limit)s
        """,
        after=after,
        limit=limit,
    )


async def without_signal(tx: Tx, limit: int) -> list[dict[str, Any]]:
    """Listed facilities without an open posting, the highest scores first (R48)."""
    return await tx.dicts(
        """
        SELECT facility_id, name, city, state, score, tier, scored_on, breakdown FROM scores JOIN facilities USING
        (facility_id)
         WHERE identity_version > delisted_version AND scores.last_seen_on IS NULL AND score > 0
         ORDER BY score DESC, measure DESC NULLS LAST, facility_id LIMIT %(limit)s
        """,
        limit=limit,
    )


async def tier_sizes(tx: Tx) -> dict[int, int]:
    """How many listed facilities each tier holds now."""
    found = await tx.dicts(
        """
        SELECT tier, count(*) AS size FROM scores JOIN facilities USING (facility_id)
         WHERE identity_version > delisted_version GROUP BY tier ORDER BY tier
        """
    )
    return {row["tier"]: row["size"] for row in found}
