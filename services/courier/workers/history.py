"""What was published before the courier existed? It reads the history of each service, a page at a time."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from services.courier.usecases.logging import LOCK, record
from shared.contracts.envelope import unseal
from shared.contracts.events import Event
from shared.contracts.kernel import NO_ID, History
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import PAGE
from shared.contracts.topology import CONSUMES, owner_of
from shared.service import Router
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import NewItem
from shared.work import Attempt, Done, Verdicts, Worker

router = Router()

KIND = "history"
BY_SUBJECT: dict[str, type[Event]] = {event.SUBJECT: event for event in CONSUMES["courier"]}


@dataclass(frozen=True, slots=True)
class Page:
    """The events of a page, and where the next one begins; None at the end."""

    events: list[Event]
    after: str | None


async def read_all(tx: Tx) -> None:
    """Begin to read the history of every other service."""
    services = dict.fromkeys(owner_of(event) for event in CONSUMES["courier"])
    await work.add(tx, [_item(service, str(NO_ID)) for service in services if service != "courier"])


def _item(service: str, after: str) -> NewItem:
    return NewItem(KIND, f"{service} after {after}", {"service": service, "after": after})


@router.worker(KIND, parallel=2, delays=(1.0, 5.0, 30.0), lease=timedelta(minutes=2), endless=True)
class Reading(Worker):
    """Reads a page of a history, and adds the next one."""

    async def call(self, attempt: Attempt) -> Page:
        limit = PAGE
        while True:
            try:
                return await _page(attempt, limit)
            except AskFailed as failed:
                if failed.code != HTTPStatus.REQUEST_ENTITY_TOO_LARGE or limit == 1:
                    raise
                limit //= 2

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        """Add the events to the log, in the order in which their service published them."""
        pages = [each for each in attempts if isinstance(each.value, Page)]
        await tx.lock(*LOCK)
        for attempt in pages:
            for _, same in itertools.groupby(attempt.value.events, key=lambda event: event.SUBJECT):
                await record(tx, list(same))
        following = [(each.item.payload["service"], each.value.after) for each in pages if each.value.after]
        await work.add(tx, [_item(service, after) for service, after in following])
        return {each.item.key: Done() for each in pages}


async def _page(attempt: Attempt, limit: int) -> Page:
    asked = History(after=UUID(attempt.item.payload["after"]), limit=limit)
    found = await attempt.ask(asked, service=attempt.item.payload["service"])
    events: list[Any] = [
        unseal(each.headers, each.body.encode(), BY_SUBJECT[each.subject])
        for each in found
        if each.subject in BY_SUBJECT
    ]
    return Page(events, str(found[-1].event_id) if len(found) == limit else None)
