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
        self.ended = False
        """The process stops."""
        self._read_at = 0.0

    def end(self) -> None:
        self.ended = True
        self.woken.set()

    def reads(self) -> None:
        """What is notified from now on was perhaps not read."""
        self._read_at = time.monotonic()
        self.woken.clear()

    async def hears(self, seconds: float) -> bool:
        """Whether the log perhaps grew since the reader read it; waits for it at most so long, and not for the end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.woken.wait()
                await asyncio.sleep(self._read_at + APART_SECONDS - time.monotonic())
        return self.woken.is_set() and not self.ended


class Hearing:
    """The readers of this process that wait."""

    def __init__(self) -> None:
        self._ears: set[Ear] = set()
        self._tasks: list[asyncio.Task[None]] = []

    @contextmanager
    def ear(self, notices: Notices, stopping: asyncio.Event) -> Iterator[Ear]:
        """An ear for as long as a reader reads."""
        ear = Ear()
        self._ears.add(ear)
        if not self._tasks or any(task.done() for task in self._tasks):
            self._cancel()
            self._tasks = [asyncio.create_task(each) for each in (self._listen(notices), self._end(stopping))]
        try:
            yield ear
        finally:
            self._ears.discard(ear)
            if not self._ears:
                self._cancel()

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    async def _listen(self, notices: Notices) -> None:
        async for _ in notices(ADDED):
            for ear in self._ears:
                ear.woken.set()

    async def _end(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        for ear in self._ears:
            ear.end()
