"""What is read for a rebuild, and how is it written?"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from services.console.store import reading
from services.console.store import rebuilding as store
from services.console.usecases.rebuilding import HISTORY, KIND, snapshots
from services.console.usecases.recording import record
from shared.contracts.envelope import unseal
from shared.contracts.events import Event
from shared.contracts.kernel import History, Snapshot
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import PAGE
from shared.contracts.topology import CONSUMES
from shared.service import Router
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import Item, NewItem
from shared.work import Ask, Attempt, Done, Verdicts, Worker

router = Router()

BY_SUBJECT: dict[str, type[Event]] = {event.SUBJECT: event for event in CONSUMES["console"]}


@dataclass(frozen=True, slots=True)
class Page:
    """The events of a page, and where the next one begins; None at the end."""

    events: list[Event]
    after: str | None


@router.worker(KIND, parallel=2, lease=timedelta(minutes=2), delays=(1.0, 5.0, 30.0), endless=True)
class Rebuilding(Worker):
    """Reads a page of a snapshot or of a history, and adds the next one."""

    async def call(self, attempt: Attempt) -> Page:
        read = _history if attempt.item.key.startswith(HISTORY) else _snapshot
        limit = PAGE
        while True:
            try:
                return await read(attempt.item, limit, attempt.ask)
            except AskFailed as failed:
                if failed.code != HTTPStatus.REQUEST_ENTITY_TOO_LARGE or limit == 1:
                    raise
                limit //= 2

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        """Write what was read. An older rebuild's pages are dropped; the last page swaps."""
        pages = [each for each in attempts if isinstance(each.value, Page)]
        await reading.begin_writing(tx)
        if await store.running_since(tx) is None:
            return {each.item.key: Done() for each in attempts}
        await store.write_to_rebuilt(tx)
        for attempt in pages:
            await _write(tx, attempt.value.events)
        await work.add(tx, [item for each in pages for item in _next(each.item, each.value.after)])
        ended = sum(each.value.after is None for each in pages)
        if await store.advance(tx, ended, sum(len(each.value.events) for each in pages)):
            await work.add(tx, [NewItem(SWAP, SWAP)])
        return {each.item.key: Done() for each in pages}


SWAP = "swap_rebuilt"


@router.worker(SWAP, parallel=1, delays=(1.0, 5.0, 30.0), endless=True)
class Swapping(Worker):
    """Puts complete read models in the place of those in use."""

    async def call(self, attempt: Attempt) -> None:
        """Nothing is called; the swap is a transaction of its own, which waits for no reader of this one."""

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        await store.swap(tx)
        return {}


async def _snapshot(item: Item, limit: int, ask: Ask) -> Page:
    subject = item.payload["subject"]
    request = Snapshot(subject=subject, after=item.payload.get("after"), limit=limit)
    page = await ask(request, service=item.payload["service"])
    kind = BY_SUBJECT[subject]
    return Page([kind.model_validate(each) for each in page.events], page.after)


async def _history(item: Item, limit: int, ask: Ask) -> Page:
    after = UUID(item.payload["after"])
    found = await ask(History(after=after, limit=limit), service=item.payload["service"])
    events: list[Any] = [
        unseal(each.headers, each.body.encode(), BY_SUBJECT[each.subject])
        for each in found
        if each.subject in BY_SUBJECT
    ]
    return Page(events, str(found[-1].event_id) if len(found) == limit else None)


def _next(item: Item, after: str | None) -> list[NewItem]:
    """What is read after a page: the next one or, after a history, the snapshots of its service."""
    if after is not None:
        name = item.key.partition(" after ")[0]
        return [NewItem(KIND, f"{name} after {after}", {**item.payload, "after": after})]
    return snapshots(item.payload["service"]) if item.key.startswith(HISTORY) else []


async def _write(tx: Tx, events: Sequence[Event]) -> None:
    """Write events type by type; within one transaction, always in the same order."""
    ordered = sorted(events, key=lambda event: event.SUBJECT)
    for _, same in itertools.groupby(ordered, key=lambda event: event.SUBJECT):
        await record(tx, list(same))
