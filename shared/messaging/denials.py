"""Was a publication or a request denied, rather than late?

NATS tells a client that it may not publish to a subject by an error of the connection, which names the subject but
answers nobody. Whoever waits for that subject is told at once, instead of waiting for a reply that never comes.
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
    """The server does not let this user publish to a subject."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            f"this user may not publish to {subject}; shared/contracts/topology.py says who may publish what"
        )
        self.subject = subject


class Denials:
    """Who waits for an answer to what was published to which subject, on one connection."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Future[Any]]] = defaultdict(set)

    def heard(self, error: Exception) -> bool:
        """Tell whoever waits, if an error of the connection is a denial."""
        found = _DENIED.search(str(error))
        if found is None:
            return False
        # nats-py hands errors on in small letters.
        for subject in [subject for subject in self._waiting if subject.lower() == found[1].lower()]:
            for waiting in self._waiting.pop(subject):
                if not waiting.done():
                    waiting.set_exception(Denied(subject))
        return True

    async def answer(self, answer: asyncio.Future[T], subjects: Iterable[str], patience: float) -> T:
        """Await the answer to what was published; raises `Denied` or `TimeoutError`."""
        named = set(subjects)
        for subject in named:
            self._waiting[subject].add(answer)
        try:
            return await asyncio.wait_for(answer, patience)
        finally:
            for subject in named & self._waiting.keys():
                self._waiting[subject].discard(answer)
                if not self._waiting[subject]:
                    del self._waiting[subject]

    async def reply(self, request: Coroutine[Any, Any, T], subject: str, patience: float) -> T:
        """Await the reply to a request; raises `Denied`, or whatever the request raises."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        asking = asyncio.ensure_future(request)
        asking.add_done_callback(lambda done: _hand_over(done, answer))
        try:
            return await self.answer(answer, [subject], patience)
        finally:
            asking.cancel()


def _hand_over(done: asyncio.Future[T], answer: asyncio.Future[T]) -> None:
    if done.cancelled():
        answer.cancel()
    elif error := done.exception():
        if not answer.done():
            answer.set_exception(error)
    elif not answer.done():
        answer.set_result(done.result())
