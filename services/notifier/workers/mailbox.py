"""Which messages have come back? The mailbox is one item of work, which is never finished."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.notifier import imap, settings
from services.notifier.domain.arriving import arrived
from services.notifier.domain.privacy import Private
from services.notifier.store import incoming
from services.notifier.usecases.receiving import MOST_STORED, Received, receive
from shared.service import Router
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import Item, NewItem
from shared.work import Attempt, Call, Done, Later, Verdict, Verdicts, Worker

router = Router()

KIND = "mailbox"


@dataclass(frozen=True, slots=True)
class Batch:
    """What one call has read."""

    cursor: incoming.Cursor
    messages: list[Received]


def configured() -> imap.Address | None:
    """The mailbox of this deployment; raises `ValueError` for an address that is none."""
    url = settings.deployed().imap_url.get_secret_value()
    return imap.address_of(url) if url else None


async def watch(tx: Tx) -> None:
    """Read the mailbox from now on, if there is one."""
    if address := configured():
        await work.add(tx, [NewItem(KIND, address.name)])


@router.worker(
    KIND, parallel=1, lease=timedelta(minutes=2), delays=(2.0, 10.0, 60.0, 300.0), endless=True, waits=True, at_once=1
)
class Reading(Worker):
    """Reads the mailbox, waits for the next message, and marks as read what has been stored."""

    def __init__(self) -> None:
        self._address = configured()
        self._mailbox = imap.Mailbox(self._address, MOST_STORED, settings.deployed().imap_ca) if self._address else None
        self._private = settings.private()

    async def claim(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        """An item for a mailbox that is no longer configured is done."""
        name = self._address.name if self._address else ""
        return {item.key: Call(await incoming.cursor(tx, item.key)) if item.key == name else Done() for item in items}

    async def call(self, attempt: Attempt) -> Batch:
        assert self._mailbox is not None, "no item is called without a mailbox"  # noqa: S101
        cursor: incoming.Cursor = attempt.given
        try:
            return await asyncio.to_thread(_read, self._mailbox, cursor, self._private)
        except asyncio.CancelledError:
            self._mailbox.stop()
            raise

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        verdicts: dict[str, Any] = {}
        for attempt in attempts:
            if isinstance(attempt.value, Batch):
                await receive(KIND, attempt.value.messages, tx)
                await incoming.move(tx, attempt.value.cursor)
                verdicts[attempt.item.key] = Later(tx.now)
        return verdicts

    async def close(self) -> None:
        if self._mailbox is not None:
            await asyncio.to_thread(self._mailbox.stop)


def _read(mailbox: imap.Mailbox, cursor: incoming.Cursor, private: Private) -> Batch:
    found = mailbox.read(cursor.uid_validity, cursor.last_uid)
    messages = [Received(arrived(each.content, private), each.content, each.size) for each in found.messages]
    return Batch(incoming.Cursor(cursor.mailbox, found.uid_validity, found.last_uid), messages)
