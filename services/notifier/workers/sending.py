"""How do letters that people sent off leave? (R37)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

from engines.mail.servers import server_of
from services.notifier import smtp
from services.notifier.domain.pacing import Wait
from services.notifier.domain.sending import Claimed, objection, state_after
from services.notifier.settings import deployed
from services.notifier.store import messages, paces
from services.notifier.store.messages import Message, MessageToSend, NewState
from services.notifier.usecases.pacing import waits_of
from services.notifier.usecases.receiving import publish
from services.notifier.usecases.sending import KIND, email_sent, envelope_of, lacking, unreachable
from services.notifier.usecases.suppressing import Letter
from services.notifier.usecases.suppressing import refused as refused_by_suppressions
from shared.service import Router
from shared.storage.database import Tx
from shared.storage.work import Item
from shared.work import Attempt, Call, Done, Later, Retry, Verdict, Verdicts, Worker

router = Router()

DELAYS = (60.0, 300.0, 1_800.0, 7_200.0, 14_400.0)
"""Seconds until a letter is tried again that the mail server could not accept."""
PARALLEL = 10
"""Connections to the mail server of one process."""
UNSURE = "The line broke after the text was transferred, so it may have arrived."
ENDED = "The process ended during each of its tries, before the text was transferred."


class Given(NamedTuple):
    """A letter, and when it was claimed."""

    message: Message
    at: datetime


@router.worker(KIND, parallel=PARALLEL, lease=timedelta(minutes=5), delays=DELAYS, at_once=60)
class Sender(Worker):
    """Hands letters to the mail server."""

    def __init__(self) -> None:
        self.settings = deployed()
        self._connections: smtp.Connections | None = None

    async def claim(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        """Mark letters as being sent unless something forbids it now; that is stored with the letter."""
        await paces.lock(tx)
        found = await messages.to_send(tx, [UUID(item.key) for item in items])
        stopped = await refused_by_suppressions(tx, [_letter(each) for each in found.values()])
        refused = {key: why for key, each in found.items() if (why := self._refused(each, stopped.get(key), tx))}
        pending = [found[key] for item in items if (key := UUID(item.key)) in found and key not in refused]
        waiting = await waits_of(pending, tx)
        await messages.change_states(tx, [_state_before(key, refused.get(key), waiting.get(key)) for key in found])
        leaving = {str(each.message.message_id): Call(Given(each.message, tx.now)) for each in pending}
        later = {str(key): Later(wait.until) for key, wait in waiting.items()}
        return {item.key: Done() for item in items} | leaving | later

    def _refused(self, each: MessageToSend, stopped: str | None, tx: Tx) -> str | None:
        if lack := lacking(self.settings):
            return f"Not sent. {lack}"
        return objection(_claimed(each, stopped), tx.today)

    async def call(self, attempt: Attempt) -> Any:
        given: Given = attempt.given
        try:
            letter = envelope_of(given.message, self.settings, given.at)
        except ValueError as invalid:
            raise smtp.Refused(str(invalid), for_good=True) from invalid
        return await self._server().send(letter.sender, letter.recipient, letter.content, attempt.begin_effect)

    def _server(self) -> smtp.Connections:
        if self._connections is None:
            server = server_of(self.settings.smtp_url.get_secret_value())
            self._connections = smtp.Connections(server, self.settings.smtp_ca)
        return self._connections

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        """Store what became of letters, and publish those that have left."""
        letters = await messages.with_ids(tx, [UUID(each.item.key) for each in attempts])
        states = {each.item.key: _state_after(each, tx) for each in attempts}
        await messages.change_states(tx, states.values())
        sent = [letters[state.message_id] for state in states.values() if state.state == "sent"]
        tx.emit(*(email_sent(letter, tx) for letter in sent))
        refused = [each for each in attempts if _refused(each.error) == "for good"]
        await publish(unreachable((letters[UUID(each.item.key)], str(each.error)) for each in refused), tx)
        return {key: Retry(state.error or "") if state.state == "approved" else Done() for key, state in states.items()}

    async def lost(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        """Leave letters to a person that may have arrived, or during all of whose tries the process ended."""
        await messages.change_states(tx, [_state_lost(item, tx.now) for item in items])
        return {item.key: Done() for item in items}

    async def close(self) -> None:
        if self._connections:
            await self._connections.close()


def _state_before(key: UUID, refused: str | None, wait: Wait | None) -> NewState:
    """The state of a letter before its call: it is refused, it waits, or it is being sent."""
    if refused:
        return NewState(key, "failed", refused)
    return NewState(key, "approved", wait.why) if wait else NewState(key, "sending")


def _state_lost(item: Item, now: datetime) -> NewState:
    key = UUID(item.key)
    return NewState(key, "unsure", UNSURE, now) if item.irrevocable else NewState(key, "failed", ENDED)


def _letter(each: MessageToSend) -> Letter:
    message = each.message
    return Letter(message.message_id, message.to_email, each.marks, message.facility_id, message.task_id)


def _claimed(each: MessageToSend, stopped: str | None) -> Claimed:
    return Claimed(each.message.to_email, each.current_email, each.ended, stopped, each.fresh_until)


def _state_after(attempt: Attempt, tx: Tx) -> NewState:
    error, refused = attempt.error, _refused(attempt.error)
    state = state_after(error=error is not None, refused=refused, irrevocable=attempt.irrevocable, last=attempt.last)
    new = NewState(UUID(attempt.item.key), state, f"{error}" if error else None)
    if state == "sent":
        return replace(new, sent_at=tx.now)
    return replace(new, error=f"{UNSURE} {error}", sent_at=tx.now) if state == "unsure" else new


def _refused(error: Exception | None) -> Literal["", "now", "for good"]:
    if not isinstance(error, smtp.Refused):
        return ""
    return "for good" if error.for_good else "now"
