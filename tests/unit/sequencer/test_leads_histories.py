"""Do leads keep their invariants, whatever happens to them in whatever order?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.sequencer.domain.board import Board, Decision, with_versions
from services.sequencer.domain.contacts import Sighting, incumbents
from services.sequencer.domain.identity import lead_id
from services.sequencer.domain.leads import lead_source, reopened
from services.sequencer.domain.outcomes import Before, Outcome, OutcomeKind, before, carried_out, outcome_of, undone
from services.sequencer.domain.plan.leads import after, close_leads
from services.sequencer.domain.plan.order import FIRST, LAST, ON_BUSINESS_DAYS
from services.sequencer.domain.signals import Signal
from services.sequencer.settings import playbook
from tests.support.following import an_account
from tests.support.sequencing import ROLES, TEAM

BOOK = playbook()
STAGES = BOOK.stages
FACILITIES = ("A", "B")
START = date(2026, 7, 2)


class History:
    """What has happened to a board."""

    def __init__(self) -> None:
        accounts = [an_account(each, tier) for each, tier in zip(FACILITIES, (1, 2), strict=True)]
        known = [
            Sighting("administrator", "Ada Moss", "website", date(2026, 6, 1), each, None, "(518) 555-0111")
            for each in FACILITIES
        ]
        self.board = Board(
            START,
            ROLES,
            TEAM,
            accounts={each.facility_id: each for each in accounts},
            incumbents=incumbents(ROLES, known),
        )
        self.recorded: list[tuple[Outcome, Before]] = []

    def decide(self, *decisions: Decision) -> Board:
        """Apply decisions, each of which must keep the invariants."""
        for decision in decisions:
            old = self.board
            self.board = with_versions(old, decision(old, BOOK))
            check(old, self.board)
        return self.board

    def plan(self) -> None:
        """The plan of the next day."""
        self.board = replace(self.board, today=self.board.today + timedelta(days=1))
        self.recorded.clear()  # outcomes can be taken back on their day only
        self.decide(*FIRST, *ON_BUSINESS_DAYS, *LAST)

    def signal(self, facility_id: str) -> None:
        today = self.board.today
        found = Signal(facility_id, f"{today}", "qm", "QM", today, today, today + timedelta(days=30), 2, False)
        self.board = replace(self.board, signals={**self.board.signals, facility_id: [found]})

    def touch(self, facility_id: str) -> None:
        self.decide(after("touch"))

    def outcome(self, facility_id: str, kind: OutcomeKind) -> None:
        key = lead_id(facility_id, lead_source(self.board.accounts[facility_id].client))
        lead = self.board.leads.get(key)
        if lead is None or lead.phase == kind:
            return
        old = self.board
        new = self.decide(*carried_out(key, kind, "a reason", "ann"))
        outcome = outcome_of(new.leads[key], kind, "a reason", "ann", new.today)
        self.recorded.append((outcome, before(key, old, new, [])))

    def undo(self, facility_id: str) -> None:
        if self.recorded and self.recorded[-1][0].facility_id == facility_id:
            outcome, was = self.recorded.pop()
            new = self.decide(undone(outcome, was), close_leads)
            lead = new.leads[outcome.lead_id]
            assert (lead.stage, lead.stage_since, lead.closed_on) == (was.stage, was.stage_since, was.closed_on)
            assert new.accounts[facility_id].client == was.client

    def reopen(self, facility_id: str) -> None:
        lead = self.board.leads.get(lead_id(facility_id, "signal"))
        if lead and lead.phase == "lost":
            self.decide(lambda board, _: board.having(leads=[reopened(lead, STAGES, "ann", None, board.today)]))


def check(old: Board, new: Board) -> None:
    for key, lead in new.leads.items():
        known = old.leads.get(key)
        # A version grows with each published change, and never otherwise.
        if known:
            same = replace(known, refreshed_on=lead.refreshed_on, version=lead.version) == lead
            assert lead.version == known.version + (not same)
        # A win or a loss closes a lead; a lost one stays lost until a person re-opens it.
        assert (lead.phase not in ("won", "lost")) or lead.closed_on is not None
    # There is one lead for each account and source.
    pairs = [(lead.facility_id, lead.lead_source) for lead in new.leads.values()]
    assert len(set(pairs)) == len(pairs)


def settled(board: Board) -> None:
    """What holds between two transactions."""
    for each in board.open:
        account = board.accounts[each.facility_id]
        assert not account.client
        assert not board.is_lost(each.facility_id)
        assert not board.is_engaged(each.facility_id)
    for account in board.accounts.values():
        prospect = board.prospect_lead(account.facility_id)
        assert not (account.client and prospect and prospect.is_open)
    covered = [key for each in board.open for key in each.covers]
    assert len(set(covered)) == len(covered)


WHAT = ("plan", "signal", "touch", "meeting", "won", "lost", "undo", "reopen")
STEPS = st.tuples(st.sampled_from(WHAT), st.sampled_from(FACILITIES))


@settings(deadline=None, max_examples=60)
@given(st.lists(STEPS, max_size=25))
def test_leads_keep_their_invariants_in_every_history(steps: list[tuple[str, str]]) -> None:
    history = History()
    history.plan()

    for what, facility_id in steps:
        match what:
            case "plan":
                history.plan()
            case "meeting" | "won" | "lost":
                history.outcome(facility_id, what)
            case _:
                getattr(history, what)(facility_id)
        settled(history.board)

    once = history.decide(*FIRST).leads
    assert history.decide(*FIRST).leads == once
