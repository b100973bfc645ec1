"""Which messages came back, and what became of them?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notifier.domain.answering import Letter, State
from shared.contracts.notifier_mail import IncomingMail
from shared.storage.arrays import texts
from shared.storage.database import Tx
from shared.storage.paging import ids_beginning
from shared.storage.writing import insert, upsert


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a mailbox has been read."""

    mailbox: str
    uid_validity: int
    last_uid: int


@dataclass(frozen=True, slots=True)
class NewIncoming:
    """A message that came back, and what became of it."""

    incoming_id: UUID
    source: str
    received_at: datetime
    kind: str
    from_email: str
    subject: str | None
    sealed: str | None
    state: State
    message_id: UUID | None
    task_id: UUID | None
    facility_id: str | None
    email: str | None
    size: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a message."""

    incoming_id: UUID
    facility_id: str | None
    email: str | None
    by: str
    note: str | None


async def lock(tx: Tx, ids: Collection[UUID]) -> set[UUID]:
    """Lock messages, which may not be stored yet; returns those that are."""
    await tx.lock("incoming", map(str, ids))
    found = await tx.dicts("SELECT incoming_id FROM incoming WHERE incoming_id = ANY(%(ids)s)", ids=list(ids))
    return {row["incoming_id"] for row in found}


async def add(tx: Tx, messages: Sequence[NewIncoming], originals: Sequence[bytes]) -> None:
    """Store messages, each with its original."""
    await insert(tx, "incoming", messages)
    await tx.run(
        "INSERT INTO originals SELECT * FROM unnest(%(ids)s::uuid[], %(raws)s::bytea[])",
        ids=[each.incoming_id for each in messages],
        raws=list(originals),
    )


async def letters(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Letter]:
    """Letters of ours, by id."""
    found = await tx.all(
        Letter,
        "SELECT message_id, task_id, facility_id, to_email FROM messages WHERE message_id = ANY(%(ids)s)",
        ids=list(ids),
    )
    return {each.message_id: each for each in found if each.message_id}


async def newest_letters(tx: Tx, addresses: Collection[str]) -> dict[str, Letter]:
    """The newest letter to each address, by the address in lower case."""
    found = await tx.all(
        Letter,
        """
        SELECT DISTINCT ON (lower(to_email)) message_id, task_id, facility_id, to_email FROM messages
         WHERE lower(to_email) = ANY(%(addresses)s)
         ORDER BY lower(to_email), coalesce(sent_at, approved_at) DESC, message_id
        """,
        addresses=texts(address.lower() for address in addresses),
    )
    return {each.to_email.lower(): each for each in found}


async def noted(tx: Tx, letter_ids: Collection[UUID]) -> set[UUID]:
    """The letters of these for which an absence note came."""
    found = await tx.dicts(
        "SELECT DISTINCT message_id FROM incoming WHERE kind = 'absence' AND message_id = ANY(%(ids)s)",
        ids=list(letter_ids),
    )
    return {row["message_id"] for row in found}


async def cursor(tx: Tx, mailbox: str) -> Cursor:
    found = await tx.one(
        Cursor, "SELECT mailbox, uid_validity, last_uid FROM mailboxes WHERE mailbox = %(mailbox)s", mailbox=mailbox
    )
    return found or Cursor(mailbox, 0, 0)


async def move(tx: Tx, to: Cursor) -> None:
    """Record how far a mailbox has been read."""
    await upsert(tx, "mailboxes", [to], key=("mailbox",))


_COLUMNS = """
    incoming_id, left(incoming_id::text, 8) AS short_id, source, received_at, kind, from_email, subject, sealed, state,
    message_id, task_id, facility_id, email, size, decided_by, note
"""


async def listed(tx: Tx, state: str | None, kind: str | None, limit: int, offset: int) -> list[IncomingMail]:
    """Messages, the newest first."""
    return await tx.all(
        IncomingMail,
        f"""
        SELECT {_COLUMNS} FROM incoming
         WHERE (%(state)s::text IS NULL OR state = %(state)s) AND (%(kind)s::text IS NULL OR kind = %(kind)s)
         ORDER BY received_at DESC, incoming_id LIMIT %(limit)s OFFSET %(offset)s
        """,
        state=state,
        kind=kind,
        limit=limit,
        offset=offset,
    )


async def found(tx: Tx, incoming_id: str) -> list[IncomingMail]:
    """The messages whose id begins like this; two at most."""
    if (span := ids_beginning(incoming_id)) is None:
        return []
    return await tx.all(
        IncomingMail,
        f"""
        SELECT {_COLUMNS} FROM incoming WHERE incoming_id BETWEEN %(first)s AND %(last)s ORDER BY incoming_id LIMIT 2
        """,
        first=span[0],
        last=span[1],
    )


async def original(tx: Tx, incoming_id: UUID) -> bytes:
    return bytes(await tx.value("SELECT raw FROM originals WHERE incoming_id = %(id)s", id=incoming_id))


async def decide(tx: Tx, decision: Decision) -> None:
    """A person decided about a message, which waits no more."""
    await tx.run(
        """
        UPDATE incoming SET state = 'done', decided_by = %(by)s, note = %(note)s,
               facility_id = coalesce(%(facility_id)s, facility_id), email = coalesce(%(email)s, email)
         WHERE incoming_id = %(incoming_id)s
        """,
        incoming_id=decision.incoming_id,
        facility_id=decision.facility_id,
        email=decision.email,
        by=decision.by,
        note=decision.note,
    )
