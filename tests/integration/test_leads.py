"""Do people move, fill in, re-open and note leads, and is a win all or nothing?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import pytest

from services.sequencer.usecases.outcomes import record_outcome
from shared.contracts.events import (
    EnrollmentEnded,
    LeadChanged,
    LeadMoved,
    LeadRaised,
    LeadReopened,
    LeadWon,
    NoteAdded,
)
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer_leads import (
    AddNote,
    FillIntake,
    Leads,
    MoveLead,
    RecordOutcome,
    ReopenLead,
    ShowLead,
    StateAmount,
)
from shared.storage.database import DatabaseUnavailable, Tx
from tests.integration.test_outcomes import CCN, MONDAY, OTHER, THURSDAY, TUESDAY, record, worked
from tests.integration.test_taking_back_outcomes import state
from tests.support.running import Running
from tests.support.sequencing import listed, matched, scored

R = TypeVar("R")

FORM = {
    "beds": "120",
    "payer_mix": "60% Medicaid",
    "mds_staff": "1.5",
    "mds_backlog": "14",
    "software": "X",
    "decision_maker": "Ada Moss",
    "start_on": "2026-09-01",
}


async def test_a_lead_is_qualified_once_its_intake_form_is_complete_r50(sequencer: Running) -> None:
    await worked(sequencer)
    with pytest.raises(AskFailed, match="cannot enter Qualified: the intake form is incomplete: Certified beds, Payer"):
        await sequencer.ask(MoveLead(facility_id=CCN, stage="qualified", actor="ann"))

    half = await sequencer.ask(FillIntake(facility_id=CCN, values={"beds": "1,120"}, actor="ann"))
    with pytest.raises(AskFailed, match="is not a whole number"):
        await sequencer.ask(MoveLead(facility_id=CCN, stage="qualified", values=FORM | {"beds": "many"}, actor="ann"))
    moved = await sequencer.ask(
        MoveLead(facility_id=CCN, stage="Qualified", reason="wants a quote", values=FORM, actor="ann")
    )

    assert (half.intake, len(half.missing)) == ({"beds": "1120"}, 6)
    assert (moved.stage, moved.left, moved.phase, moved.probability, moved.missing, moved.ended) == (
        "qualified", "new", "qualified", 25, [], 1,
    )  # fmt: skip
    [event] = await sequencer.published(LeadMoved)
    assert (event.from_stage, event.stage, event.moved_by, event.reason) == ("new", "qualified", "ann", "wants a quote")


async def test_no_sequence_starts_for_a_qualified_lead_until_it_is_moved_back(sequencer: Running) -> None:
    await worked(sequencer)
    await sequencer.ask(FillIntake(facility_id=CCN, values=FORM, actor="ann"))
    await sequencer.ask(MoveLead(facility_id=CCN, stage="qualified", actor="ann"))

    await sequencer.at(MONDAY)

    assert await sequencer.ask("worklist", {}) == []
    assert [e.reason for e in await sequencer.published(EnrollmentEnded)] == ["Moved to Qualified."]


@pytest.mark.parametrize(
    "stage, message",
    [
        ("nowhere", "the stages of this lead are new, contacted, qualified, proposal"),
        ("won", "Won is an outcome; record it: `pipeline outcome 335001 won`"),
    ],
)
async def test_a_stage_that_cannot_be_entered_is_refused(sequencer: Running, stage: str, message: str) -> None:
    await worked(sequencer)

    with pytest.raises(AskFailed, match=message):
        await sequencer.ask(MoveLead(facility_id=CCN, stage=stage, actor="ann"))


async def test_a_move_is_refused_if_its_sender_saw_another_version(sequencer: Running) -> None:
    await worked(sequencer)
    [lead] = await sequencer.ask(Leads())
    await sequencer.ask(MoveLead(facility_id=CCN, stage="contacted", seen=lead.version, actor="ann"))

    with pytest.raises(AskFailed, match="since version 1 that you saw: the lead is contacted"):
        await sequencer.ask(MoveLead(facility_id=CCN, stage="new", seen=lead.version, actor="bob"))


async def test_amounts_and_their_history_are_kept_r175(sequencer: Running) -> None:
    await worked(sequencer)

    await sequencer.ask(StateAmount(facility_id=CCN, amount=Decimal(48000), actor="ann"))
    lead = await sequencer.ask(StateAmount(facility_id=CCN, close_on=date(2026, 10, 1), actor="bob"))

    assert (lead.amount, lead.currency, lead.close_on, lead.probability) == (
        Decimal(48000),
        "USD",
        date(2026, 10, 1),
        1,
    )
    story = await sequencer.ask(ShowLead(facility_id=CCN))
    assert [(each.amount, each.close_on, each.stated_by) for each in story.amounts] == [
        (Decimal(48000), None, "ann"),
        (Decimal(48000), date(2026, 10, 1), "bob"),
    ]
    assert [(e.amount, e.close_on, e.version) for e in await sequencer.published(LeadChanged)] == [
        (Decimal(48000), None, 2),
        (Decimal(48000), date(2026, 10, 1), 3),
    ]
    with pytest.raises(AskFailed, match="is in the past"):
        await sequencer.ask(StateAmount(facility_id=CCN, close_on=date(2026, 1, 1), actor="bob"))


async def with_a_later_signal(sequencer: Running) -> None:
    """A lost lead, whose account has a new signal on Tuesday."""
    await worked(sequencer)
    await record(sequencer, "lost", "too dear")
    await sequencer.at(MONDAY)
    later = matched(CCN, version=2).model_copy(update={"role_family": "qm"})
    [signal] = later.signals
    newer = signal.model_copy(update={"signal_id": UUID(int=5), "first_seen_on": date(2026, 7, 6)})
    await sequencer.receive(later.model_copy(update={"signals": (newer,)}))
    await sequencer.at(TUESDAY)


async def test_a_person_re_opens_a_lost_lead_that_a_later_signal_asks_about_r52(sequencer: Running) -> None:
    await with_a_later_signal(sequencer)
    [asked] = await sequencer.ask(Leads(to_reopen=True))

    again = await sequencer.ask(ReopenLead(facility_id=CCN, from_step=4, actor="ann"))

    assert (asked.facility_id, asked.stage, asked.reopen_asked_on) == (CCN, "lost", date(2026, 7, 7))
    assert (again.lead_id, again.stage, again.raised_on, again.closed_on) == (
        asked.lead_id, "new", date(2026, 7, 7), None,
    )  # fmt: skip
    assert (again.from_step, await sequencer.ask(Leads(to_reopen=True))) == (4, [])
    [back] = await sequencer.published(LeadReopened)
    assert (len(await sequencer.published(LeadRaised)), back.reopened_by) == (1, "ann")
    assert (back.lead_id, back.stage, back.raised_on) == (asked.lead_id, "new", date(2026, 7, 7))
    assert back.version == again.version
    assert len(await sequencer.ask(Leads())) == 1


async def test_a_person_who_declines_to_re_open_a_lead_is_not_asked_again_about_the_same_signal(
    sequencer: Running,
) -> None:
    await with_a_later_signal(sequencer)

    declined = await sequencer.ask(ReopenLead(facility_id=CCN, decline=True, actor="ann"))
    await sequencer.at("2026-07-08T06:00")

    assert (declined.stage, declined.reopen_asked_on) == ("lost", None)
    assert await sequencer.ask(Leads(to_reopen=True)) == []


async def test_only_a_lost_lead_is_re_opened_and_only_at_a_step_of_its_sequence(sequencer: Running) -> None:
    await worked(sequencer)
    with pytest.raises(AskFailed, match="is not lost; it is new"):
        await sequencer.ask(ReopenLead(facility_id=CCN, actor="ann"))
    await record(sequencer, "lost", "too dear")

    with pytest.raises(AskFailed, match="has 9 steps; there is no step 10"):
        await sequencer.ask(ReopenLead(facility_id=CCN, from_step=10, actor="ann"))


async def test_the_story_of_a_lead_is_in_order(sequencer: Running) -> None:
    await worked(sequencer)
    [task] = await sequencer.ask("worklist", {})
    await sequencer.at("2026-07-02T10:00")
    await sequencer.ask("complete_task", {"task_id": task["task_id"], "outcome": "reached", "actor": "ann"})
    await sequencer.at("2026-07-02T11:00")
    note = AddNote(facility_id=CCN, text="Budget in October", next_follow_up_on=date(2026, 10, 5), actor="ann")
    await sequencer.ask(note)
    await sequencer.at("2026-07-02T12:00")
    await record(sequencer, "lost", "too dear")

    story = await sequencer.ask(ShowLead(facility_id=CCN))

    assert [(each.kind, each.by) for each in story.story] == [
        ("raised", None),
        ("enrollment", "rep-1"),
        ("touch", "ann"),
        ("moved", "sequencer"),
        ("note", "ann"),
        ("outcome", "ann"),
        ("moved", "ann"),
        ("enrollment", None),
    ]
    assert story.story[4].text == "Budget in October (next follow-up 2026-10-05)"
    assert story.story[6].text == "Contacted to Lost after 0 days: too dear"
    [noted] = await sequencer.published(NoteAdded)
    assert (noted.note_id, noted.noted_by, noted.next_follow_up_on) == (note.command_id, "ann", date(2026, 10, 5))


async def test_leads_are_listed_by_stage_owner_and_source(sequencer: Running) -> None:
    await worked(sequencer)
    await sequencer.receive(listed(OTHER))
    await sequencer.ask(
        "import_accounts",
        {"actor": "ann", "status": "client", "rows": [{"line": 2, "facility_id": OTHER, "owner": "rep-2"}]},
    )
    await sequencer.receive(scored(OTHER, 1), matched(OTHER))
    await sequencer.at(MONDAY)

    async def found(**selection: Any) -> list[str]:
        return sorted(lead.facility_id for lead in await sequencer.ask(Leads(**selection)))

    assert await found(open=True) == [CCN, OTHER]
    assert await found(source="upsell") == await found(owner="rep-2") == await found(stage="noticed") == [OTHER]
    assert await found(unassigned=True) == []
    with pytest.raises(AskFailed, match="There is no stage 'nowhere'; the stages are new, contacted, qualified"):
        await found(stage="nowhere")
    assert [e.owner for e in await sequencer.published(LeadRaised)] == ["rep-1", "rep-2"]


async def test_a_lead_without_an_owner_states_why(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN), scored(CCN, 3), matched(CCN))
    await sequencer.sql("UPDATE reps SET left_on = '2026-07-01' RETURNING rep")
    await sequencer.at(THURSDAY)

    [lead] = await sequencer.ask(Leads(unassigned=True))

    assert (lead.owner, lead.unassigned) == (None, "there is no rep in the team")


class Aborted(Tx):
    """A transaction whose connection PostgreSQL ends before its n-th statement."""

    def __init__(self, tx: Tx, at: int, abort: Callable[[int], Awaitable[object]]) -> None:
        self.__dict__.update(tx.__dict__)
        self.statements = 0
        self._at = at
        self._abort = abort

    async def end(self) -> None:
        await self._abort(self._connection.info.backend_pid)

    async def _counted(self, statement: Awaitable[R]) -> R:
        self.statements += 1
        if self.statements == self._at:
            await self.end()
        return await statement

    async def run(self, sql: str, **params: Any) -> int:
        return await self._counted(super().run(sql, **params))

    async def all(self, into: type[R], sql: str, **params: Any) -> list[R]:
        return await self._counted(super().all(into, sql, **params))

    async def one(self, into: type[R], sql: str, **params: Any) -> R | None:
        return await self._counted(super().one(into, sql, **params))

    async def dicts(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        return await self._counted(super().dicts(sql, **params))

    async def value(self, sql: str, **params: Any) -> Any:
        return await self._counted(super().value(sql, **params))


async def test_a_win_that_is_interrupted_at_any_statement_has_changed_nothing_r51(sequencer: Running) -> None:
    await worked(sequencer)
    before = await state(sequencer)

    async def abort(pid: int) -> object:
        return await sequencer.sql("SELECT pg_terminate_backend(%(pid)s)", pid=pid)

    async def win(at: int) -> int:
        """Record a win whose connection ends at a statement, or after the last one. Returns their number."""
        async with sequencer.app.begin() as tx:
            tx.actor = "ann"
            aborted = Aborted(tx, at, abort)
            await record_outcome(RecordOutcome(facility_id=CCN, outcome="won", actor="ann"), aborted)
            if at == aborted.statements + 1:
                await aborted.end()
        return aborted.statements

    at = 0
    statements = None
    while statements is None:
        at += 1
        try:
            statements = await win(at)
        except DatabaseUnavailable:
            assert await state(sequencer) == before
            assert await sequencer.published(LeadWon) == []

    assert (at, statements) == (at, at - 2)
    assert statements >= 20
    [lead] = await sequencer.sql("SELECT stage, converted_facility_id FROM leads")
    [account] = await sequencer.sql("SELECT status FROM accounts")
    [enrollment] = await sequencer.sql("SELECT status, reason FROM enrollments")
    assert (lead, account["status"]) == ({"stage": "won", "converted_facility_id": CCN}, "active")
    assert enrollment == {"status": "stopped", "reason": "The facility became an active client."}
    assert len(await sequencer.published(LeadWon)) == 1
