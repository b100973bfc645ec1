"""What are the scores of facilities, and what were they before?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from engines.scoring.score_state import ScoreState
from shared.storage.database import Tx, rows
from shared.storage.paging import page_by_key
from shared.storage.writing import recordset

PARTS = tuple(part.name for part in fields(ScoreState))


class ScoreConflict(Exception):
    """Another transaction wrote a score between the read and the write of this one (R23); the batch is retried."""


@dataclass(frozen=True)
class StoredScore:
    """A stored score with its version, and the day since which it is unchanged."""

    state: ScoreState
    score_version: int
    scored_on: date


CUTS = "cuts"
"""A lock that transactions share while they score, so that the calibration does not change in the meantime."""


async def lock_everything(tx: Tx) -> None:
    """Lock out all other transactions that score, until this one ends."""
    await tx.lock("facility", [CUTS])


_RECORDED_PARTS = tuple(part for part in PARTS if part != "recheck_on")
"""A score as stored in the history."""

_COLUMNS = ", ".join((*_RECORDED_PARTS, "score_version", "scored_on"))
_PREVIOUS = """
    SELECT past.* FROM unnest(%(facility_ids)s::text[]) AS wanted (facility_id),
        LATERAL (
            SELECT * FROM score_history AS history
            WHERE history.facility_id = wanted.facility_id AND history.scored_on < %(today)s
            ORDER BY history.scored_on DESC LIMIT 1
        ) AS past
"""


async def current_and_previous(
    tx: Tx, facility_ids: Sequence[str], day: date
) -> tuple[dict[str, StoredScore], dict[str, StoredScore]]:
    """The current scores of facilities, and those at the end of the last day before this one in their history."""
    found = await tx.dicts(
        f"""
        SELECT true AS is_current, {_COLUMNS}, recheck_on FROM scores WHERE facility_id = ANY(%(facility_ids)s)
        UNION ALL
        SELECT false, {_COLUMNS}, NULL FROM ({_PREVIOUS}) AS past
        """,
        facility_ids=list(facility_ids),
        today=day,
    )
    current, previous = ([row for row in found if row["is_current"] is which] for which in (True, False))
    return _by_facility_id(current), _by_facility_id(previous)


async def previous(tx: Tx, facility_ids: Sequence[str], day: date) -> dict[str, StoredScore]:
    """The scores of facilities at the end of the last day before this one in their history."""
    return _by_facility_id(
        await tx.dicts(
            f"SELECT {_COLUMNS}, NULL::date AS recheck_on FROM ({_PREVIOUS}) AS past",
            facility_ids=list(facility_ids),
            today=day,
        )
    )


def _by_facility_id(found: Iterable[Mapping[str, Any]]) -> dict[str, StoredScore]:
    return {row["facility_id"]: _stored(row) for row in found}


def _stored(row: Mapping[str, Any]) -> StoredScore:
    return StoredScore(ScoreState(**{part: row[part] for part in PARTS}), row["score_version"], row["scored_on"])


async def states(tx: Tx, after: str | None, limit: int) -> list[tuple[str, StoredScore]]:
    """A page of the scores of all facilities, listed or not, with their keys, by id."""
    return [(key, _stored(row)) for key, row in await page_by_key(tx, "scores", ("facility_id",), after, limit)]


async def write(tx: Tx, several: Sequence[StoredScore], today: Iterable[tuple[StoredScore, str]]) -> None:
    """Write scores, each with the version after the one that was read, and today's history rows with their cause.

    A row of the history replaces an earlier one of the same day. Raises `ScoreConflict` if another transaction wrote a
    score in the meantime (R23).
    """
    current = [{**_row(one), "recheck_on": one.state.recheck_on, "score_updated_at": tx.now} for one in several]
    of_today = [{**_row(one), "cause": cause} for one, cause in today]
    written = await tx.value(
        f"""
        WITH score AS (
            INSERT INTO scores AS stored ({_COLUMNS}, recheck_on, score_updated_at)
            SELECT {_COLUMNS}, recheck_on, score_updated_at FROM {recordset("scores", current, "scores")} AS given
            ON CONFLICT (facility_id) DO UPDATE
            SET score_version = excluded.score_version, score = excluded.score, tier = excluded.tier,
                scored_on = excluded.scored_on, breakdown = excluded.breakdown, multiplier = excluded.multiplier,
                multiplier_evidence = excluded.multiplier_evidence, urgency = excluded.urgency,
                last_seen_on = excluded.last_seen_on, measure = excluded.measure,
                recheck_on = excluded.recheck_on, pack = excluded.pack, score_updated_at = excluded.score_updated_at
            WHERE stored.score_version = excluded.score_version - 1
            RETURNING 1
        ), history AS (
            INSERT INTO score_history ({_COLUMNS}, cause)
            SELECT {_COLUMNS}, cause FROM {recordset("score_history", of_today, "history")} AS given
            ON CONFLICT (facility_id, scored_on) DO UPDATE
            SET score_version = excluded.score_version, score = excluded.score, tier = excluded.tier,
                breakdown = excluded.breakdown, multiplier = excluded.multiplier,
                multiplier_evidence = excluded.multiplier_evidence, urgency = excluded.urgency,
                last_seen_on = excluded.last_seen_on, measure = excluded.measure,
                pack = excluded.pack, cause = excluded.cause
        )
        SELECT count(*) FROM score
        """,
        scores=rows(current),
        history=rows(of_today),
    )
    if written != len(several):
        lost = len(several) - written
        raise ScoreConflict(f"{lost} of {len(several)} scores were written by another transaction in the meantime")


async def forget_today(tx: Tx, facility_ids: Sequence[str]) -> None:
    """Delete today's history of facilities whose scores are the same as before today."""
    await tx.run(
        "DELETE FROM score_history WHERE facility_id = ANY(%(facility_ids)s) AND scored_on = %(today)s",
        facility_ids=list(facility_ids),
        today=tx.today,
    )


def _row(one: StoredScore) -> dict[str, Any]:
    # `asdict` would copy every line of the breakdown, which took two thirds of a batch's time.
    parts = {part: getattr(one.state, part) for part in _RECORDED_PARTS}
    return {**parts, "score_version": one.score_version, "scored_on": one.scored_on}


async def to_recheck(tx: Tx) -> list[str]:
    """Facilities whose score may change today without an event."""
    found = await tx.dicts(
        "SELECT facility_id FROM scores WHERE recheck_on <= %(today)s ORDER BY facility_id", today=tx.today
    )
    return [row["facility_id"] for row in found]


async def scored_facilities(tx: Tx) -> list[str]:
    """The ids of all facilities that have or may get a score, sorted."""
    found = await tx.dicts("SELECT facility_id FROM facilities WHERE identity_version > 0 ORDER BY facility_id")
    return [row["facility_id"] for row in found]


async def names(tx: Tx, facility_ids: Sequence[str]) -> dict[str, str]:
    found = await tx.dicts(
        "SELECT facility_id, name FROM facilities WHERE facility_id = ANY(%(facility_ids)s)",
        facility_ids=list(facility_ids),
    )
    return {row["facility_id"]: row["name"] for row in found}


async def record_aging(tx: Tx) -> None:
    """Record that scores are aged to today."""
    await tx.run("INSERT INTO aged_days (day) VALUES (%(today)s) ON CONFLICT DO NOTHING", today=tx.today)


async def aged_on(tx: Tx, day: date) -> date | None:
    """The last day, up to this one, to which scores were aged."""
    found: date | None = await tx.value("SELECT max(day) FROM aged_days WHERE day <= %(day)s", day=day)
    return found


async def facility(tx: Tx, facility_id: str) -> dict[str, Any] | None:
    """A facility and its score; None if it was never listed."""
    found = await tx.dicts(
        """
        SELECT name, city, state, chain, identity_version > delisted_version AS listed, scores.*
          FROM facilities JOIN scores USING (facility_id) WHERE facility_id = %(facility_id)s
        """,
        facility_id=facility_id,
    )
    return found[0] if found else None


async def history(tx: Tx, facility_id: str, limit: int, until: date | None = None) -> list[dict[str, Any]]:
    """The scores of a facility at the end of each day that changed them, up to a day, latest first."""
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
    """A page of listed facilities with their scores, by id."""
    return await tx.dicts(
        """
        SELECT facility_id, name, city, state, score, tier, scored_on, multiplier, breakdown
          FROM scores JOIN facilities USING (facility_id)
         WHERE identity_version > delisted_version AND facility_id > %(after)s ORDER BY facility_id LIMIT %(limit)s
        """,
        after=after,
        limit=limit,
    )


async def without_signal(tx: Tx, limit: int) -> list[dict[str, Any]]:
    """Listed facilities without an open posting, highest scores first (R48)."""
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
    """The number of listed facilities in each tier."""
    found = await tx.dicts(
        """
        SELECT tier, count(*) AS size FROM scores JOIN facilities USING (facility_id)
         WHERE identity_version > delisted_version GROUP BY tier ORDER BY tier
        """
    )
    return {row["tier"]: row["size"] for row in found}
