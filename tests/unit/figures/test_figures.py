"""Do figures count each occurrence once, on its day, with what it led to?"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.figures.computing import Part, Span, figures_of
from engines.figures.pack import Kpi, Target
from engines.figures.tables import Event
from tests.unit.figures.building import (
    NOW,
    PUBLISHED,
    TODAY,
    event,
    figure,
    kpi,
    lead_decided,
    lead_moved,
    lead_raised,
    lead_reopened,
    on,
    touch_done,
    touch_due,
)

CONTACTED = kpi(figure="ratio", of="lead_raised", reached="touch_done", by=("facility",), within_days=7)
SAME_DAY = kpi(
    figure="ratio", of="touch_due", reached="touch_done", excused="touch_canceled", by=("task",), within_days=0
)
QUALIFIED = kpi(figure="ratio", of="lead_contacted", reached="lead_qualified", by=("lead", "raised_on"))
WIN_RATE = kpi(figure="ratio", of="lead_closed", reached="lead_won", by=("lead", "raised_on"), split=("tier",))
MATCHED = kpi(figure="ratio", of="posting_seen", reached="posting_matched", by=("posting",))
LED_TO_LEAD = kpi(figure="ratio", of="posting_seen", reached="lead_raised", by=("facility",))


def posting(posting_id: str, days_ago: int) -> Event:
    day = str(on(days_ago))
    return event(
        "posting.seen", days_ago, posting_id=posting_id, first_seen_on=day, source="board", role_family="welder"
    )


def matched(facility: str, *postings: str) -> Event:
    return event("facility.matched", 0, facility_id=facility, role_family="welder", posting_ids=list(postings))


def unmatched(posting_id: str) -> Event:
    return event("posting.unmatched", 0, posting_id=posting_id, role_family="welder")


def test_a_ratio_counts_what_was_reached_in_time_and_after() -> None:
    events = [
        *(lead_raised(name, 20) for name in ("in-time", "late", "before", "never")),
        touch_done("a", 13, facility_id="F-in-time"),
        touch_done("b", 12, facility_id="F-late"),
        touch_done("c", 21, facility_id="F-before"),
    ]

    found = figure(CONTACTED, events)

    assert found.whole == Part(0.25, 1, 4)
    assert [case.first.columns["lead"] for case in found.cases if case.then] == ["in-time"]


def test_an_occurrence_whose_time_is_not_over_does_not_count_yet() -> None:
    events = [touch_due("a", 1), touch_done("a", 1), touch_due("b", 0), touch_done("b", 0), touch_due("c", 0)]

    found = figure(SAME_DAY, events)

    assert (found.whole, found.waiting) == (Part(1.0, 1, 1), 2)


def test_only_occurrences_of_the_window_count() -> None:
    events = [touch_due("old", 90), touch_due("first", 89), touch_done("first", 89)]

    assert figure(SAME_DAY, events).whole.denominator == 1
    assert figure(SAME_DAY, events, since=on(90)).whole.denominator == 2
    assert figure(SAME_DAY, events, since=on(90), until=on(90)).whole == Part(0.0, 0, 1)


def test_a_figure_without_occurrences_has_no_value() -> None:
    found = figure(SAME_DAY, [touch_done("a", 3)])

    assert (found.whole.value, found.note) == (None, "nothing to count yet")


def test_a_figure_whose_events_do_not_exist_names_them() -> None:
    row = kpi(figure="ratio", of="draft_written", reached="draft_sent", by=("task",))

    [found] = figures_of([row], [], PUBLISHED - {"email.sent"}, Span(TODAY, NOW))

    assert (found.whole.value, found.note) == (None, "not measured yet: needs email.sent")


def test_research_and_skipped_tasks_are_no_touches() -> None:
    events = [
        touch_due("research", 3, kind="research"),
        touch_done("research", 3, kind="research"),
        touch_due("skipped", 3),
        touch_done("skipped", 3, status="skipped"),
    ]

    assert figure(SAME_DAY, events).whole == Part(0.0, 0, 1)


def test_a_touch_that_was_canceled_on_its_day_does_not_count_and_one_that_was_moved_counts_again() -> None:
    events = [
        touch_due("canceled", 5),
        touch_done("canceled", 5, status="canceled"),
        touch_due("canceled-late", 5),
        touch_done("canceled-late", 4, status="canceled"),
        touch_due("moved", 5),
        touch_due("moved", 3),
        touch_done("moved", 3),
    ]

    assert figure(SAME_DAY, events).whole == Part(1 / 3, 1, 3)


def test_a_touch_that_was_taken_back_does_not_count_until_it_is_done_again() -> None:
    done = [touch_due("a", 5), touch_done("a", 5), event("task.reopened", 5, task_id="a", due_on=str(on(5)))]

    assert figure(SAME_DAY, done).whole == Part(0.0, 0, 1)
    assert figure(SAME_DAY, [*done, touch_done("a", 5)]).whole == Part(1.0, 1, 1)


def test_an_enrollment_that_goes_on_has_not_ended() -> None:
    row = kpi(figure="ratio", of="enrollment_ended", reached="sequence_completed", by=("enrollment",))
    known: dict[str, Any] = {"enrollment_id": "e", "facility_id": "F", "sequence": "s", "tier": 1, "owner": "ann"}
    started = event("enrollment.started", 9, started_on=str(on(9)), **known)
    ended = event("enrollment.ended", 5, ended_on=str(on(5)), status="stopped", **known)
    again = event("enrollment.started", 5, started_on=str(on(9)), **known)

    assert figure(row, [started, ended]).whole == Part(0.0, 0, 1)
    assert figure(row, [started, ended, again]).whole == Part(None, 0, 0)


def test_a_lead_that_went_back_to_the_first_phase_was_not_contacted() -> None:
    events = [lead_moved("a", 30, 40, "contacted"), lead_moved("a", 30, 40, "new", from_stage="contacted")]

    assert figure(QUALIFIED, events).whole == Part(None, 0, 0)


def test_a_lead_that_skipped_a_stage_has_passed_it() -> None:
    events = [
        lead_moved("a", 30, 40, "contacted"),
        lead_moved("a", 20, 40, "proposal"),
        lead_moved("b", 30, 40, "contacted"),
        lead_moved("b", 25, 40, "lost"),
    ]

    assert figure(QUALIFIED, events).whole == Part(0.5, 1, 2)


def test_an_outcome_that_was_taken_back_does_not_count() -> None:
    won = lead_decided("won", "a", 10, 30)
    undone = lead_decided("outcome_undone", "a", 10, 30, outcome="won", undone_on=str(on(10)))

    assert figure(WIN_RATE, [won]).whole == Part(1.0, 1, 1)
    assert figure(WIN_RATE, [undone, won]).whole == Part(None, 0, 0)
    assert figure(WIN_RATE, [won, undone, lead_decided("lost", "a", 9, 30)]).whole == Part(0.0, 0, 1)


def test_a_lead_that_is_reopened_counts_once_for_each_time() -> None:
    events = [
        lead_raised("a", 60),
        lead_decided("lost", "a", 50, 60),
        lead_reopened("a", 40),
        lead_decided("won", "a", 30, 40),
    ]

    assert figure(WIN_RATE, events).whole == Part(0.5, 1, 2)


def test_a_posting_led_to_a_lead_that_was_open_or_raised_later_but_not_to_one_that_was_closed() -> None:
    events = [
        posting("open", 20),
        posting("later", 20),
        posting("closed", 20),
        *(matched(name, name) for name in ("open", "later", "closed")),
        lead_raised("1", 30, facility_id="open"),
        lead_raised("2", 10, facility_id="later"),
        lead_raised("3", 30, facility_id="closed"),
        lead_decided("lost", "3", 25, 30, facility_id="closed"),
    ]

    found = figure(LED_TO_LEAD, events)

    assert sorted(case.first.columns["posting"] for case in found.cases if case.then) == ["later", "open"]


def test_what_a_later_event_undid_does_not_count() -> None:
    events = [*(posting(name, 9) for name in "abc"), matched("F", "a", "b"), unmatched("b"), unmatched("c")]

    assert figure(MATCHED, [*events]).whole == Part(1 / 3, 1, 3)
    assert figure(MATCHED, [*events, matched("G", "b")]).whole == Part(2 / 3, 2, 3)


def test_a_median_of_days_leaves_out_what_was_not_reached() -> None:
    row = kpi(figure="median", measure="days_until", of="lead_raised", reached="lead_won", by=("lead", "raised_on"))
    events = [lead_raised(name, 50) for name in "abc"]
    events += [lead_decided("won", "a", 40, 50), lead_decided("won", "b", 20, 50)]

    assert figure(row, events).whole == Part(20.0, 2, 3)


def test_an_age_counts_until_the_decision_or_now() -> None:
    row = kpi(
        figure="median",
        measure="age_in_hours",
        of="inbox_opened",
        reached="inbox_decided",
        by=("posting",),
        target=Target(at_most=24),
    )
    events = [
        event("posting.unmatched", 5, hour=9, posting_id="a"),
        event("signal.dismissed", 4, hour=13, posting_ids=["a", "x"]),
        event("posting.unmatched", 0, hour=8, posting_id="b"),
    ]

    assert figure(row, events).whole == Part(16.0, 2, 2, met=True)


def test_touches_before_a_meeting_are_those_since_the_lead_was_raised() -> None:
    row = kpi(figure="median", measure="times_before", of="lead_met", reached="touch_done", by=("facility",))
    events = [touch_done(str(days), days, facility_id="F-a") for days in (40, 30, 20, 10, 5)]
    events += [lead_raised("a", 35), lead_decided("met", "a", 10, 35)]

    assert figure(row, events).whole == Part(3.0, 1, 1)


def test_days_since_the_last_contact_are_counted_from_the_latest_touch() -> None:
    row = kpi(
        figure="median", measure="days_since", of="client", reached="touch_done", by=("facility",), window_days=None
    )
    events = [event("account.moved", 400, facility_id=f"F-{name}", owner="ann", client=True) for name in "abc"]
    events += [event("account.moved", 300, facility_id="F-c", owner="ann", client=False)]
    events += [touch_done("1", 60, facility_id="F-a"), touch_done("2", 12, facility_id="F-a")]

    assert figure(row, events).whole == Part(12.0, 1, 2)


def test_a_count_is_listed_for_each_value_of_its_column() -> None:
    row = kpi(figure="count", of="lead_lost", over="reason")
    reasons = ["price", "price", "timing", None]

    found = figure(row, [lead_decided("lost", str(n), 3, 9, reason=reason) for n, reason in enumerate(reasons)])

    assert {name: part.value for name, part in found.parts["reason"].items()} == {"price": 2, "timing": 1, "none": 1}


def test_a_part_has_the_tier_that_the_account_had_on_that_day() -> None:
    def enrolled(tier: int, days_ago: int) -> Event:
        body: dict[str, Any] = {
            "facility_id": "F-a",
            "tier": tier,
            "enrollment_id": f"e{tier}",
            "started_on": str(on(days_ago)),
        }
        return event("enrollment.started", days_ago, **body)

    events = [enrolled(2, 60), enrolled(1, 30), lead_decided("won", "a", 40, 70), lead_decided("lost", "a", 20, 35)]

    assert figure(WIN_RATE, events).parts["tier"] == {"1": Part(0.0, 0, 1), "2": Part(1.0, 1, 1)}


@pytest.mark.parametrize("target,value,met", [(Target(at_least=0.5), 0.5, True), (Target(at_least=0.51), 0.5, False)])
def test_a_target_is_met_at_its_bound(target: Target, value: float, met: bool) -> None:
    assert target.is_met(value) is met


ROWS: tuple[Kpi, ...] = (CONTACTED, SAME_DAY, WIN_RATE, MATCHED, LED_TO_LEAD)


def a_history(seed: int) -> list[Event]:
    chance = random.Random(seed)
    events: list[Event] = []
    for n in range(chance.randint(1, 12)):
        lead, days = str(n), chance.randint(0, 60)
        events += [posting(lead, days + 1), lead_raised(lead, days), touch_due(f"t{n}", days, facility_id=f"F-{n}")]
        events += [chance.choice([matched(f"F-{n % 5}", lead), unmatched(lead)]) for _ in range(chance.randint(0, 3))]
        if chance.random() < 0.7:
            events.append(touch_done(f"t{n}", max(days - chance.randint(0, 2), 0), facility_id=f"F-{n}"))
        if chance.random() < 0.5:
            events.append(lead_decided(chance.choice(["won", "lost"]), lead, days // 2, days))
    return events


@given(st.integers(0, 10_000))
def test_repeated_and_reordered_events_change_no_figure(seed: int) -> None:
    events = a_history(seed)
    chance = random.Random(seed)
    other = [*events, *chance.choices(events, k=len(events))]
    chance.shuffle(other)
    span = Span(TODAY + timedelta(1), NOW)

    assert figures_of(ROWS, other, PUBLISHED, span) == figures_of(ROWS, events, PUBLISHED, span)


VELOCITY = kpi(figure="rate", of="lead_won", column="amount", from_day="raised_on", where={"currency": ("USD",)})


def stated(lead: str, days_ago: int, amount: str | None, currency: str = "USD", version: int = 2) -> Event:
    stated: dict[str, Any] = {"amount": amount, "currency": currency, "version": version}
    return lead_raised(lead, days_ago, **stated)._replace(subject="lead.changed")


def test_a_rate_is_the_sum_of_a_column_by_the_mean_of_the_days() -> None:
    events = [
        stated("fast", 40, "5000"),
        stated("fast", 39, "6000", version=3),
        stated("fast", 38, None, version=4),
        lead_decided("won", "fast", 20, 40),
        stated("slow", 50, "3000.50"),
        lead_decided("won", "slow", 10, 50),
        stated("open", 20, "9000"),
        lead_decided("won", "unstated", 10, 30),
        stated("abroad", 20, "700", "EUR"),
        lead_decided("won", "abroad", 10, 20),
    ]

    found = figure(VELOCITY, events)

    assert found.whole == Part((6000 + 3000.5) / ((20 + 40) / 2), 2, 2)
