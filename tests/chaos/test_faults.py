"""Is anything lost, duplicated or stuck when services and servers crash, hang and lose data? Would the tests notice?"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.chaos import Outcome, Schedule, live, schedule
from tests.support.chaos_service import RULES
from tests.support.chaos_stack import Machines, machines
from tests.support.chaos_world import World, invent

pytestmark = [pytest.mark.chaos, pytest.mark.asyncio(loop_scope="module")]

SEED = 4
SEED_OF_CONTROLS = 2
"""With this seed, faults choose a service that has much work in progress."""
PATIENCE_SECONDS = 5.0
"""For a run that is expected to fail: longer than a healthy run takes."""

# Faults that do no harm with the rule in place (the seeded run has all of them), and the violation that the suite must
# report without the rule. With LONG=1, every rule; otherwise that nothing is applied twice, and that nothing is lost.
CONTROLS: dict[str, tuple[Schedule, str]] = {
    "inbox": ({"feed 0": [(0.1, "events published again under new ids, shuffled")]}, "applied twice"),
    "commit before ack": ({"import": [(0.3, "kill -9 of all services")]}, "lost"),
    "sweeper": ({"import": [(0.1, "NATS killed")], "feed 0": [(0.1, "NATS killed")]}, "unpublished in the outbox"),
    "store watch": ({"import": [(0.0, "NATS store wiped")]}, "lost"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[Machines]:
    async with machines() as running:
        yield running


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return invent(tmp_path_factory.mktemp("world"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def undisturbed(servers: Machines, world: World) -> Outcome:
    return await live(servers, world)


async def test_an_undisturbed_run_processes_every_event_and_dead_letters_the_poison(undisturbed: Outcome) -> None:
    assert undisturbed.violations == []
    assert undisturbed.facts > 500
    assert undisturbed.dead > 10
    assert {service for service, _, _ in undisturbed.state} == {"ingest", "matcher", "scorer", "sequencer", "notifier"}


async def test_nothing_is_lost_duplicated_or_stuck_whatever_fails(
    servers: Machines, world: World, undisturbed: Outcome
) -> None:
    outcome = await live(servers, world, schedule(SEED), SEED, undisturbed.state)

    assert outcome.violations == []
    assert outcome.restarts > 0


@pytest.mark.parametrize("rule", RULES if os.environ.get("LONG") == "1" else ["inbox", "commit before ack"])
async def test_a_broken_rule_is_noticed(rule: str, servers: Machines, world: World) -> None:
    planned, caught = CONTROLS[rule]

    outcome = await live(
        servers, world, planned, seed=SEED_OF_CONTROLS, broken_rule=rule, patience=PATIENCE_SECONDS, days=1
    )

    assert [violation for violation in outcome.violations if caught in violation], outcome.violations
