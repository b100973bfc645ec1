"""Do letters leave through a real Postfix, and does what comes back into a real Dovecot change its sequence?"""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import dkim
import pytest

from services.notifier.domain.correlating import address_for, letters_in
from shared.contracts.events import EmailBounced, EmailSent, EnrollmentEnded, Person
from shared.contracts.notifier import Draft
from shared.contracts.notifier_mail import Incoming
from tests.integration.test_incoming_mail import a_message, until, was_sent
from tests.integration.test_mail import a_letter
from tests.integration.test_notifier import ADA, a_task_done
from tests.integration.test_sending import LEFT, POSTAL, draft, drafted, pass_time, send
from tests.support.real_mail_servers import ADA as READER
from tests.support.real_mail_servers import FAR, MISSING, UNKNOWN, US, RealMailServers, real_mail_servers
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)

SELECTOR = "mail"
DKIM = b"v=DKIM1; k=rsa; p="


@pytest.fixture(scope="module")
def mail() -> Iterator[RealMailServers]:
    with real_mail_servers() as running:
        yield running


@pytest.fixture(scope="module")
def key() -> bytes:
    return subprocess.run(["openssl", "genrsa", "-traditional", "2048"], capture_output=True, check=True).stdout


@pytest.fixture
async def notifier(
    servers: TestServers, mail: RealMailServers, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    settings = mail.settings() | {
        "PIPELINE_PUBLIC_URL": "https://letters.seller.example/",
        "PIPELINE_POSTAL_ADDRESS": POSTAL,
        "PIPELINE_TOKEN_KEYS": "k" * 32,
        "PIPELINE_DKIM_KEY": key.decode(),
        "PIPELINE_DKIM_SELECTOR": SELECTOR,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    async with run_service("notifier", servers) as running:
        yield running


async def letter_to(notifier: Running, number: int, email: str, now: datetime = LEFT, **task: Any) -> Draft:
    """A letter that a person sent off, and that has left or has failed."""
    person = Person(**ADA.model_dump() | {"email": email})
    await send(notifier, await drafted(notifier, number, person=person, **task))
    await pass_time(notifier, now)
    return await draft(notifier, number)


async def arrived(mail: RealMailServers, count: int) -> list[tuple[bytes, str]]:
    """The letters in the mailbox of a recipient, each with its structure as Dovecot reads it."""

    def read() -> list[tuple[bytes, str]]:
        with mail.mailbox(READER) as box:
            fetched = [box.client.uid("FETCH", uid, "(BODYSTRUCTURE BODY.PEEK[])")[1][0] for uid in box.uids("ALL")]
        return [(content, stated.decode()) for stated, content in fetched]

    async def enough() -> list[tuple[bytes, str]]:
        found = await asyncio.to_thread(read)
        return found if len(found) >= count else []

    return list(await until(enough))


async def test_letters_leave_encrypted_and_arrive_signed_in_one_thread(
    notifier: Running, mail: RealMailServers, key: bytes
) -> None:
    first = await letter_to(notifier, 1, READER, template="intro-don")
    await notifier.receive(a_task_done(1, outcome="sent"))
    same = {"facility_id": first.facility_id, "enrollment_id": a_task_done(1).enrollment_id}
    second = await letter_to(notifier, 2, READER, LEFT + timedelta(days=1), template="closing-don", **same)
    assert (first.status, second.status) == ("sent", "sent")

    contents = await arrived(mail, 2)

    public = subprocess.run(["openssl", "rsa", "-pubout"], input=key, capture_output=True, check=True).stdout
    records = {f"{SELECTOR}._domainkey.seller.example.".encode(): DKIM + b"".join(public.splitlines()[1:-1])}
    ids = [each.message_id for each in await notifier.published(EmailSent)]
    letters = [message_from_bytes(content, policy=policy.default) for content, _ in contents]
    assert [letters_in(each["Message-ID"]) for each in letters] == [[each] for each in ids]
    assert [letters_in(each["In-Reply-To"] or "") for each in letters] == [[], ids[:1]]
    for letter, (content, structure) in zip(letters, contents, strict=True):
        assert dkim.verify(content, dnsfunc=lambda name, timeout: records[name])
        assert "with ESMTPSA" in letter.get_all("Received", [])[-1]
        assert re.findall(r'"text" "(plain|html)".*? "quoted-printable"', structure) == ["plain", "html"]
        assert letter["List-Unsubscribe"].startswith("<https://letters.seller.example/u/")
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_a_recipient_whom_postfix_does_not_know_is_a_hard_bounce_at_once(notifier: Running) -> None:
    letter = await letter_to(notifier, 1, UNKNOWN)

    [bounced] = await notifier.published(EmailBounced)
    assert (letter.status, bounced.email, bounced.hard, bounced.reason) == ("failed", UNKNOWN, True, "user_unknown")
    assert "550 5.1.1" in str(letter.reason)


async def test_the_report_of_postfix_about_a_letter_that_it_could_not_deliver_is_a_hard_bounce(
    notifier: Running,
) -> None:
    letter = await letter_to(notifier, 1, FAR)
    [bounced] = await until(lambda: notifier.published(EmailBounced))

    assert (letter.status, bounced.email, bounced.hard, bounced.reason) == ("sent", FAR, True, "user_unknown")
    [sent] = await notifier.published(EmailSent)
    [report] = await notifier.ask(Incoming(kind="bounce"))
    assert (report.message_id, report.state) == (sent.message_id, "done")


async def test_a_reply_through_postfix_ends_the_sequence(
    notifier: Running, sequencer: Running, mail: RealMailServers
) -> None:
    task = await a_letter(sequencer)
    letter = await was_sent(notifier, READER, task.task_id)
    started = time.monotonic()
    await asyncio.to_thread(mail.deliver, a_message("Yes, call me.", sender=READER), address_for(US, letter))
    [ended] = await until(lambda: sequencer.published(EnrollmentEnded))
    seconds = time.monotonic() - started

    [reply] = await notifier.ask(Incoming(kind="reply"))
    assert (ended.reason, reply.message_id, reply.task_id) == ("Touch: replied.", letter, task.task_id)
    assert seconds < 2
