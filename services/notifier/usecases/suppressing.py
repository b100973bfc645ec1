"""How do suppressions of addresses and domains take effect?

They are stored, published and applied to drafts in the same transaction. Whatever sends a letter calls `refused` in the
transaction that claims it; whatever publishes an answer calls `follow_answers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from engines.datasets.emails import address_of, is_address
from engines.suppression.changes import Cause, Change, Stated, key_of, lifts, newest, stops
from engines.suppression.marks import recipient_marks
from engines.suppression.statements import Suppression
from services.notifier.domain.suppressing import of_address
from services.notifier.store import suppressions as store
from shared.contracts.events import (
    AddressSuppressionChanged,
    EmailAnswer,
    EmailBounced,
    EmailComplained,
    EmailUnsubscribed,
)
from shared.storage.database import Tx

RECIPIENT = "recipient"
"""Who states what comes back."""
REASONS: dict[type[EmailAnswer], str] = {
    EmailUnsubscribed: "unsubscribed",
    EmailComplained: "reported an e-mail as spam",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is about to be sent: to which address, and the marks of its task."""

    message_id: UUID
    email: str
    marks: Sequence[str]
    facility_id: str
    task_id: UUID | None = None


async def refused(tx: Tx, letters: Sequence[Letter]) -> dict[UUID, str]:
    """The letters that must not be sent, each with the reason, by message; the refusals are recorded.

    Call it in the transaction that claims the letters: it sees every suppression that was committed before. A statement
    for all letters looks their marks up in an index, however many suppressions there are.
    """
    given = [
        store.Refused(
            each.message_id,
            address_of(each.email) or each.email,
            sorted({*each.marks, *recipient_marks(each.email)}),
            each.task_id,
            each.facility_id,
            tx.today,
            tx.now,
        )
        for each in letters
    ]
    return await store.refuse(tx, given)


async def suppress(tx: Tx, stated: Sequence[Stated]) -> list[Change]:
    """Suppress addresses and domains. Returns what changed; what is suppressed already is left as it is."""
    return await _apply(tx, stops(await existing(tx, stated), stated), "stop")


async def lift(tx: Tx, stated: Sequence[Stated]) -> list[Change]:
    """Lift suppressions of exactly these addresses and domains. Returns what changed."""
    return await _apply(tx, lifts(await existing(tx, stated), stated), "allow")


async def follow_answers(tx: Tx, events: Iterable[EmailAnswer]) -> list[Change]:
    """Suppress recipients who unsubscribed or complained, and addresses that do not work, where that is published.

    Other answers suppress no one. Returns what changed.
    """
    return await suppress(tx, [stated for event in events if (stated := _stated(event))])


async def existing(tx: Tx, stated: Iterable[Stated]) -> dict[UUID, Suppression]:
    """The suppressions that statements are about, by id; no draft is written until the end of the transaction."""
    await store.lock(tx)
    return await store.with_ids(tx, map(key_of, stated))


def address_suppression_changed(suppression: Suppression) -> AddressSuppressionChanged:
    return AddressSuppressionChanged.model_validate(asdict(suppression) | {"lifted": suppression.lifted})


def _stated(event: EmailAnswer) -> Stated | None:
    if (reason := _reason(event)) is None or not is_address(event.email):
        return None
    return of_address(event.email, Cause(reason, event.SUBJECT, RECIPIENT, event.received_on, event.message_id))


def _reason(event: EmailAnswer) -> str | None:
    if isinstance(event, EmailBounced):
        return f"the address does not work ({event.reason or 'bounced'})" if event.hard else None
    return REASONS.get(type(event))


async def _apply(tx: Tx, changes: list[Change], instruction: str) -> list[Change]:
    if changes:
        await store.save(tx, newest(changes))
        await store.record_statements(tx, changes, instruction)
        tx.emit(*(address_suppression_changed(each.after) for each in changes))
    return changes
