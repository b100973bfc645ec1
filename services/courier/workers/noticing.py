"""How do notices to our own people leave?

One kind of work decides which notices are due, the other one sends each of them. A notice that may have arrived is not
sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from engines.mail.servers import server_of
from services.courier import settings, smtp
from services.courier.domain import wording
from services.courier.domain.attempts import wait_of
from services.courier.domain.noticing import TEST
from services.courier.domain.recipients import Recipient, allowed
from services.courier.store import log, notices, recipients
from services.courier.store.notices import Ended, Notice
from services.courier.usecases.noticing import BY, KIND, LANE, make
from services.courier.usecases.recipients import strangers
from shared.outbound import NotConnected, Outbound, Refused, Request, TooLarge
from shared.service import Router
from shared.storage.database import Tx
from shared.storage.work import Item
from shared.work import Attempt, Call, Done, Later, Retry, Verdict, Verdicts, Worker

DELAYS: Final = (60.0, 300.0, 1_800.0, 7_200.0)
"""Seconds before each retry of a notice that was not accepted; after the last one it is a dead letter."""
UNSURE: Final = "The line broke while it was sent, so it may have arrived; it is not sent again."
NO_ADDRESS: Final = "PIPELINE_COURIER_SLACK_URLS has no address of that name any more."
NO_SERVER: Final = "PIPELINE_COURIER_SMTP_URL and PIPELINE_COURIER_MAIL_FROM are not set, so no mail can be sent."


def router_of(outbound: Callable[[], Outbound] = settings.outbound) -> Router:
    """The workers that make and send notices; `outbound` makes the client that asks chats."""
    router = Router()
    router.worker(LANE, delays=(60.0, 600.0), endless=True)(Making)
    router.worker(KIND, parallel=5, delays=DELAYS)(lambda: Sending(outbound))
    return router


class Making(Worker):
    """Makes the notices that are due, in the transaction that claims their recipients; nothing is called outside."""

    async def claim(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        """A recipient that is paused or removed ends until it is resumed."""
        found = await recipients.find(tx, [item.key for item in items])
        due_at = await make(tx, [each for each in found.values() if not each.paused_at])
        return {item.key: Later(due_at[item.key]) if item.key in due_at else Done() for item in items}

    async def call(self, attempt: Attempt) -> None:
        """Nothing is called: every recipient is decided about when it is claimed."""


class Given(NamedTuple):
    """A notice, to whom it is sent, and when."""

    notice: Notice
    to: Recipient
    at: datetime


class Lost(Exception):
    """The recipient gets nothing any more until a person does something."""


class NotNow(Exception):
    """It was not accepted; it may be later."""

    def __init__(self, text: str, wait: timedelta = timedelta()) -> None:
        super().__init__(text)
        self.wait = wait


class Sending(Worker):
    """Sends one notice at a time."""

    def __init__(self, outbound: Callable[[], Outbound]) -> None:
        self._make = outbound
        self._outbound: Outbound | None = None

    async def claim(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        """Nothing is sent in quiet hours, whatever was decided before; a test always is.

        Nor is anything sent to an address that is not of the team any more: its recipient is paused.
        """
        found = await notices.find(tx, [UUID(item.key) for item in items])
        known = await recipients.find(tx, {each.recipient for each in found.values()})
        lost = await _paused(tx, known.values())
        known = {name: each for name, each in known.items() if name not in lost}
        decided: dict[str, Verdict | Call] = {}
        for item in items:
            notice = found.get(UUID(item.key))
            to = known.get(notice.recipient) if notice else None
            if notice is None or to is None or to.paused_at or notice.state in ("sent", "unsure"):
                decided[item.key] = Done()
                continue
            at = tx.now if notice.kind == TEST else allowed(to, tx.now, settings.holidays())
            decided[item.key] = Call(Given(notice, to, tx.now)) if at <= tx.now else Later(at)
        return decided

    async def call(self, attempt: Attempt) -> None:
        given: Given = attempt.given
        if given.to.slack:
            await self._send_to_chat(attempt, given)
        else:
            await _send_mail(attempt, given)

    async def _send_to_chat(self, attempt: Attempt, given: Given) -> None:
        url = settings.deployed().slack_urls.get(given.to.slack or "")
        if url is None:
            raise Lost(NO_ADDRESS)
        body = wording.slack(given.notice.message, _link(given.notice))
        headers = (("content-type", "application/json"),)
        if self._outbound is None:
            self._outbound = self._make()
        await attempt.begin_effect()
        try:
            answer = await self._outbound.send(Request(url.get_secret_value(), "POST", headers, body))
        except TooLarge:
            return  # it was accepted or not, and says too much
        except (NotConnected, Refused) as refused:
            raise NotNow(f"{str(refused)[:1].upper()}{str(refused)[1:]}.") from refused
        text = answer.body[:200].decode(errors="replace").strip()
        if why := wording.refusal(answer.status, text):
            raise Lost(why)
        if answer.status != 200:
            raise NotNow(f"The chat answered {answer.status} {text}", wait_of(answer.status, answer.headers, given.at))

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        """Store what became of notices; a chat that is lost pauses its recipient, which `pipeline status` shows."""
        verdicts: dict[str, Verdict] = {}
        ended: list[Ended] = []
        for each in attempts:
            given: Given = each.given
            state, verdicts[each.item.key] = _outcome(each, tx)
            error = UNSURE if state == "unsure" else str(each.error or "") or None
            ended.append(Ended(given.notice.notice_id, state, tx.now if state != "waiting" else None, error))
            if isinstance(each.error, Lost):
                await recipients.pause(tx, given.to.name, BY, str(each.error))
            elif state in ("sent", "unsure"):
                await recipients.mark_left(tx, given.to.name, given.notice.kind, tx.now)
        await notices.change(tx, ended)
        return verdicts

    async def lost(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        """A notice during whose sending the process ended is not sent again, since it may have arrived."""
        unsure = [item for item in items if item.irrevocable]
        await notices.change(tx, [Ended(UUID(item.key), "unsure", tx.now, UNSURE) for item in unsure])
        return {item.key: Done() for item in unsure}

    async def close(self) -> None:
        if self._outbound is not None:
            await self._outbound.aclose()


async def _paused(tx: Tx, found: Collection[Recipient]) -> set[str]:
    """Pause those of these recipients whose address may get no notices any more; returns their names."""
    mailed = {each.name: each for each in found if each.email and not each.paused_at}
    if not mailed or settings.mail_domain() is None:
        return set()
    end = await log.end(tx)  # before the log is looked through
    why = await strangers(tx, {each.email or "": each.checked for each in mailed.values()})
    for name, each in mailed.items():
        if each.email in why:
            text = f"{each.email} {why[each.email]}."
            await recipients.pause(tx, name, BY, text)
            await notices.drop(tx, name, text)
    lost = {name for name, each in mailed.items() if each.email in why}
    await recipients.mark_checked(tx, mailed.keys() - lost, end)
    return lost


async def _send_mail(attempt: Attempt, given: Given) -> None:
    deployed = settings.deployed()
    url = deployed.smtp_url.get_secret_value()
    if not url or not deployed.mail_from:
        raise NotNow(NO_SERVER)
    sender, recipient = deployed.mail_from, given.to.email or ""
    notice = given.notice
    content = wording.mail(notice.notice_id, notice.message, sender, recipient, _link(notice), given.at)
    await smtp.send(server_of(url), deployed.smtp_ca, sender, recipient, content, attempt.begin_effect)


def _link(notice: Notice) -> str | None:
    console = settings.deployed().console_url.rstrip("/")
    return f"{console}/" if console and notice.kind != TEST else None


def _outcome(attempt: Attempt, tx: Tx) -> tuple[str, Verdict]:
    """The state of a notice after a call, and what becomes of its item."""
    error = attempt.error
    if error is None:
        return "sent", Done()
    if isinstance(error, Lost | ValueError) or (isinstance(error, smtp.NotSent) and error.for_good):
        return "failed", Done()
    if isinstance(error, NotNow) and error.wait:
        return "waiting", Later(tx.now + error.wait)
    if isinstance(error, NotNow | smtp.NotSent) or not attempt.irrevocable:
        return ("failed" if attempt.last else "waiting"), Retry(str(error))
    return "unsure", Done()
