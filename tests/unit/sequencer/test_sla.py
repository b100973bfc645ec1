"""How long may an account wait for a touch, and what is called out? (R94 to R97, K5)"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from engines.cadence.sla import Sla, TierClock, hours_between, status_of
from engines.suppression.statements import Statement, suppressed
from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import is_business_day
from services.sequencer.domain.leads import new_lead
from services.sequencer.domain.marks import place_marks
from services.sequencer.domain.plan.clocks import clocks
from services.sequencer.domain.resting import Rests
from services.sequencer.domain.sla import Clock, Timing, started_at
from services.sequencer.domain.suppression import by_mark
from services.sequencer.settings import closed_days, sla
from tests.support.following import an_account
from tests.unit.sequencer.test_plan import BOOK, PLAN, THURSDAY, a_board, after, seen


def at(month: int, day: int, hour: int = 0) -> datetime:
    """A local time of 2026."""
    return datetime.combine(date(2026, month, day), time(hour))


NOON = at(7, 2, 12)
TIER_1 = sla().tiers[1]


def a_timing(**more: object) -> Timing:
    return replace(Timing("A", 1, "rep-1", date(2026, 6, 1), None, None, None), **more)  # type: ignore[arg-type]


def the_clock(board: Board, timing: Timing, pack: Sla | None = None, now: datetime = NOON) -> Clock | None:
    found = clocks(board, BOOK, pack or sla(), [timing], now)
    return found[0] if found else None


@pytest.mark.parametrize(
    "hours, status", [(0, "on_track"), (23, "on_track"), (24, "at_risk"), (47, "at_risk"), (48, "breached")]
)
def test_a_tier_has_a_point_of_risk_and_a_breach(hours: int, status: str) -> None:  # R94
    assert status_of(hours, TIER_1) == status


def test_the_limits_of_tier_2_are_days() -> None:  # R95
    assert [status_of(days * 24, sla().tiers[2]) for days in (4, 5, 6, 7)] == [
        "on_track", "at_risk", "at_risk", "breached",
    ]  # fmt: skip


def test_a_clock_starts_at_the_last_touch_or_with_the_tier_whichever_is_later() -> None:
    entered = a_timing(tier_since=date(2026, 6, 30))
    touched = replace(entered, last_contacted_on=date(2026, 7, 1), touched_at=at(7, 1, 15))
    climbed = replace(touched, tier_since=date(2026, 7, 2))

    starts = [started_at(each, ("touch", "tier")) for each in (entered, touched, climbed)]

    assert starts == [at(6, 30), at(7, 1, 15), at(7, 2)]
    assert started_at(entered, ("touch",)) is None


def is_open(day: date) -> bool:
    return is_business_day(day, closed_days())


def test_a_business_clock_counts_hours_of_business_days_only() -> None:
    thursday, monday = at(7, 2, 18), at(7, 6, 6)

    assert hours_between(thursday, monday, "calendar", is_open) == 84
    assert hours_between(thursday, monday, "business", is_open) == 12, "the 3rd is a holiday"
    assert hours_between(monday, thursday, "business", is_open) == 0


def test_a_prospect_that_no_one_touches_breaches_and_its_owner_is_called_out() -> None:
    clock = the_clock(a_board(an_account(owner="rep-1")), a_timing())

    assert clock
    assert (clock.status, clock.label, clock.started_on) == ("breached", "URGENT - SLA BREACH", date(2026, 6, 1))
    assert clock.action == "Touch it, or wait for a place in its sequence."


def test_a_planned_touch_stops_the_clock_until_its_day_has_passed() -> None:
    board = after(a_board(an_account(), known=(seen("A"),)), *PLAN)

    planned = the_clock(board, a_timing(next_follow_up_on=THURSDAY))
    late = the_clock(board, a_timing(next_follow_up_on=date(2026, 7, 1)))
    running = the_clock(board, a_timing(next_follow_up_on=THURSDAY), replace(sla(), stops=()))

    assert planned
    assert (planned.status, planned.stopped, planned.action) == ("on_track", "next touch on 2026-07-02", None)
    assert late
    assert (late.status, late.action) == ("breached", "Do the touch of 2026-07-01 now.")
    assert running
    assert running.status == "breached"


def test_a_resting_account_waits_for_no_one() -> None:
    board = replace(a_board(an_account(owner="rep-1")), rests=Rests(facilities={"A": date(2026, 9, 1)}))

    clock = the_clock(board, a_timing())

    assert clock
    assert (clock.status, clock.stopped) == ("on_track", "rests until 2026-09-01")


def test_the_research_of_a_blocked_enrollment_is_no_touch() -> None:
    board = after(a_board(an_account()), *PLAN)

    clock = the_clock(board, a_timing(next_follow_up_on=THURSDAY))

    assert clock
    assert clock.status == "breached"
    assert clock.action
    assert clock.action.startswith("Find the direct phone of the Administrator")


def test_clients_lost_leads_and_suppressed_accounts_have_no_clock() -> None:
    account = an_account(owner="rep-1")
    lost = replace(new_lead(account, (), THURSDAY, BOOK.stages), phase="lost", closed_on=THURSDAY)
    no = Statement("facility", "A", "A", place_marks("A", None), ["all"], "asked us to", "a call", "ann", THURSDAY)

    assert the_clock(a_board(replace(account, client=True)), a_timing()) is None
    assert the_clock(a_board(account).having(leads=[lost]), a_timing()) is None
    assert the_clock(replace(a_board(account), suppressions=by_mark([suppressed(None, no)])), a_timing()) is None


def test_clocks_are_sorted_by_urgency() -> None:
    board = a_board(*(an_account(key, owner="rep-1") for key in "ABCD"))
    days = {"A": date(2026, 7, 1), "B": date(2026, 6, 1), "C": date(2026, 6, 20), "D": date(2026, 7, 2)}

    found = clocks(board, BOOK, sla(), [a_timing(facility_id=key, tier_since=day) for key, day in days.items()], NOON)

    assert [(each.timing.facility_id, each.status) for each in found] == [
        ("B", "breached"), ("C", "breached"), ("A", "at_risk"), ("D", "on_track"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "limits, fault",
    [
        ((48, 24, {"breached": "a", "at_risk": "b", "on_track": "c"}), "the breach comes after the risk"),
        ((24, 48, {"breached": "a", "on_track": "c"}), "labels.at_risk is missing"),
    ],
)
def test_the_limits_of_a_pack_are_checked(limits: tuple[int, int, dict[str, str]], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        TierClock(*limits)  # type: ignore[arg-type]
