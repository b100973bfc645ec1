"""How do readers that wait hear that the log grew?

Each process listens once, as long as a reader waits here. A reader that hears something reads the log again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from services.courier.store.log import ADDED

Notices = Callable[[str], AsyncIterator[str]]

APART_SECONDS: Final = 0.1
"""A reader reads at most so often, so that what is added in the meantime is one part."""


class Ear:
    """Of one reader."""

    def __init__(self) -> None:
        self.woken = asyncio.Event()
        self._read_at = 0.0

    def reads(self) -> None:
        """What is notified from now on was perhaps not read."""
        self._read_at = time.monotonic()
        self.woken.clear()

    async def hears(self, seconds: float) -> bool:
        """Whether the log perhaps grew since the reader read it; waits for it at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.woken.wait()
                await asyncio.sleep(self._read_at + APART_SECONDS - time.monotonic())
        return self.woken.is_set()


class Hearing:
    """The readers of this process that wait."""

    def __init__(self) -> None:
        self._ears: set[Ear] = set()
        self._listening: asyncio.Task[None] | None = None

    @contextmanager
    def ear(self, notices: Notices) -> Iterator[Ear]:
        """An ear for as long as a reader reads."""
        ear = Ear()
        self._ears.add(ear)
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen(notices), name="hearing")
        try:
            yield ear
        finally:
            self._ears.discard(ear)
            if not self._ears and self._listening is not None:
                self._listening.cancel()
                self._listening = None

    async def _listen(self, notices: Notices) -> None:
        async for _ in notices(ADDED):
            for ear in self._ears:
                ear.woken.set()
