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

    def concerns(self, subject: str, facilities: list[str] | None) -> bool:
        if subject.partition(".")[0] not in self.about:
            return False
        return not self.facility or facilities is None or self.facility in facilities

    def change(self) -> None:
        self.changes += 1
        self.woken.set()


class Live:
    """The open pages of this process."""

    def __init__(self) -> None:
        self._pages: set[Page] = set()
        self._listening: asyncio.Task[None] | None = None

    def count(self, session: UUID) -> int:
        """How many pages of a session are open."""
        return sum(page.session == session for page in self._pages)

    @contextmanager
    def opened(self, page: Page, notices: Notices) -> Iterator[Page]:
        """Tell a page of changes for as long as it is open."""
        self._pages.add(page)
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen(notices), name="live")
        try:
            yield page
        finally:
            self._pages.discard(page)
            if not self._pages and self._listening is not None:
                self._listening.cancel()
                self._listening = None

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
