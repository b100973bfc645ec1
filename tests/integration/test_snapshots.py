"""Can a read model be rebuilt from a snapshot of a service and the events since?"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.contracts.kernel import History, Snapshot
from shared.contracts.refusals import AskFailed
from tests.integration.test_kernel import a_posting
from tests.support.probe import probe
from tests.support.running import Running, run_service
from tests.support.servers import TestServers


@pytest.fixture
async def service(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("matcher", servers, probe()) as running:
        yield running


async def test_a_snapshot_is_read_page_by_page_and_updated_by_later_events(service: Running) -> None:
    await service.receive(*(a_posting(n) for n in range(5)))

    pages = [await service.ask(Snapshot(subject="facility.matched", limit=2))]
    while pages[-1].after:
        pages.append(await service.ask(Snapshot(subject="facility.matched", limit=2, after=pages[-1].after)))
    await service.receive(a_posting(9))
    await service.app.relay.sweep()
    later = await service.ask(History(after=pages[0].history_after))

    states = [event["facility_id"] for page in pages for event in page.events]
    assert (len(states), states) == (5, sorted(set(states)))
    assert [len(page.events) for page in pages] == [2, 2, 1]
    assert len(later) == 6


async def test_an_unknown_snapshot_is_refused_with_the_known_ones(service: Running) -> None:
    with pytest.raises(AskFailed, match=r"matcher has no snapshot of 'score.changed'; it has: facility.matched"):
        await service.ask(Snapshot(subject="score.changed"))
