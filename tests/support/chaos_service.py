"""How does a real service run with its effects recorded, and with one of its recovery rules broken?

`python -m tests.support.chaos_service NAME` runs the service of that name. Every handler also records its events in
the table `effects`, in the same transaction: an event in it was applied, and an event that is in it twice was applied
twice. Some events are poison. `CHAOS_BREAK` names a rule to be broken; it exists here only, not in the product.
"""

from __future__ import annotations

import asyncio
import os
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

from shared.application import Application
from shared.contracts import topology
from shared.contracts.events import Event, FacilityMatched, PostingSeen
from shared.messaging import healing
from shared.messaging.consumer import Consumer
from shared.messaging.relay import Relay
from shared.service import EventHandler, Service
from shared.storage import outbox
from shared.storage.database import Tx

POISON_TITLE = "(poison)"
BROKEN_SECONDS = 0.2
"""How long a broken rule leaves its gap open, so that some faults occur within it."""


def is_poison(service: str, event: Event) -> bool:
    """Depends only on the content of the event, so that a run without faults has the same dead letters."""
    if isinstance(event, PostingSeen):
        return service == "matcher" and POISON_TITLE in event.title
    return (
        service == "scorer" and isinstance(event, FacilityMatched) and zlib.crc32(event.facility_id.encode()) % 40 == 0
    )


def observed(service: str, handler: EventHandler) -> EventHandler:
    durable = topology.durable_of(service, handler.event)

    async def handle(events: list[Any], tx: Tx) -> None:
        if any(is_poison(service, event) for event in events):
            raise ValueError("poison")
        await tx.run(
            "INSERT INTO effects (event_id, consumer) SELECT id, %(consumer)s FROM unnest(%(ids)s::uuid[]) AS id",
            ids=[event.event_id for event in events],
            consumer=durable,
        )
        await handler.handle(events, tx)

    return replace(handler, handle=handle)


def without_inbox() -> None:
    accept = outbox.accept_unseen

    async def all_are_new(
        tx: Tx, event_ids: Any, consumer: str, kind: str = "", keys: Any = (), shared: Any = ()
    ) -> set[Any]:
        await accept(tx, [], consumer, kind, keys, shared)
        return set(event_ids)

    outbox.accept_unseen = all_are_new


def ack_before_commit() -> None:
    apply = Consumer._apply

    async def acknowledged_first(self: Consumer, batch: list[Any]) -> None:
        self._acknowledge(batch, b"+ACK")
        await self._broker.client.flush()
        await asyncio.sleep(BROKEN_SECONDS)
        await apply(self, batch)

    Consumer._apply = acknowledged_first  # type: ignore[method-assign]


def without_sweeper() -> None:
    async def only_mark(self: Relay) -> None:
        await self.mark()

    Relay.sweep = only_mark  # type: ignore[method-assign]


def without_store_watch() -> None:
    healing.diagnose = lambda recorded, current, event: None


RULES: dict[str, Callable[[], None]] = {
    "inbox": without_inbox,
    "commit before ack": ack_before_commit,
    "sweeper": without_sweeper,
    "store watch": without_store_watch,
}


def main(service: str) -> None:
    if rule := os.environ.get("CHAOS_BREAK"):
        RULES[rule]()
    declared: Service = import_module(f"services.{service}.app").service
    handlers = tuple(observed(service, handler) for handler in declared.handlers)
    Application(replace(declared, handlers=handlers)).main()


if __name__ == "__main__":
    main(sys.argv[1])
