"""Do invented people work on leads and on the inbox by the stated rates, with the commands of people?"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from cli.demo.behavior import Behavior, InboxRates, LeadRates, Proposals, behavior
from cli.demo.invented.inbox import decide_group
from cli.demo.invented.leads import commands, happens
from engines.packs import section
from services.sequencer.domain.stages import Stages
from shared.contracts.events import Candidate
from shared.contracts.matcher import AcceptGroup, InboxGroup, RejectGroup
from shared.contracts.sequencer_leads import (
    FillIntake,
    IntakeField,
    LeadRow,
    LeadStory,
    MoveLead,
    RecordOutcome,
    ReopenLead,
    StageRow,
    StateAmount,
)

TODAY = date(2026, 7, 14)
STAGES = section("stages", Stages)


def a_lead(number: int = 1, stage: str = "contacted", **values: Any) -> LeadRow:
    source = values.setdefault("lead_source", "signal")
    phase = next(each.phase for each in STAGES.of(source) if each.stage == stage)
    stated = {
        "lead_id": uuid4(),
        "facility_id": f"{330_000 + number}",
        "stage": stage,
        "phase": phase,
        "owner": "ann",
        "role_families": [],
        "raised_on": TODAY,
        "refreshed_on": TODAY,
        "closed_on": None,
        "closed_reason": None,
        "version": 1,
    }
    return LeadRow.model_validate(stated | values)


def a_story(lead: LeadRow) -> LeadStory:
    return LeadStory(
        lead=lead,
        stages=[StageRow.model_validate(each, from_attributes=True) for each in STAGES.of(lead.lead_source)],
        form=[
            IntakeField(field=each.field, label=each.label, type=each.type, required=each.required, value=None)
            for each in STAGES.intake
        ],
        amounts=[],
        story=[],
    )


def met(number: int = 1, **values: Any) -> LeadRow:
    return a_lead(number, engaged_until=TODAY + timedelta(days=9), **values)


def what(lead: LeadRow) -> str | None:
    return happens(behavior(), 1, lead, TODAY)


def test_the_stated_rates_of_leads_and_the_inbox_are_these() -> None:
    rates: Behavior = behavior()

    assert rates.leads == {
        "contacted": LeadRates(next=0.10, lost=0.02),
        "qualified": LeadRates(next=0.15, lost=0.03),
        "proposal": LeadRates(next=0.05, lost=0.05),
    }
    assert (rates.proposals, rates.reopened) == (Proposals(least=12_000, most=60_000, close_after=30), 0.5)
    assert rates.inbox == InboxRates(decided=0.9, accepted_from=0.4)


@pytest.mark.parametrize("stage", ["contacted", "qualified", "proposal"])
def test_leads_go_on_and_are_lost_at_the_stated_rates(stage: str) -> None:
    counts = Counter(what(met(number, stage=stage)) for number in range(5000))

    rates = behavior().leads[stage]  # type: ignore[index]
    assert abs(counts["next"] / 5000 - rates.next) < 0.015
    assert abs(counts["lost"] / 5000 - rates.lost) < 0.015


def test_nothing_comes_of_a_prospect_that_was_not_met() -> None:
    leads = [a_lead(number, engaged_until=until) for number in range(500) for until in (None, TODAY)]

    assert not any(map(what, leads))
    assert any(what(a_lead(number, "discussed", lead_source="upsell")) for number in range(500))


def test_a_lead_is_qualified_with_its_intake_form() -> None:
    lead = met(missing=[each.field for each in STAGES.intake])

    filled, moved = commands(behavior(), 1, "next", a_story(lead), TODAY)

    assert isinstance(filled, FillIntake)
    assert set(filled.values) == {each.field for each in STAGES.intake if each.required}
    assert isinstance(moved, MoveLead)
    assert (moved.facility_id, moved.stage, moved.actor) == (lead.facility_id, "qualified", "ann")


def test_a_proposal_states_an_amount_and_when_it_is_expected_to_close() -> None:
    moved, stated = commands(behavior(), 1, "next", a_story(met(stage="qualified")), TODAY)

    assert isinstance(moved, MoveLead)
    assert moved.stage == "proposal"
    assert isinstance(stated, StateAmount)
    assert stated.amount is not None
    assert 12_000 <= stated.amount <= 60_000
    assert stated.close_on == TODAY + timedelta(days=30)


def test_after_a_proposal_a_lead_is_won() -> None:
    [won] = commands(behavior(), 1, "next", a_story(met(stage="proposal")), TODAY)

    assert isinstance(won, RecordOutcome)
    assert won.outcome == "won"


def test_a_loss_has_one_of_the_stated_reasons_at_its_rate() -> None:
    lost = [commands(behavior(), 1, "lost", a_story(met(number)), TODAY)[0] for number in range(2000)]
    counts = Counter(each.reason for each in lost if isinstance(each, RecordOutcome))

    for reason, rate in behavior().lost_because.items():
        assert abs(counts[reason] / 2000 - rate) < 0.04


def test_a_lost_lead_that_a_signal_asks_to_reopen_is_reopened_or_stays_lost() -> None:
    asked = [a_lead(number, "lost", closed_on=TODAY, reopen_asked_on=TODAY) for number in range(1000)]
    counts = Counter(map(what, asked))

    assert set(counts) == {"reopen", "decline"}
    assert abs(counts["reopen"] / 1000 - behavior().reopened) < 0.05
    [declined] = commands(behavior(), 1, "decline", a_story(asked[0]), TODAY)
    assert isinstance(declined, ReopenLead)
    assert declined.decline


def test_the_inbox_is_decided_by_the_best_candidate() -> None:
    decided = [decide_group(behavior(), 1, a_group(number, 0.3, 0.6), "none", TODAY) for number in range(1000)]

    assert {each.facility_id for each in decided if isinstance(each, AcceptGroup)} == {"330002"}
    assert abs(sum(each is not None for each in decided) / 1000 - behavior().inbox.decided) < 0.04
    assert isinstance(decide_group(behavior(), 1, a_group(3, 0.3, 0.39), "none", TODAY), RejectGroup)
    assert isinstance(decide_group(behavior(), 1, a_group(3), "none", TODAY), RejectGroup)


def a_group(number: int, *confidences: float) -> InboxGroup:
    found = [
        Candidate(facility_id=f"33000{place}", name="MAPLE GROVE", city="ALBANY", confidence=each)
        for place, each in enumerate(confidences, 1)
    ]
    return InboxGroup(
        key=f"key{number}",
        version=0,
        employer_name="Maple Grove",
        city="Albany",
        state="NY",
        postings=1,
        role_families=["mds_coordinator"],
        waiting_since=TODAY,
        last_seen_on=TODAY,
        reason="ambiguous",
        candidates=found,
    )
