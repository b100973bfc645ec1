"""What happens to the touches of a chain when one of its facilities is sold, in the running service?"""

from __future__ import annotations

from datetime import date

from shared.contracts.events import EnrollmentEnded, EnrollmentStarted, TaskChanged, TaskDone, TaskDue, TouchLogged
from shared.contracts.sequencer import Account, ContactCells, Enrollments, ImportContacts, Worklist
from shared.contracts.sequencer_enrollments import CoveredBy
from shared.contracts.sequencer_leads import ShowLead
from shared.contracts.sequencer_replies import WorklistTask
from shared.contracts.sequencer_touches import CompleteTask, UndoTask
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, scored

THURSDAY, MONDAY, TUESDAY, WEDNESDAY = (f"2026-07-{day}T06:00" for day in ("02", "06", "07", "08"))
KEY, SECOND, THIRD = "335001", "335002", "335003"
REGIONAL = {"chain": "MOSS CARE", "direct_phone": "212-555-0122", "email": "rex@moss.example"}


async def a_chain(sequencer: Running) -> WorklistTask:
    """Three facilities of a chain whose Regional contact is called today."""
    cells = [contact(None, "regional", "Rex Fern", **REGIONAL), contact(KEY, **CALLABLE)]
    await sequencer.ask(ImportContacts(rows=[ContactCells(**each) for each in cells], actor="ann"))
    scores = {KEY: "60.0", SECOND: "50.0", THIRD: "40.0"}
    await sequencer.receive(
        *(listed(each, chain="MOSS CARE") for each in scores),
        *(scored(each, 1, score) for each, score in scores.items()),
    )
    await sequencer.at(THURSDAY)
    [task] = await sequencer.ask(Worklist())
    return task


async def complete(sequencer: Running, task: WorklistTask) -> None:
    await sequencer.ask(CompleteTask(task_id=task.short_id, outcome="reached", actor="ann"))


async def test_a_touch_of_a_chain_is_the_last_contact_of_every_facility_that_it_covers(sequencer: Running) -> None:
    task = await a_chain(sequencer)

    await complete(sequencer, task)
    touched = [(await sequencer.ask(Account(facility_id=each))).last_contacted_on for each in (KEY, SECOND, THIRD)]
    await sequencer.ask(UndoTask(task_id=task.short_id, actor="ann"))
    undone = [(await sequencer.ask(Account(facility_id=each))).last_contacted_on for each in (KEY, SECOND, THIRD)]

    assert touched == [date(2026, 7, 2)] * 3
    assert undone == [None] * 3
    for member, where in ((KEY, ""), (SECOND, f" (with its chain, at {KEY})")):
        story = (await sequencer.ask(ShowLead(facility_id=member))).story
        touches = [each.text.partition(":")[0] for each in story if each.kind == "touch"]
        assert touches == [f"call to regional {kind}{where}" for kind in ("done", "undone")], "in one moment"


async def test_the_events_of_the_key_facility_are_found_for_every_facility_that_they_are_about(
    sequencer: Running,
) -> None:
    await complete(sequencer, await a_chain(sequencer))
    await sequencer.receive(listed(THIRD, 2, chain=None))

    [logged] = await sequencer.published(TouchLogged)
    assert logged.reached == (KEY, SECOND, THIRD)
    assert [await sequencer.ask(CoveredBy(facility_id=each)) for each in (KEY, SECOND, THIRD)] == [[], [KEY], [KEY]]


async def test_a_facility_that_is_sold_is_touched_through_its_old_chain_never_again(sequencer: Running) -> None:  # K26
    task = await a_chain(sequencer)

    await sequencer.receive(listed(KEY, 2, chain="ROSE GROUP"))
    assert await sequencer.ask(Worklist()) == []
    [skipped] = await sequencer.published(TaskDone)
    await sequencer.at(MONDAY)
    await sequencer.at(TUESDAY)

    assert (skipped.task_id, skipped.status, skipped.done_on) == (task.task_id, "skipped", date(2026, 7, 2))
    assert skipped.outcome == f"{KEY} left MOSS CARE: it belongs to ROSE GROUP now."
    active = {
        (each.chain, each.version): (each.facility_id, each.covers)
        for each in await sequencer.published(EnrollmentStarted)
    }
    assert active == {
        ("MOSS CARE", 1): (KEY, (KEY, SECOND, THIRD)),
        ("MOSS CARE", 2): (KEY, (SECOND, THIRD)),
        ("MOSS CARE", 3): (SECOND, (SECOND, THIRD)),
        (None, 1): (KEY, (KEY,)),
    }
    due = [(each.facility_id, each.person and each.person.name) for each in await sequencer.published(TaskDue)]
    assert due == [(KEY, "Rex Fern"), (KEY, "Ada Moss"), (SECOND, "Rex Fern")]
    running = {each.facility_id: each.covers for each in await sequencer.ask(Enrollments()) if each.status == "active"}
    assert running == {KEY: [KEY], SECOND: [SECOND, THIRD]}


async def test_a_member_that_is_sold_is_in_the_open_letter_no_more(sequencer: Running) -> None:
    await a_chain(sequencer)

    await sequencer.receive(listed(THIRD, 2, chain=None))

    [changed] = await sequencer.published(TaskChanged)
    assert (changed.covers, changed.version) == ((KEY, SECOND), 2)
    assert [(each.name, each.city) for each in changed.of_chain] == [
        (f"Home {each}", "Albany") for each in (KEY, SECOND)
    ]
    [task] = await sequencer.ask(Worklist())
    assert task.covers == [KEY, SECOND]
    assert not await sequencer.published(TaskDone)


async def test_a_touch_at_a_facility_that_was_sold_since_is_not_due_again_when_it_is_taken_back(
    sequencer: Running,
) -> None:
    task = await a_chain(sequencer)
    await complete(sequencer, task)
    await sequencer.receive(listed(KEY, 2, chain="ROSE GROUP"))

    undone = await sequencer.ask(UndoTask(task_id=task.short_id, actor="ann"))

    assert (undone.status, undone.outcome) == ("skipped", f"{KEY} left MOSS CARE: it belongs to ROSE GROUP now.")
    assert await sequencer.ask(Worklist()) == []


async def test_a_chain_without_facilities_has_no_enrollment(sequencer: Running) -> None:
    await a_chain(sequencer)

    await sequencer.receive(*(listed(each, 2, chain="ROSE GROUP") for each in (KEY, SECOND, THIRD)))

    [ended] = await sequencer.published(EnrollmentEnded)
    assert (ended.reason, ended.ended_on) == ("No facility of MOSS CARE is left.", date(2026, 7, 2))
