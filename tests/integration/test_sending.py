"""Does a letter leave exactly once, as a person read it and sent it off, and never to people who must not get it?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest

from services.notifier.domain.correlating import letter_of, letters_in
from services.notifier.domain.pacing import Today
from services.notifier.domain.sending import UNDO_SECONDS
from services.notifier.store import paces
from services.notifier.workers.sending import DELAYS
from shared.contracts.events import (
    EmailBounced,
    EmailDiscarded,
    EmailSent,
    Person,
    Sender,
    SuppressionChanged,
    TaskChanged,
)
from shared.contracts.notifier import Draft, DraftDetails, Drafts
from shared.contracts.notifier_sending import (
    Deliveries,
    DiscardDraft,
    EditDraft,
    ResolveDraft,
    ResumeSending,
    SendDrafts,
    SentOff,
    Shown,
    UnsendDraft,
)
from shared.contracts.notifier_suppressions import AddSuppression, WhySuppressed
from shared.contracts.refusals import AskFailed
from tests.integration.test_notifier import ADA, OPENING, TODAY, a_task_done, a_task_due, task_id
from tests.support.running import START, Running, run_on, run_service
from tests.support.servers import TestServers
from tests.support.smtp_server import STEPS, Scripted, scripted_server

ANN = Sender(name="Ann Lee", email="ann@seller.example", phone="518-555-0142")
POSTAL = "P.O. Box 1208, Albany, NY 12201"
LEFT = START + timedelta(seconds=UNDO_SECONDS)
"""The time at which a letter leaves that is sent off at the start."""
LATER = LEFT + timedelta(seconds=2 * DELAYS[0])
"""After the first delay of a letter that could not leave."""
AFTER_TEXT = ("text", "end")
"""The steps after which the letter may have arrived."""


@pytest.fixture
async def smtp(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scripted]:
    async with scripted_server() as server:
        monkeypatch.setenv("PIPELINE_SMTP_URL", server.url)
        monkeypatch.setenv("PIPELINE_PUBLIC_URL", "https://letters.seller.example/")
        monkeypatch.setenv("PIPELINE_POSTAL_ADDRESS", POSTAL)
        monkeypatch.setenv("PIPELINE_TOKEN_KEYS", "k" * 32)
        monkeypatch.setenv("PIPELINE_MAIL_RETURN", "mail@seller.example")
        yield server


@pytest.fixture
async def notifier(servers: TestServers, smtp: Scripted) -> AsyncIterator[Running]:
    async with run_service("notifier", servers) as running:
        yield running


async def drafted(notifier: Running, number: int = 1, **changes: Any) -> Draft:
    await notifier.receive(a_task_due(number, sender=ANN, **changes))
    return await draft(notifier, number)


async def draft(notifier: Running, number: int = 1) -> Draft:
    return await notifier.ask(DraftDetails(task_id=task_id(number)))


async def send(notifier: Running, *drafts: Draft, by: str = "Ann Lee") -> list[SentOff]:
    shown = [Shown(draft_id=each.draft_id, revision=each.revision) for each in drafts]
    return await notifier.ask(SendDrafts(drafts=shown, actor=by))


async def pass_time(notifier: Running, now: Any = LEFT) -> None:
    await notifier.set_clock(now)
    await notifier.idle()


def text_of(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


async def test_a_letter_leaves_ten_seconds_after_a_person_sent_it_off(notifier: Running, smtp: Scripted) -> None:
    read = await drafted(notifier)
    (sent_off,) = await send(notifier, read)
    await notifier.idle()
    assert (sent_off.status, smtp.accepted) == ("approved", [])

    await pass_time(notifier)
    (letter,) = smtp.letters()
    (event,) = await notifier.published(EmailSent)
    now = await draft(notifier)

    assert (now.status, now.approved_by, now.sent_at) == ("sent", "Ann Lee", LEFT)
    assert (event.task_id, event.email, event.sent_by, event.sent_on) == (
        task_id(1),
        "ada@xanfern.example",
        "Ann Lee",
        TODAY,
    )
    assert (letter["From"], letter["Subject"]) == ("Ann Lee <ann@seller.example>", read.subject)
    assert letter["To"] == "Ada Zimble <ada@xanfern.example>"
    assert letters_in(letter["Message-ID"]) == [event.message_id]
    assert letter_of(letter["Reply-To"]) == event.message_id
    assert letter["List-Unsubscribe"].startswith("<https://letters.seller.example/u/")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert text_of(letter, "plain") == f"{read.body}\n"
    assert "<p>Hi Ada,</p>" in text_of(letter, "html")
    assert f"mail+{event.message_id.hex}@seller.example" in smtp.envelopes[0][0]


async def test_a_letter_can_be_taken_back_until_it_leaves(notifier: Running, smtp: Scripted) -> None:
    read = await drafted(notifier)
    await send(notifier, read)
    taken_back = await notifier.ask(UnsendDraft(draft_id=read.draft_id, actor="Ann Lee"))
    await pass_time(notifier)
    assert (taken_back.status, smtp.accepted) == ("draft", [])

    await send(notifier, read)
    await pass_time(notifier, LEFT + timedelta(minutes=1))
    with pytest.raises(AskFailed, match="no letter that could be taken back"):
        await notifier.ask(UnsendDraft(draft_id=read.draft_id, actor="Ann Lee"))
    with pytest.raises(AskFailed, match="It was sent"):
        await send(notifier, read)
    assert len(smtp.accepted) == 1


async def test_what_leaves_is_what_the_person_read(notifier: Running, smtp: Scripted) -> None:
    read = await drafted(notifier)
    with pytest.raises(AskFailed, match="lacks the postal address"):
        await notifier.ask(EditDraft(draft_id=read.draft_id, seen=read.revision, body="Hello.", actor="Bob"))
    body = f"Hello <Ada>,\n\n.one line\n\n{POSTAL}"
    edited = await notifier.ask(EditDraft(draft_id=read.draft_id, seen=read.revision, body=body, actor="Bob"))
    with pytest.raises(AskFailed, match="has changed since revision 1") as outdated:
        await send(notifier, read)
    with pytest.raises(AskFailed, match="has changed"):
        await notifier.ask(EditDraft(draft_id=read.draft_id, seen=read.revision, body="x", actor="Bob"))
    assert (outdated.value.code, edited.edited_by, edited.subject) == (409, "Bob", read.subject)

    await send(notifier, edited)
    await pass_time(notifier)
    (letter,) = smtp.letters()
    assert text_of(letter, "plain") == f"{body}\n"
    assert "<p>Hello &lt;Ada&gt;,</p>" in text_of(letter, "html")


async def test_a_letter_whose_day_is_over_leaves_only_after_a_person_corrected_it(
    notifier: Running, smtp: Scripted
) -> None:
    evening, tomorrow = START + timedelta(hours=10), START + timedelta(days=1)
    await notifier.set_clock(evening)
    again = OPENING.model_copy(update={"reposted_on": TODAY - timedelta(days=1)})
    read = await drafted(notifier, signal=again)
    assert "again yesterday." in str(read.body)
    await send(notifier, read)
    await pass_time(notifier, evening + timedelta(seconds=UNDO_SECONDS))
    await pass_time(notifier, tomorrow)
    stale = await draft(notifier)

    assert (stale.status, smtp.accepted) == ("failed", [])
    assert stale.reason == (
        f"Not sent: a day or a fact in it was right only until {TODAY}."
        " Correct its words (`pipeline draft edit`) and send it again, or discard it."
    )
    body = str(stale.body).replace("yesterday", "on Tuesday")
    await send(
        notifier,
        await notifier.ask(EditDraft(draft_id=read.draft_id, seen=stale.revision, body=body, actor="Ann Lee")),
    )
    await pass_time(notifier, tomorrow + timedelta(seconds=UNDO_SECONDS))
    assert (await draft(notifier)).status == "sent"


@pytest.mark.parametrize("step", STEPS)
async def test_a_line_that_breaks_never_makes_a_letter_arrive_twice(
    notifier: Running, smtp: Scripted, step: str
) -> None:
    smtp.cut = step
    await send(notifier, await drafted(notifier))
    await pass_time(notifier)
    broken = await draft(notifier)
    await pass_time(notifier, LATER)
    now = await draft(notifier)

    if step in AFTER_TEXT:
        assert (broken.status, now.status) == ("unsure", "unsure")
        assert len(smtp.accepted) == (step == "end")
    else:
        assert (broken.status, now.status) == ("approved", "sent")
        assert len(smtp.accepted) == 1
    async with notifier.app.relay.begin() as tx:
        counted = await paces.today(tx, START, excluding=[])
    assert counted == Today({now.rep: 1}, {"xanfern.example": 1}), "what may have arrived counts in the limits of a day"


@pytest.mark.parametrize("irrevocable, status", [(True, "unsure"), (False, "failed")])
async def test_a_letter_whose_process_died_at_its_last_try_is_left_to_a_person(
    notifier: Running, smtp: Scripted, irrevocable: bool, status: str
) -> None:
    await send(notifier, await drafted(notifier))
    await notifier.sql("UPDATE messages SET state = 'sending' RETURNING 1")
    await notifier.sql(
        "UPDATE work SET tries = %(tries)s, irrevocable = %(irrevocable)s WHERE kind = 'mail.send' RETURNING 1",
        tries=len(DELAYS) + 1,
        irrevocable=irrevocable,
    )
    await pass_time(notifier)

    assert ((await draft(notifier)).status, smtp.accepted) == (status, [])


async def test_a_person_settles_whether_a_letter_arrived(notifier: Running, smtp: Scripted) -> None:
    smtp.cut, smtp.times = "text", 2
    await send(notifier, await drafted(notifier), await drafted(notifier, 2))
    await pass_time(notifier)
    arrived, lost = await draft(notifier), await draft(notifier, 2)
    with pytest.raises(AskFailed, match="may have arrived"):
        await send(notifier, arrived)

    await notifier.ask(ResolveDraft(draft_id=arrived.draft_id, outcome="sent", actor="Ann Lee"))
    await notifier.ask(ResolveDraft(draft_id=lost.draft_id, outcome="not_sent", actor="Ann Lee"))
    await send(notifier, await draft(notifier, 2))
    await pass_time(notifier, LATER)

    assert [each.task_id for each in await notifier.published(EmailSent)] == [task_id(1), task_id(2)]
    assert len(smtp.accepted) == 1


@pytest.mark.parametrize(
    "command, reply, status, bounced",
    [
        ("RCPT", "550 no such user", "failed", True),
        ("RCPT", "550 5.7.1 your address is on a blocklist", "failed", False),
        ("end", "554 no spam here", "failed", False),
        ("RCPT", "451 try again later", "sent", False),
        ("end", "452 disk full", "sent", False),
    ],
)
async def test_a_refusal_for_good_is_shown_and_another_one_is_tried_again(
    notifier: Running, smtp: Scripted, command: str, reply: str, status: str, bounced: bool
) -> None:
    smtp.replies[command] = reply
    await send(notifier, await drafted(notifier))
    await pass_time(notifier)
    refused = await draft(notifier)
    [tried] = (await notifier.ask(Deliveries())).deliveries
    await pass_time(notifier, LATER)
    now = await draft(notifier)

    assert (tried.persona, tried.answer, tried.approved_by) == ("administrator", refused.reason, "Ann Lee")
    assert (tried.tries, tried.next_try_at is not None) == ((None, False) if status == "failed" else (1, True))
    assert (await notifier.ask(Deliveries())).by_state == {status: 1}
    assert (await notifier.ask(Deliveries(state="sending"))).deliveries == []
    assert refused.reason is not None
    assert reply in refused.reason
    assert (now.status, len(smtp.accepted)) == (status, status == "sent")
    published = [(each.hard, each.reason, each.task_id) for each in await notifier.published(EmailBounced)]
    assert published == [(True, "user_unknown", task_id(1))] * bounced
    assert len(await notifier.sql("SELECT 1 FROM messages WHERE bounced_at IS NOT NULL")) == bounced


async def test_no_letter_leaves_to_someone_who_refused_before_it_was_claimed(notifier: Running, smtp: Scripted) -> None:
    marks = ("address:ada@xanfern.example",)
    read, done, moved = await drafted(notifier, marks=marks), await drafted(notifier, 2), await drafted(notifier, 3)
    await send(notifier, read, done, moved)
    await notifier.receive(
        SuppressionChanged(
            suppression_id=uuid5(NAMESPACE_OID, "no"),
            version=1,
            scope="person",
            target="ada",
            channels=("email",),
            label="Ada Zimble",
            reason="asked us not to",
            source="a call",
            stated_by="rep-1",
            stated_on=TODAY,
            marks=marks,
        ),
        a_task_done(2),
        TaskChanged(
            **a_task_due(3, version=2, sender=ANN).model_dump()
            | {"person": Person(role="don", name="Bo Quill", email="bo@xanfern.example", source="https://x.example")}
        ),
    )
    await pass_time(notifier)

    assert smtp.accepted == []
    assert [(await draft(notifier, number)).status for number in (1, 2, 3)] == ["withdrawn", "closed", "draft"]
    why = await notifier.ask(WhySuppressed(email="ada@xanfern.example"))
    refused = {each.task_id: each.why for each in why.refused}
    assert refused[task_id(1)] == "Do not contact Ada Zimble by email: asked us not to (rep-1, 2026-07-01)."


async def test_a_suppressed_domain_stops_letters_on_their_way_and_the_refusal_is_recorded(
    notifier: Running, smtp: Scripted
) -> None:
    read = await drafted(notifier)
    await send(notifier, read)
    await notifier.ask(AddSuppression(domain="xanfern.example", reason="asked us not to", actor="Ann Lee"))
    await pass_time(notifier)

    now = await draft(notifier)
    assert (now.status, smtp.accepted) == ("failed", [])
    assert "asked us not to" in (now.reason or "")
    assert [row["email"] for row in await notifier.sql("SELECT email FROM refused_sends")] == [read.to_email]


async def test_a_discarded_draft_does_not_leave(notifier: Running, smtp: Scripted) -> None:
    read = await drafted(notifier)
    discarded = await notifier.ask(DiscardDraft(draft_id=read.draft_id, reason="too pushy", actor="Ann Lee"))

    assert (discarded.status, discarded.reason) == ("discarded", "Discarded by Ann Lee: too pushy")
    [event] = await notifier.published(EmailDiscarded)
    assert (event.draft_id, event.task_id, event.discarded_by) == (read.draft_id, read.task_id, "Ann Lee")
    with pytest.raises(AskFailed, match="discarded"):
        await send(notifier, read)


async def test_two_replicas_send_each_letter_once_and_keep_their_connections(
    servers: TestServers, notifier: Running, smtp: Scripted
) -> None:
    people = [ADA.model_copy(update={"email": f"ada@home-{number}.example"}) for number in range(30)]
    await notifier.receive(*(a_task_due(number, sender=ANN, person=person) for number, person in enumerate(people, 1)))
    read = await notifier.ask(Drafts(statuses=["draft"]))
    missing = Draft(**read[0].model_dump() | {"draft_id": uuid5(NAMESPACE_OID, "none")})
    async with run_on(notifier.url, "notifier", servers) as second:
        answers = await send(notifier, *read, missing)
        for replica in (notifier, second):
            replica.app.clock.set(LEFT)  # type: ignore[attr-defined]
            replica.app.workers.wake()
        await notifier.idle()

    assert [each.refused for each in answers if each.refused] == [f"There is no draft {missing.draft_id}."]
    ids = [letters_in(letter["Message-ID"])[0] for letter in smtp.letters()]
    assert len(ids) == len(set(ids)) == 30
    assert {each.message_id for each in await notifier.published(EmailSent)} == set(ids)
    assert smtp.connections <= 20


async def test_nothing_is_sent_off_while_the_deployment_lacks_an_address_for_objections(
    servers: TestServers, smtp: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIPELINE_PUBLIC_URL")
    async with run_service("notifier", servers) as notifier:
        with pytest.raises(AskFailed, match="PIPELINE_PUBLIC_URL"):
            await send(notifier, await drafted(notifier))


async def test_letters_wait_for_the_hours_of_their_recipients_and_stop_when_too_many_bounce(
    notifier: Running, smtp: Scripted
) -> None:
    early, evening = await drafted(notifier, 1, state="CA"), START + timedelta(hours=10)
    await send(notifier, early)
    await pass_time(notifier)
    await notifier.set_clock(evening)
    late = await drafted(notifier, 2)
    await send(notifier, late)
    await pass_time(notifier, evening + timedelta(seconds=UNDO_SECONDS))
    waiting = await draft(notifier, 2)

    assert waiting.status == "approved"
    assert waiting.reason == "Leaves on Thursday 2026-07-02 08:00 EDT, within the hours of its recipient."
    assert len(smtp.accepted) == 1

    # As if reports about two letters had come back, and the server had refused the recipients of three.
    await notifier.sql(
        "INSERT INTO messages SELECT (jsonb_populate_record(m, jsonb_build_object('message_id', gen_random_uuid(),"
        " 'bounced_at', sent_at, 'sent_at', CASE WHEN number < 3 THEN sent_at END))).*"
        " FROM messages m, generate_series(1, 5) AS number WHERE state = 'sent' RETURNING message_id"
    )
    tomorrow = START + timedelta(days=1)
    await pass_time(notifier, tomorrow)
    assert "5 of the last 6 bounced" in ((await draft(notifier, 2)).reason or "")
    resumed = await notifier.ask(ResumeSending(actor="Ann Lee"))
    await notifier.idle()

    assert resumed.letters == 1
    assert (await draft(notifier, 2)).status == "sent"
