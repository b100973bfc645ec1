"""What happens when a message arrives in the mailbox?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psutil
import pytest

from cli.stack.processes import free_port
from services.notifier.domain.correlating import header_id
from shared.contracts.events import (
    ContactChanged,
    EmailAutoReplied,
    EmailBounced,
    EmailReplied,
    EmailUnsubscribed,
    EnrollmentEnded,
    SuppressionChanged,
)
from shared.contracts.notifier_mail import AssignMail, Incoming, ResolveMail, ShowMail
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import Tasks
from tests.integration.test_mail import CCN, a_letter
from tests.support.mail import MailServer, mail_server
from tests.support.running import Running, run_service
from tests.support.servers import TestServers
from tests.unit.mail.test_kinds import a_bounce

ADA = "ada@home.example"


@pytest.fixture
async def reader(servers: TestServers, mail_box: MailServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    """A notifier that reads the mailbox."""
    monkeypatch.setenv("PIPELINE_IMAP_URL", mail_box.addresses.imap_url)
    async with run_service("notifier", servers) as running:
        yield running


async def was_sent(notifier: Running, to: str = ADA, task_id: UUID | None = None, facility_id: str = CCN) -> UUID:
    """A letter that left earlier."""
    message_id = uuid4()
    await notifier.sql(
        """
        INSERT INTO messages (message_id, draft_id, task_id, version, revision, facility_id, rep, from_name, from_email,
                              to_email, subject, body, state, approved_by, approved_at, sent_at)
        VALUES (%(id)s, gen_random_uuid(), %(task)s, 1, 1, %(facility)s, 'rep-1', 'Bo', 'bo@us.example', %(to)s,
                'A question', '-', 'sent', 'ann', now(), now()) RETURNING 1
        """,
        id=message_id,
        task=task_id or uuid4(),
        facility=facility_id,
        to=to,
    )
    return message_id


def a_message(text: str, to: UUID | None = None, sender: str = ADA, subject: str = "Re: A question") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "bo@us.example", subject
    message["Date"], message["Message-ID"] = "Wed, 01 Jul 2026 09:00:00 -0400", f"<{uuid4()}@home.example>"
    if to:
        message["In-Reply-To"] = header_id(to, "bo@us.example")
    message.set_content(text)
    return message


async def until(found: Callable[[], Awaitable[Any]], seconds: float = 10) -> Any:
    """What is found, as soon as there is something."""
    deadline = time.monotonic() + seconds
    while True:
        if result := await found():
            return result
        assert time.monotonic() < deadline, "it did not arrive in time"
        await asyncio.sleep(0.01)


async def stored(notifier: Running, count: int) -> list[Any]:
    async def enough() -> list[Any]:
        found = await notifier.ask(Incoming())
        return found if len(found) >= count else []

    return list(await until(enough))


async def test_each_message_has_its_event_once_and_is_marked_as_read_when_it_is_stored(
    reader: Running, mail_box: MailServer
) -> None:
    letter = await was_sent(reader)
    reply = a_message(
        "Call me on Friday.\n\nOn Mon, Jun 29, 2026 at 9:00 AM Bo Reed <bo@us.example> wrote:\n> A question", letter
    )
    note = a_message("I am out of the office until July 20.", letter, subject="Automatic reply: A question")

    for message in (reply, reply, note, a_message("I am away.", letter, subject="Automatic reply")):
        await asyncio.to_thread(mail_box.deliver, message)
    await asyncio.to_thread(mail_box.deliver, a_bounce("5.1.1", "550 User unknown"))
    found = await stored(reader, 4)
    await until(lambda: _none_unread(mail_box))

    assert sorted((each.kind, each.state) for each in found) == [
        ("absence", "done"),
        ("absence", "repeated"),
        ("bounce", "done"),
        ("reply", "done"),
    ]
    [replied] = await reader.published(EmailReplied)
    [away] = await reader.published(EmailAutoReplied)
    [bounced] = await reader.published(EmailBounced)
    assert (replied.email, replied.facility_id, str(away.back_on)) == (ADA, CCN, "2026-07-20")
    assert (bounced.hard, bounced.reason) == (True, "user_unknown")
    assert len(await reader.sql("SELECT message_id FROM messages WHERE bounced_at IS NOT NULL")) == 1
    shown = await reader.ask(ShowMail(mail_id=next(each.short_id for each in found if each.kind == "reply")))
    assert shown.text == "Call me on Friday."


async def _none_unread(mail_box: MailServer) -> bool:
    return not await asyncio.to_thread(mail_box.unread)


async def test_what_names_no_letter_waits_until_a_person_assigns_or_resolves_it(
    reader: Running, mail_box: MailServer
) -> None:
    mail_box.deliver(a_message("Please remove me.", sender="cy@else.example", subject="Re: hello"))
    mail_box.deliver(a_message("All about wheels.", sender="news@else.example", subject="News"))

    await stored(reader, 2)
    waiting = {each.from_email: each for each in await reader.ask(Incoming(state="waiting"))}
    command = AssignMail(mail_id=waiting["cy@else.example"].short_id, facility_id=CCN, actor="ann")
    assigned = [await reader.ask(command) for _ in range(2)]
    await reader.ask(ResolveMail(mail_id=waiting["news@else.example"].short_id, note="a newsletter", actor="ann"))

    [gone] = await reader.published(EmailUnsubscribed)
    assert (gone.email, gone.facility_id, gone.task_id) == ("cy@else.example", CCN, None)
    assert {(each.state, each.decided_by, each.facility_id) for each in assigned} == {("done", "ann", CCN)}
    assert await reader.ask(Incoming(state="waiting")) == []
    with pytest.raises(AskFailed, match="does not wait: it is done, by ann"):
        await reader.ask(ResolveMail(mail_id=assigned[0].short_id, actor="bob"))


async def test_data_of_a_person_in_care_is_neither_displayed_nor_logged(
    reader: Running, mail_box: MailServer, capfd: pytest.CaptureFixture[str]
) -> None:
    letter = await was_sent(reader)
    mail_box.deliver(a_message("Can you check Jane Zimble, DOB 3/14/1938?", letter, subject="Re: Zimble"))

    [mail] = await stored(reader, 1)
    shown = await reader.ask(ShowMail(mail_id=mail.short_id))

    assert (shown.state, shown.sealed, shown.subject, shown.text) == ("waiting", "a date of birth", None, None)
    assert len(await reader.published(EmailReplied)) == 1
    assert "Zimble" not in "".join(capfd.readouterr())


async def test_a_mailbox_that_is_numbered_anew_is_read_again_without_a_second_effect(
    reader: Running, mail_box: MailServer
) -> None:
    letter = await was_sent(reader)
    mail_box.deliver(a_message("Yes.", letter))
    await stored(reader, 1)

    await reader.sql("UPDATE mailboxes SET uid_validity = 1 RETURNING 1")
    mail_box.deliver(a_message("And one more thing.", letter))
    await stored(reader, 2)

    assert len(await reader.published(EmailReplied)) == 2


async def test_a_mailbox_whose_server_restarts_is_read_on(
    servers: TestServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = free_port(), free_port()
    with mail_server(tmp_path, ports) as server:
        monkeypatch.setenv("PIPELINE_IMAP_URL", server.addresses.imap_url)
        async with run_service("notifier", servers) as reader:
            letter = await was_sent(reader)
            await asyncio.to_thread(server.deliver, a_message("Yes.", letter))
            await stored(reader, 1)
            for process in psutil.Process().children():
                if str(ports[1]) in process.cmdline():
                    process.kill()
                    process.wait()
            with mail_server(tmp_path, ports) as again:
                await asyncio.to_thread(again.deliver, a_message("And more.", letter))
                await stored(reader, 2)

            assert len(await reader.published(EmailReplied)) == 2


async def test_a_bounce_an_unsubscription_and_a_reply_change_the_sequence_within_two_seconds(
    reader: Running, sequencer: Running, mail_box: MailServer
) -> None:
    task = await a_letter(sequencer)
    sender = str(task.person_email)
    letter = await was_sent(reader, sender, task.task_id)

    async def is_lost() -> bool:
        changed = await sequencer.published(ContactChanged)
        return [each.has_email for each in changed if each.role == "don"][-1:] == [False]

    async def is_researched() -> bool:
        return "research" in [each.channel for each in await sequencer.ask(Tasks())]

    async def seconds(message: EmailMessage | bytes, *changes: Callable[[], Awaitable[Any]]) -> float:
        """From the delivery of a message until its sequence has changed."""
        started = time.monotonic()
        await asyncio.to_thread(mail_box.deliver, message)
        for changed in changes:
            await until(changed)
        return time.monotonic() - started

    bounce = a_bounce("5.1.1", "550 User unknown").replace(ADA.encode(), sender.encode())
    took = {
        "bounce": await seconds(bounce, is_lost, is_researched),
        "unsubscription": await seconds(
            a_message("Please remove me from your list.", letter, sender),
            lambda: sequencer.published(SuppressionChanged),
        ),
        "reply": await seconds(
            a_message("Yes, call me.", letter, sender), lambda: sequencer.published(EnrollmentEnded)
        ),
    }
    print(", ".join(f"{kind}: {each:.2f} s" for kind, each in took.items()))

    assert max(took.values()) < 2, took
    assert [stopped.channels for stopped in await sequencer.published(SuppressionChanged)] == [("email",)]
    assert [ended.reason for ended in await sequencer.published(EnrollmentEnded)] == ["Touch: replied."]
