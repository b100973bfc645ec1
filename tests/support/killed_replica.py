"""How does a replica of the sequencer die in the middle of the plan of a day?

    python -m tests.support.killed_replica LOCAL_TIME STATEMENT

A process of its own, with the settings of a service from the environment. Before its n-th statement it prints "dying",
waits for a line of input, and kills itself with SIGKILL, with the transaction open.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from services.sequencer.app import service
from shared.application import Application
from shared.operations.ticking import Ticker
from shared.storage.database import Tx
from tests.integration.test_leads import Aborted


async def _die(_: int) -> None:
    print("dying", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    os.kill(os.getpid(), signal.SIGKILL)


async def main(local: str, statement: int) -> None:
    async with Application(service) as replica:
        app = replica.runtime
        clock = app.clock
        clock.set(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(clock.timezone)))  # type: ignore[attr-defined]

        @asynccontextmanager
        async def begin() -> AsyncIterator[Tx]:
            async with app.begin() as tx:
                aborted = Aborted(tx, statement, _die)
                yield aborted
                if aborted.statements < statement:
                    await aborted.end()

        await Ticker(service.jobs, clock, begin).tick()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
