"""Do ten days end the same on three NATS servers and a PostgreSQL with a standby, whatever befalls them? (LONG=1)"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.chaos import Outcome, live, schedule
from tests.support.chaos_cluster import CLUSTER_KINDS, OF_SERVERS, ClusteredMachines, clustered_machines
from tests.support.chaos_world import World, invent

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(os.environ.get("LONG") != "1", reason="three runs of ten days: run with LONG=1"),
    pytest.mark.timeout(1800),
]
DAYS = 10
SEED = int(os.environ.get("SEED") or 1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[ClusteredMachines]:
    async with clustered_machines() as running:
        yield running


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return invent(tmp_path_factory.mktemp("world"), DAYS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def undisturbed(servers: ClusteredMachines, world: World) -> Outcome:
    return await live(servers, world, days=DAYS)


async def test_servers_that_fail_change_nothing_and_end_no_service(
    servers: ClusteredMachines, world: World, undisturbed: Outcome
) -> None:
    planned = schedule(SEED, OF_SERVERS, DAYS, more=0)

    outcome = await live(servers, world, planned, SEED, undisturbed.state, days=DAYS)

    assert undisturbed.violations == []
    assert outcome.faults.keys() == OF_SERVERS.keys()
    assert outcome.violations == []
    assert outcome.restarts == 0


async def test_servers_and_services_that_fail_change_nothing(
    servers: ClusteredMachines, world: World, undisturbed: Outcome
) -> None:
    planned = schedule(SEED, CLUSTER_KINDS, DAYS)

    outcome = await live(servers, world, planned, SEED, undisturbed.state, days=DAYS)

    assert outcome.violations == []
    assert outcome.restarts > 0
