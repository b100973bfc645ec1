"""Does the sequencer explain empty days, know its reps, and check the printed rank of a task?"""

from __future__ import annotations

import pytest

from shared.contracts.events import TaskDone
from shared.contracts.refusals import AskFailed
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, matched, scored

THURSDAY, FRIDAY, SATURDAY, MONDAY = "2026-07-02T06:00", "2026-07-03T06:00", "2026-07-04T06:00", "2026-07-06T06:00"


async def a_prospect(sequencer: Running, facility_id: str = "335001") -> None:
    await sequencer.ask("import_contacts", {"actor": "ann", "rows": [contact(facility_id, **CALLABLE)]})
    await sequencer.receive(listed(facility_id), scored(facility_id, 1), matched(facility_id))


async def why(sequencer: Running, rep: str | None = None) -> str:
    return str((await sequencer.ask("day", {"rep": rep}))["why"]["kind"])


async def test_an_empty_day_has_a_reason_from_the_first_import_to_the_weekend(sequencer: Running) -> None:
    assert await why(sequencer) == "no_facilities"
    await sequencer.receive(listed("335001"))
    assert await why(sequencer) == "no_prospects"
    await a_prospect(sequencer)
    await sequencer.at("2026-07-02T05:59")
    assert await why(sequencer) == "not_planned"

    await sequencer.at(THURSDAY)
    [task] = (await sequencer.ask("day"))["tasks"]
    idle = next(rep for rep in await sequencer.ask("reps") if rep != task["rep"])
    assert await why(sequencer, idle) == "no_accounts"
    await sequencer.ask("complete_task", {"task_id": task["task_id"], "outcome": "reached", "actor": "ann"})
    assert await why(sequencer, task["rep"]) == "all_done"

    await sequencer.at(FRIDAY)
    assert await why(sequencer) == "holiday"
    await sequencer.at(SATURDAY)
    assert await why(sequencer) == "weekend"


async def test_an_empty_day_states_the_next_one_with_tasks(sequencer: Running) -> None:
    await a_prospect(sequencer)
    await sequencer.at(THURSDAY)
    [task] = (await sequencer.ask("day"))["tasks"]
    await sequencer.ask("complete_task", {"task_id": task["task_id"], "outcome": "reached", "actor": "ann"})

    empty = await sequencer.ask("day")

    assert (empty["on"], empty["next_plan_on"]) == ("2026-07-02", "2026-07-06")
    await sequencer.at(f"{empty['next_on']}T06:00")
    assert len((await sequencer.ask("day"))["tasks"]) == 1


@pytest.mark.parametrize("question", ["worklist", "day"])
async def test_an_unknown_rep_is_an_error_that_names_the_known_ones(sequencer: Running, question: str) -> None:
    await sequencer.ask("add_rep", {"actor": "ann", "rep": "cleo", "name": "Cleo Elm"})

    with pytest.raises(AskFailed, match=r"There is no rep 'an'; the reps are cleo, rep-1, rep-2.") as refused:
        await sequencer.ask(question, {"rep": "an"})

    assert refused.value.code == 404


async def test_a_reps_tasks_keep_their_rank_among_all(sequencer: Running) -> None:
    for number in range(1, 5):
        await a_prospect(sequencer, f"33500{number}")
    await sequencer.at(THURSDAY)
    whole = {task["task_id"]: task["rank"] for task in await sequencer.ask("worklist")}

    for rep in ("rep-1", "rep-2"):
        own = await sequencer.ask("worklist", {"rep": rep})
        assert own
        assert all(task["rank"] == whole[task["task_id"]] for task in own)


async def test_a_rank_of_another_day_or_facility_records_nothing(sequencer: Running) -> None:
    await a_prospect(sequencer)
    await sequencer.at(THURSDAY)
    [task] = await sequencer.ask("worklist")
    command = {"task_id": task["task_id"], "actor": "ann"}
    reached = {**command, "outcome": "reached"}

    with pytest.raises(AskFailed, match="That worklist is of 2026-07-01; today is 2026-07-02"):
        await sequencer.ask(
            "complete_task",
            {**reached, "printed": {"on": "2026-07-01", "facility_id": task["facility_id"]}},
        )
    with pytest.raises(AskFailed, match="is at 335001 now, no longer at 335002"):
        await sequencer.ask(
            "skip_task", {**command, "reason": "on leave", "printed": {"on": "2026-07-02", "facility_id": "335002"}}
        )
    assert await sequencer.published(TaskDone) == []

    answers = [
        await sequencer.ask(
            "complete_task",
            {**reached, "printed": {"on": "2026-07-02", "facility_id": task["facility_id"]}},
        )
        for _ in range(2)
    ]
    assert [answer["changed"] for answer in answers] == [True, False]
    assert (answers[0]["person"], answers[0]["channel"]) == ("Ada Moss", "call")


async def test_an_account_states_until_when_it_rests_after_a_closing_letter(sequencer: Running) -> None:
    await a_prospect(sequencer)
    await sequencer.at(THURSDAY)
    assert (await sequencer.ask("account", {"facility_id": "335001"}))["rests_until"] is None

    await sequencer.sql(
        """
        UPDATE tasks SET status = 'done', done_on = due_on, channel = 'email', step_no = 9,
            person = '{"email": "ada@example.org"}'
        """
    )

    assert (await sequencer.ask("account", {"facility_id": "335001"}))["rests_until"] == "2026-09-10"
    assert (await sequencer.ask("show_lead", {"facility_id": "335001"}))["rests_until"] == "2026-09-10"
    await sequencer.at("2026-09-10T09:00")
    assert (await sequencer.ask("account", {"facility_id": "335001"}))["rests_until"] is None
