"""Is the scorer's state independent of the order, repetition and batching of events?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.events import (
    ContactChanged,
    Event,
    FacilityAssessed,
    FacilityDelisted,
    FacilityListed,
    FacilityMatched,
    Fact,
    LeadLost,
    LeadMet,
    LeadWon,
    Signal,
    SignalExpired,
)
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

TODAY = date(2026, 7, 1)
CCNS = ("335001", "335002", "335003")
ROLES = ("mds_coordinator", "pdpm_rac", "qm")
TABLES = {
    "facilities": "facility_id",
    "facts": "facility_id, field, as_of, import_no",
    "signal_states": "facility_id, role_family, version",
    "contact_changes": "facility_id, role, version",
    "outcomes": "facility_id, version",
    "scores": "facility_id",
    "score_history": "facility_id, scored_on",
    "calibrations": "calibrated_on",
    "calibration_members": "calibration_id, facility_id",
}
ASIDE = {"event_id", "received_at", "score_version", "score_updated_at"}
"""Surrogate ids, receipt times and version counters."""

OUTCOMES: list[type[LeadMet | LeadWon | LeadLost]] = [LeadMet, LeadWon, LeadLost]

DAYS = st.integers(-3, 400).map(lambda ago: TODAY - timedelta(days=ago))
RECENT = st.integers(0, 50).map(lambda ago: TODAY - timedelta(days=ago))
VALUES = {
    "qm_rating": st.sampled_from(["1", "2", "4", None]),
    "staffing_rating": st.sampled_from(["1", "2", None]),
    "last_f641_on": DAYS.map(str),
    "last_fine_on": DAYS.map(str),
    "medicaid_share": st.sampled_from(["0.25", "0.7", None]),
    "mds_volume": st.integers(50, 150).map(str),
}


@st.composite
def _signals(draw: st.DrawFn, facility_id: str, role: str) -> tuple[Signal, ...]:
    several = []
    for no in range(draw(st.integers(0, 2))):
        seen = draw(RECENT)
        several.append(
            Signal(
                signal_id=uuid5(UUID(int=1), f"{facility_id}{role}{no}"),
                first_seen_on=seen,
                last_seen_on=seen,
                expires_on=seen + timedelta(days=30),
                urgency=draw(st.integers(0, 4)),
                chronic=False,
                closed=False,
                postings=1,
                title="MDS Coordinator",
            )
        )
    return tuple(several)


@st.composite
def _events(draw: st.DrawFn) -> list[Event]:
    """Events between two ticks: several versions of the same states, and facts of several imports."""
    events: list[Event] = []
    for facility_id in CCNS:
        for role in ROLES:
            for version in range(1, draw(st.integers(0, 3)) + 1):
                signals = draw(_signals(facility_id, role))
                events.append(
                    FacilityMatched(facility_id=facility_id, role_family=role, version=version, signals=signals)
                )
                if draw(st.booleans()) and signals:
                    events.append(
                        SignalExpired(
                            facility_id=facility_id,
                            role_family=role,
                            version=version,
                            signals=signals,
                            signal_id=signals[0].signal_id,
                            expired_on=TODAY,
                        )
                    )
        for import_no in range(1, draw(st.integers(0, 3)) + 1):
            events.append(_assessed(facility_id, import_no, draw(_facts())))
        for version in range(1, draw(st.integers(0, 2)) + 1):
            events.append(
                ContactChanged(
                    facility_id=facility_id, role="don", version=version, changed_on=draw(st.none() | RECENT)
                )
            )
        for version in range(1, draw(st.integers(0, 2)) + 1):
            events.append(_outcome(draw(st.sampled_from(OUTCOMES)), facility_id, version))
    if draw(st.booleans()):
        events += [FacilityDelisted(facility_id=CCNS[0], version=2, delisted_as_of=TODAY), _listed(CCNS[0], 3, "Troy")]
        events.append(FacilityDelisted(facility_id=CCNS[1], version=2, delisted_as_of=TODAY))
    return events


@st.composite
def _facts(draw: st.DrawFn) -> tuple[Fact, ...]:
    """Facts with few dates, so that imports share them; one date is in the future."""
    dates = st.sampled_from([TODAY - timedelta(days=ago) for ago in (90, 60, 1, 0, -1, -2)])
    named = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=6, unique=True))
    return tuple(Fact(field=name, value=draw(VALUES[name]), as_of=draw(dates)) for name in named)


def _outcome(kind: type[LeadMet | LeadWon | LeadLost], facility_id: str, version: int) -> Event:
    return kind(
        facility_id=facility_id,
        version=version,
        lead_id=uuid5(UUID(int=2), facility_id),
        lead_source="signal",
        raised_on=TODAY,
        decided_on=TODAY,
        decided_by="ann",
    )


def _assessed(facility_id: str, import_no: int, facts: tuple[Fact, ...]) -> FacilityAssessed:
    received = datetime(2026, 7, 1, tzinfo=UTC)
    return FacilityAssessed(
        facility_id=facility_id, facts=facts, import_no=import_no, dataset="invented", received_at=received
    )


def _listed(facility_id: str, version: int = 1, city: str = "Albany") -> FacilityListed:
    return FacilityListed(
        facility_id=facility_id, version=version, listed_as_of=TODAY, name=f"Home {facility_id}", city=city, state="NY"
    )


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(events=_events(), seed=st.integers(0, 10_000))
async def test_the_same_events_result_in_the_same_state_in_any_order(
    servers: TestServers, events: list[Event], seed: int
) -> None:
    chance = random.Random(seed)
    repeated = events + chance.sample(events, len(events) // 2)
    chance.shuffle(repeated)

    in_order = await _states_after(servers, [[event] for event in events] if len(events) < 25 else [events])
    shuffled = await _states_after(servers, _batches(repeated, chance))

    assert shuffled == in_order


async def test_changes_within_a_day_that_cancel_out_leave_no_history(servers: TestServers) -> None:
    posting = Signal(
        signal_id=UUID(int=9),
        first_seen_on=TODAY,
        last_seen_on=TODAY,
        expires_on=TODAY + timedelta(days=30),
        urgency=4,
        chronic=False,
        closed=False,
        postings=1,
        title="MDS Coordinator",
    )
    up = FacilityMatched(facility_id=CCNS[1], role_family="mds_coordinator", version=1, signals=(posting,))
    down = FacilityMatched(facility_id=CCNS[1], role_family="mds_coordinator", version=2, signals=())

    assert await _states_after(servers, [[up], [down]]) == await _states_after(servers, [[down], [up]])


def _batches(events: list[Event], chance: random.Random) -> list[list[Event]]:
    batches: list[list[Event]] = [[]]
    for event in events:
        batches[-1].append(event)
        if chance.random() < 0.2:
            batches.append([])
    return batches


async def _states_after(servers: TestServers, batches: Sequence[Sequence[Event]]) -> list[dict[str, Any]]:
    """The tables after the first and the last of three days; the batches arrive on the second."""
    async with run_service("scorer", servers) as scorer:
        await scorer.receive(
            *map(_listed, CCNS), _assessed(CCNS[0], 0, (Fact(field="qm_rating", value="1", as_of=TODAY),))
        )
        await scorer.at("2026-07-01T23:45")
        await scorer.at("2026-07-02T06:00")
        for batch in batches:
            await scorer.receive(*batch)
        states = [await _state(scorer)]
        await scorer.at("2026-07-02T23:45")
        await scorer.at("2026-07-03T06:00")
        return [*states, await _state(scorer)]


async def _state(scorer: Running) -> dict[str, Any]:
    return {
        table: [_kept(row) for row in await scorer.sql(f"SELECT * FROM {table} ORDER BY {order}")]
        for table, order in TABLES.items()
    }


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in ASIDE}
    if "breakdown" in kept:
        kept["breakdown"] = [{k: v for k, v in line.items() if k != "event_id"} for line in kept["breakdown"]]
    return kept
