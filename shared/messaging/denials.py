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
    """The denials that one connection waits for, by the subject that was published to."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Future[str]]] = defaultdict(set)

    def report(self, error: Exception) -> None:
        """Notify what waits for a subject, if an error of the connection is a denial of it."""
        found = _DENIED.search(str(error))
        # nats-py lowercases the errors that it reports.
        for subject in [subject for subject in self._waiting if found and subject.lower() == found[1].lower()]:
            for denied in self._waiting.pop(subject):
                if not denied.done():
                    denied.set_result(subject)

    async def wait(self, outcome: Awaitable[T], subjects: Iterable[str], timeout_seconds: float) -> T:
        """Await the outcome of publications to these subjects, or of a request; raises `Denied` or `TimeoutError`."""
        named = set(subjects)
        task: asyncio.Future[T] = asyncio.ensure_future(outcome)
        denied: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        for subject in named:
            self._waiting[subject].add(denied)
        try:
            both: list[asyncio.Future[Any]] = [task, denied]
            await asyncio.wait(both, timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            if denied.done():
                raise Denied(denied.result())
            raise TimeoutError
        finally:
            task.cancel()
            for subject in named & self._waiting.keys():
                self._waiting[subject].discard(denied)
                if not self._waiting[subject]:
                    del self._waiting[subject]
