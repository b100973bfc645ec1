"""Which notices are due now, and to whom? Each recipient is an item of work that is due again by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from services.courier import settings
from services.courier.domain import noticing
from services.courier.domain.noticing import EVENTS, TOP, WORKLIST, Followed, Happened, Message, Step, worklist_of
from services.courier.domain.recipients import Recipient, next_morning
from services.courier.store import log, notices
from services.courier.store import recipients as store
from services.courier.store.notices import Notice
from services.courier.usecases.calendars import TITLES
from shared.clock import local_date
from shared.contracts import events as e
from shared.contracts.refusals import Refused
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import NewItem

LANE: Final = "recipient"
"""The kind of work that makes notices."""
KIND: Final = "notice"
"""The kind of work that sends one."""
BY: Final = "courier"
"""Who paused a recipient whose address no longer works."""
IDLE: Final = timedelta(days=1)
"""A recipient for whom nothing waits is looked at after this, unless an event wakes it before."""


def kinds_of(events: Sequence[e.Event]) -> set[str]:
    """The kinds of notices that events of one type may lead to."""
    if isinstance(events[0], e.SlaBreached):
        return {"sla"}
    crossed = [x for x in events if isinstance(x, e.ScoreChanged) and x.tier != x.previous_tier]
    kinds = {"tier"} if any(x.previous_tier is not None for x in crossed) else set()
    return kinds | ({"hot"} if any(x.tier == TOP for x in crossed) else set())


async def wake(tx: Tx, events: Sequence[Any]) -> None:
    """Let recipients be due that may get a notice of these events."""
    if kinds := kinds_of(events):
        await _hasten(tx, await store.waiting_for(tx, kinds))


async def begin(tx: Tx, name: str) -> None:
    """Let a recipient be due now, also one that was paused."""
    await work.add(tx, [NewItem(LANE, name)])
    await _hasten(tx, [name])


async def _hasten(tx: Tx, names: Sequence[str]) -> None:
    if names:
        await work.lock(tx, LANE, names)
        await work.hasten(tx, LANE, names)


async def recipient_of(tx: Tx, name: str) -> Recipient:
    """Refuses a name that no recipient has."""
    found = (await store.find(tx, [name])).get(name)
    if found is None:
        raise Refused(
            f"There is no recipient {name}; `pipeline notice list` names all of them.", 404, {"name": "unknown"}
        )
    return found


async def make(tx: Tx, found: Collection[Recipient]) -> dict[str, datetime]:
    """Make the notices of these recipients that are due; returns when each of them is due again."""
    names = [each.name for each in found]
    end = await log.end(tx)  # before the log is read: what is added meanwhile wakes the recipient again
    happened = _grouped(await store.happened(tx, names, end))
    before = {(each.recipient, each.kind): each for each in await store.followed(tx, names)}
    unsent = await notices.unsent(tx, names)
    steps: list[Step] = []
    for to in found:
        for kind in to.kinds:
            each = before[to.name, kind]
            if each.wait_until and each.wait_until > tx.now:
                steps.append(Step(each))
            elif kind == WORKLIST:
                steps.append(await _morning(tx, to, each))
            else:
                lines = happened.get((to.name, kind), [])
                closed, is_unsent = settings.holidays(), (to.name, kind) in unsent
                steps.append(noticing.decide(to, each, lines, end, tx.now, closed, is_unsent=is_unsent))
    await store.advance(tx, [step.followed for step in steps])
    made = [(step.followed, step.message) for step in steps if step.message]
    await send(tx, [(each.recipient, each.kind, message) for each, message in made])
    due_at = dict.fromkeys(names, tx.now + IDLE)
    for step in steps:
        name = step.followed.recipient
        due_at[name] = min(due_at[name], step.followed.wait_until or due_at[name])
    return due_at


async def _morning(tx: Tx, to: Recipient, before: Followed) -> Step:
    """Once on each working day; on a day without tasks there is none."""
    closed = settings.holidays()
    due = next_morning(to, before.last_at or to.added_at, tx.now, closed)
    if due > tx.now:
        return Step(before._replace(wait_until=due))
    after = before._replace(last_at=tx.now, wait_until=next_morning(to, tx.now, tx.now, closed))
    return Step(after, await worklist(tx, to))


async def worklist(tx: Tx, to: Recipient) -> Message | None:
    day = local_date(tx.now, to.timezone)
    return worklist_of(to, day, await store.tasks_due(tx, to.rep, day, TITLES))


async def send(tx: Tx, messages: Sequence[tuple[str, str, Message]]) -> list[UUID]:
    """Store notices, each for a recipient and of a kind, and let them be sent."""
    made = [
        Notice(uuid4(), name, kind, tx.now, message.title, list(message.lines), message.more)
        for name, kind, message in messages
    ]
    await notices.add(tx, made)
    await work.add(tx, [NewItem(KIND, str(each.notice_id)) for each in made])
    return [each.notice_id for each in made]


async def waiting(tx: Tx, to: Recipient) -> list[tuple[str, Message, datetime | None]]:
    """What a recipient gets next, of each kind, and when at the earliest."""
    found = _grouped(await store.happened(tx, [to.name], await log.end(tx), also_waiting=True))
    followed = {each.kind: each for each in await store.followed(tx, [to.name])}
    next_ones: list[tuple[str, Message, datetime | None]] = []
    for kind in to.kinds:
        if kind in EVENTS:
            mine = noticing.concerning(to, found.get((to.name, kind), []))
            message = noticing.message_of(kind, mine) if mine else None
        else:
            message = await worklist(tx, to)
        if message:
            next_ones.append((kind, message, followed[kind].wait_until))
    return next_ones


def _grouped(happened: Sequence[Happened]) -> dict[tuple[str, str], list[Happened]]:
    groups: dict[tuple[str, str], list[Happened]] = {}
    for each in happened:
        groups.setdefault((each.recipient, each.kind), []).append(each)
    return groups
