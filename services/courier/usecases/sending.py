"""How is a slice of events sent to a webhook, and what comes of it?

A slice ends when everything is sent, or when the receiver is in trouble: what was not begun is due again later.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final

from services.courier.domain.attempts import DEAD, Outcome, error_of, wait_of
from services.courier.domain.webhooks import Due, Webhook
from shared.contracts.cloudevents import STRUCTURED, body_of, structured
from shared.outbound import Answer, Outbound, Refused, Request, TooLarge, Unreachable, webhooks

SECONDS: Final = 5.0
"""How long a slice begins to send."""
ANSWER: Final = 300
"""Characters of an answer that are kept."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What a webhook is to get now."""

    webhook: Webhook
    due: Sequence[Due]
    blocked: frozenset[str]
    """If its order is kept: what has an earlier event in the ledger, so that no new one is sent before all of these."""
    secrets: tuple[str, ...]
    feed: str
    """Where receivers read events that are too large for a webhook."""
    reach: int
    """How far the log was looked at: if every new event is begun, the webhook goes on from here."""
    now: datetime


@dataclass(slots=True)
class Sent:
    """What came of a slice, in the order in which the attempts ended."""

    outcomes: list[Outcome] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    """Positions that wait for an earlier event of their key."""


def chains(given: Slice) -> list[list[Due]]:
    """What is sent one after the other: each event alone or, if the order is kept, the events of a key."""
    if not given.webhook.ordered:
        return [[each] for each in given.due]
    by_key: dict[str, list[Due]] = {}
    for each in given.due:
        by_key.setdefault(each.key if each.position > 0 else f"test {each.position}", []).append(each)
    return list(by_key.values())


async def send(
    given: Slice, outbound: Outbound, at_once: int, now: Callable[[], datetime], time: Callable[[], float] = monotonic
) -> Sent:
    """Send a slice, several events at a time. `now`: for signatures, whose time receivers check by the real one."""
    sending = _Sending(given, outbound, now, time)
    await asyncio.gather(*(sending.run() for _ in range(min(at_once, len(sending.left)))))
    return sending.sent


class _Sending:
    def __init__(
        self, given: Slice, outbound: Outbound, now: Callable[[], datetime], time: Callable[[], float]
    ) -> None:
        self.sent = Sent()
        self.left: deque[list[Due]] = deque()
        self._given = given
        self._outbound = outbound
        self._now = now
        self._time = time
        self._began = time()
        self._until = self._began + SECONDS
        self._failures = given.webhook.failures
        self._stopped = False
        for chain in chains(given):
            waits = {each.position for each in chain if each.is_new and each.key in given.blocked}
            self.sent.blocked |= waits
            if free := [each for each in chain if each.position not in waits]:
                self.left.append(free)

    async def run(self) -> None:
        while self.left and not self._is_over():
            chain = self.left.popleft()
            for no, due in enumerate(chain):
                if no and self._is_over():
                    break  # the others of the chain are due again
                outcome = await self._attempt(due)
                self._judge(outcome)
                if not outcome.delivered and self._given.webhook.ordered:
                    self.sent.blocked |= {each.position for each in chain[no + 1 :]}
                    break

    def _is_over(self) -> bool:
        return self._stopped or self._time() >= self._until

    def _judge(self, outcome: Outcome) -> None:
        self.sent.outcomes.append(outcome)
        self._failures = 0 if outcome.delivered else self._failures + 1
        if self._failures >= DEAD or outcome.wait or outcome.gone:
            self._stopped = True

    async def _attempt(self, due: Due) -> Outcome:
        began = self._time()
        started_at = self._given.now + timedelta(seconds=began - self._began)
        request = request_of(self._given, due, self._now())
        answer: Answer | None = None
        try:
            answer = await self._outbound.send(request)
            error = error_of(answer.status)
        except (Refused, TooLarge, Unreachable) as failed:
            error = f"{str(failed)[:1].upper()}{str(failed)[1:]}."[:1_000]
        return Outcome(
            position=due.position,
            started_at=started_at,
            millis=round(1_000 * (self._time() - began)),
            status=answer.status if answer else 0,
            answer=_text(answer.body) if answer else "",
            error=error,
            wait=wait_of(answer.status, answer.headers, started_at) if answer else timedelta(),
            gone=answer is not None and answer.status == 410,
        )


def request_of(given: Slice, due: Due, at: datetime) -> Request:
    """A signed request; its id is that of the event, however often it is sent."""
    body = body_of(event_of(due), given.feed)
    signed = webhooks.headers(str(due.event_id), at, body, *given.secrets)
    return Request(given.webhook.url, "POST", (("content-type", STRUCTURED), *signed), body)


def event_of(due: Due) -> dict[str, Any]:
    """The event with its cursor, which a test does not have."""
    cursor = {"cursor": str(due.position)} if due.position > 0 else {}
    return structured(due.type, due.event_id, due.source, due.at, due.key, due.data, due.trace, **cursor)


def _text(body: bytes) -> str:
    """The beginning of an answer, on one line and without what a terminal would obey."""
    text = body[: 4 * ANSWER].decode(errors="replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:ANSWER]
