"""What follows from what came of a slice: the ledger, the position of its webhook, and when it is due next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from services.courier import settings
from services.courier.domain.attempts import Outcome, lost, next_attempt
from services.courier.domain.webhooks import Due, Webhook
from services.courier.store import deliveries, log
from services.courier.store import webhooks as store
from services.courier.store.deliveries import Delivery
from services.courier.usecases.kinds import PERSONAL_TYPES
from services.courier.usecases.sending import Sent, Slice
from shared.contracts import events as e
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import NewItem

KIND: Final = "webhook"
"""The kind of work."""
IDLE: Final = timedelta(days=1)
"""A webhook without events is due after this, unless an event wakes it before."""


async def wake(tx: Tx, names: Sequence[str]) -> None:
    """Let webhooks be due now that do not rest. A slice that runs sees what this transaction adds when it is recorded.

    Whether they rest is asked under the lock, since a slice that ends meanwhile may end a rest.
    """
    if names:
        await work.lock(tx, KIND, names)
        resting = await store.at_rest(tx, names)
        await work.hasten(tx, KIND, [name for name in names if name not in resting])


async def begin(tx: Tx, names: Sequence[str]) -> None:
    """Let webhooks be due now, also those that were paused."""
    await work.add(tx, [NewItem(KIND, name) for name in names])
    await wake(tx, names)


async def record(sent: Sequence[tuple[Slice, Sent]], tx: Tx) -> dict[str, datetime]:
    """Record slices; returns when each webhook is due next. Their items are locked."""
    names = [given.webhook.name for given, _ in sent]
    current = await store.find(tx, names)
    known = [
        (given, what, webhook)
        for given, what in sent
        if (webhook := current.get(given.webhook.name)) and webhook.nonce == given.webhook.nonce
    ]
    start = await log.start(tx)
    await deliveries.save(
        tx, [_unless_lost(row, start, tx.now) for given, what, _ in known for row in _rows(given, what, tx.now)]
    )
    changes = [_change(given, what, webhook, tx) for given, what, webhook in known]
    await store.change(tx, changes)
    unmarked = [webhook.name for given, _, webhook in known if given.webhook.personal and not webhook.personal]
    if unmarked:
        await deliveries.drop(tx, unmarked, PERSONAL_TYPES)
    ordered = [(given, webhook.name) for given, _, webhook in known if webhook.ordered]
    if ordered:
        await deliveries.block(
            tx, [name for _, name in ordered], {due.key for given, _ in ordered for due in given.due}
        )
    active = {each["name"] for each in changes if each["paused_at"] is None}
    more = await store.with_more(tx, active, PERSONAL_TYPES)
    later = await store.next_attempts(tx, active)
    due_at = {name: tx.now if name in more else later.get(name, tx.now + IDLE) for name in active}
    rests = {each["name"]: each["rest_until"] for each in changes}
    return {name: min(max(due_at.get(name, tx.now), rests.get(name) or tx.now), tx.now + IDLE) for name in names}


def _rows(given: Slice, what: Sent, now: datetime) -> list[Delivery]:
    """A row for each event that was tried or is blocked, and for new ones before those that were not begun."""
    came = {each.position: each for each in what.outcomes}
    reached = max((each.position for each in given.due if each.is_new and _is_begun(each, what, came)), default=0)
    rows = []
    for due in given.due:
        if outcome := came.get(due.position):
            rows.append(_tried(given.webhook.name, due, outcome))
        elif due.position in what.blocked:
            rows.append(_untried(given.webhook.name, due, "blocked", None))
        elif due.is_new and due.position < reached:
            rows.append(_untried(given.webhook.name, due, "waiting", now))
    return rows


def _unless_lost(row: Delivery, start: int, now: datetime) -> Delivery:
    """What is not delivered fails if its event was removed from the log meanwhile."""
    if row.state == "delivered" or not 0 < row.position <= start:
        return row
    return row._replace(state="failed", next_at=None, last_at=now, error=lost(settings.deployed().outbox_days))


def _is_begun(due: Due, what: Sent, came: dict[int, Outcome]) -> bool:
    return due.position in came or due.position in what.blocked


def _tried(webhook: str, due: Due, outcome: Outcome) -> Delivery:
    attempts = max(due.attempts, 0) + 1
    is_test = due.position < 0
    again = (
        None
        if outcome.delivered or is_test
        else next_attempt(f"{webhook} {due.position}", attempts, outcome.started_at)
    )
    state = "delivered" if outcome.delivered else "waiting" if again else "failed"
    if again and outcome.wait:
        again = max(again, outcome.started_at + outcome.wait)
    return Delivery(
        webhook=webhook,
        position=due.position,
        event_id=due.event_id,
        type=due.type,
        key=due.key,
        state=state,
        attempts=attempts,
        next_at=again,
        first_at=outcome.started_at,
        last_at=outcome.started_at,
        status=outcome.status or None,
        millis=outcome.millis,
        answer=outcome.answer or None,
        error=outcome.error,
    )


def _untried(webhook: str, due: Due, state: str, next_at: datetime | None) -> Delivery:
    return Delivery(
        webhook=webhook,
        position=due.position,
        event_id=due.event_id,
        type=due.type,
        key=due.key,
        state=state,
        attempts=max(due.attempts, 0),
        next_at=next_at,
        first_at=None,
        last_at=None,
        status=None,
        millis=None,
        answer=None,
        error=None,
    )


def _change(given: Slice, what: Sent, webhook: Webhook, tx: Tx) -> dict[str, Any]:
    """How a webhook changes: its position, its health, and whether it is paused."""
    came = {each.position: each for each in what.outcomes}
    new = [each for each in given.due if each.is_new]
    left = [each.position for each in new if not _is_begun(each, what, came)]
    reached = max((each.position for each in new if _is_begun(each, what, came)), default=webhook.position)
    if not left:
        reached = max(reached, given.reach)
    if webhook.position != given.webhook.position:  # an operator let it begin elsewhere meanwhile
        reached = webhook.position
    health = webhook.health.after(tuple(what.outcomes), tx.now)
    paused_at, paused_why = webhook.paused_at, webhook.paused_why
    why = _why_paused(what, health.has_lost(tx.now))
    since = health.failing_since or tx.now
    if why and not paused_at:
        paused_at, paused_why = tx.now, why
        error = _last_error(what, why)
        tx.emit(
            e.DeliveryFailed(webhook=webhook.name, cursor=str(reached), error=error, failing_since=since, paused=True)
        )
    tx.emit(*_given_up(given, came, since))
    return {
        "name": webhook.name,
        "position": reached,
        "failures": health.failures,
        "rests": health.rests,
        "failing_since": health.failing_since,
        "rest_until": health.rest_until,
        "paused_at": paused_at,
        "paused_by": webhook.paused_by or ("courier" if paused_at else None),
        "paused_why": paused_why,
    }


def _given_up(given: Slice, came: Mapping[int, Outcome], since: datetime) -> list[e.DeliveryFailed]:
    """The events whose last attempt failed."""
    name = given.webhook.name
    tried = [(due, came[due.position]) for due in given.due if due.position > 0 and due.position in came]
    return [
        e.DeliveryFailed(
            webhook=name,
            failed_event_id=due.event_id,
            cursor=str(due.position),
            error=outcome.error or "",
            failing_since=since,
        )
        for due, outcome in tried
        if _tried(name, due, outcome).state == "failed"
    ]


def _why_paused(what: Sent, has_lost: bool) -> str | None:
    if any(each.gone for each in what.outcomes):
        return "The receiver answered 410: it does not want this webhook any more."
    if has_lost:
        return "The receiver accepted nothing for three days."
    return None


def _last_error(what: Sent, otherwise: str) -> str:
    return next((each.error for each in reversed(what.outcomes) if each.error), otherwise)
