"""Was a publication or a request denied, rather than late?

NATS reports a denied publication as an error of the connection, which names the subject but no request. So everything
that waits for a reply on that subject fails immediately instead of timing out.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar

import nats.errors

T = TypeVar("T")

_DENIED = re.compile(r'permissions violation for publish to "([^"]+)"', re.IGNORECASE)


class Denied(nats.errors.Error):
    """The server does not allow this user to publish to a subject."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            f"this user may not publish to {subject}; shared/contracts/topology.py lists who may publish what"
        )


class Denials:
    """What waits for a reply on one connection, by the subject that was published to."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Future[Any]]] = defaultdict(set)
        self._denied: dict[asyncio.Future[Any], str] = {}

    def report(self, error: Exception) -> None:
        """End what waits for a subject, if an error of the connection is a denial of it."""
        found = _DENIED.search(str(error))
        # nats-py lowercases the errors that it reports.
        for subject in [subject for subject in self._waiting if found and subject.lower() == found[1].lower()]:
            for waiting in self._waiting[subject]:
                self._denied[waiting] = subject
                waiting.cancel()

    async def wait(self, outcome: Awaitable[T], subjects: Iterable[str], timeout_seconds: float) -> T:
        """Await the outcome of publications to these subjects, or of a request; raises `Denied` or `TimeoutError`."""
        waiting, named = asyncio.ensure_future(outcome), set(subjects)
        for subject in named:
            self._waiting[subject].add(waiting)
        try:
            return await asyncio.wait_for(waiting, timeout_seconds)
        except asyncio.CancelledError:
            if denied := self._denied.get(waiting):
                raise Denied(denied) from None
            raise
        finally:
            self._denied.pop(waiting, None)
            for subject in named:
                self._waiting[subject].discard(waiting)
                if not self._waiting[subject]:
                    del self._waiting[subject]
