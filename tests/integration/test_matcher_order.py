"""Are the matcher's tables independent of the order, repetition and batching of events?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.events import Event, FacilityDelisted, FacilityListed, OtherName, PostingClosed, PostingSeen
from tests.support.running import Running

DAY = date(2026, 6, 1)
TABLES = {
    "postings": {"event_id", "decision_no", "outcome_at"},
    "signals": {"version"},
    "facilities": {"changed"},
    "facility_names": set(),
}
NAMES = ["Willow Bend Nursing Home", "Tern Point Rehabilitation Center", "Gorse Hill Manor"]
CHAIN = "Heron Care Group"
PLATFORM = "Quillshift"
"""A name in two states is suspect: a listing in one state decides on postings of another."""


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Events of a few facilities and postings, in their original order."""
    events: list[Event] = []
    for number in range(draw(st.integers(1, 3))):
        for version in range(1, draw(st.integers(1, 3)) + 1):
            events.append(draw(facility_events(number, version)))
    for number in range(draw(st.integers(1, 6))):
        events += draw(posting_events(number))
    return events


@st.composite
def facility_events(draw: st.DrawFn, number: int, version: int) -> Event:
    facility_id = f"33500{number}"
    if version > 1 and draw(st.booleans()):
        return FacilityDelisted(facility_id=facility_id, version=version, delisted_as_of=DAY)
    other = draw(st.sampled_from([(), (OtherName(name=PLATFORM, kind="dba"),)]))
    return FacilityListed(
        facility_id=facility_id,
        version=version,
        listed_as_of=DAY,
        name=draw(st.sampled_from(NAMES)),
        other_names=other,
        city="Albany",
        state=draw(st.sampled_from(["NY", "PA"])),
        chain=draw(st.sampled_from([None, CHAIN])),
    )


@st.composite
def posting_events(draw: st.DrawFn, number: int) -> list[Event]:
    first = DAY + timedelta(draw(st.integers(0, 25)))
    last = first
    events: list[Event] = []
    known: dict[str, Any] = {
        "posting_id": uuid5(NAMESPACE_OID, str(number)),
        "source": draw(st.sampled_from(["board", "career-page"])),
        "source_posting_id": f"P{number}",
        "title": "MDS Coordinator",
        "employer_name": draw(st.sampled_from([*NAMES, CHAIN, PLATFORM, "Quarrystone Elevator Repair"])),
        "city": draw(st.sampled_from(["Albany", None])),
        "state": draw(st.sampled_from(["NY", "PA"])),
        "facility_id": draw(st.sampled_from([None, None, "335000"])),
        "urgency": draw(st.integers(0, 4)),
        "first_seen_on": first,
        "pack": "test",
    }
    for version in range(1, draw(st.integers(1, 3)) + 1):
        last += timedelta(draw(st.integers(0, 9)))
        role = draw(st.sampled_from(["mds_coordinator", "qm", "other"]))
        state = known | {"version": version, "last_seen_on": last, "role_family": role}
        closes = draw(st.booleans())
        events.append(PostingClosed(**state, closed_on=last) if closes else PostingSeen(**state))
    return events


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories(), chance=st.randoms(use_true_random=False))
async def test_the_same_events_in_any_order_result_in_the_same_tables(
    matcher: Running, history: list[Event], chance: random.Random
) -> None:
    straight = await tables_after(matcher, [history])

    shuffled = history + [event for event in history if chance.random() < 0.5]
    chance.shuffle(shuffled)

    assert await tables_after(matcher, batches(shuffled, chance)) == straight
    assert len(straight["postings"]) == len({e.key for e in history if isinstance(e, PostingSeen | PostingClosed)})


async def tables_after(matcher: Running, deliveries: Sequence[Sequence[Event]]) -> dict[str, list[Any]]:
    await forget_everything(matcher)
    for events in deliveries:
        await matcher.receive(*events)
    return {table: await contents(matcher, table, surrogates) for table, surrogates in TABLES.items()}


async def contents(matcher: Running, table: str, surrogates: set[str]) -> list[Any]:
    rows = await matcher.sql(f"SELECT * FROM {table} ORDER BY 1, 2")
    plain = [{column: value for column, value in row.items() if column not in surrogates} for row in rows]
    for signal in [signal for row in plain for signal in row.get("signals", ())]:
        del signal["posting_event_id"]
    # A retracted list equals one that never existed.
    return [row for row in plain if row.get("signals", True)]


async def forget_everything(matcher: Running) -> None:
    async with await psycopg.AsyncConnection.connect(matcher.url) as connection:
        await connection.execute(b"TRUNCATE postings, signals, facilities, facility_names")
    matcher.app.database.cache.clear()


def batches(events: list[Event], chance: random.Random) -> list[list[Event]]:
    cuts = sorted(chance.sample(range(1, len(events)), min(3, len(events) - 1))) if len(events) > 1 else []
    return [events[a:b] for a, b in zip([0, *cuts], [*cuts, len(events)], strict=True)]
