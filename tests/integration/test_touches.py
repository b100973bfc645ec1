"""What happens when a person records a touch with its outcome?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.events import (
    ContactChanged,
    EnrollmentEnded,
    EnrollmentPaused,
    LeadLost,
    LeadMet,
    LeadMoved,
    TaskChanged,
    TaskDone,
    TaskDue,
    TaskMoved,
    TaskReopened,
    TouchLogged,
)
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import Account, ContactCells, Enrollments, ImportContacts, Tasks, Worklist
from shared.contracts.sequencer_enrollments import PauseEnrollment, ResumeEnrollment, StopEnrollment
from shared.contracts.sequencer_leads import LeadRow, UndoOutcome
from shared.contracts.sequencer_reps import LeaveTeam
from shared.contracts.sequencer_touches import (
    Bookmark,
    Bookmarks,
    CompleteTask,
    LogTouch,
    MoveTask,
    ReassignTask,
    RecordedTask,
    SkipTask,
    UndoTask,
)
from tests.integration.test_sequencer_commands import CCN, a_task
from tests.support.running import Running
from tests.support.sequencing import contact


async def complete(sequencer: Running, outcome: str | None, **more: object) -> RecordedTask:
    """Complete the one task of the day."""
    [task] = await sequencer.ask(Worklist())
    command = CompleteTask(task_id=task.short_id, outcome=outcome, actor="ann", **more)  # type: ignore[arg-type]
    return await sequencer.ask(command)


async def test_interest_stops_the_sequence_and_is_followed_up_by_the_rep(sequencer: Running) -> None:
    task = await a_task(sequencer)

    answer = await complete(sequencer, "interested", note="two open seats")
    assert answer.followed[0] == "The enrollment in ny-snf-21-day ended."
    assert answer.followed[1] == "A call follows on 2026-07-06."

    [ended] = await sequencer.published(EnrollmentEnded)
    assert ended.reason == "Touch: wants to hear more."
    await sequencer.at("2026-07-06T06:00")
    [row] = await sequencer.ask(Worklist())
    assert (row.kind, row.channel, row.person, row.enrollment_id, row.rep) == (
        "follow_up", "call", "Ada Moss", None, task.rep,
    )  # fmt: skip
    assert row.reason == "Wants to hear more, by call on 2026-07-02 (two open seats)."
    assert [due.kind for due in await sequencer.published(TaskDue)] == ["step", "follow_up"]


async def test_a_meeting_is_recorded_for_the_lead_and_stops_the_sequence(sequencer: Running) -> None:
    await a_task(sequencer)

    answer = await complete(sequencer, "meeting", note="Tuesday at ten")

    assert answer.followed[0] == f"Meeting is recorded for the lead of {CCN}; its sequence ends."
    [met] = await sequencer.published(LeadMet)
    assert (met.facility_id, met.decided_by, met.reason) == (CCN, "ann", "Tuesday at ten")
    assert [each.status for each in await sequencer.ask(Enrollments())] == ["stopped"]
    await sequencer.at("2026-07-06T06:00")
    assert await sequencer.ask(Worklist()) == []


async def test_a_lead_is_lost_only_if_the_loss_is_confirmed(sequencer: Running) -> None:
    await a_task(sequencer)

    answer = await complete(sequencer, "not_interested")
    assert answer.followed == [f"The sequence continues. If the lead is lost, record it: `{_lost()}`."]
    assert await sequencer.published(LeadLost) == []

    await sequencer.at("2026-07-06T06:00")
    await complete(sequencer, None)
    await sequencer.at("2026-07-07T06:00")
    await complete(sequencer, "not_interested", note="has a contractor", confirm_loss=True)

    [lost] = await sequencer.published(LeadLost)
    assert (lost.reason, lost.decided_by) == ("has a contractor", "ann")


def _lost() -> str:
    return f"pipeline outcome {CCN} lost --reason ..."


async def test_an_outcome_of_another_channel_is_refused_with_those_of_the_channel(sequencer: Running) -> None:
    await a_task(sequencer)

    for outcome, why in (("sent", "has no outcome 'sent'"), (None, "needs an outcome")):
        with pytest.raises(AskFailed, match=f"A call {why}; its outcomes are reached .reached; nothing decided., "):
            await complete(sequencer, outcome)
    with pytest.raises(AskFailed, match="reached is no loss"):
        await complete(sequencer, "reached", confirm_loss=True)

    assert await sequencer.published(TaskDone) == []


async def test_the_open_task_of_a_stopped_enrollment_is_canceled(sequencer: Running) -> None:
    await a_task(sequencer)

    await sequencer.ask("record_outcome", {"facility_id": CCN, "outcome": "lost", "reason": "small", "actor": "ann"})

    [row] = await sequencer.ask(Tasks())
    assert (row.status, row.reason) == ("canceled", "The lead was lost.")
    [done] = await sequencer.published(TaskDone)
    assert (done.status, done.done_by, done.kind) == ("canceled", "sequencer", "step")


async def test_a_touch_waits_within_the_slip_of_its_tier_and_falls_due_again(sequencer: Running) -> None:  # R43
    task = await a_task(sequencer)

    moved = await sequencer.ask(
        MoveTask(task_id=task.short_id, until=date(2026, 7, 7), reason="on leave until Tuesday", actor="ann")
    )

    assert (moved.status, moved.due_on, moved.done_by) == ("moved", date(2026, 7, 7), "ann")
    assert await sequencer.ask(Worklist()) == []
    [event] = await sequencer.published(TaskMoved)
    assert (event.due_on, event.done_by, event.note) == (date(2026, 7, 7), "ann", "on leave until Tuesday")
    [logged] = await sequencer.published(TouchLogged)
    assert (logged.kind, logged.note, logged.next_follow_up_on) == ("moved", event.note, event.due_on)
    await sequencer.at("2026-07-06T06:00")
    assert await sequencer.ask(Worklist()) == []
    await sequencer.at("2026-07-07T06:00")
    [again] = await sequencer.ask(Worklist())
    assert (again.task_id, again.overdue) == (task.task_id, False)
    assert [due.version for due in await sequencer.published(TaskDue)] == [1, 3]


@pytest.mark.parametrize(
    "until, why",
    [
        (date(2026, 7, 1), "2026-07-01 is past; today is 2026-07-02"),
        (date(2027, 7, 4), "2027-07-04 is more than a year ahead; today is 2026-07-02"),
        (date(2026, 7, 2), "2026-07-02 is today; state a later day"),
        (date(2026, 7, 4), "2026-07-04 is not a business day; the next one is 2026-07-06"),
    ],
)
async def test_a_touch_waits_for_no_other_day(sequencer: Running, until: date, why: str) -> None:
    task = await a_task(sequencer)

    with pytest.raises(AskFailed, match=why):
        await sequencer.ask(MoveTask(task_id=task.short_id, until=until, actor="ann"))

    assert len(await sequencer.ask(Worklist())) == 1


async def test_beyond_the_slip_the_enrollment_pauses(sequencer: Running) -> None:
    task = await a_task(sequencer)
    await sequencer.ask(MoveTask(task_id=task.short_id, until=date(2026, 7, 8), actor="ann"))
    assert await sequencer.published(EnrollmentPaused) == []

    far = await sequencer.ask(MoveTask(task_id=task.short_id, until=date(2026, 7, 9), reason="survey", actor="ann"))

    assert far.followed == ["The sequence waits as well."]
    [paused] = await sequencer.published(EnrollmentPaused)
    assert (paused.resume_on, paused.reason) == (date(2026, 7, 9), "survey")
    await sequencer.at("2026-07-08T06:00")
    assert await sequencer.ask(Worklist()) == []
    await sequencer.at("2026-07-09T06:00")
    assert [row.task_id for row in await sequencer.ask(Worklist())] == [task.task_id]
    assert [(each.status, each.resume_on) for each in await sequencer.ask(Enrollments())] == [("active", None)]


async def test_a_snooze_is_taken_back_with_the_pause_that_followed(sequencer: Running) -> None:
    task = await a_task(sequencer)
    await sequencer.ask(MoveTask(task_id=task.short_id, until=date(2026, 7, 9), actor="ann"))

    undone = await sequencer.ask(UndoTask(task_id=task.short_id, reason="she is there", actor="ann"))

    assert (undone.status, undone.due_on, undone.note, undone.done_by) == ("due", date(2026, 7, 2), None, None)
    assert [each.status for each in await sequencer.ask(Enrollments())] == ["active"]
    assert [row.task_id for row in await sequencer.ask(Worklist())] == [task.task_id]
    assert (await sequencer.ask(Account(facility_id=CCN))).next_follow_up_on == date(2026, 7, 2)
    with pytest.raises(AskFailed, match="It is due; nothing was done or skipped"):
        await sequencer.ask(UndoTask(task_id=task.short_id, actor="ann"))


async def test_a_person_lets_an_enrollment_wait_and_go_on_before_its_day(sequencer: Running) -> None:
    task = await a_task(sequencer)
    wait = PauseEnrollment(facility_id=CCN, until=date(2026, 7, 20), actor="ann")

    paused = await sequencer.ask(wait)
    again = await sequencer.ask(wait.model_copy(update={"command_id": uuid4()}))

    assert (paused.status, paused.reason, paused.next_on) == (
        "paused", "ann paused it until 2026-07-20.", date(2026, 7, 20),
    )  # fmt: skip
    assert (again.changed, await sequencer.ask(Worklist())) == (False, [])
    await sequencer.at("2026-07-08T09:00")

    resumed = await sequencer.ask(ResumeEnrollment(facility_id=CCN, actor="ann"))

    assert (resumed.status, resumed.next_on, resumed.changed) == ("active", date(2026, 7, 9), True)
    assert (await sequencer.ask(ResumeEnrollment(facility_id=CCN, actor="ann"))).changed is False
    await sequencer.at("2026-07-09T06:00")
    assert [row.task_id for row in await sequencer.ask(Worklist())] == [task.task_id]
    with pytest.raises(AskFailed, match="There is no account 335002"):
        await sequencer.ask(ResumeEnrollment(facility_id="335002", actor="ann"))


async def test_a_reassigned_task_is_on_the_worklist_of_the_other_rep(sequencer: Running) -> None:
    task = await a_task(sequencer)
    [other] = {"rep-1", "rep-2"} - {task.rep}

    answer = await sequencer.ask(ReassignTask(task_id=task.short_id, to=other, reason="knows Ada", actor="ann"))

    assert (answer.rep, answer.changed) == (other, True)
    [row] = await sequencer.ask(Worklist(rep=other))
    assert row.task_id == task.task_id
    [changed] = await sequencer.published(TaskChanged)
    assert (changed.rep, changed.version) == (other, 2)
    with pytest.raises(AskFailed, match="'zoe' does not work today; there are rep-1, rep-2"):
        await sequencer.ask(ReassignTask(task_id=task.short_id, to="zoe", actor="ann"))


async def test_a_callback_is_due_on_its_day_and_the_sequence_waits(sequencer: Running) -> None:
    await a_task(sequencer)
    with pytest.raises(AskFailed, match=r"callback needs the day of the call; nothing was recorded"):
        await complete(sequencer, "callback")

    answer = await complete(sequencer, "callback", on=date(2026, 7, 9), note="after the survey")
    ahead = [(each.kind, each.due_on) for each in await sequencer.ask(Worklist(on=date(2026, 7, 9)))]
    assert (ahead, await sequencer.ask(Worklist())) == ([("callback", date(2026, 7, 9))], [])

    assert answer.followed[0] == "A call follows on 2026-07-09."
    for day in ("2026-07-06T06:00", "2026-07-07T06:00", "2026-07-08T06:00"):
        await sequencer.at(day)
        assert await sequencer.ask(Worklist()) == []
    await sequencer.at("2026-07-09T06:00")
    [row] = await sequencer.ask(Worklist())
    assert (row.kind, row.person, row.reason) == (
        "callback", "Ada Moss", "Asked on 2026-07-02 to be called back (after the survey).",
    )  # fmt: skip
    await complete(sequencer, "reached")
    await sequencer.at("2026-07-10T06:00")
    assert await sequencer.ask(Worklist()) == []  # what is left is as far apart as before
    await sequencer.at("2026-07-13T06:00")
    assert [(row.kind, row.step_no) for row in await sequencer.ask(Worklist())] == [("step", 2)]


async def test_an_enrollment_that_a_person_stops_ends_with_its_tasks(sequencer: Running) -> None:
    task = await a_task(sequencer)
    [running] = await sequencer.ask(Enrollments())
    with pytest.raises(AskFailed, match="enrollment"):
        await sequencer.ask(StopEnrollment(facility_id=CCN, seen=running.version + 5, actor="ann"))

    stopped = await sequencer.ask(StopEnrollment(facility_id=CCN, reason="worked by hand", actor="ann"))

    assert (stopped.status, stopped.reason, stopped.next_on) == ("stopped", "worked by hand", None)
    assert await sequencer.ask(Worklist()) == []
    [done] = await sequencer.published(TaskDone)
    assert (done.task_id, done.status, done.outcome) == (task.task_id, "canceled", "worked by hand")
    await sequencer.at("2026-07-06T06:00")
    assert await sequencer.ask(Worklist()) == []
    with pytest.raises(AskFailed, match="No enrollment"):
        await sequencer.ask(StopEnrollment(facility_id=CCN, actor="ann"))


async def take_back(sequencer: Running, task_id: str) -> RecordedTask:
    return await sequencer.ask(UndoTask(task_id=task_id, reason="wrong row", actor="ann"))


@pytest.mark.parametrize(
    "outcome, more",
    [
        ("reached", {}),
        ("interested", {}),
        ("callback", {"on": date(2026, 7, 9)}),
        ("wrong_number", {}),
        ("meeting", {}),
        ("not_interested", {"confirm_loss": True}),
    ],
)
async def test_a_touch_is_taken_back_with_all_that_followed(
    sequencer: Running, outcome: str, more: dict[str, Any]
) -> None:
    task = await a_task(sequencer)
    before = await sequencer.ask(Account(facility_id=CCN))

    await complete(sequencer, outcome, **more)
    undone = await take_back(sequencer, task.short_id)

    assert (undone.status, undone.outcome, undone.done_by) == ("due", None, None)
    [row] = await sequencer.ask(Worklist())
    assert (row.task_id, row.last) == (task.task_id, None)
    after = await sequencer.ask(Account(facility_id=CCN))
    assert after.last_contacted_on is None
    assert after.next_follow_up_on == before.next_follow_up_on
    assert [_state(lead) for lead in after.leads] == [_state(lead) for lead in before.leads]
    assert await sequencer.sql("SELECT * FROM lead_moves") == []
    assert "new" not in [e.stage for e in await sequencer.published(LeadMoved)]
    assert [(each.status, each.reason) for each in after.enrollments] == [("active", None)]
    assert [each.status for each in after.tasks if each.kind != "step"] in ([], ["canceled"])
    [done, reverse] = await sequencer.published(TouchLogged)
    assert (reverse.kind, reverse.reverses, reverse.rep, reverse.note) == (
        "undone", done.activity_id, "ann", "wrong row",
    )  # fmt: skip
    [reopened] = await sequencer.published(TaskReopened)
    assert (reopened.task_id, reopened.version) == (task.task_id, 3)


async def test_a_touch_without_a_task_is_logged_with_what_follows(sequencer: Running) -> None:
    task = await a_task(sequencer)
    command = LogTouch(facility_id=CCN, role="don", outcome="interested", note="called us", actor="ann")

    answer = await sequencer.ask(command)
    assert (await sequencer.ask(command)).task_id == answer.task_id

    assert (answer.kind, answer.status, answer.done_by, answer.title) == ("logged", "done", "ann", "wants to hear more")
    assert answer.followed[0] == "The enrollment in ny-snf-21-day ended."
    [touch] = await sequencer.published(TouchLogged)
    assert (touch.task_id, touch.persona, touch.outcome, touch.note) == (
        answer.task_id, "don", "interested", "called us",
    )  # fmt: skip
    assert [each.task_id for each in await sequencer.published(TaskDue)] == [task.task_id]
    account = await sequencer.ask(Account(facility_id=CCN))
    assert account.last_contacted_on == date(2026, 7, 2)
    assert [lead.stage for lead in account.leads] == ["contacted"]


@pytest.mark.parametrize("outcome", ["reached", "interested", "meeting"])
async def test_a_touch_that_was_logged_is_taken_back_and_leaves_no_task(sequencer: Running, outcome: str) -> None:
    task = await a_task(sequencer)
    before = await sequencer.ask(Account(facility_id=CCN))
    logged = await sequencer.ask(LogTouch(facility_id=CCN, outcome=outcome, actor="ann"))

    undone = await take_back(sequencer, str(logged.task_id))

    assert (undone.status, undone.version) == ("canceled", logged.version + 1)
    assert [row.task_id for row in await sequencer.ask(Worklist())] == [task.task_id]
    after = await sequencer.ask(Account(facility_id=CCN))
    assert (after.last_contacted_on, after.next_follow_up_on) == (None, before.next_follow_up_on)
    assert [_state(lead) for lead in after.leads] == [_state(lead) for lead in before.leads]
    [done, *_, canceled] = [e for e in await sequencer.published(TaskDone) if e.task_id == logged.task_id]
    assert (done.status, canceled.status, canceled.version) == ("done", "canceled", undone.version)
    with pytest.raises(AskFailed, match="no person can take that back"):
        await take_back(sequencer, str(logged.task_id))


@pytest.mark.parametrize(
    "fields, code",
    [
        ({"facility_id": "999999", "outcome": "reached"}, 404),
        ({"outcome": "nonsense"}, 422),
        ({"outcome": "reached", "role": "janitor"}, 422),
        ({"outcome": "callback"}, 422),
        ({"outcome": "reached", "on": date(2026, 7, 9)}, 422),
    ],
)
async def test_a_touch_is_not_logged_that_cannot_have_been(
    sequencer: Running, fields: dict[str, Any], code: int
) -> None:
    await a_task(sequencer)
    with pytest.raises(AskFailed) as refused:
        await sequencer.ask(LogTouch(**{"facility_id": CCN, "actor": "ann", **fields}))

    assert refused.value.code == code
    assert await sequencer.published(TouchLogged) == []


async def test_a_meeting_that_was_taken_back_by_itself_is_taken_back_with_its_touch(sequencer: Running) -> None:
    task = await a_task(sequencer)
    await complete(sequencer, "meeting")
    await sequencer.ask(UndoOutcome(facility_id=CCN, actor="ann"))
    [contacted] = (await sequencer.ask(Account(facility_id=CCN))).leads

    await take_back(sequencer, task.short_id)

    [lead] = (await sequencer.ask(Account(facility_id=CCN))).leads
    assert (contacted.stage, lead.stage) == ("contacted", "new")
    assert [each.task_id for each in await sequencer.ask(Worklist())] == [task.task_id]


@pytest.mark.parametrize("outcome, more", [("meeting", {}), ("not_interested", {"confirm_loss": True})])
async def test_a_touch_of_a_rep_who_left_since_is_taken_back_for_the_new_owner(
    sequencer: Running, outcome: str, more: dict[str, Any]
) -> None:
    task = await a_task(sequencer)
    await complete(sequencer, outcome, **more)
    other = {"rep-1": "rep-2", "rep-2": "rep-1"}[task.rep]
    await sequencer.ask(LeaveTeam(rep=task.rep, to=other, actor="ann"))

    undone = await take_back(sequencer, task.short_id)

    after = await sequencer.ask(Account(facility_id=CCN))
    assert (undone.status, undone.rep, after.owner) == ("due", other, other)
    assert [(each.status, each.owner) for each in after.enrollments] == [("active", other)]
    assert [(each.stage, each.owner, each.closed_on) for each in after.leads] == [("new", other, None)]


def _state(lead: LeadRow) -> tuple[object, ...]:
    return lead.stage, lead.closed_on, lead.owner


async def test_a_touch_that_was_taken_back_can_be_done_again(sequencer: Running) -> None:
    task = await a_task(sequencer)
    await complete(sequencer, "interested")
    await take_back(sequencer, task.short_id)

    await complete(sequencer, "interested")
    await sequencer.at("2026-07-06T06:00")

    [row] = await sequencer.ask(Worklist())
    assert (row.kind, row.version) == ("follow_up", 4)
    assert [e.kind for e in await sequencer.published(TouchLogged)] == ["done", "undone", "done"]


@pytest.mark.parametrize("outcome", ["sent", "bounced"])
async def test_the_last_letter_of_a_sequence_is_due_again_when_it_is_taken_back(
    sequencer: Running, outcome: str
) -> None:
    await a_task(sequencer)
    day = date(2026, 7, 2)
    while not (due := await sequencer.ask(Worklist())) or due[0].step_no < 9:
        for task in due:
            await complete(sequencer, "reached" if task.channel == "call" else "sent")
        day += timedelta(days=1)
        await sequencer.at(f"{day}T06:00")

    await complete(sequencer, outcome)
    undone = await take_back(sequencer, due[0].short_id)

    assert (undone.status, undone.outcome) == ("due", None)
    assert [task.task_id for task in await sequencer.ask(Worklist())] == [due[0].task_id]


async def test_a_touch_is_taken_back_on_its_day_only(sequencer: Running) -> None:
    task = await a_task(sequencer)
    with pytest.raises(AskFailed, match="It is due; nothing was done or skipped that could be taken back"):
        await take_back(sequencer, task.short_id)
    await sequencer.ask(SkipTask(task_id=task.short_id, reason="on leave", actor="ann"))
    await take_back(sequencer, task.short_id)
    await complete(sequencer, "reached")
    await sequencer.at("2026-07-03T06:00")

    with pytest.raises(AskFailed, match="It was done on 2026-07-02, and could be taken back on that day only"):
        await take_back(sequencer, task.short_id)


async def test_what_the_sequencer_ended_is_not_taken_back(sequencer: Running) -> None:
    task = await a_task(sequencer)
    await sequencer.ask("record_outcome", {"facility_id": CCN, "outcome": "lost", "reason": "small", "actor": "ann"})

    with pytest.raises(AskFailed, match="It was canceled by the sequencer"):
        await take_back(sequencer, task.short_id)


async def test_a_wrong_number_is_used_no_more_and_research_is_asked_for(sequencer: Running) -> None:
    task = await a_task(sequencer)

    answer = await complete(sequencer, "wrong_number")

    number = str(task.person_phone)
    assert answer.followed[0] == f"{number} is used no more."
    assert [e.has_direct_phone for e in await sequencer.published(ContactChanged)] == [True, False]
    await sequencer.at("2026-07-06T06:00")
    rows = await sequencer.ask(Worklist())
    [research] = [row for row in rows if row.channel == "research"]
    assert research.reason == f"Find Ada Moss's direct phone: {number} is wrong. Main number (518) 555-0100."
    row = ContactCells(**contact(CCN, direct_phone="518-555-0177", source_date="2026-07-05"))
    await sequencer.ask(ImportContacts(rows=[row], actor="ann"))
    found = [each for each in await sequencer.ask(Tasks()) if each.kind == "research"]
    assert [(each.status, each.outcome) for each in found] == [("done", "contact found")]


async def test_a_bounced_letter_needs_another_address(sequencer: Running) -> None:
    await a_task(sequencer)
    await complete(sequencer, "reached")
    await sequencer.at("2026-07-06T06:00")

    answer = await complete(sequencer, "bounced")

    assert answer.followed[0] == "ada@example.org is used no more."
    assert answer.followed[1] == "Research follows on 2026-07-07."


async def test_an_account_is_bookmarked_with_who_marked_it_and_why(sequencer: Running) -> None:
    await a_task(sequencer)
    mark = Bookmark(facility_id=CCN, reason="new owner", actor="ann")

    assert (await sequencer.ask(mark)).changed
    [row] = await sequencer.ask(Bookmarks())
    assert (row.facility_id, row.reason, row.marked_by, row.marked_on) == (CCN, "new owner", "ann", date(2026, 7, 2))
    assert (await sequencer.ask(Bookmark(facility_id=CCN, remove=True, actor="ann"))).changed
    assert await sequencer.ask(Bookmarks()) == []
    with pytest.raises(AskFailed, match="There is no account 335999"):
        await sequencer.ask(Bookmark(facility_id="335999", actor="ann"))
