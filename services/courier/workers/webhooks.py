"""Which webhooks get which events now? An item of work is a webhook.

The lease of its item makes one process send to it at a time, over all replicas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from services.courier import settings
from services.courier.domain.webhooks import Due, Webhook
from services.courier.settings import CourierSettings
from services.courier.store import deliveries, log
from services.courier.store import webhooks as store
from services.courier.usecases.delivering import IDLE, KIND, record
from services.courier.usecases.kinds import PERSONAL_TYPES
from services.courier.usecases.sending import Sent, Slice, send
from shared.clock import real_time
from shared.outbound import Outbound, webhooks
from shared.service import Router
from shared.storage.database import Tx
from shared.storage.work import Item
from shared.work import Attempt, Call, Done, Later, Verdict, Verdicts, Worker

PARALLEL: Final = 200
"""Webhooks at once in one process; those of slow receivers mostly wait."""
LEASE: Final = timedelta(seconds=40)
"""Longer than a slice: it begins for 5 seconds, and each request has at most 15."""
MOST: Final = 100
"""Events of a slice."""


def router_of(outbound: Callable[[], Outbound] = settings.outbound) -> Router:
    """The worker that sends; `outbound` makes its client when it sends first."""
    router = Router()
    router.worker(KIND, parallel=PARALLEL, at_once=PARALLEL, lease=LEASE, delays=(5.0, 60.0), endless=True)(
        lambda: Sending(outbound)
    )
    return router


class Sending(Worker):
    """Sends a slice of events to each webhook at a time, and records what came of it."""

    def __init__(self, outbound: Callable[[], Outbound]) -> None:
        self._make = outbound
        self._outbound: Outbound | None = None

    async def claim(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        """A webhook without an event waits; one that is paused or removed ends until it is resumed."""
        found = await store.find(tx, [item.key for item in items])
        active = {
            name: each
            for name, each in found.items()
            if not each.paused_at and not (each.rest_until and each.rest_until > tx.now)
        }
        end = await log.end(tx)  # before the log is read: what is added meanwhile is read by the next slice
        again = _by_webhook(await store.due_again(tx, list(active), MOST))
        # A webhook that has a full slice to send again gets nothing new before it, so that orders are kept.
        free = [name for name in active if len(again.get(name, ())) < MOST]
        fresh = _by_webhook(await store.next_events(tx, free, PERSONAL_TYPES, MOST))
        keys = await deliveries.unfinished_keys(tx, [name for name, each in active.items() if each.ordered])
        later = await store.next_attempts(tx, list(active))
        more = await store.with_more(tx, [each for each in active if each not in fresh], PERSONAL_TYPES)
        decided: dict[str, Verdict | Call] = {}
        deployed = settings.deployed()
        for item in items:
            webhook = found.get(item.key)
            if webhook is None or webhook.paused_at:
                decided[item.key] = Done()
            elif webhook.name not in active:
                decided[item.key] = Later(webhook.rest_until or tx.now)
            elif webhook.name in again or webhook.name in fresh or webhook.name in more:
                due = again.get(webhook.name, [])
                known = {each.position for each in due}  # if an operator let it begin before these
                due = [*due, *(each for each in fresh.get(webhook.name, ()) if each.position not in known)]
                reach = _reach(webhook, fresh.get(webhook.name, ()), end) if webhook.name in free else webhook.position
                unfinished = keys.get(webhook.name, set())
                decided[item.key] = Call(_slice(webhook, due, reach, unfinished, tx.now, deployed))
            else:
                decided[item.key] = Later(min(later.get(webhook.name, tx.now + IDLE), tx.now + IDLE))
        return decided

    async def call(self, attempt: Attempt) -> Sent:
        given: Slice = attempt.given
        if not given.due:
            return Sent()
        if self._outbound is None:
            self._outbound = self._make()
        return await send(given, self._outbound, settings.AT_ONCE, real_time)

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        """Store what came of every attempt, and how far each webhook has come."""
        sent = [(each.given, each.value) for each in attempts if each.error is None]
        due_at = await record(sent, tx)
        return {each.item.key: Later(due_at[each.item.key]) for each in attempts if each.item.key in due_at}

    async def close(self) -> None:
        if self._outbound is not None:
            await self._outbound.aclose()


def _reach(webhook: Webhook, fresh: Sequence[Due], end: int) -> int:
    """How far the log was looked at: to the last event if there may be more, else to the end of the window."""
    last = fresh[-1].position if fresh else webhook.position
    return last if len(fresh) >= MOST else max(last, min(webhook.position + store.WINDOW, end))


def _slice(
    webhook: Webhook, due: Sequence[Due], reach: int, unfinished: set[str], now: datetime, deployed: CourierSettings
) -> Slice:
    keys = webhook.keys(deployed.secret_key.get_secret_value(), now)
    if webhook.health.is_dead and len(due) > 1:  # one event shows whether it is alive again
        due = due[:1]
        reach = max((each.position for each in due if each.is_new), default=webhook.position)
    return Slice(
        webhook=webhook,
        due=due,
        reach=reach,
        blocked=frozenset(unfinished),
        secrets=tuple(webhooks.secret_of(key) for key in keys),
        feed=deployed.url or "",
        now=now,
    )


def _by_webhook(due: Sequence[Due]) -> dict[str, list[Due]]:
    found: dict[str, list[Due]] = {}
    for each in due:
        found.setdefault(each.webhook, []).append(each)
    return found
