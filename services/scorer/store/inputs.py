"""Which inputs of scores were recorded, and when?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pydantic import TypeAdapter

from engines.scoring.inputs import ContactChange, Fact, Inputs, Signal, gather
from shared.contracts.events import ContactChanged, FacilityAssessed, FacilityDelisted, FacilityListed, SignalState
from shared.storage.database import Tx, rows
from shared.storage.writing import insert, recordset, upsert_newest

# One statement, because a facility is scored after each event and a round trip costs a quarter of a millisecond. It
# returns JSON, because pydantic builds rows from JSON faster than a cursor does from columns.
_INPUTS = """
    WITH identity AS (
        SELECT DISTINCT ON (facility_id) facility_id, state FROM identities
        WHERE facility_id = ANY(%(facility_ids)s) AND received_at < %(until)s
        ORDER BY facility_id, identity_version DESC
    ), fact AS (
        SELECT facility_id, field, as_of, value, event_id FROM (
            SELECT *, row_number() OVER (PARTITION BY facility_id, field, as_of > %(today)s ORDER BY as_of DESC) AS back
            FROM (
                SELECT DISTINCT ON (facility_id, field, as_of) facility_id, field, as_of, value, event_id FROM facts
                WHERE facility_id = ANY(%(facility_ids)s) AND field = ANY(%(names)s) AND received_at < %(until)s
                ORDER BY facility_id, field, as_of, import_no DESC
            ) AS latest
        ) AS numbered
        WHERE as_of > %(today)s OR back <= %(depth)s
        ORDER BY facility_id, field, as_of
    ), signal AS (
        SELECT facility_id, role_family, signal_id, last_seen_on, expires_on, urgency, chronic,
            coalesce(posting_event_id, event_id) AS event_id
        FROM (
            SELECT facility_id, role_family, max(version) AS version FROM signal_states
            WHERE facility_id = ANY(%(facility_ids)s) AND received_at < %(until)s GROUP BY facility_id, role_family
        ) AS latest
        JOIN signal_states USING (facility_id, role_family, version),
            jsonb_to_recordset(signals) AS recorded (
                signal_id uuid, last_seen_on date, expires_on date, urgency int, chronic boolean, posting_event_id uuid
            )
        ORDER BY facility_id, role_family, signal_id
    ), change AS (
        SELECT facility_id, role, changed_on, event_id FROM (
            SELECT DISTINCT ON (facility_id, role) facility_id, role, changed_on, event_id FROM contact_changes
            WHERE facility_id = ANY(%(facility_ids)s) AND received_at < %(until)s
            ORDER BY facility_id, role, version DESC
        ) AS latest
        WHERE changed_on IS NOT NULL
        ORDER BY facility_id, role
    )
    SELECT json_build_object(
        'states', (SELECT coalesce(json_object_agg(facility_id, state), '{}') FROM identity),
        'facts', (SELECT coalesce(json_agg(fact), '[]') FROM fact),
        'signals', (SELECT coalesce(json_agg(signal), '[]') FROM signal),
        'changes', (SELECT coalesce(json_agg(change), '[]') FROM change)
    )::text
"""


@dataclass(frozen=True)
class _Recorded:
    """The result of `_INPUTS`."""

    states: dict[str, str | None]
    facts: list[Fact]
    signals: list[Signal]
    changes: list[ContactChange]


_RECORDED = TypeAdapter(_Recorded)


_IDENTITY = {"facility_id", "name", "city", "state", "chain", "listed_as_of"}


async def record_listings(tx: Tx, events: Sequence[FacilityListed]) -> None:
    await insert(
        tx,
        "identities",
        [
            {
                "facility_id": event.facility_id,
                "identity_version": event.version,
                "state": event.state,
                "received_at": tx.now,
            }
            for event in events
        ],
    )
    listed = [{**event.model_dump(include=_IDENTITY), "identity_version": event.version} for event in events]
    await upsert_newest(tx, "facilities", listed, key=("facility_id",), version=("identity_version",))


async def record_delistings(tx: Tx, events: Iterable[FacilityDelisted]) -> None:
    delisted = [{"facility_id": event.facility_id, "delisted_version": event.version} for event in events]
    await upsert_newest(tx, "facilities", delisted, key=("facility_id",), version=("delisted_version",))


async def record_facts(tx: Tx, events: Iterable[FacilityAssessed]) -> None:
    """Record every value of each date and import.

    If one import states two values for one date, the greater text wins, an arbitrary rule that is independent of order.
    """
    facts = [
        {
            "facility_id": event.facility_id,
            "import_no": event.import_no,
            "dataset": event.dataset,
            "event_id": event.event_id,
            "field": fact.field,
            "as_of": fact.as_of,
            "value": fact.value,
        }
        for event in events
        for fact in event.facts
    ]
    await tx.run(
        f"""
        INSERT INTO facts AS stored (facility_id, field, as_of, import_no, value, dataset, event_id, received_at)
        SELECT DISTINCT ON (facility_id, field, as_of, import_no)
               facility_id, field, as_of, import_no, value, dataset, event_id, %(now)s
          FROM {recordset("facts", facts)} AS given
         ORDER BY facility_id, field, as_of, import_no, coalesce(value, '') COLLATE "C" DESC
            ON CONFLICT (facility_id, field, as_of, import_no) DO UPDATE
           SET value = excluded.value, dataset = excluded.dataset, event_id = excluded.event_id
         WHERE coalesce(excluded.value, '') COLLATE "C" > coalesce(stored.value, '')
        """,
        now=tx.now,
        rows=rows(facts),
    )


async def record_signals(tx: Tx, events: Iterable[SignalState]) -> None:
    states = [
        {
            "facility_id": event.facility_id,
            "role_family": event.role_family,
            "version": event.version,
            "signals": event.signals,
            "event_id": event.event_id,
            "received_at": tx.now,
        }
        for event in events
    ]
    await insert(tx, "signal_states", states)


async def record_contact_changes(tx: Tx, events: Iterable[ContactChanged]) -> None:
    changes = [
        {
            "facility_id": event.facility_id,
            "role": event.role,
            "version": event.version,
            "changed_on": event.changed_on,
            "event_id": event.event_id,
            "received_at": tx.now,
        }
        for event in events
    ]
    await insert(tx, "contact_changes", changes)


async def inputs(
    tx: Tx,
    facility_ids: Sequence[str],
    names: Sequence[str],
    depth: int,
    on: date | None = None,
    until: datetime | None = None,
) -> list[Inputs]:
    """The inputs of the scores of these facilities, without those whose listing was not received yet.

    For each fact, the last `depth` dates up to the day `on` (today by default) and all later ones. Only inputs received
    before `until` are included, all by default.
    """
    found = _RECORDED.validate_json(
        await tx.value(
            _INPUTS,
            facility_ids=list(facility_ids),
            names=list(names),
            today=on or tx.today,
            until=until or datetime.max.replace(tzinfo=UTC),
            depth=depth,
        )
    )
    return gather(found.states, found.facts, found.signals, found.changes)


async def signals_of(tx: Tx, facility_id: str) -> list[dict[str, Any]]:
    """All recorded signals of a facility, including expired ones, latest first."""
    return await tx.dicts(
        """
        SELECT role_family, signal.*
          FROM (SELECT DISTINCT ON (role_family) role_family, signals
                  FROM signal_states WHERE facility_id = %(facility_id)s ORDER BY role_family, version DESC) AS latest,
               jsonb_to_recordset(signals) AS signal (signal_id uuid, title text, first_seen_on date,
                   last_seen_on date, expires_on date, urgency int, chronic boolean, postings int, sources text[])
         ORDER BY last_seen_on DESC, role_family, signal_id
        """,
        facility_id=facility_id,
    )
