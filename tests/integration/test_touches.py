"""What happens when a person records a touch with its outcome?"""

from __future__ import annotations

import pytest

from shared.contracts.events import EnrollmentEnded, LeadLost, LeadMet, TaskDone, TaskDue
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import Enrollments, Tasks, Worklist
from shared.contracts.sequencer_touches import CompleteTask, EndedTask
from tests.integration.test_sequencer_commands import CCN, a_task
from tests.support.running import Running


async def complete(sequencer: Running, outcome: str | None, **more: object) -> EndedTask:
    """Complete the one task of the day."""
    [task] = await sequencer.ask(Worklist())
    command = CompleteTask(task_id=task.short_id, outcome=outcome, actor="ann", **more)  # type: ignore[arg-type]
    return await sequencer.ask(command)


async def test_interest_stops_the_sequence_and_is_followed_up_by_the_rep(sequencer: Running) -> None:
    task = await a_task(sequencer)

    answer = await complete(sequencer, "interested", note="two open seats")
    assert answer.followed[0] == "The enrollment in ny-snf-21-day ended."
    assert answer.followed[1].startswith("A call follows on 2026-07-06 [")

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

    assert answer.followed[0] == f"Meeting is recorded for the signal lead of {CCN}; its sequence ends."
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
