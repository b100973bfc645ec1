"""Is everything as before, after an outcome was taken back on the same day?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared.contracts.events import (
    EnrollmentStarted,
    LeadChanged,
    LeadOutcomeUndone,
    LeadWon,
    SuppressionChanged,
    TaskDue,
    TaskReopened,
)
from shared.contracts.refusals import AskFailed
from shared.contracts.scorer import EvaluateOutcomes
from shared.contracts.sequencer import Account
from shared.contracts.sequencer_leads import AddNote
from tests.integration.test_outcomes import CCN, MONDAY, THURSDAY, outcome, rated, record, worked
from tests.support.running import Running
from tests.support.sequencing import contact, listed, scored

STATE = {
    "leads": "lead_id, stage, phase, stage_since, stage_by, owner, closed_on, closed_reason, engaged_until",
    "accounts": "facility_id, status, owner, next_follow_up_on, last_contacted_on",
    "enrollments": "enrollment_id, status, covers, ended_on, reason",
    "tasks": "task_id, status, outcome, done_by, done_on, due_on, rep, person",
    "lead_moves": "lead_id, version, to_stage",
}


async def state(sequencer: Running) -> dict[str, list[dict[str, Any]]]:
    """All that an outcome changes, without versions."""
    return {
        table: await sequencer.sql(f"SELECT {columns} FROM {table} ORDER BY {columns}")
        for table, columns in STATE.items()
    }


async def undo(sequencer: Running, facility_id: str = CCN) -> dict[str, Any]:
    undone: dict[str, Any] = await sequencer.ask("undo_outcome", {"facility_id": facility_id, "actor": "bob"})
    return undone


@pytest.mark.parametrize(
    "kind, reason", [("meeting", None), ("won", None), ("lost", "too dear"), ("lost", "do not contact us")]
)
async def test_taking_an_outcome_back_restores_lead_account_enrollment_and_tasks(
    sequencer: Running, kind: str, reason: str | None
) -> None:
    await worked(sequencer)
    before = await state(sequencer)
    await record(sequencer, kind, reason)
    assert await state(sequencer) != before

    undone = await undo(sequencer)

    assert await state(sequencer) == before
    assert (undone["outcome"], undone["stage"], undone["due"], undone["not_contacted"]) == (kind, "new", 1, [])
    assert len(await sequencer.ask("worklist", {})) == 1
    [event] = await sequencer.published(LeadOutcomeUndone)
    assert (event.outcome, event.decided_by, event.undone_by) == (kind, "ann", "bob")


async def test_what_is_as_before_is_published_with_higher_versions(sequencer: Running) -> None:
    await worked(sequencer)
    await record(sequencer, "won")

    await undo(sequencer)

    [due], [again] = await sequencer.published(TaskDue), await sequencer.published(TaskReopened)
    assert (due.task_id, due.version, again.version) == (again.task_id, 1, 3)
    assert len(await sequencer.published(EnrollmentStarted)) == 2
    [lead] = await sequencer.published(LeadChanged)
    [won], [undone] = await sequencer.published(LeadWon), await sequencer.published(LeadOutcomeUndone)
    assert (lead.stage, lead.closed_on, lead.version) == ("new", None, 3)
    assert (won.lead_id, won.version) == (undone.lead_id, undone.version)


async def test_only_the_suppression_that_the_loss_made_is_lifted(sequencer: Running) -> None:
    await worked(sequencer)
    await sequencer.ask(
        "stop_contact", {"facility": CCN, "channels": ["linkedin"], "reason": "asked us to", "actor": "ann"}
    )
    await record(sequencer, "lost", "do not call")

    undone = await undo(sequencer)

    assert undone["not_contacted"] == ["linkedin"]
    assert [e.channels for e in await sequencer.published(SuppressionChanged)][-1] == ("linkedin",)


async def test_a_person_who_must_not_be_contacted_since_gets_no_task_again(sequencer: Running) -> None:
    await worked(sequencer)
    await record(sequencer, "won")
    await sequencer.ask("stop_contact", {"facility": CCN, "reason": "asked us to", "actor": "ann"})

    await undo(sequencer)

    assert await sequencer.ask("worklist", {}) == []
    assert [each["status"] for each in await sequencer.sql("SELECT status FROM enrollments")] == ["stopped"]


async def test_several_outcomes_are_taken_back_from_the_last_to_the_first(sequencer: Running) -> None:
    await worked(sequencer)
    before = await state(sequencer)
    await record(sequencer, "meeting")
    await record(sequencer, "won")

    assert [(await undo(sequencer))["outcome"], (await undo(sequencer))["outcome"]] == ["won", "meeting"]

    assert await state(sequencer) == before
    with pytest.raises(AskFailed, match="there is nothing to take back"):
        await undo(sequencer)


async def test_an_outcome_that_was_taken_back_can_be_recorded_again(sequencer: Running) -> None:
    await worked(sequencer)
    await record(sequencer, "won")
    await undo(sequencer)

    assert (await record(sequencer, "won"))["changed"]
    assert [e.version for e in await sequencer.published(LeadWon)] == [2, 4]


async def test_an_outcome_of_an_earlier_day_cannot_be_taken_back(sequencer: Running) -> None:
    await worked(sequencer)
    await record(sequencer, "won")
    await sequencer.at(MONDAY)

    with pytest.raises(AskFailed, match="was recorded on 2026-07-02, and could be taken back on that day only"):
        await undo(sequencer)


async def test_a_win_that_was_taken_back_leaves_no_upsell_lead(sequencer: Running) -> None:
    await worked(sequencer)
    await sequencer.at("2026-07-06T02:00")
    await record(sequencer, "won")
    await sequencer.at(MONDAY)
    assert len(await sequencer.ask("leads", {})) == 2

    await undo(sequencer)

    found = {lead["lead_source"]: lead["closed_reason"] for lead in await sequencer.ask("leads", {})}
    assert found == {"signal": None, "upsell": "is not a client"}
    assert len(await sequencer.ask("worklist", {})) == 1


async def test_what_a_list_and_a_note_state_after_a_win_stays_when_it_is_taken_back(sequencer: Running) -> None:
    await worked(sequencer)
    await record(sequencer, "won")
    rows = [{"line": 2, "facility_id": CCN, "owner": "rep-1"}]
    await sequencer.ask("import_accounts", {"actor": "ann", "status": "client", "rows": rows})
    await sequencer.ask(AddNote(facility_id=CCN, text="Kick-off", next_follow_up_on=date(2026, 8, 3), actor="ann"))

    await undo(sequencer)

    account = await sequencer.ask(Account(facility_id=CCN))
    assert (account.status, account.next_follow_up_on) == ("active", date(2026, 8, 3))
    assert [lead.closed_reason for lead in account.leads if lead.lead_source != "upsell"] == ["became an active client"]
    assert [each.status for each in account.enrollments] == ["stopped"]


async def test_the_enrollment_of_a_chain_covers_its_member_again(sequencer: Running) -> None:
    members = [CCN, "335002"]
    await sequencer.ask(
        "import_contacts",
        {"actor": "ann", "rows": [contact(None, "regional", chain="MOSS", direct_phone="518-555-0111")]},
    )
    await sequencer.receive(*(listed(each, chain="MOSS") for each in members))
    await sequencer.receive(*(scored(each, 1, score) for each, score in zip(members, ("50", "40"), strict=True)))
    await sequencer.at(THURSDAY)
    before = await state(sequencer)
    await record(sequencer, "won", facility_id="335002")
    [narrowed] = await sequencer.sql("SELECT covers FROM enrollments")

    await undo(sequencer, "335002")

    assert narrowed["covers"] == [CCN]
    assert await state(sequencer) == before


async def test_an_outcome_that_was_taken_back_does_not_count_in_the_feedback(scorer: Running) -> None:
    await scorer.receive(*rated(CCN, "1"), *rated("335002", "1"))
    await scorer.at("2026-07-05T08:00")
    won = outcome(LeadWon, CCN)
    undone = LeadOutcomeUndone.model_validate(
        won.model_dump() | {"outcome": "won", "undone_by": "bob", "undone_on": "2026-07-09"}
    )
    # The event may arrive before that of the outcome.
    await scorer.receive(undone, won, outcome(LeadWon, "335002"))

    assert (await scorer.ask(EvaluateOutcomes(good=("won",), at_least=1))).decided == 1
