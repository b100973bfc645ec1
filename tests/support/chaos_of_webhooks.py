"""Which faults befall receivers of webhooks, and what must have come of it?"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from standardwebhooks import Webhook

from tests.support.outside import Asked, answer

PATIENCE = 0.2
"""Seconds that a courier of the test waits for an answer."""
LATE = 0.3
FAULTS = ("500", "429", "hang", "late", "closes", "cut", "410")
MOST_OF_ONE = 4
"""Faults that befall one event of a webhook, so that none is given up."""


@dataclass
class Hook:
    """A receiver, as its owner sees it."""

    name: str
    ordered: bool
    chance: Random
    likely: float
    """How likely a request meets a fault."""
    faults: Counter[str] = field(default_factory=Counter)
    by_id: Counter[str] = field(default_factory=Counter)
    accepted: list[tuple[str, str, int]] = field(default_factory=list)
    """Id, facility and cursor of each event that it took, in the order in which it did."""
    begun: int = 0
    """Requests that came."""
    secret: str = ""

    def fault_of(self, event_id: str) -> str:
        if self.by_id[event_id] >= MOST_OF_ONE or self.chance.random() >= self.likely:
            return ""
        self.by_id[event_id] += 1
        fault = self.chance.choice(FAULTS)
        self.faults[fault] += 1
        return fault

    def once(self) -> list[tuple[str, str, int]]:
        """What is left if it handles each `webhook-id` once: the first occurrences."""
        return list({each[0]: each for each in reversed(self.accepted)}.values())[::-1]


@dataclass
class Receivers:
    """All receivers, behind one address. `at_step` hears of each request before it is answered, and afterwards."""

    hooks: dict[str, Hook] = field(default_factory=dict)
    at_step: Callable[[str], None] = lambda _: None

    async def respond(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        hook = self.hooks[asked.path.removeprefix("/")]
        hook.begun += 1
        event = Webhook(hook.secret).verify(asked.body, asked.headers)
        event_id = asked.headers["webhook-id"]
        assert event_id == event["id"]
        fault = hook.fault_of(event_id)
        if fault in ("", "late", "cut"):
            hook.accepted.append((event_id, event["subject"], int(event["cursor"])))
        self.at_step("request")
        await self._answer(fault, writer)
        self.at_step("answer")

    async def _answer(self, fault: str, writer: asyncio.StreamWriter) -> None:
        match fault:
            case "hang" | "closes":
                await asyncio.sleep(2 * LATE if fault == "hang" else 0)
                writer.close()
            case "late":
                await asyncio.sleep(LATE)
                writer.write(answer(status=204))
            case "cut":
                writer.write(answer(b"accep", 200, {"content-length": "500"}))
                writer.close()
            case "429":
                writer.write(answer(b"", 429, {"retry-after": "1"}))
            case "500" | "410":
                writer.write(answer(b"out of order", int(fault)))
            case _:
                writer.write(answer(status=204))


def violations(hook: Hook, wanted: Mapping[str, Any], begun_while_paused: int) -> list[str]:
    """What a webhook was promised and did not get."""
    found = [each[0] for each in hook.once()]
    wrong = [f"{hook.name} never got {each}" for each in wanted if each not in found]
    wrong += [f"{hook.name} got {each}, which it does not want" for each in found if each not in wanted]
    if begun_while_paused:
        wrong.append(f"{begun_while_paused} requests to {hook.name} began after it was paused")
    by_facility: dict[str, list[int]] = defaultdict(list)
    for _, facility, cursor in hook.once():
        by_facility[facility].append(cursor)
    for facility, cursors in by_facility.items():
        if hook.ordered and cursors != sorted(cursors):
            wrong.append(f"{hook.name} got the events of {facility} in the order {cursors}")
    return wrong
