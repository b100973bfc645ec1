"""How is a message that came back stored once, with all that follows from it in the same transaction?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from services.notifier.domain.answering import Answer, Letter, Outcome, bounced_hard, follow
from services.notifier.domain.arriving import Arrived
from services.notifier.store import incoming, paces
from services.notifier.usecases.suppressing import follow_answers
from shared.contracts.events import (
    EmailAnswer,
    EmailAutoReplied,
    EmailBounced,
    EmailComplained,
    EmailReplied,
    EmailUnsubscribed,
)
from shared.storage.database import Tx

log = structlog.get_logger()

MOST_STORED = 5_000_000
"""Bytes of a message that are stored; what is longer has attachments, which are not read here."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it came, and what was read from it."""

    arrived: Arrived
    raw: bytes
    size: int


async def receive(source: str, messages: Sequence[Received], tx: Tx) -> None:
    """Store messages with their originals, and publish what follows; a copy of one that came before has no effect."""
    by_id = {each.arrived.incoming_id: each for each in messages}
    known = await incoming.lock(tx, by_id)
    new = [each for incoming_id, each in by_id.items() if incoming_id not in known]
    if not new:
        return
    letters = await incoming.letters(tx, {name for each in new for name in each.arrived.letters})
    newest = await incoming.newest_letters(tx, {name for each in new for name in each.arrived.addresses})
    about = {*letters, *(each.message_id for each in newest.values() if each.message_id)}
    noted = await incoming.noted(tx, about)
    outcomes = [_outcome(each, letters, newest, noted) for each in new]
    rows = [_row(source, each, outcome, tx) for each, outcome in zip(new, outcomes, strict=True)]
    await publish([answer for outcome in outcomes for answer in outcome.answers], tx)
    await incoming.add(tx, rows, [each.raw[:MOST_STORED] for each in new])


def _outcome(message: Received, letters: dict[UUID, Letter], newest: dict[str, Letter], noted: set[UUID]) -> Outcome:
    arrived = message.arrived
    outcome = follow(arrived, letters, newest, noted)
    if arrived.kind == "absence" and outcome.letter and outcome.letter.message_id:
        noted.add(outcome.letter.message_id)
    return outcome


def _row(source: str, message: Received, outcome: Outcome, tx: Tx) -> incoming.NewIncoming:
    arrived, letter = message.arrived, outcome.letter
    log.info(
        "mail.received", incoming_id=str(arrived.incoming_id), source=source, kind=arrived.kind, state=outcome.state
    )
    return incoming.NewIncoming(
        incoming_id=arrived.incoming_id,
        source=source,
        received_at=tx.now,
        kind=arrived.kind,
        from_email=arrived.from_email,
        subject=None if arrived.sealed else arrived.subject,
        sealed=arrived.sealed,
        state=outcome.state,
        message_id=letter.message_id if letter else None,
        task_id=letter.task_id if letter else None,
        facility_id=letter.facility_id if letter else None,
        email=letter.to_email if letter else None,
        size=message.size,
    )


async def publish(answers: Iterable[Answer], tx: Tx) -> None:
    """Publish answers, and suppress recipients who want no more, and addresses that do not work."""
    given = list(answers)
    await paces.record_bounces(tx, bounced_hard(given))
    events = [event_of(answer, tx) for answer in given]
    tx.emit(*events)
    await follow_answers(tx, events)


def event_of(answer: Answer, tx: Tx) -> EmailAnswer:
    """The event that publishes an answer."""
    of: dict[str, Any] = {
        "message_id": answer.answer_id,
        "task_id": answer.letter.task_id,
        "facility_id": answer.letter.facility_id,
        "email": answer.letter.to_email,
        "at": tx.now,
        "received_on": tx.today,
    }
    match answer.kind:
        case "bounced":
            return EmailBounced(**of, hard=answer.hard, reason=answer.reason)
        case "auto_replied":
            return EmailAutoReplied(**of, back_on=answer.back_on, left=answer.left)
        case "complained":
            return EmailComplained(**of)
        case "unsubscribed":
            return EmailUnsubscribed(**of)
        case "replied":
            return EmailReplied(**of)
