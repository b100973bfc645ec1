"""What happens to a sequence when an e-mail was sent, and when something comes back for it?"""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from engines.packs import pack_folder
from shared.contracts.events import (
    ContactChanged,
    EmailAutoReplied,
    EmailBounced,
    EmailComplained,
    EmailEvent,
    EmailReplied,
    EmailSent,
    EmailUnsubscribed,
    EnrollmentEnded,
    EnrollmentPaused,
    EnrollmentStarted,
    LeadMoved,
    SuppressionChanged,
    TaskDone,
    TaskDue,
    TaskMoved,
    TouchLogged,
)
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import (
    Account,
    ContactCells,
    Enrollments,
    ImportContacts,
    StopContact,
    Tasks,
    Worklist,
)
from shared.contracts.sequencer_contacts import RecordDeparture
from shared.contracts.sequencer_replies import WorklistTask
from shared.contracts.sequencer_touches import CompleteTask, UndoTask
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, matched, scored

CCN = "335001"
DON = {"direct_phone": "518-555-0222", "email": "don@example.org"}
MONDAY = "2026-07-06"


async def a_letter(sequencer: Running) -> WorklistTask:
    """The second touch of the sequence, an e-mail to the DON, due on Monday."""
    rows = [contact(CCN, **CALLABLE), contact(CCN, "don", "Zoe Elm", **DON)]
    await sequencer.ask(ImportContacts(rows=[ContactCells(**row) for row in rows], actor="ann"))
    await sequencer.receive(listed(CCN), scored(CCN, 1), matched(CCN))
    await sequencer.at("2026-07-02T06:00")
    [call] = await sequencer.ask(Worklist())
    await sequencer.ask(CompleteTask(task_id=call.short_id, outcome="no_answer", actor="ann"))
    await sequencer.at(f"{MONDAY}T06:00")
    [letter] = await sequencer.ask(Worklist())
    assert (letter.channel, letter.person_email) == ("email", "don@example.org")
    return letter


def of(letter: WorklistTask, **more: Any) -> dict[str, Any]:
    at = datetime(2026, 7, 6, 15, tzinfo=UTC)
    return {
        "message_id": uuid4(),
        "task_id": letter.task_id,
        "facility_id": letter.facility_id,
        "email": letter.person_email,
        "at": at,
        "received_on": at.date(),
    } | more


def sent(letter: WorklistTask) -> EmailSent:
    return EmailSent(**of(letter, sent_on=date(2026, 7, 6), sent_by="ann"))


async def test_the_task_of_a_sent_letter_is_done_once(sequencer: Running) -> None:
    letter = await a_letter(sequencer)
    event = sent(letter)

    await sequencer.receive(event)
    await sequencer.receive(event, sent(letter))

    [_, done] = await sequencer.published(TaskDone)
    assert (done.task_id, done.status, done.outcome, done.done_by) == (letter.task_id, "done", "sent", "ann")
    assert done.done_on == date(2026, 7, 6)
    [logged] = [each for each in await sequencer.published(TouchLogged) if each.task_id == letter.task_id]
    assert (logged.kind, logged.rep) == ("done", "ann")


async def test_a_letter_that_a_person_recorded_as_sent_stays_so(sequencer: Running) -> None:
    letter = await a_letter(sequencer)
    await sequencer.ask(CompleteTask(task_id=letter.short_id, actor="bob"))

    await sequencer.receive(sent(letter))

    assert [done.done_by for done in await sequencer.published(TaskDone)] == ["ann", "bob"]


async def test_a_reply_ends_the_sequence_and_is_followed_up_by_the_rep(sequencer: Running) -> None:
    letter = await a_letter(sequencer)

    await sequencer.receive(sent(letter), EmailReplied(**of(letter)))

    [ended] = await sequencer.published(EnrollmentEnded)
    assert (ended.reason, ended.status) == ("Touch: replied.", "stopped")
    [moved] = await sequencer.published(LeadMoved)
    assert moved.stage == "contacted"
    await sequencer.at("2026-07-07T06:00")
    [follow_up] = await sequencer.ask(Worklist())
    assert (follow_up.kind, follow_up.channel, follow_up.person) == ("follow_up", "call", "Zoe Elm")
    assert follow_up.reason == "Replied, by email on 2026-07-06."
    await sequencer.at("2026-07-15T06:00")
    assert [each.kind for each in await sequencer.ask(Worklist())] == ["follow_up"]


async def test_who_answers_and_must_not_be_called_is_written_to(sequencer: Running) -> None:
    letter = await a_letter(sequencer)
    await sequencer.ask(StopContact(facility=CCN, channels=["call"], reason="asked", actor="ann"))

    await sequencer.receive(EmailReplied(**of(letter)))

    await sequencer.at("2026-07-07T06:00")
    [follow_up] = await sequencer.ask(Worklist())
    assert (follow_up.kind, follow_up.channel, follow_up.person) == ("follow_up", "email", "Zoe Elm")


@pytest.mark.parametrize("sent_first", [True, False])
async def test_what_comes_back_has_one_effect_in_any_order(sequencer: Running, sent_first: bool) -> None:
    letter = await a_letter(sequencer)
    reply = EmailReplied(**of(letter))
    events: list[EmailEvent] = [sent(letter), reply] if sent_first else [reply, sent(letter)]

    for event in [*events, reply, EmailReplied(**reply.model_dump()), events[0]]:
        await sequencer.receive(event)

    assert len(await sequencer.published(EnrollmentEnded)) == 1
    assert [each.status for each in await sequencer.published(TaskDone)] == ["done", "done"]
    kinds = [each.kind for each in await sequencer.published(TouchLogged)]
    assert (kinds.count("done"), kinds.count("answered")) == (2, 1)
    open_tasks = [each for each in await sequencer.ask(Tasks()) if each.status in ("due", "moved")]
    assert [each.kind for each in open_tasks] == ["follow_up"]


async def test_a_second_reply_asks_for_a_follow_up_again(sequencer: Running) -> None:
    letter = await a_letter(sequencer)
    await sequencer.receive(EmailReplied(**of(letter)))
    await sequencer.at("2026-07-07T06:00")
    [follow_up] = await sequencer.ask(Worklist())
    await sequencer.ask(CompleteTask(task_id=follow_up.short_id, outcome="no_answer", actor="ann"))

    await sequencer.receive(EmailReplied(**of(letter)))

    await sequencer.at("2026-07-08T06:00")
    [again] = await sequencer.ask(Worklist())
    assert (again.task_id, again.kind) == (follow_up.task_id, "follow_up")


async def test_after_a_hard_bounce_the_next_letter_is_for_the_other_person(sequencer: Running) -> None:
    letter = await a_letter(sequencer)

    await sequencer.receive(sent(letter), EmailBounced(**of(letter, hard=True, reason="userunknown")))

    changed = [each for each in await sequencer.published(ContactChanged) if each.role == "don"]
    assert [each.has_email for each in changed] == [True, False]
    await sequencer.at("2026-07-07T06:00")
    [research] = [each for each in await sequencer.ask(Worklist()) if each.channel == "research"]
    assert research.reason.startswith("Find Zoe Elm's e-mail address: don@example.org is wrong.")
    assert [each.status for each in await sequencer.ask(Enrollments())] == ["active"]


async def test_the_case_of_an_address_makes_no_difference(sequencer: Running) -> None:
    letter = await a_letter(sequencer)

    await sequencer.receive(sent(letter), EmailBounced(**of(letter, hard=True, email="Don@Example.ORG", task_id=None)))

    changed = [each for each in await sequencer.published(ContactChanged) if each.role == "don"]
    assert [each.has_email for each in changed] == [True, False]


async def test_a_soft_bounce_changes_nothing(sequencer: Running) -> None:
    letter = await a_letter(sequencer)

    await sequencer.receive(sent(letter), EmailBounced(**of(letter, hard=False, reason="mailboxfull")))

    [logged] = [each for each in await sequencer.published(TouchLogged) if each.kind == "answered"]
    assert (logged.outcome, logged.note) == ("not_delivered", "mailboxfull")
    assert await sequencer.published(EnrollmentEnded) == []
    assert [each.kind for each in await sequencer.ask(Tasks())] == ["step", "step"]


async def test_an_unsubscription_stops_letters_to_the_person_and_no_calls(sequencer: Running) -> None:  # R85
    letter = await a_letter(sequencer)

    await sequencer.receive(sent(letter), EmailUnsubscribed(**of(letter)))

    [stopped] = await sequencer.published(SuppressionChanged)
    assert (stopped.channels, stopped.reason, stopped.source) == (("email",), "unsubscribed", "email.unsubscribed")
    assert {"address:don@example.org", f"name:facility:{CCN}/zoe elm"} <= set(stopped.marks)
    await sequencer.at("2026-07-08T06:00")
    [call] = await sequencer.ask(Worklist())
    assert (call.channel, call.person) == ("call", "Zoe Elm")


async def test_a_complaint_stops_all_contact_and_what_is_due(sequencer: Running) -> None:
    letter = await a_letter(sequencer)

    await sequencer.receive(EmailReplied(**of(letter)), EmailComplained(**of(letter)))

    [stopped] = await sequencer.published(SuppressionChanged)
    assert (stopped.channels, stopped.stated_by) == (("all",), "recipient")
    await sequencer.at("2026-07-20T06:00")
    assert [each.person for each in await sequencer.ask(Worklist()) if each.person == "Zoe Elm"] == []


async def test_an_absence_note_lets_the_next_touch_of_the_person_wait(sequencer: Running) -> None:
    letter = await a_letter(sequencer)
    back_on = date(2026, 7, 20)

    await sequencer.receive(sent(letter), EmailAutoReplied(**of(letter, back_on=back_on)))

    [paused] = await sequencer.published(EnrollmentPaused)
    assert (paused.resume_on, paused.reason) == (back_on, "The DON is out of office until 2026-07-20.")
    await sequencer.at("2026-07-15T06:00")
    assert await sequencer.ask(Worklist()) == []
    await sequencer.at("2026-07-20T06:00")
    assert len(await sequencer.published(EnrollmentStarted)) == 2
    [call] = await sequencer.ask(Worklist())
    assert (call.channel, call.person, call.due_on) == ("call", "Zoe Elm", back_on)


async def test_a_task_of_the_absent_person_that_is_due_waits_as_well(sequencer: Running) -> None:
    letter = await a_letter(sequencer)
    await sequencer.receive(sent(letter))
    await sequencer.at("2026-07-08T06:00")
    [call] = await sequencer.ask(Worklist())

    note = of(letter, back_on=date(2026, 7, 18), at=datetime(2026, 7, 8, 15, tzinfo=UTC), received_on=date(2026, 7, 8))
    await sequencer.receive(EmailAutoReplied(**note))

    [moved] = await sequencer.published(TaskMoved)
    assert (moved.task_id, moved.due_on) == (call.task_id, date(2026, 7, 20))
    assert await sequencer.ask(Worklist()) == []
    await sequencer.at("2026-07-20T06:00")
    assert [each.task_id for each in await sequencer.ask(Worklist())] == [call.task_id]
    assert [due.version for due in await sequencer.published(TaskDue) if due.task_id == call.task_id] == [1, 3]


async def test_an_absence_note_without_a_day_changes_nothing(sequencer: Running) -> None:
    letter = await a_letter(sequencer)

    await sequencer.receive(sent(letter), EmailAutoReplied(**of(letter)))

    assert await sequencer.published(EnrollmentPaused) == []
    await sequencer.at("2026-07-08T06:00")
    assert [each.channel for each in await sequencer.ask(Worklist())] == ["call"]


async def test_a_person_who_left_is_contacted_no_more_and_a_successor_is_asked_for(sequencer: Running) -> None:
    letter = await a_letter(sequencer)

    await sequencer.receive(sent(letter), EmailAutoReplied(**of(letter, left=True)))

    changed = [each for each in await sequencer.published(ContactChanged) if each.role == "don"]
    assert [(each.has_email, each.has_direct_phone) for each in changed] == [(True, True), (False, False)]
    await sequencer.at("2026-07-07T06:00")
    assert {each.channel for each in await sequencer.ask(Worklist())} >= {"research"}
    assert [each.status for each in await sequencer.ask(Enrollments())] == ["active"]


async def test_that_a_person_left_whom_no_source_names_any_more_is_only_logged(sequencer: Running) -> None:
    letter = await a_letter(sequencer)
    await sequencer.sql("DELETE FROM contacts WHERE name = 'Zoe Elm' RETURNING contact_id")

    await sequencer.receive(sent(letter), EmailAutoReplied(**of(letter, left=True)))

    logged = [each.outcome for each in await sequencer.published(TouchLogged) if each.kind == "answered"]
    assert logged == ["left"]


async def test_that_a_person_left_who_is_known_to_have_left_changes_nothing(sequencer: Running) -> None:
    letter = await a_letter(sequencer)
    await sequencer.receive(sent(letter))
    await sequencer.ask(RecordDeparture(facility_id=CCN, who="Zoe Elm", actor="ann"))
    named = of(letter, left=True, at=datetime(2026, 7, 7, 15, tzinfo=UTC), received_on=date(2026, 7, 7))

    await sequencer.receive(EmailAutoReplied(**named))

    departures = await sequencer.sql("SELECT left_on, stated_by FROM departures")
    assert departures == [{"left_on": date(2026, 7, 6), "stated_by": "ann"}]


async def test_what_comes_back_without_its_task_is_of_the_last_letter_to_the_address(sequencer: Running) -> None:
    letter = await a_letter(sequencer)

    await sequencer.receive(sent(letter), EmailReplied(**of(letter, task_id=None)))

    assert len(await sequencer.published(EnrollmentEnded)) == 1
    details = await sequencer.ask(Account(facility_id=CCN))
    assert [each.outcome for each in details.activities if each.kind == "answered"] == ["replied"]
    assert [each.status for each in details.tasks if each.kind == "follow_up"] == ["moved"]


async def test_what_comes_back_for_an_unknown_letter_ends_the_sequence_of_its_account(sequencer: Running) -> None:
    letter = await a_letter(sequencer)

    unknown = of(letter, task_id=UUID(int=7), email="else@example.org", at=datetime.now(UTC) - timedelta(1))
    await sequencer.receive(EmailReplied(**unknown))

    assert len(await sequencer.published(EnrollmentEnded)) == 1


async def test_a_rep_records_a_reply_to_a_letter_of_an_earlier_day(sequencer: Running) -> None:
    letter = await a_letter(sequencer)
    done = await sequencer.ask(CompleteTask(task_id=letter.short_id, actor="ann"))
    assert done.answers == ["replied", "bounced", "unsubscribed", "out_of_office"]
    await sequencer.at("2026-07-07T06:00")

    command: dict[str, Any] = {"task_id": letter.short_id, "outcome": "replied", "note": "call me", "actor": "ann"}
    answer = await sequencer.ask(CompleteTask(**command))
    again = await sequencer.ask(CompleteTask(**command))

    assert (answer.changed, answer.outcome, answer.done_on) == (True, "replied", date(2026, 7, 6))
    assert answer.followed[0] == "The enrollment in ny-snf-21-day ended."
    assert answer.followed[1] == "A call follows on 2026-07-08."
    assert (again.changed, again.outcome) == (False, "replied")
    logged = [each for each in await sequencer.published(TouchLogged) if each.task_id == letter.task_id]
    assert [(each.kind, each.outcome) for each in logged] == [("done", "sent"), ("answered", "replied")]


async def test_a_reply_that_was_recorded_by_mistake_is_taken_back_on_the_same_day(sequencer: Running) -> None:
    letter = await a_letter(sequencer)
    await sequencer.ask(CompleteTask(task_id=letter.short_id, actor="ann"))
    await sequencer.at("2026-07-07T06:00")
    [call] = await sequencer.ask(Worklist())
    await sequencer.ask(CompleteTask(task_id=letter.short_id, outcome="replied", actor="ann"))
    assert await sequencer.ask(Worklist()) == []

    undone = await sequencer.ask(UndoTask(task_id=letter.short_id, reason="wrong row", actor="ann"))

    assert (undone.status, undone.outcome, undone.done_on) == ("done", "sent", date(2026, 7, 6))
    assert [each.task_id for each in await sequencer.ask(Worklist())] == [call.task_id]
    assert [each.status for each in await sequencer.ask(Enrollments())] == ["active"]
    assert (await sequencer.published(TaskDone))[-1].outcome == "sent"


async def test_a_rep_records_an_absence_and_an_unsubscription(sequencer: Running) -> None:
    letter = await a_letter(sequencer)

    named: dict[str, Any] = {"task_id": letter.short_id, "actor": "ann"}
    absent = await sequencer.ask(CompleteTask(**named, outcome="out_of_office", on=date(2026, 7, 20)))

    assert absent.followed == ["The enrollment in ny-snf-21-day waits until 2026-07-20."]
    await sequencer.ask(UndoTask(**named))
    assert [each.status for each in await sequencer.ask(Enrollments())] == ["active"]
    stopped = await sequencer.ask(CompleteTask(**named, outcome="unsubscribed"))
    assert stopped.followed == ["Zoe Elm (don@example.org) is not contacted by email any more."]
    await sequencer.at("2026-07-07T06:00")
    assert [each.channel for each in await sequencer.ask(Worklist())] == ["call"]


async def test_a_day_in_the_past_is_no_return(sequencer: Running) -> None:
    letter, day = await a_letter(sequencer), date(2026, 7, 6)

    with pytest.raises(AskFailed, match="2026-07-06 is not a later day of the coming year"):
        await sequencer.ask(CompleteTask(task_id=letter.short_id, outcome="out_of_office", on=day, actor="ann"))


async def two_members(sequencer: Running) -> WorklistTask:
    """Two members of a chain that were enrolled before they belonged to it; the first call of one of them."""
    keys = (CCN, "335002")
    rows = [contact(key, name=name, **CALLABLE) for key, name in zip(keys, ("Ada Moss", "Zoe Elm"), strict=True)]
    rows[1]["email"] = "zoe@example.org"
    await sequencer.ask(ImportContacts(rows=[ContactCells(**row) for row in rows], actor="ann"))
    await sequencer.receive(*(event for key in keys for event in (listed(key), scored(key, 1), matched(key))))
    await sequencer.at("2026-07-02T06:00")
    await sequencer.receive(*(listed(key, version=2, chain="MOSS CARE") for key in keys))
    [first, _] = sorted(await sequencer.ask(Worklist()), key=lambda task: task.facility_id)
    assert [each.status for each in await sequencer.ask(Enrollments())] == ["active", "active"]
    return first


@pytest.mark.parametrize("outcome", ["interested", "meeting"])
async def test_the_other_members_of_the_chain_wait_and_go_on_when_it_is_taken_back(
    sequencer: Running, outcome: str
) -> None:
    call = await two_members(sequencer)
    named: dict[str, Any] = {"task_id": call.short_id, "actor": "ann"}

    await sequencer.ask(CompleteTask(**named, outcome=outcome))

    [paused] = await sequencer.published(EnrollmentPaused)
    assert paused.facility_id == "335002"
    assert paused.reason.startswith(f"{CCN}, of the same chain: ")
    assert await sequencer.ask(Worklist()) == []
    await sequencer.ask(UndoTask(**named))
    assert [each.status for each in await sequencer.ask(Enrollments())] == ["active", "active"]
    assert len(await sequencer.ask(Worklist())) == 2


async def test_in_a_pack_in_which_a_reply_pauses_nothing_of_the_chain_is_due(
    sequencer: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(pack_folder(), tmp_path / "snf"))
    path = folder / "exits.yaml"
    path.write_text(path.read_text("utf-8").replace("replied: end", "replied: pause"), "utf-8")
    monkeypatch.setenv("PIPELINE_PACKS_DIR", str(tmp_path))
    call = await two_members(sequencer)
    assert len(await sequencer.ask(Worklist())) == 2
    at = datetime(2026, 7, 2, 15, tzinfo=UTC)

    reply = of(call, task_id=None, email="ada@example.org", at=at, received_on=at.date())
    await sequencer.receive(EmailReplied(**reply))

    assert [each.status for each in await sequencer.ask(Enrollments())] == ["paused", "paused"]
    assert await sequencer.ask(Worklist()) == []
