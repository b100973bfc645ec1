"""Does the plan keep its caps over the days, and does `capacity` show what it will do?"""

from __future__ import annotations

from datetime import date

from shared.contracts.events import EnrollmentStarted, TaskDue
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, scored

THURSDAY, MONDAY = "2026-07-02T06:00", "2026-07-06T06:00"


async def prospects(sequencer: Running, count: int, tier: int) -> None:
    """Prospects that can be reached, best first."""
    ids = [f"33{tier}{n:03}" for n in range(count)]
    rows = [contact(each, **CALLABLE | {"email": f"ada{each}@example.org"}) for each in ids]
    await sequencer.ask("import_contacts", {"actor": "ann", "rows": rows})
    await sequencer.receive(
        *map(listed, ids), *(scored(each, tier, f"{90 - n / 10:.1f}") for n, each in enumerate(ids))
    )


async def test_the_team_never_has_more_tasks_on_a_day_than_it_can_do(sequencer: Running) -> None:  # R43
    await prospects(sequencer, 40, 2)
    await prospects(sequencer, 12, 1)

    for day in (2, 6, 7, 8, 9, 10, 13, 14, 15):
        await sequencer.at(f"2026-07-{day:02}T06:00")
        tasks = await sequencer.ask("worklist")
        assert len(tasks) <= 15
        for task in tasks[: len(tasks) - day % 3]:
            await sequencer.ask(
                "complete_task", {"task_id": task["task_id"], "outcome": _outcome(task), "actor": "ann"}
            )


def _outcome(task: dict[str, str]) -> str:
    return "left_voicemail" if task["channel"] == "call" else "sent"


async def test_nothing_is_added_to_a_full_worklist_that_is_not_worked(sequencer: Running) -> None:
    await prospects(sequencer, 60, 2)
    for day in (2, 6, 7, 8, 9, 10, 13, 14):
        await sequencer.at(f"2026-07-{day:02}T06:00")

    assert len(await sequencer.ask("worklist")) <= 15
    started = len(await sequencer.published(EnrollmentStarted))
    await sequencer.at("2026-07-15T06:00")
    assert len(await sequencer.published(EnrollmentStarted)) == started


async def test_capacity_shows_what_the_next_plan_does(sequencer: Running) -> None:
    await prospects(sequencer, 8, 1)
    await sequencer.at(THURSDAY)

    plan = await sequencer.ask("capacity", {"touches": True})
    await sequencer.at(MONDAY)

    assert plan["days"][0]["on"] == "2026-07-06"
    due = [e for e in await sequencer.published(TaskDue) if e.due_on == date(2026, 7, 6)]
    assert plan["days"][0]["total"] == len(due)
    planned = {(t["facility_id"], t["step_no"]) for t in plan["touches"] if t["on"] == "2026-07-06"}
    assert planned == {(e.facility_id, e.step_no) for e in due}
    assert plan["counts"] == {"running": 4, "waiting": 4}
    assert {(each["reason"], each["starts_on"]) for each in plan["waiting"]} == {
        ("Waits for the next plan.", "2026-07-06")
    }
    assert plan["late"] == []


async def test_an_account_without_a_person_to_reach_is_blocked_before_its_first_plan_too(sequencer: Running) -> None:
    await sequencer.receive(listed("331000"), scored("331000", 1))
    await sequencer.at("2026-07-02T05:00")

    [account] = (await sequencer.ask("capacity"))["waiting"]

    assert (account["state"], account["reason"]) == (
        "blocked", "Needs a direct phone of the Administrator or a direct phone of the DON.",
    )  # fmt: skip


async def test_capacity_names_what_is_scarce(sequencer: Running) -> None:
    await sequencer.receive(listed("331000"), scored("331000", 1))
    await sequencer.at(THURSDAY)

    plan = await sequencer.ask("capacity")

    assert plan["scarce"] == ["1 wait for a contact at the gate"]
    [waiting] = plan["waiting"]
    assert (waiting["state"], waiting["reason"]) == (
        "blocked", "Needs a direct phone of the Administrator or a direct phone of the DON.",
    )  # fmt: skip
