"""Does a change of the team change the work at once, in the running service?"""

from __future__ import annotations

from datetime import date, time

import pytest

from shared.contracts.events import AccountMoved, EnrollmentStarted, RepAway, RepBack, RepChanged, TaskChanged, TaskDue
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import ContactCells, Day, ImportContacts, Tasks, Worklist
from shared.contracts.sequencer_reps import (
    AddRep,
    ChangeRep,
    EndLeave,
    LeaveTeam,
    Owned,
    RecordLeave,
    ShareAccounts,
    ShowRep,
    Team,
)
from shared.contracts.sequencer_touches import CompleteTask, UndoTask
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, matched, scored

THURSDAY, MONDAY, WEDNESDAY = "2026-07-02T06:00", "2026-07-06T06:00", "2026-07-08T06:00"
CCNS = ("335001", "335002")


async def a_day_of_work(sequencer: Running) -> None:
    """An account of each rep, each with a task."""
    rows = [ContactCells(**contact(each, name=f"Ada {each}", **CALLABLE)) for each in CCNS]
    await sequencer.ask(ImportContacts(rows=rows, actor="ann"))
    await sequencer.receive(*(kind for each in CCNS for kind in (listed(each), scored(each, 1), matched(each))))
    await sequencer.at(THURSDAY)


async def reps_of_tasks(sequencer: Running) -> dict[str, tuple[str, date]]:
    return {each.facility_id: (each.rep, each.due_on) for each in await sequencer.ask(Tasks()) if each.status == "due"}


async def test_a_new_deployment_begins_with_the_reps_of_the_environment(sequencer: Running) -> None:
    assert [(each.rep, each.name, each.doer) for each in await sequencer.ask(Team())] == [
        ("rep-1", "rep-1", "rep-1"), ("rep-2", "rep-2", "rep-2"),
    ]  # fmt: skip
    assert [(each.rep, each.version) for each in await sequencer.published(RepChanged)] == [("rep-1", 1), ("rep-2", 1)]


async def test_a_rep_joins_changes_and_is_published_each_time(sequencer: Running) -> None:
    await sequencer.ask(AddRep(rep="cleo", name="Cleo Fern", phone="518-555-0142", actor="ann"))
    same = await sequencer.ask(ChangeRep(rep="cleo", phone="(518) 555-0142", actor="ann"))
    changed = await sequencer.ask(ChangeRep(rep="cleo", email="Cleo@Example.com", phone="", seen=1, actor="ann"))

    assert (same.version, same.phone, same.joined_on) == (1, "(518) 555-0142", date(2026, 7, 1))
    assert (changed.version, changed.email, changed.phone) == (2, "cleo@example.com", None)
    assert [each.version for each in await sequencer.published(RepChanged) if each.rep == "cleo"] == [1, 2]
    with pytest.raises(AskFailed, match="changed since version 1"):
        await sequencer.ask(ChangeRep(rep="cleo", name="Cleo", seen=1, actor="ann"))


@pytest.mark.parametrize(
    "request_, problem",
    [
        (AddRep(rep="rep-1", name="Ann", actor="ann"), "There is a rep rep-1 already"),
        (ChangeRep(rep="rep-3", name="Ann", actor="ann"), "There is no rep 'rep-3'; the reps are rep-1, rep-2"),
        (ChangeRep(rep="rep-1", email="ann", actor="ann"), "'ann' is not an e-mail address"),
        (ChangeRep(rep="rep-1", phone="12", actor="ann"), "'12' is not a telephone number"),
        (ChangeRep(rep="rep-1", from_hour=time(18), actor="ann"), "begin before they end"),
        (RecordLeave(rep="rep-1", to_on=date(2026, 7, 3), cover="rep-1", actor="ann"), "rep-1 cannot cover for rep-1"),
        (RecordLeave(rep="rep-1", to_on=date(2026, 7, 3), cover="dora", actor="ann"), "There is no rep 'dora'"),
        (RecordLeave(rep="rep-1", to_on=date(2026, 6, 30), actor="ann"), "has no day left"),
        (EndLeave(rep="rep-1", actor="ann"), "rep-1 is not away"),
        (ShowRep(rep="dora"), "There is no rep 'dora'"),
    ],
    ids=lambda each: each if isinstance(each, str) else type(each).__name__,
)
async def test_a_mistake_about_a_rep_is_refused_in_a_sentence(
    sequencer: Running, request_: AddRep, problem: str
) -> None:
    with pytest.raises(AskFailed, match=problem):
        await sequencer.ask(request_)


async def test_the_tasks_of_a_rep_who_is_away_are_the_covers_at_once_and_come_back(sequencer: Running) -> None:
    await a_day_of_work(sequencer)
    before = await reps_of_tasks(sequencer)

    away = await sequencer.ask(RecordLeave(rep="rep-1", to_on=date(2026, 7, 7), cover="rep-2", actor="ann"))
    covered = await sequencer.ask(Worklist(rep="rep-2"))

    assert sorted(rep for rep, _ in before.values()) == ["rep-1", "rep-2"]
    assert [(each.rep, each.due_on) for each in away.tasks] == [("rep-2", date(2026, 7, 2))]
    assert sorted(each.absent or "" for each in covered) == ["", "rep-1"]
    assert await sequencer.ask(Worklist(rep="rep-1")) == []
    empty = await sequencer.ask(Day(rep="rep-1"))
    assert empty.why
    assert empty.why.text == "rep-1 is away until 2026-07-07; rep-2 does the tasks."
    assert empty.next_plan_on == date(2026, 7, 8)
    assert empty.business_days == [date(2026, 7, day) for day in (6, 7, 8, 9, 10)]

    await sequencer.at(WEDNESDAY)
    assert {key: rep for key, (rep, _) in (await reps_of_tasks(sequencer)).items()} == {
        key: rep for key, (rep, _) in before.items()
    }
    assert [(each.rep, each.version) for each in await sequencer.published(TaskChanged)] == [("rep-2", 2), ("rep-1", 3)]
    assert [(each.rep, each.to_on, each.cover) for each in await sequencer.published(RepAway)] == [
        ("rep-1", date(2026, 7, 7), "rep-2")
    ]


async def test_without_a_cover_the_tasks_wait_and_a_return_brings_them_forward(sequencer: Running) -> None:
    await a_day_of_work(sequencer)

    away = await sequencer.ask(RecordLeave(rep="rep-1", to_on=date(2026, 7, 10), actor="ann"))
    await sequencer.at(MONDAY)
    meanwhile = await sequencer.ask(Worklist())
    empty = await sequencer.ask(Day(rep="rep-1"))
    assert (empty.next_on, empty.next_plan_on) == (date(2026, 7, 13), date(2026, 7, 13))
    back = await sequencer.ask(EndLeave(rep="rep-1", actor="ann"))

    assert [(each.rep, each.due_on) for each in away.tasks] == [("rep-1", date(2026, 7, 13))]
    assert away.waits == {"rep-1": [date(2026, 7, day) for day in (2, 6, 7, 8, 9, 10)]}
    assert {each.rep for each in meanwhile} == {"rep-2"}
    assert [(each.rep, each.due_on) for each in back.tasks] == [("rep-1", date(2026, 7, 6))]
    assert [(each.to_on, each.version) for each in await sequencer.published(RepBack)] == [(date(2026, 7, 5), 2)]


async def test_a_step_whose_day_came_during_the_leave_is_due_on_the_day_of_the_return(sequencer: Running) -> None:
    await a_day_of_work(sequencer)
    [task] = await sequencer.ask(Worklist(rep="rep-1"))
    await sequencer.ask(CompleteTask(task_id=task.short_id, outcome="reached", actor="ann"))
    leave = RecordLeave(rep="rep-1", from_on=date(2026, 7, 6), to_on=date(2026, 7, 10), actor="ann")
    await sequencer.ask(leave)
    await sequencer.at(MONDAY)
    await sequencer.at(WEDNESDAY)
    assert await sequencer.ask(Worklist(rep="rep-1")) == []

    back = await sequencer.ask(EndLeave(rep="rep-1", actor="ann"))

    [following] = await sequencer.ask(Worklist(rep="rep-1"))
    assert (following.facility_id, following.due_on) == (task.facility_id, date(2026, 7, 8))
    assert [each.task_id for each in back.tasks] == [following.task_id]


async def test_a_leave_that_began_may_be_recorded_with_a_cover_who_joined_since(sequencer: Running) -> None:
    await a_day_of_work(sequencer)
    await sequencer.ask(AddRep(rep="cleo", name="Cleo Fern", actor="ann"))

    away = await sequencer.ask(
        RecordLeave(rep="rep-1", from_on=date(2026, 6, 29), to_on=date(2026, 7, 3), cover="cleo", actor="ann")
    )

    assert [each.rep for each in away.tasks] == ["cleo"]


async def test_a_leave_may_be_changed_and_two_leaves_do_not_overlap(sequencer: Running) -> None:
    first = RecordLeave(rep="rep-1", from_on=date(2026, 8, 3), to_on=date(2026, 8, 7), actor="ann")
    await sequencer.ask(first)
    changed = await sequencer.ask(
        RecordLeave(rep="rep-1", from_on=date(2026, 8, 3), to_on=date(2026, 8, 14), cover="rep-2", actor="ann")
    )

    with pytest.raises(AskFailed, match="away from 2026-08-03 to 2026-08-14 already"):
        await sequencer.ask(RecordLeave(rep="rep-1", to_on=date(2026, 8, 4), actor="ann"))
    clash = await sequencer.ask(
        RecordLeave(rep="rep-2", from_on=date(2026, 8, 14), to_on=date(2026, 8, 17), cover="rep-1", actor="ann")
    )
    taken_back = await sequencer.ask(EndLeave(rep="rep-1", actor="ann"))

    assert (changed.leave.version, changed.waits) == (2, {})
    assert clash.waits == {"rep-1": [date(2026, 8, 14)], "rep-2": [date(2026, 8, 14)]}
    assert (taken_back.leave.to_on, taken_back.leave.version) == (date(2026, 8, 2), 3)
    details = await sequencer.ask(ShowRep(rep="rep-1"))
    assert (details.leaves, details.leave, details.doer) == ([], None, "rep-1")


async def test_a_leave_that_is_called_off_before_it_begins_plans_nothing_for_today(sequencer: Running) -> None:
    ids = [f"33500{n}" for n in range(1, 9)]
    await sequencer.receive(*(kind for each in ids for kind in (listed(each), scored(each, 1))))
    await sequencer.at(THURSDAY)
    [first, *others] = await sequencer.ask(Worklist())  # research, of which there is only so much a day
    await sequencer.ask(CompleteTask(task_id=first.short_id, outcome="not_found", actor="ann"))
    await sequencer.ask(RecordLeave(rep=first.rep, from_on=date(2026, 8, 3), to_on=date(2026, 8, 7), actor="ann"))

    called_off = await sequencer.ask(EndLeave(rep=first.rep, actor="ann"))

    assert called_off.tasks == []
    assert [each.task_id for each in await sequencer.ask(Worklist())] == [each.task_id for each in others]


async def test_what_is_signed_has_the_name_address_and_number_of_the_rep(sequencer: Running) -> None:
    await sequencer.ask(ChangeRep(rep="rep-1", name="Ann Lee", actor="ann"))
    await a_day_of_work(sequencer)
    await sequencer.ask(ChangeRep(rep="rep-1", phone="518-555-0142", actor="ann"))
    await sequencer.ask(ChangeRep(rep="rep-1", from_hour=time(8), actor="ann"))

    due = {each.rep: each.sender for each in await sequencer.published(TaskDue)}
    changed = await sequencer.published(TaskChanged)

    assert {rep: sender and sender.name for rep, sender in due.items()} == {"rep-1": "Ann Lee", "rep-2": "rep-2"}
    assert [(each.rep, each.version, each.sender and each.sender.phone) for each in changed] == [
        ("rep-1", 2, "(518) 555-0142")
    ]
    [task] = await sequencer.ask(Worklist(rep="rep-1"))
    await sequencer.ask(CompleteTask(task_id=task.short_id, outcome="reached", seen=2, actor="ann"))


async def test_a_rep_who_leaves_hands_over_in_one_transaction_and_gets_nothing_new(sequencer: Running) -> None:
    await a_day_of_work(sequencer)
    with pytest.raises(AskFailed, match="rep-1 still owns 1 accounts, 1 open leads, 1 open enrollments and 1 open tas"):
        await sequencer.ask(LeaveTeam(rep="rep-1", actor="ann"))

    left = await sequencer.ask(LeaveTeam(rep="rep-1", to="rep-2", actor="ann"))
    again = [ContactCells(**contact(each, name=f"Ada {each}", **CALLABLE)) for each in ("335003", "335004")]
    await sequencer.ask(ImportContacts(rows=again, actor="ann"))
    await sequencer.receive(*(kind for each in ("335003", "335004") for kind in (listed(each), scored(each, 1))))
    await sequencer.at(MONDAY)

    assert left.to == {"rep-2": Owned(accounts=1, leads=1, enrollments=1, tasks=1)}
    assert (left.rep.left_on, left.rep.version) == (date(2026, 7, 2), 2)
    details = await sequencer.ask(ShowRep(rep="rep-1"))
    assert (details.owned, details.doer) == (Owned(accounts=0, leads=0, enrollments=0, tasks=0), None)
    assert (await sequencer.ask(ShowRep(rep="rep-2"))).owned.accounts == 4
    assert {each.rep for each in await sequencer.ask(Worklist())} == {"rep-2"}
    moved = [(each.owner, each.version) for each in await sequencer.published(AccountMoved)]
    assert moved == [("rep-1", 1), ("rep-2", 1), ("rep-2", 2), ("rep-2", 1), ("rep-2", 1)]
    started = [each.owner for each in await sequencer.published(EnrollmentStarted)][:3]
    assert (started, [each.rep for each in await sequencer.published(TaskChanged)]) == (
        ["rep-1", "rep-2", "rep-2"], ["rep-2"],
    )  # fmt: skip


async def test_a_rep_who_joins_may_get_a_share_of_the_accounts_that_are_not_worked(sequencer: Running) -> None:
    ids = [f"33501{n}" for n in range(6)]
    await sequencer.receive(*(kind for each in ids for kind in (listed(each), scored(each, 2))))
    await sequencer.at("2026-07-04T06:00")
    await sequencer.ask(AddRep(rep="cleo", name="Cleo Fern", actor="ann"))

    shared = await sequencer.ask(ShareAccounts(rep="cleo", actor="ann"))

    assert shared.accounts == {"rep-1": 1, "rep-2": 1}
    assert [each.owner for each in await sequencer.published(AccountMoved)][-2:] == ["cleo", "cleo"]
    assert (await sequencer.ask(ShowRep(rep="cleo"))).owned.accounts == 2


async def test_the_team_takes_over_from_a_rep_who_leaves_and_may_come_back(sequencer: Running) -> None:
    await a_day_of_work(sequencer)
    await sequencer.ask(AddRep(rep="cleo", name="Cleo Fern", actor="ann"))
    await sequencer.ask(RecordLeave(rep="cleo", to_on=date(2026, 7, 3), cover="rep-1", actor="ann"))

    left = await sequencer.ask(LeaveTeam(rep="rep-1", spread=True, actor="ann"))
    back = await sequencer.ask(AddRep(rep="rep-1", name="Ann Lee", actor="ann"))

    assert left.to == {"cleo": Owned(accounts=1, leads=1, enrollments=1, tasks=1)}
    assert left.not_covered == ["cleo"]
    assert [(each.rep, each.absent, each.due_on) for each in await sequencer.ask(Worklist())] == [
        ("rep-2", None, date(2026, 7, 2))
    ]
    assert (back.name, back.left_on, back.version) == ("Ann Lee", None, 3)


async def test_a_rep_who_left_during_a_leave_is_at_work_after_joining_again(sequencer: Running) -> None:
    await sequencer.ask(RecordLeave(rep="rep-1", to_on=date(2026, 7, 10), cover="rep-2", actor="ann"))
    await sequencer.ask(RecordLeave(rep="rep-1", from_on=date(2026, 8, 3), to_on=date(2026, 8, 7), actor="ann"))
    await sequencer.ask(LeaveTeam(rep="rep-1", actor="ann"))

    back = await sequencer.ask(AddRep(rep="rep-1", name="Ann Lee", actor="ann"))

    assert (back.doer, back.leave) == ("rep-1", None)
    ended = [(each.from_on, each.to_on, each.version) for each in await sequencer.published(RepBack)]
    assert ended == [(date(2026, 7, 1), date(2026, 6, 30), 2), (date(2026, 8, 3), date(2026, 8, 2), 2)]


async def test_what_is_taken_back_for_a_rep_who_is_away_since_then_is_the_covers(sequencer: Running) -> None:
    await a_day_of_work(sequencer)
    [task] = await sequencer.ask(Worklist(rep="rep-1"))
    await sequencer.ask(CompleteTask(task_id=task.short_id, outcome="interested", actor="ann"))
    await sequencer.ask(RecordLeave(rep="rep-1", to_on=date(2026, 7, 10), cover="rep-2", actor="ann"))

    undone = await sequencer.ask(UndoTask(task_id=task.short_id, actor="ann"))

    assert (undone.rep, undone.status) == ("rep-2", "due")


@pytest.mark.parametrize(
    "to, spread, problem",
    [
        ("rep-1", False, "rep-1 cannot take over from rep-1"),
        ("dora", False, "There is no rep 'dora'"),
        ("rep-2", True, "give `to` or `spread`, not both"),
    ],
)
async def test_a_mistake_about_a_hand_over_is_refused(sequencer: Running, to: str, spread: bool, problem: str) -> None:
    await a_day_of_work(sequencer)

    with pytest.raises(AskFailed, match=problem):
        await sequencer.ask("leave_team", {"rep": "rep-1", "to": to, "spread": spread, "actor": "ann"})

    assert (await sequencer.ask(ShowRep(rep="rep-1"))).left_on is None
