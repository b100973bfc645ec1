"""Do recorded outcomes end the work on leads, and are they counted by score?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from engines.scoring.feedback import Decided
from services.scorer.store import outcomes
from shared.contracts.events import (
    EnrollmentEnded,
    Event,
    FacilityAssessed,
    FacilityListed,
    Fact,
    LeadChanged,
    LeadLost,
    LeadMet,
    LeadMoved,
    LeadRaised,
    LeadWon,
    ScoreChanged,
    TaskDone,
)
from shared.contracts.refusals import AskFailed
from shared.contracts.scorer import EvaluateOutcomes
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, matched, scored

CCN, OTHER = "335001", "335002"
# 1 July 2026 is a Wednesday; the 3rd is a holiday.
THURSDAY, MONDAY, TUESDAY = "2026-07-02T06:00", "2026-07-06T06:00", "2026-07-07T06:00"


async def record(sequencer: Running, outcome: str, reason: str | None = None, facility_id: str = CCN) -> dict[str, Any]:
    recorded: dict[str, Any] = await sequencer.ask(
        "record_outcome", {"facility_id": facility_id, "outcome": outcome, "reason": reason, "actor": "ann"}
    )
    return recorded


async def worked(sequencer: Running) -> None:
    """A prospect with a posting and a due first task."""
    await sequencer.ask("import_contacts", {"actor": "ann", "rows": [contact(CCN, **CALLABLE)]})
    await sequencer.receive(listed(CCN), scored(CCN, 1), matched(CCN))
    await sequencer.at(THURSDAY)
    assert len(await sequencer.ask("worklist", {})) == 1


async def test_a_win_makes_a_client_ends_the_enrollment_and_clears_the_worklist_at_once_r51(sequencer: Running) -> None:
    await worked(sequencer)

    recorded = await record(sequencer, "won")

    assert (recorded["stage"], recorded["changed"]) == ("won", True)
    [published] = await sequencer.published(LeadWon)
    assert (published.facility_id, published.lead_source, published.raised_on, published.decided_by) == (
        CCN,
        "signal",
        date(2026, 7, 2),
        "ann",
    )
    assert await sequencer.ask("worklist", {}) == []
    reason = "The facility became an active client."
    assert [e.reason for e in await sequencer.published(EnrollmentEnded)] == [reason]
    assert [e.outcome for e in await sequencer.published(TaskDone)] == [reason]
    assert (await sequencer.ask("account", {"facility_id": CCN}))["status"] == "active"
    await sequencer.at(MONDAY)
    leads = await sequencer.sql("SELECT lead_source, stage, closed_reason FROM leads ORDER BY lead_source")
    assert [tuple(lead.values()) for lead in leads] == [("signal", "won", "won"), ("upsell", "noticed", None)]


async def test_a_loss_ends_the_enrollment_and_a_later_signal_asks_to_re_open_the_lead_r52(sequencer: Running) -> None:
    await worked(sequencer)

    await record(sequencer, "lost", "signed with another")
    await sequencer.at(MONDAY)

    assert [e.reason for e in await sequencer.published(LeadLost)] == ["signed with another"]
    assert [e.reason for e in await sequencer.published(EnrollmentEnded)] == ["The lead was lost."]
    assert await sequencer.ask("worklist", {}) == []
    assert [lead["stage"] for lead in await sequencer.ask("leads", {})] == ["lost"]
    assert (await sequencer.ask("counts"))["waiting_for_capacity"] == 0

    later = matched(CCN, version=2).model_copy(update={"role_family": "qm"})
    [signal] = later.signals
    newer = signal.model_copy(update={"signal_id": UUID(int=5), "first_seen_on": date(2026, 7, 6)})
    await sequencer.receive(later.model_copy(update={"signals": (newer,)}))
    await sequencer.at(TUESDAY)

    [lead] = await sequencer.ask("leads", {})
    assert (lead["stage"], lead["reopen_asked_on"], lead["closed_on"]) == ("lost", "2026-07-07", "2026-07-02")
    assert len(await sequencer.published(LeadRaised)) == 1
    assert [e.reopen_asked_on for e in await sequencer.published(LeadChanged)] == [date(2026, 7, 7)]
    assert await sequencer.ask("worklist", {}) == []


async def test_a_meeting_moves_the_lead_and_ends_the_enrollment_so_that_no_cold_call_follows(
    sequencer: Running,
) -> None:
    await worked(sequencer)

    await record(sequencer, "meeting")

    [moved], [met] = await sequencer.published(LeadMoved), await sequencer.published(LeadMet)
    assert (moved.from_stage, moved.stage, moved.moved_by, moved.version) == ("new", "contacted", "ann", met.version)
    assert await sequencer.ask("worklist", {}) == []
    await sequencer.at(MONDAY)
    await sequencer.at(TUESDAY)
    assert await sequencer.ask("worklist", {}) == []


async def test_a_completed_touch_moves_a_new_lead_in_the_same_transaction(sequencer: Running) -> None:
    await worked(sequencer)
    [task] = await sequencer.ask("worklist", {})
    await sequencer.at("2026-07-02T15:00")

    await sequencer.ask("complete_task", {"task_id": task["task_id"], "outcome": "left_voicemail", "actor": "ann"})

    [raised], [moved] = await sequencer.published(LeadRaised), await sequencer.published(LeadMoved)
    assert (raised.stage, raised.version, raised.owner) == ("new", 1, task["rep"])
    assert (moved.stage, moved.phase, moved.version, moved.days) == ("contacted", "contacted", 2, 0)
    assert await sequencer.sql("SELECT from_stage, to_stage, version FROM lead_moves") == [
        {"from_stage": "new", "to_stage": "contacted", "version": 2}
    ]


async def test_a_skipped_task_is_no_touch_and_moves_no_lead(sequencer: Running) -> None:
    await worked(sequencer)
    [task] = await sequencer.ask("worklist", {})

    await sequencer.ask("skip_task", {"task_id": task["task_id"], "reason": "on leave", "actor": "ann"})

    assert await sequencer.published(LeadMoved) == []


async def test_the_same_outcome_twice_is_recorded_once(sequencer: Running) -> None:
    await worked(sequencer)

    first, again = await record(sequencer, "won"), await record(sequencer, "won")

    assert (first["changed"], again["changed"]) == (True, False)
    assert len(await sequencer.published(LeadWon)) == 1


async def test_an_account_without_a_posting_can_have_an_outcome_too_r48(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN), scored(CCN, 3))
    await sequencer.at(THURSDAY)

    await record(sequencer, "lost", "no budget")

    assert [(e.raised_on, e.version) for e in await sequencer.published(LeadLost)] == [(date(2026, 7, 2), 2)]
    assert await sequencer.ask("worklist", {}) == []


async def test_an_outcome_leaves_the_enrollments_of_others_to_the_next_tick(sequencer: Running) -> None:
    await worked(sequencer)
    await sequencer.receive(listed(OTHER), scored(OTHER, 1))
    await sequencer.at(MONDAY)
    await sequencer.receive(scored(OTHER, 2, version=2))  # its enrollment is blocked, and this would end it

    await record(sequencer, "lost", "no budget")

    assert [e.facility_id for e in await sequencer.published(EnrollmentEnded)] == [CCN]
    await sequencer.at(TUESDAY)
    assert [e.facility_id for e in await sequencer.published(EnrollmentEnded)] == [CCN, OTHER]


async def test_an_outcome_of_a_client_does_not_change_that_of_the_former_prospect(sequencer: Running) -> None:
    await worked(sequencer)
    await record(sequencer, "won")

    await record(sequencer, "lost", "no second contract")

    [won], [lost] = await sequencer.published(LeadWon), await sequencer.published(LeadLost)
    assert (won.lead_source, lost.lead_source) == ("signal", "upsell")
    assert won.lead_id != lost.lead_id


@pytest.mark.parametrize(
    "facility_id,outcome,message",
    [(CCN, "lost", "a lost lead needs a reason"), ("335999", "won", "There is no account 335999")],
)
async def test_an_incomplete_outcome_is_refused(
    sequencer: Running, facility_id: str, outcome: str, message: str
) -> None:
    await sequencer.receive(listed(CCN), scored(CCN, 1))

    with pytest.raises(AskFailed, match=message):
        await record(sequencer, outcome, facility_id=facility_id)


def rated(facility_id: str, stars: str, import_no: int = 1) -> list[Event]:
    fact = Fact(field="qm_rating", value=stars, as_of=date(2026, 6, import_no))
    received = {"import_no": import_no, "dataset": "invented", "received_at": "2026-07-01T12:00:00Z"}
    who = FacilityListed(
        facility_id=facility_id, version=1, listed_as_of=date(2026, 6, 1), name=facility_id, city="Albany", state="NY"
    )
    return [who, FacilityAssessed.model_validate({"facility_id": facility_id, "facts": (fact,), **received})]


def outcome(
    kind: type[LeadMet | LeadWon | LeadLost], facility_id: str, version: int = 1, raised: int = 1, lead: int = 1
) -> Event:
    return kind(
        facility_id=facility_id,
        version=version,
        lead_id=UUID(int=int(facility_id) * 10 + lead),
        lead_source="signal",
        raised_on=date(2026, 7, raised),
        decided_on=date(2026, 7, 9),
        decided_by="ann",
    )


async def test_outcomes_are_counted_by_the_score_on_the_day_the_lead_was_raised(scorer: Running) -> None:
    await scorer.receive(*rated("335001", "1"), *rated("335002", "5"))
    await scorer.at("2026-07-05T08:00")
    await scorer.receive(*rated("335001", "5", 2), *rated("335002", "1", 2))
    published = len(await scorer.published(ScoreChanged))

    await scorer.receive(
        outcome(LeadLost, "335002", 2, raised=4),
        outcome(LeadMet, "335002", 1, raised=4),  # the earlier outcome is received later
        outcome(LeadWon, "335001", 1, raised=1),
        outcome(LeadMet, "335001", 2, raised=6),
        outcome(LeadLost, "335001", 3, raised=1, lead=2),  # the client's own lead, raised on the same day
    )

    async with scorer.app.begin() as tx:
        found = await outcomes.decided(tx)
    assert [(one.facility_id, one.outcome, one.met, one.score, str(one.points["qm_rating"])) for one in found] == [
        ("335001", "won", False, Decimal("20.0"), "20"),
        ("335001", "lost", False, Decimal("20.0"), "20"),
        ("335001", "meeting", True, Decimal("0.0"), "0"),
        ("335002", "lost", True, Decimal("0.0"), "0"),
    ]
    assert all(isinstance(one, Decided) for one in found)
    assert len(await scorer.published(ScoreChanged)) == published


async def test_too_few_outcomes_are_counted_without_advice(scorer: Running) -> None:
    await scorer.receive(*rated("335001", "1"), outcome(LeadWon, "335001"))

    found = await scorer.ask(EvaluateOutcomes(good=("won", "meeting")))

    assert (found.decided, found.advice) == (1, [])
    assert found.refused == "1 leads are decided; nothing is concluded from fewer than 30."
    assert [(rate.group, rate.good) for rate in found.deciles if rate.counted] == [("20 to 30", 1)]
