"""Which letters did people send off, and what became of them?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.notifier.domain.sending import UNDO_SECONDS, State
from services.notifier.store import STATUS_OF_DRAFTS
from shared.contracts.notifier_sending import Delivery
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset, upsert


@dataclass(frozen=True, slots=True)
class DraftToSend:
    """A draft that a person sends off, with what its letter needs."""

    draft_id: UUID
    task_id: UUID
    version: int
    revision: str
    status: str
    channel: str
    facility_id: str
    rep: str
    sender_name: str | None
    sender_email: str | None
    person: str | None
    to_email: str | None
    subject: str | None
    body: str | None
    missing: str | None
    earlier_id: UUID | None
    """The letter to the same address that it replies to."""
    earlier_sender: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """A letter that a person sent off."""

    message_id: UUID
    draft_id: UUID
    task_id: UUID
    version: int
    revision: str
    facility_id: str
    rep: str
    from_name: str
    from_email: str
    to_name: str | None
    to_email: str
    subject: str
    body: str
    in_reply_to: str | None
    state: State
    error: str | None
    approved_by: str
    approved_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageToSend:
    """A letter that may leave now, and what may forbid that."""

    message: Message
    state_code: str | None
    """The state of the recipient's facility."""
    current_email: str | None
    ended: str | None
    marks: list[str]
    """What suppressions may match."""
    fresh_until: date | None


@dataclass(frozen=True, slots=True)
class NewState:
    """The state of a letter after a try."""

    message_id: UUID
    state: State
    error: str | None = None
    sent_at: datetime | None = None


_MESSAGE = ", ".join(f"m.{name}" for name in Message.__dataclass_fields__)


async def lock_drafts(tx: Tx, draft_ids: Collection[UUID]) -> dict[UUID, DraftToSend]:
    """Drafts that a person decides about, locked until the end of the transaction."""
    await tx.run("SELECT FROM drafts WHERE draft_id = ANY(%(ids)s) ORDER BY draft_id FOR UPDATE", ids=list(draft_ids))
    found = await tx.all(
        DraftToSend,
        f"""
        SELECT d.draft_id, d.task_id, d.version, d.revision, d.status, d.channel, d.facility_id, d.rep,
            d.task -> 'sender' ->> 'name' AS sender_name, d.task -> 'sender' ->> 'email' AS sender_email,
            d.person, d.to_email, d.subject, d.body, d.missing,
            earlier.message_id AS earlier_id, earlier.from_email AS earlier_sender
        FROM ({STATUS_OF_DRAFTS}) AS d
        LEFT JOIN LATERAL (
            SELECT message_id, from_email FROM messages
            WHERE draft_id = d.replies_to AND state = 'sent' AND lower(to_email) = lower(d.to_email)
            ORDER BY sent_at DESC LIMIT 1
        ) AS earlier ON true
        WHERE d.draft_id = ANY(%(ids)s)
        """,
        ids=list(draft_ids),
    )
    return {each.draft_id: each for each in found}


async def approve(tx: Tx, messages: Sequence[Message]) -> None:
    """Store letters that were sent off; one that failed before with the same text is tried again."""
    await upsert(tx, "messages", messages, key=("message_id",))


async def of_draft(tx: Tx, draft_id: UUID, *, for_update: bool = True) -> Message | None:
    """The latest letter of a draft, locked until the end of the transaction unless the caller locks its work first."""
    return await tx.one(
        Message,
        f"SELECT {_MESSAGE} FROM messages m WHERE draft_id = %(id)s ORDER BY approved_at DESC LIMIT 1"
        + " FOR UPDATE" * for_update,
        id=draft_id,
    )


async def delete(tx: Tx, message_id: UUID) -> None:
    """Forget a letter that was taken back before it left."""
    await tx.run("DELETE FROM messages WHERE message_id = %(id)s", id=message_id)


async def to_send(tx: Tx, message_ids: Collection[UUID]) -> dict[UUID, MessageToSend]:
    """Letters that are about to leave, locked, with what may forbid it now."""
    found = await tx.dicts(
        f"""
        SELECT {_MESSAGE}, d.task ->> 'state' AS state_code, d.to_email AS current_email, e.status AS ended,
            d.marks, d.fresh_until
        FROM messages m JOIN drafts d USING (draft_id)
        LEFT JOIN task_states e ON e.task_id = m.task_id AND e.version > d.version
        WHERE m.message_id = ANY(%(ids)s) AND m.state IN ('approved', 'sending') FOR UPDATE OF m
        """,
        ids=list(message_ids),
    )
    return {row["message_id"]: _to_send(row) for row in found}


def _to_send(row: dict[str, Any]) -> MessageToSend:
    message = Message(**{name: row[name] for name in Message.__dataclass_fields__})
    others = ("state_code", "current_email", "ended", "marks", "fresh_until")
    return MessageToSend(message, *(row[name] for name in others))


async def approved(tx: Tx) -> list[UUID]:
    """The letters that wait until they may leave, except those that a person may take back yet."""
    undo = timedelta(seconds=UNDO_SECONDS)
    found = await tx.dicts(
        "SELECT message_id FROM messages WHERE state = 'approved' AND approved_at <= %(before)s", before=tx.now - undo
    )
    return [row["message_id"] for row in found]


async def with_ids(tx: Tx, message_ids: Collection[UUID]) -> dict[UUID, Message]:
    """Letters by id, locked until the end of the transaction."""
    found = await tx.all(
        Message,
        f"SELECT {_MESSAGE} FROM messages m WHERE message_id = ANY(%(ids)s) ORDER BY message_id FOR UPDATE",
        ids=list(message_ids),
    )
    return {each.message_id: each for each in found}


async def change_states(tx: Tx, states: Iterable[NewState]) -> None:
    """Store what became of letters."""
    given = list(states)
    if given:
        await tx.run(
            f"""
            UPDATE messages SET state = new.state, error = new.error, sent_at = new.sent_at
            FROM {recordset("messages", given)} AS new WHERE messages.message_id = new.message_id
            """,
            rows=rows(given),
        )


async def deliveries(tx: Tx, kind: str, state: str | None, limit: int, offset: int) -> list[Delivery]:
    """The letters that people sent off, the latest first, each with its item of work of this kind."""
    return await tx.all(
        Delivery,
        """
        SELECT m.message_id, m.draft_id, m.facility_id, d.task ->> 'persona' AS persona, m.state, m.error AS answer,
            work.tries, work.due_at AS next_try_at, m.approved_by, m.approved_at, m.sent_at
        FROM messages m JOIN drafts d USING (draft_id)
        LEFT JOIN work ON work.kind = %(kind)s AND work.key = m.message_id::text
        WHERE %(state)s::text IS NULL OR m.state = %(state)s
        ORDER BY m.approved_at DESC, m.message_id LIMIT %(limit)s OFFSET %(offset)s
        """,
        kind=kind,
        state=state,
        limit=limit,
        offset=offset,
    )


async def counts(tx: Tx) -> dict[State, int]:
    """The letters by state."""
    found = await tx.dicts("SELECT state, count(*) AS letters FROM messages JOIN drafts USING (draft_id) GROUP BY 1")
    return {each["state"]: each["letters"] for each in found}


async def edit(tx: Tx, draft_id: UUID, subject: str | None, body: str | None, by: str) -> None:
    """Replace the texts of a draft that are given, and count the edits.

    A person who edits a draft after its last day has read what was no longer true, so nothing limits it any more.
    """
    await tx.run(
        """
        UPDATE drafts SET subject = coalesce(%(subject)s, subject), body = coalesce(%(body)s, body),
            edited_by = %(by)s, edits = edits + 1,
            fresh_until = CASE WHEN fresh_until >= %(today)s THEN fresh_until END
        WHERE draft_id = %(id)s
        """,
        id=draft_id,
        subject=subject,
        body=body,
        by=by,
        today=tx.today,
    )


async def discard(tx: Tx, draft_id: UUID, why: str) -> None:
    await tx.run("UPDATE drafts SET discarded = %(why)s WHERE draft_id = %(id)s", id=draft_id, why=why)
