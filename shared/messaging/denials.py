"""Was a publication or a request denied, rather than late?

NATS reports a denied publication as an error of the connection, which names the subject but no request. So everything
that waits for a reply on that subject fails immediately instead of timing out.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Coroutine, Iterable
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
    """The futures that wait for a reply on one connection, by the subject that was published to."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Future[Any]]] = defaultdict(set)

    def report(self, error: Exception) -> None:
        """Fail what waits for a subject, if an error of the connection is a denial of it."""
        found = _DENIED.search(str(error))
        if found is None:
            return
        # nats-py lowercases the errors that it reports.
        for subject in [subject for subject in self._waiting if subject.lower() == found[1].lower()]:
            for waiting in self._waiting.pop(subject):
                if not waiting.done():
                    waiting.set_exception(Denied(subject))

    async def wait(self, outcome: asyncio.Future[T], subjects: Iterable[str], timeout_seconds: float) -> T:
        """Await the outcome of publications to these subjects; raises `Denied` or `TimeoutError`."""
        named = set(subjects)
        for subject in named:
            self._waiting[subject].add(outcome)
        try:
            return await asyncio.wait_for(outcome, timeout_seconds)
        finally:
            for subject in named & self._waiting.keys():
                self._waiting[subject].discard(outcome)
                if not self._waiting[subject]:
                    del self._waiting[subject]

    async def reply(self, request: Coroutine[Any, Any, T], subject: str, timeout_seconds: float) -> T:
        """Await the reply to a request; raises `Denied`, or what the request raises."""
        outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        task = asyncio.ensure_future(request)
        task.add_done_callback(lambda done: _copy_outcome(done, outcome))
        try:
            return await self.wait(outcome, [subject], timeout_seconds)
        finally:
            task.cancel()


def _copy_outcome(done: asyncio.Future[T], outcome: asyncio.Future[T]) -> None:
    if done.cancelled():
        outcome.cancel()
    elif error := done.exception():
        if not outcome.done():
            outcome.set_exception(error)
    elif not outcome.done():
        outcome.set_result(done.result())
