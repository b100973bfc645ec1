"""Which leads are raised, and how do they go from stage to stage?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import reduce
from uuid import UUID

import pytest

from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board, Decision, with_versions
from services.sequencer.domain.contacts import Sighting, incumbents
from services.sequencer.domain.enrollments import Cycle
from services.sequencer.domain.leads import Lead, move_between, moved, new_lead, reopened
from services.sequencer.domain.outcomes import is_repeated, outcome_of, with_outcome
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.ending import withdraw
from services.sequencer.domain.plan.leads import after
from services.sequencer.domain.plan.order import FIRST, LAST, ON_BUSINESS_DAYS
from services.sequencer.domain.signals import Signal
from services.sequencer.domain.stages import Field, Stage, Stages
from services.sequencer.settings import playbook
from services.sequencer.usecases.announcing import events_between
from shared.contracts.events import LeadReopened
from tests.support.following import an_account
from tests.support.sequencing import ROLES, TEAM

THURSDAY = date(2026, 7, 2)
BOOK = playbook()
STAGES = BOOK.stages
PLAN = (*FIRST, *ON_BUSINESS_DAYS, *LAST)


def a_board(*accounts: Account, leads: tuple[Lead, ...] = (), hiring: tuple[str, ...] = ()) -> Board:
    """Accounts with a person to call, those that are `hiring` with an open signal."""
    known = [
        Sighting("administrator", "Ada Moss", "website", date(2026, 6, 1), each.facility_id, None, "(518) 555-0111")
        for each in accounts
    ]
    return Board(
        THURSDAY,
        ROLES,
        team=TEAM,
        accounts={each.facility_id: each for each in accounts},
        leads={lead.lead_id: lead for lead in leads},
        signals={key: [a_signal(key)] for key in hiring},
        incumbents=incumbents(ROLES, known),
    )


def a_signal(facility_id: str) -> Signal:
    first, last = THURSDAY - timedelta(days=3), THURSDAY + timedelta(days=30)
    return Signal(facility_id, "s", "qm", "QM", first, first, last, 2, False)


def a_lead(account: Account | None = None, **more: object) -> Lead:
    return replace(new_lead(account or an_account(owner="ann"), ["qm"], date(2026, 6, 30), STAGES), **more)  # type: ignore[arg-type]


def after_all(board: Board, *decisions: Decision, book: Playbook = BOOK) -> Board:
    return reduce(lambda now, decision: with_versions(now, decision(now, book)), decisions, board)


def test_a_completed_touch_moves_a_new_lead_to_contacted_and_a_second_one_does_not() -> None:
    board = a_board(leads=(a_lead(version=1),))

    once = after_all(board, after("touch"))
    [lead] = once.leads.values()

    assert (lead.stage, lead.phase, lead.stage_since, lead.version) == ("contacted", "contacted", THURSDAY, 2)
    assert after_all(once, after("touch")) == once


@pytest.mark.parametrize("stage", ["contacted", "qualified", "proposal", "won", "lost"])
def test_a_touch_never_moves_a_lead_back(stage: str) -> None:
    named = STAGES.named("signal", stage)
    assert named
    lead = moved(a_lead(), named, "ann", "why", THURSDAY)

    assert list(after_all(a_board(leads=(lead,)), after("touch")).leads.values()) == [lead]


def test_a_move_states_from_where_to_where_by_whom_why_and_after_how_many_days() -> None:
    lead = a_lead(version=4)
    contacted = replace(moved(lead, STAGES.of("signal")[1], "ann", "called back", date(2026, 7, 6)), version=5)

    move = move_between(lead, contacted)

    assert move
    assert (move.from_stage, move.to_stage, move.moved_by, move.reason) == ("new", "contacted", "ann", "called back")
    assert (move.days, move.version, move.moved_on) == (6, 5, date(2026, 7, 6))


def test_only_a_published_change_of_a_lead_has_a_new_version() -> None:
    lead = a_lead(version=3)

    def changed(**more: object) -> int:
        board = a_board(leads=(lead,))
        [after] = with_versions(board, board.having(leads=[replace(lead, **more)])).leads.values()  # type: ignore[arg-type]
        return after.version

    assert (changed(), changed(refreshed_on=THURSDAY), changed(owner="bob")) == (3, 3, 4)


def test_every_account_that_is_worked_has_a_lead_with_an_owner() -> None:
    board = after_all(a_board(an_account(), an_account("B", 2)), *PLAN)

    assert {each.facility_id for each in board.active} == {"A", "B"}
    assert {lead.facility_id: bool(lead.owner) for lead in board.leads.values()} == {"A": True, "B": True}


def test_a_lead_that_closed_when_its_account_was_delisted_opens_again_once_the_account_is_worked() -> None:
    gone = after_all(a_board(an_account(listed=False), leads=(a_lead(),)), *PLAN)
    back = replace(gone, accounts={"A": an_account()})

    [closed], [again] = gone.leads.values(), after_all(back, *PLAN).leads.values()

    assert closed.closed_reason == "no longer on the registry"
    assert (again.lead_id, again.closed_on, again.owner) == (closed.lead_id, None, "rep-1")


def test_the_lead_of_a_low_tier_with_a_signal_has_an_owner_too() -> None:
    board = after_all(a_board(an_account(tier=3), hiring=("A",)), *PLAN)

    [lead] = board.leads.values()
    assert lead.owner == board.accounts["A"].owner == "rep-1"
    assert (lead.version, board.open) == (1, [])


def test_the_lead_of_a_prospect_that_became_a_client_closes_and_names_the_account() -> None:  # R45, R51
    client = an_account(client=True, owner="vera")

    board = after_all(a_board(client, leads=(a_lead(),), hiring=("A",)), *PLAN)

    leads = {lead.lead_source: lead for lead in board.leads.values()}
    assert (leads["signal"].closed_on, leads["signal"].closed_reason) == (THURSDAY, "became an active client")
    assert leads["signal"].converted_facility_id == "A"
    assert (leads["upsell"].owner, leads["upsell"].stage) == ("vera", "noticed")


def test_no_sequence_starts_while_a_person_works_the_lead_by_hand() -> None:
    met = with_outcome(a_lead(), "meeting", None, "ann", THURSDAY, STAGES)
    qualified = STAGES.named("signal", "qualified")
    assert qualified

    assert after_all(a_board(an_account(), leads=(met,)), *PLAN).open == []
    by_hand = moved(a_lead(), qualified, "ann", None, THURSDAY)
    assert after_all(a_board(an_account(), leads=(by_hand,)), *PLAN).open == []
    later = replace(a_board(an_account(), leads=(met,)), today=THURSDAY + timedelta(days=STAGES.engaged_days + 2))
    assert [each.facility_id for each in after_all(later, *PLAN).open] == ["A"]


def test_a_meeting_moves_a_new_lead_to_contacted() -> None:
    met = with_outcome(a_lead(), "meeting", None, "ann", THURSDAY, STAGES)

    assert (met.stage, met.closed_on, met.stage_by) == ("contacted", None, "ann")


def test_withdrawing_an_account_ends_its_enrollment_and_leaves_that_of_its_chain_to_the_others() -> None:
    members = [an_account("A", score="50", chain="MOSS"), an_account("B", score="40", chain="MOSS")]
    board = after_all(replace(a_board(*members), incumbents={}), *PLAN)
    [chain] = board.open

    [narrowed] = after_all(board, withdraw(["B"], "A meeting was scheduled.")).open
    ended = after_all(board, withdraw(["A"], "A meeting was scheduled.")).enrollments[chain.enrollment_id]

    assert (chain.covers, narrowed.covers) == (["A", "B"], ["A"])
    assert (ended.status, ended.reason) == ("stopped", "A meeting was scheduled.")


def test_a_re_opened_lead_starts_at_once_and_in_mid_sequence_if_a_person_wants_it() -> None:  # R52
    board = after_all(a_board(an_account()), *PLAN)
    [first] = board.open
    [lead] = board.leads.values()
    lost = moved(lead, STAGES.in_phase("signal", "lost"), "ann", "too dear", THURSDAY)
    board = after_all(board.having(leads=[lost]), withdraw(["A"], "The lead was lost."))
    cycles = {("A", first.sequence): Cycle(first.enrollment_id, 1)}
    later = replace(board, today=date(2026, 7, 14), last_cycles=cycles)
    assert after_all(later, *PLAN).open == []

    again = replace(reopened(lost, STAGES, "ann", None, date(2026, 7, 13)), from_step=4)
    board = after_all(later.having(leads=[again]), *PLAN)

    [second] = board.open
    assert (second.from_step, second.previous_id) == (4, first.enrollment_id)
    assert [task.step_no for task in board.tasks.values() if task.enrollment_id == second.enrollment_id] == [4]
    assert [(each.lead_id, each.from_step) for each in board.leads.values()] == [(lead.lead_id, None)]


def test_a_lead_that_is_re_opened_on_the_day_of_its_start_does_not_rest() -> None:  # R52
    board = after_all(a_board(an_account()), *PLAN)
    [lead] = board.leads.values()
    lost = moved(lead, STAGES.in_phase("signal", "lost"), "ann", "too dear", THURSDAY)
    board = after_all(board.having(leads=[lost]), withdraw(["A"], "The lead was lost."))
    again = reopened(lost, STAGES, "ann", "a mistake", THURSDAY)

    monday = replace(board.having(leads=[again]), today=date(2026, 7, 6))

    cycles = {("A", each.sequence): Cycle(each.enrollment_id, 1) for each in board.enrollments.values()}
    assert len(after_all(replace(monday, last_cycles=cycles), *PLAN).active) == 1
    assert after_all(replace(monday, leads={lead.lead_id: lead}, last_cycles=cycles), *PLAN).active == []


def test_a_lead_can_be_lost_re_opened_and_lost_again_on_the_day_on_which_it_was_raised() -> None:  # R52
    lead = a_lead(raised_on=THURSDAY)
    lost = replace(moved(lead, STAGES.in_phase("signal", "lost"), "ann", "too dear", THURSDAY), version=2)
    outcome = outcome_of(lost, "lost", "too dear", "ann", THURSDAY)
    again = replace(reopened(lost, STAGES, "ann", "a mistake", THURSDAY), version=3)

    assert is_repeated(outcome, lost, "lost")
    assert not is_repeated(outcome, again, "lost")
    [event] = events_between(a_board(leads=(lost,)), a_board(leads=(again,)))
    assert isinstance(event, LeadReopened)


def test_a_touch_does_not_move_a_lead_back_whose_stage_the_pack_no_longer_has() -> None:
    lead = replace(a_lead(), stage="audited", phase="qualified")
    board = a_board(leads=(lead,))

    assert after_all(board, after("touch")).leads == board.leads
    assert with_outcome(lead, "meeting", None, "ann", THURSDAY, STAGES).stage == "audited"


def stages(*phases: str) -> tuple[Stage, ...]:
    """A stage of each phase."""
    return tuple(Stage(f"{phase}-{n}", phase, phase, 1, (), ("reason",)) for n, phase in enumerate(phases))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "prospect, message",
    [
        (("new", "contacted", "won"), "exactly one stage is of phase lost"),
        (("contacted", "new", "won", "lost"), "in the order new, contacted"),
        (("new", "new", "won", "lost"), "exactly one stage is of phase new"),
    ],
)
def test_stages_that_cannot_be_followed_are_refused(prospect: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Stages(stages(*prospect), stages("new", "won", "lost"), (), "USD", 30)


def test_a_field_of_the_intake_form_has_a_name_that_a_command_can_state() -> None:
    with pytest.raises(ValueError, match="small letters"):
        Field("Payer mix", "Payer mix", "text")


def test_a_stage_that_needs_something_is_never_entered_by_itself() -> None:
    with pytest.raises(ValueError, match="by a person only"):
        Stage("qualified", "Qualified", "qualified", 25, entered_by=("meeting",), needs=("intake",))


def test_a_loss_always_needs_a_reason() -> None:  # R52
    with pytest.raises(ValueError, match="a lost lead has a reason"):
        Stage("lost", "Lost", "lost", 0)


def test_leads_of_different_sources_are_two_leads() -> None:  # R45
    one, other = a_lead(), new_lead(an_account(client=True), (), THURSDAY, STAGES)

    assert one.lead_id != other.lead_id
    assert isinstance(one.lead_id, UUID)
