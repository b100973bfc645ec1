"""Do consumers leave connections for everything else that a process does?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import pytest

from shared.contracts.topology import CONSUMES
from shared.runtime import Runtime, heard_from
from shared.settings import MOST_CONSUMING, Settings
from shared.storage.database import DatabaseUnavailable, Tx


@pytest.mark.parametrize("pool, most", [(0, MOST_CONSUMING), (10, 6), (2, 1)], ids=["as usual", "ten", "two"])
async def test_of_many_consumers_only_some_have_a_connection_at_a_time(pool: int, most: int) -> None:
    runtime = Runtime(import_module("services.console.app").service, Settings(pool=pool))
    now = peak = begun = 0

    @asynccontextmanager
    async def begin(*, in_background: bool = False) -> AsyncIterator[Tx]:
        nonlocal now, peak, begun
        now, begun = now + 1, begun + 1
        peak = max(peak, now)
        await asyncio.sleep(0)
        now -= 1
        raise DatabaseUnavailable("not now")
        yield

    runtime.relay.begin = begin  # type: ignore[method-assign]
    await asyncio.gather(*(each.handle([]) for each in runtime.consumers), return_exceptions=True)

    assert len(CONSUMES["console"]) > MOST_CONSUMING
    assert (peak, begun) == (most, len(CONSUMES["console"])), "and each of them has its turn"


async def test_a_connection_that_is_lost_makes_what_was_heard_no_older() -> None:
    runtime = Runtime(import_module("services.console.app").service, Settings())
    before = time.monotonic() - 34
    for each in runtime.consumers:
        each.heard_at = before
        each.wake()

    heard = heard_from(runtime.consumers)

    assert set(heard) == {"ingest", "matcher", "scorer", "sequencer", "notifier", "courier"}
    assert all(34 <= seconds < 60 for seconds in heard.values())
