"""Is the sequencer's state independent of the order, repetition and batching of events?"""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import psycopg
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shared.contracts.events import Event, SignalExpired
from shared.contracts.kernel import RunJob
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, a_signal, contact, delisted, listed, matched, scored

CCNS = [f"33500{n}" for n in range(6)]

# The columns of each table without surrogate ids, receipt times and version counters.
TABLES = {
    "accounts": "SELECT facility_id, name, chain, listed_version > delisted_version AS listed, status, owner, score,"
    " tier,"
    " tier_since, evidence, next_follow_up_on FROM accounts ORDER BY facility_id",
    "account_signals": "SELECT facility_id, role_family, signals FROM account_signals ORDER BY facility_id,"
    " role_family",
    "leads": "SELECT * FROM leads ORDER BY lead_id",
    "enrollments": "SELECT * FROM enrollments ORDER BY enrollment_id",
    "tasks": "SELECT * FROM tasks ORDER BY task_id",
}


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Events between two ticks about facilities that are already listed."""
    events: list[Event] = []
    for facility_id in CCNS:
        tier = 3
        for version in range(1, draw(st.integers(0, 3)) + 1):
            new = draw(st.integers(1, 3))
            events.append(scored(facility_id, new, f"{draw(st.integers(1, 9))}0.0", version, tier, day=version))
            tier = new
        for version in range(1, draw(st.integers(0, 2)) + 1):
            events.append(matched(facility_id, version, date(2026, 7, draw(st.integers(1, 9)))))
        if draw(st.booleans()):
            signal = a_signal(facility_id, date(2026, 7, 1))
            events.append(
                SignalExpired(
                    facility_id=facility_id,
                    role_family="mds_coordinator",
                    version=9,
                    signals=(signal,),
                    signal_id=signal.signal_id,
                    expired_on=date(2026, 7, 2),
                )
            )
        if draw(st.booleans()):
            events.append(listed(facility_id, 2, name="RENAMED", chain=draw(st.sampled_from([None, "MOSS", "FERN"]))))
        if draw(st.integers(0, 5)) == 0:
            events.append(delisted(facility_id, 3))
    return events


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes on real servers
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=histories(), chance=st.randoms(use_true_random=False))
async def test_the_same_events_in_any_order_result_in_the_same_tables(
    sequencer: Running, history: list[Event], chance: random.Random
) -> None:
    straight = await tables_after(sequencer, [history])

    shuffled = history + [event for event in history if chance.random() < 0.5]
    chance.shuffle(shuffled)
    cut = chance.randrange(len(shuffled) + 1)

    assert await tables_after(sequencer, [shuffled[:cut], shuffled[cut:]]) == straight


async def tables_after(sequencer: Running, deliveries: list[list[Event]]) -> dict[str, list[dict[str, Any]]]:
    """The state after a tick; some events are received before it and some after."""
    await forget_everything(sequencer)
    await sequencer.ask(
        "import_contacts", {"actor": "ann", "rows": [contact(facility_id, **CALLABLE) for facility_id in CCNS[::2]]}
    )
    await sequencer.receive(
        *(listed(facility_id, chain="MOSS" if facility_id < "335003" else None) for facility_id in CCNS)
    )
    for events in deliveries:
        await sequencer.receive(*events)
    recorded = await sequencer.sql(TABLES["accounts"])
    await sequencer.ask(RunJob(job="plan", actor="ann"))
    decided = {table: await sequencer.sql(query) for table, query in TABLES.items()}
    # Running a tick again changes nothing.
    await sequencer.ask(RunJob(job="plan", actor="ann"))
    assert {table: await sequencer.sql(query) for table, query in TABLES.items()} == decided
    return decided | {"recorded": recorded}


async def forget_everything(sequencer: Running) -> None:
    await sequencer.idle()
    async with await psycopg.AsyncConnection.connect(sequencer.url) as connection:
        await connection.execute(
            "TRUNCATE accounts, account_signals, contacts, contact_states, leads, lead_moves, lead_amounts, outcomes,"
            " activities, tasks, enrollments"
        )
