"""How are postings, their outcomes and their signals stored?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from services.matcher.domain.postings import Posting
from services.matcher.domain.signals import Sighting
from shared.contracts.events import FacilityMatched
from shared.contracts.matcher import ExportedOutcome, PostingOutcome, SignalsOfRole
from shared.storage.arrays import texts, uuids
from shared.storage.database import LOCK, Tx, rows
from shared.storage.paging import page_by_key, page_of
from shared.storage.writing import recordset, upsert_newest

COLUMNS = Posting._fields
_OF_SOURCE = ("outcome", "facility_id", "dismissed_on", "closed_on")
"""What a source sees of an outcome."""
_SIGHTINGS = TypeAdapter(list[Sighting])
_SIGHTING = ", ".join(field.name for field in fields(Sighting))
_SELECT = f"""SELECT {", ".join(COLUMNS)} FROM postings"""
# Usually the newest signal, but a chronic one may expire after its successor.
_EXPIRED = """
    SELECT s.facility_id, s.role_family, last.signal_id, last.expires_on
    FROM signals AS s
    CROSS JOIN LATERAL (
        SELECT (signal ->> 'signal_id')::uuid AS signal_id, (signal ->> 'expires_on')::date AS expires_on
        FROM jsonb_array_elements(s.signals) WITH ORDINALITY AS listed (signal, place)
        WHERE (signal ->> 'expires_on')::date < %(today)s
        ORDER BY 2 DESC, place DESC LIMIT 1
    ) AS last
    WHERE (s.announced_id, s.announced_expires_on) IS DISTINCT FROM (last.signal_id, last.expires_on)
"""
_OVERDUE = "outcome = 'queued' AND dismissed_on IS NULL AND waiting_since <= %(waiting_since)s"
_SHOWN = "CASE WHEN outcome = 'queued' AND dismissed_on IS NOT NULL THEN 'dismissed' ELSE reason END"


@dataclass(frozen=True, slots=True)
class StoredPair:
    """A facility and role family: the signals published last, with version 0 if there were none, and all sightings."""

    facility_id: str
    role_family: str
    version: int
    signals: list[dict[str, Any]]
    sightings: list[Sighting]


@dataclass(frozen=True, slots=True)
class ExpiredRow:
    """A pair with an expired signal, and the version of that state."""

    facility_id: str
    role_family: str
    version: int
    signals: list[dict[str, Any]]
    signal_id: UUID
    expired_on: date


async def postings_by_id(tx: Tx, ids: Iterable[UUID]) -> tuple[list[Posting], int]:
    """The stored postings among these, and the committed version of the directory."""
    found = await tx.dicts(
        f"""
        SELECT directory.version AS directory_version, {", ".join(f"p.{column}" for column in COLUMNS)}
        FROM directory_version AS directory LEFT JOIN postings AS p ON p.posting_id = ANY(%(ids)s)
        """,
        ids=uuids(ids),
    )
    versions = [row.pop("directory_version") for row in found]
    return [Posting(**row) for row in found if row["posting_id"]], versions[0]


async def postings_resolved_by(tx: Tx, states: Iterable[str], facility_ids: Iterable[str]) -> list[Posting]:
    """The postings whose outcome may change with facilities of these states, or with these facilities."""
    return await tx.all(
        Posting,
        f"""
        {_SELECT}
        WHERE reason <> 'role'
          AND (state_key = ANY(%(states)s) OR stated_facility_id = ANY(%(facility_ids)s) OR facility_id =
          ANY(%(facility_ids)s))
        ORDER BY posting_id
        """,
        states=list(states),
        facility_ids=list(facility_ids),
    )


async def save_postings(tx: Tx, postings: Iterable[Posting], lock: Iterable[str]) -> None:
    """Store postings, and lock the facilities whose signals depend on them, in one round trip."""
    given, columns = list(postings), ", ".join(COLUMNS)
    changes = ", ".join(f"{column} = excluded.{column}" for column in COLUMNS if column != "posting_id")
    same = " AND ".join(f"p.{column} IS NOT DISTINCT FROM excluded.{column}" for column in _OF_SOURCE)
    await tx.run(
        f"""
        WITH saved AS (
            INSERT INTO postings AS p ({columns}, outcome_at)
            SELECT {columns}, %(now)s FROM {recordset("postings", given)} AS given
            ON CONFLICT (posting_id) DO UPDATE SET {changes},
                outcome_at = CASE WHEN {same} THEN p.outcome_at ELSE excluded.outcome_at END,
                outcome_no = CASE WHEN {same} THEN p.outcome_no END
        )
        {LOCK}
        """,
        rows=rows(given),
        now=tx.now,
        kind="facility",
        keys=texts(lock),
    )


async def stored_pairs(tx: Tx, pairs: Sequence[tuple[str, str]]) -> list[StoredPair]:
    """The signals published last and all sightings of each pair, in the order of `pairs`."""
    found = await tx.dicts(
        f"""
        SELECT facility_id, role_family, coalesce(last.version, 0) AS version, coalesce(last.signals, '[]') AS signals,
               (SELECT coalesce(json_agg(seen), '[]')::text FROM (
                    SELECT {_SIGHTING} FROM postings AS p WHERE (p.facility_id, p.role_family) = (pair.facility_id,
                    pair.role_family)
               ) AS seen) AS sightings
        FROM unnest(%(facility_ids)s::text[], %(roles)s::text[]) WITH ORDINALITY AS pair (facility_id, role_family,
        place)
        LEFT JOIN signals AS last USING (facility_id, role_family) ORDER BY place
        """,
        facility_ids=[facility_id for facility_id, _ in pairs],
        roles=[role for _, role in pairs],
    )
    return [StoredPair(**{**row, "sightings": _SIGHTINGS.validate_json(row["sightings"])}) for row in found]


async def save_signals(tx: Tx, changed: Iterable[FacilityMatched]) -> None:
    """Store all signals of each pair; the facilities are locked."""
    await upsert_newest(tx, "signals", map(_signals_row, changed), key=("facility_id", "role_family"))


def _signals_row(event: FacilityMatched) -> dict[str, Any]:
    """The row of a pair, which is open through the last day of its signals."""
    return {
        "facility_id": event.facility_id,
        "role_family": event.role_family,
        "version": event.version,
        "signals": event.signals,
        "open_through": max((signal.expires_on for signal in event.signals), default=None),
    }


async def facilities_expiring(tx: Tx) -> list[str]:
    """The facilities whose last expired signal was not announced."""
    found = await tx.dicts(
        f"""SELECT DISTINCT facility_id FROM ({_EXPIRED}) AS expired ORDER BY facility_id""", today=tx.today
    )
    return [row["facility_id"] for row in found]


async def announce_expired(tx: Tx, facility_ids: Iterable[str]) -> list[ExpiredRow]:
    return await tx.all(
        ExpiredRow,
        f"""
        WITH announced AS (
            UPDATE signals AS stored
            SET announced_id = signal_id, announced_expires_on = expires_on, version = version + 1
            FROM ({_EXPIRED} AND s.facility_id = ANY(%(facility_ids)s)) AS expired
            WHERE stored.facility_id = expired.facility_id AND stored.role_family = expired.role_family
            RETURNING stored.facility_id, stored.role_family, version, signals, signal_id, expires_on AS expired_on
        )
        SELECT * FROM announced ORDER BY facility_id, role_family
        """,
        facility_ids=list(facility_ids),
        today=tx.today,
    )


async def states_waiting(tx: Tx, since: date) -> list[str]:
    """The states with postings that have waited since a day or longer; an empty text for those without a state."""
    found = await tx.dicts(
        f"""SELECT DISTINCT state_key FROM postings WHERE {_OVERDUE} ORDER BY state_key""", waiting_since=since
    )
    return [row["state_key"] for row in found]


async def dismiss(tx: Tx, since: date, states: Iterable[str]) -> list[dict[str, Any]]:
    """Dismiss postings that have waited since a day or longer. Returns them by group, with their versions."""
    return await tx.dicts(
        f"""
        WITH dismissed AS (
            UPDATE postings
            SET dismissed_on = %(today)s, decision_no = decision_no + 1, outcome_at = %(now)s, outcome_no = NULL
            WHERE state_key = ANY(%(states)s) AND {_OVERDUE}
            RETURNING posting_id, employer_key, city_key, state_key, employer_name, city, state, decision_no
        )
        SELECT min(employer_name) AS employer_name, min(city) AS city, min(state) AS state,
               array_agg(posting_id ORDER BY posting_id) AS posting_ids,
               array_agg(decision_no ORDER BY posting_id) AS versions
        FROM dismissed GROUP BY state_key, employer_key, city_key ORDER BY state_key, employer_key, city_key
        """,
        today=tx.today,
        now=tx.now,
        waiting_since=since,
        states=list(states),
    )


async def outcomes(tx: Tx, ids: Iterable[UUID]) -> list[PostingOutcome]:
    return await tx.all(
        PostingOutcome,
        f"""
        SELECT posting_id, outcome, facility_id, confidence, method, {_SHOWN} AS reason, candidates, decided_by
        FROM postings WHERE posting_id = ANY(%(ids)s::uuid[]) ORDER BY posting_id
        """,
        ids=list(ids),
    )


async def page_of_outcomes(tx: Tx, after: str | None, limit: int) -> list[ExportedOutcome]:
    return await tx.all(
        ExportedOutcome,
        f"""
        SELECT posting_id, source, source_posting_id, outcome, facility_id, confidence, method, {_SHOWN} AS reason,
               role_family, urgency
        FROM postings WHERE %(after)s::uuid IS NULL OR posting_id > %(after)s::uuid
        ORDER BY posting_id LIMIT %(limit)s
        """,
        after=after,
        limit=limit,
    )


async def page_of_signals(tx: Tx, after: tuple[str, str], limit: int) -> list[dict[str, Any]]:
    """A page of the signals of facilities and role families, with the facility's name."""
    return await tx.dicts(
        """
        SELECT s.facility_id, f.name, s.role_family, s.signals
        FROM signals AS s LEFT JOIN facilities AS f USING (facility_id)
        WHERE (s.facility_id, s.role_family) > (%(facility_id)s, %(role)s) AND s.signals <> '[]'::jsonb
        ORDER BY s.facility_id, s.role_family LIMIT %(limit)s
        """,
        facility_id=after[0],
        role=after[1],
        limit=limit,
    )


async def waiting(tx: Tx, after: str | None, limit: int) -> list[tuple[str, Posting]]:
    """A page of the postings that wait for a person, with their keys, by id."""
    where = "outcome = 'queued' AND dismissed_on IS NULL"
    return await page_of(tx, Posting, "postings", ("posting_id",), after, limit, where, ", ".join(COLUMNS))


async def pairs(tx: Tx, after: str | None, limit: int) -> list[tuple[str, dict[str, Any]]]:
    """A page of facilities and role families with their signals and keys, in order."""
    key, columns = ("facility_id", "role_family"), "facility_id, role_family, version, signals"
    return await page_by_key(tx, "signals", key, after, limit, columns=columns)


async def counts(tx: Tx) -> list[dict[str, Any]]:
    return await tx.dicts(
        f"""SELECT outcome, {_SHOWN} AS reason, count(*) AS postings FROM postings GROUP BY 1, 2 ORDER BY 1, 2"""
    )


async def open_signals(tx: Tx) -> int:
    """The number of pairs with an open signal; a signal and its open predecessor count once."""
    return int(await tx.value("""SELECT count(*) FROM signals WHERE open_through >= %(today)s""", today=tx.today))


async def signals_at(tx: Tx, facility_id: str) -> list[SignalsOfRole]:
    return await tx.all(
        SignalsOfRole,
        """
        SELECT role_family, version, signals FROM signals WHERE facility_id = %(facility_id)s ORDER BY role_family
        """,
        facility_id=facility_id,
    )
