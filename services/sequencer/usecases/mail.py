"""What follows from e-mails that were sent, and from what comes back for them?

Each message has its effects once, whatever is repeated, and in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from engines.datasets.emails import address_of
from services.sequencer import store
from services.sequencer.domain.tasks import Task, with_end
from services.sequencer.domain.touches import TouchOutcome
from services.sequencer.settings import exits, touches
from services.sequencer.store import accounts, mail
from services.sequencer.usecases import departing
from services.sequencer.usecases.announcing import touch_logged
from services.sequencer.usecases.deciding import stop_account
from services.sequencer.usecases.ending import record_end
from services.sequencer.usecases.exiting import Stated, let_wait, replied, suppress, use_no_more, wait_for
from services.sequencer.usecases.leading import follow_touch
from shared.contracts.events import (
    EmailAnswer,
    EmailAutoReplied,
    EmailBounced,
    EmailComplained,
    EmailEvent,
    EmailReplied,
    EmailSent,
    EmailUnsubscribed,
)
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_contacts import RecordDeparture
from shared.storage.database import Tx

E = TypeVar("E", bound=EmailEvent)

RECIPIENT = "recipient"
"""Who states what comes back."""


async def in_order(events: Sequence[E], tx: Tx) -> list[E]:
    """The events in the order of time, once decisions and accounts are locked; addresses are as contacts have them."""
    await store.lock(tx)
    await accounts.lock_all(tx)
    known = (event.model_copy(update={"email": address_of(event.email) or event.email}) for event in events)
    return sorted(known, key=lambda event: (event.at, event.message_id))


async def record_sent(event: EmailSent, tx: Tx) -> None:
    """The task of an e-mail that was sent is done, unless it has ended already."""
    task = await _letter(event, tx)
    if task and task.is_open:
        await _complete(task, event.sent_by, event.sent_on, tx)


async def record_reply(event: EmailReplied, tx: Tx) -> None:
    """A person replied, which the rep follows up; without a task of the e-mail, the sequence only ends or waits."""
    outcome = TouchOutcome("replied", touches().title("email", "replied") or "replied", "interested")
    if not await _log(event, outcome.id, tx):
        return
    if task := await _letter(event, tx):
        await follow_touch(tx, task)
        await replied(task, outcome, tx)
    elif exits().replied == "end":
        await stop_account(tx, event.facility_id, outcome.title)
    else:
        await let_wait(event.facility_id, outcome, tx)


async def record_bounce(event: EmailBounced, tx: Tx) -> None:
    """After a hard bounce, the address is used no more; any other bounce is only logged."""
    new = await _log(event, "bounced" if event.hard else "not_delivered", tx, event.reason)
    if new and event.hard and exits().bounced == "replace":
        await _use_no_more(event, tx)


async def record_complaint(event: EmailComplained, tx: Tx) -> None:
    if await _log(event, "complained", tx):
        await suppress(event.email, ["all"], "reported an e-mail as spam", event.SUBJECT, _stated(event), tx)


async def record_unsubscription(event: EmailUnsubscribed, tx: Tx) -> None:
    if await _log(event, "unsubscribed", tx):
        await suppress(event.email, ["email"], "unsubscribed", event.SUBJECT, _stated(event), tx)


async def record_auto_reply(event: EmailAutoReplied, tx: Tx) -> None:
    """Nothing stops: the next touch waits for a person who returns, and another one is asked for who has left."""
    if not await _log(event, "left" if event.left else "out_of_office", tx):
        return
    if event.left and exits().left == "replace":
        await _depart(event, tx)
    elif event.back_on and (task := await _letter(event, tx)):
        await wait_for(task, event.email, event.back_on, _stated(event), tx)


async def _log(event: EmailAnswer, outcome: str, tx: Tx, note: str | None = None) -> bool:
    """Log what came back on its account. Returns False if that was done before.

    Whatever comes back shows that its e-mail was sent.
    """
    task = await _letter(event, tx)
    activity = {
        "activity_id": event.message_id,
        "facility_id": event.facility_id,
        "task_id": task and task.task_id,
        "kind": "answered",
        "channel": "email",
        "persona": task.persona if task else RECIPIENT,
        "outcome": outcome,
        "note": note,
        "rep": RECIPIENT,
        "touched_on": event.received_on,
        "next_follow_up_on": None,
        "reverses": None,
        "reached": [event.facility_id],
        "logged_at": tx.now,
    }
    if not await mail.log(tx, activity):
        return False
    if task and task.is_open:
        await _complete(task, task.rep, event.received_on, tx)
    tx.emit(touch_logged(activity))
    return True


async def _letter(event: EmailEvent, tx: Tx) -> Task | None:
    return await mail.letter(tx, event.task_id, event.facility_id, event.email)


async def _complete(task: Task, by: str, on: date, tx: Tx) -> None:
    await record_end(with_end(task, "done", touches().plain(task.channel).id, by, on), tx)


async def _use_no_more(event: EmailAnswer, tx: Tx) -> None:
    if task := await _letter(event, tx):
        await use_no_more(task, event.email, _stated(event), tx)


async def _depart(event: EmailAutoReplied, tx: Tx) -> None:
    """Use the person no more, unless a newer source names them, or no source of the account does any more."""
    task = await _letter(event, tx)
    if not task or not task.person:
        return
    request = RecordDeparture(facility_id=task.facility_id, who=task.person["name"], actor=RECIPIENT)
    try:
        person = await departing.known(request, tx)
    except Refused:
        return
    if await departing.is_gone(person, tx) or person.latest.source_date > event.received_on:
        return
    await departing.depart(person, event.received_on, tx, RECIPIENT)


def _stated(event: EmailAnswer) -> Stated:
    return Stated(RECIPIENT, event.received_on, event.at, event.message_id)
