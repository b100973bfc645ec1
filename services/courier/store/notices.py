"""Which notices were made, and what became of them?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.courier.domain.noticing import Message
from shared.storage.arrays import texts, uuids
from shared.storage.database import Tx, rows
from shared.storage.writing import insert, recordset


class Notice(NamedTuple):
    """A notice to a recipient."""

    notice_id: UUID
    recipient: str
    kind: str
    made_at: datetime
    title: str
    lines: list[str]
    more: int
    state: str = "waiting"
    ended_at: datetime | None = None
    error: str | None = None

    @property
    def message(self) -> Message:
        return Message(self.title, tuple(self.lines), self.more)


class Ended(NamedTuple):
    """What became of a notice; one that waits has failed so far, or not begun."""

    notice_id: UUID
    state: str
    ended_at: datetime | None = None
    error: str | None = None


_COLUMNS = ", ".join(Notice._fields)


async def add(tx: Tx, notices: Sequence[Notice]) -> None:
    await insert(tx, "notices", notices)


async def find(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Notice]:
    found = await tx.all(Notice, f"SELECT {_COLUMNS} FROM notices WHERE notice_id = ANY(%(ids)s)", ids=uuids(ids))
    return {each.notice_id: each for each in found}


async def change(tx: Tx, ended: Sequence[Ended]) -> None:
    if not ended:
        return
    await tx.run(
        f"""
        UPDATE notices SET state = new.state, ended_at = new.ended_at, error = new.error
        FROM {recordset("notices", ended)} AS new WHERE notices.notice_id = new.notice_id
        """,
        rows=rows(ended),
    )


async def unsent(tx: Tx, names: Collection[str]) -> set[tuple[str, str]]:
    """The recipients and kinds with a notice that has not left yet."""
    found = await tx.dicts(
        "SELECT DISTINCT recipient, kind FROM notices WHERE recipient = ANY(%(names)s) AND state = 'waiting'",
        names=texts(names),
    )
    return {(row["recipient"], row["kind"]) for row in found}


async def last(tx: Tx, names: Collection[str]) -> dict[str, Notice]:
    """The last notice to each recipient."""
    found = await tx.all(
        Notice,
        f"""
        SELECT DISTINCT ON (recipient) {_COLUMNS} FROM notices WHERE recipient = ANY(%(names)s)
        ORDER BY recipient, made_at DESC, notice_id
        """,
        names=texts(names),
    )
    return {each.recipient: each for each in found}


async def forget(tx: Tx, before: datetime) -> None:
    """Remove notices that were made before an instant."""
    await tx.run("DELETE FROM notices WHERE made_at < %(before)s AND state <> 'waiting'", before=before)


async def drop(tx: Tx, recipient: str, why: str) -> list[str]:
    """Give up what waits for a recipient; returns the ids."""
    found: list[dict[str, Any]] = await tx.dicts(
        """
        UPDATE notices SET state = 'failed', ended_at = %(now)s, error = %(why)s
        WHERE recipient = %(recipient)s AND state = 'waiting' RETURNING notice_id
        """,
        recipient=recipient,
        why=why,
        now=tx.now,
    )
    return [str(row["notice_id"]) for row in found]
