"""How do open pages hear of what changed?

Each process listens once, as long as a page is open here, and passes on what concerns each page: how much changed, and
nothing else, so that no page gets what its person may not see. The page then loads itself again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

from pydantic_core import from_json

from services.console.store.reading import CHANGED

Notices = Callable[[str], AsyncIterator[str]]


@dataclass(eq=False, slots=True)
class Page:
    """An open page, and what it is about."""

    about: frozenset[str]
    """The beginnings of subjects: `task`, `score`."""
    facility: str = ""
    """Only this one; empty: all of them."""
    session: UUID | None = None
    changes: int = 0
    deaf: bool = True
    """What changed since the last look was perhaps not notified."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False
    """The process stops."""

    def concerns(self, subject: str, facilities: list[str] | None) -> bool:
        if subject.partition(".")[0] not in self.about:
            return False
        return not self.facility or facilities is None or self.facility in facilities

    def change(self) -> None:
        self.changes += 1
        self.woken.set()

    def end(self) -> None:
        self.ended = True
        self.woken.set()


class Live:
    """The open pages of this process."""

    def __init__(self) -> None:
        self._pages: set[Page] = set()
        self._tasks: list[asyncio.Task[None]] = []

    def count(self, session: UUID) -> int:
        """How many pages of a session are open."""
        return sum(page.session == session for page in self._pages)

    @contextmanager
    def opened(self, page: Page, notices: Notices, stopping: asyncio.Event) -> Iterator[Page]:
        """Tell a page of changes for as long as it is open."""
        self._pages.add(page)
        if not self._tasks or any(task.done() for task in self._tasks):
            self._cancel()
            self._tasks = [asyncio.create_task(each) for each in (self._listen(notices), self._end(stopping))]
        try:
            yield page
        finally:
            self._pages.discard(page)
            if not self._pages:
                self._cancel()

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    async def _listen(self, notices: Notices) -> None:
        async for notice in notices(CHANGED):
            if not notice:  # what was notified before is lost
                for page in self._pages:
                    page.deaf = True
                    page.woken.set()
                continue
            with suppress(ValueError):
                subject, facilities = from_json(notice)
                for page in self._pages:
                    if page.concerns(subject, facilities):
                        page.change()

    async def _end(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        for page in self._pages:
            page.end()
