"""Do sightings result in the right signals in any order and number? (R18 to R20, 2b)"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matcher.domain.policy import Signals
from services.matcher.domain.signals import Sighting, Signal, signals_of

RULES = Signals(join_days=7, chronic_days=14, expiry_days=30, chronic_expiry_days=45, max_urgency=4)
START = date(2026, 7, 1)


def day(number: int) -> date:
    return START + timedelta(number)


def a_sighting(first: int, last: int | None = None, *, source: str = "board", no: str = "", **more: Any) -> Sighting:
    name = no or f"{source}-{first}-{last}"
    known: dict[str, Any] = {"closed_on": None, "urgency": 1, "title": "MDS Coordinator"}
    return Sighting(
        posting_id=uuid5(NAMESPACE_OID, name),
        source=source,
        source_posting_id=name,
        first_seen_on=day(first),
        last_seen_on=day(first if last is None else last),
        **known | more,
    )


def signals(*sightings: Sighting) -> tuple[Signal, ...]:
    return signals_of("335001", "mds_coordinator", sightings, RULES)


any_sightings = st.lists(
    st.builds(
        lambda number, first, length, source, urgency, closed: a_sighting(
            first,
            first + length,
            source=source,
            no=f"P{number}",
            urgency=urgency,
            closed_on=day(first + length) if closed else None,
        ),
        number=st.integers(0, 10_000),
        first=st.integers(0, 90),
        length=st.integers(0, 30),
        source=st.sampled_from(["board", "career-page"]),
        urgency=st.integers(0, 4),
        closed=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda sighting: sighting.posting_id,
)


@given(any_sightings, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(sightings: list[Sighting], chance: Any) -> None:
    shuffled = sightings + [each for each in sightings if chance.random() < 0.5]
    chance.shuffle(shuffled)

    assert signals(*shuffled) == signals(*sightings)


@given(any_sightings)
def test_every_posting_is_in_exactly_one_signal_and_consecutive_signals_are_linked(sightings: list[Sighting]) -> None:
    found = signals(*sightings)

    assert sum(signal.postings for signal in found) == len(sightings)
    assert [signal.predecessor_id for signal in found] == [None, *(signal.signal_id for signal in found)][: len(found)]
    for earlier, later in itertools.pairwise(found):
        assert (later.first_seen_on - earlier.last_seen_on).days > RULES.join_days


@given(any_sightings)
def test_a_signal_is_open_from_its_last_sighting_for_at_most_its_expiry(sightings: list[Sighting]) -> None:
    for signal in signals(*sightings):
        days = (signal.expires_on - signal.last_seen_on).days
        assert 0 <= days <= (45 if signal.chronic else 30)
        assert signal.closed or days in (30, 45)


@given(any_sightings)
def test_a_signal_is_chronic_if_and_only_if_its_source_reposted_it_within_fourteen_days(
    sightings: list[Sighting],
) -> None:
    reposted = [
        later.first_seen_on
        for later in sightings
        if any(
            earlier.source == later.source and 1 <= (later.first_seen_on - earlier.last_seen_on).days <= 14
            for earlier in sightings
        )
    ]

    for signal in signals(*sightings):
        assert signal.chronic == any(signal.first_seen_on <= day <= signal.last_seen_on for day in reposted)


@given(any_sightings, st.integers(0, 30))
def test_postings_that_stay_online_are_not_reposts(sightings: list[Sighting], today: int) -> None:
    online = [replace(each, first_seen_on=START, last_seen_on=day(today)) for each in sightings]

    assert not any(signal.chronic for signal in signals(*online))
    assert len(signals(*online)) == min(1, len(sightings))


@given(st.integers(0, 40), st.integers(1, 60), st.booleans())
def test_every_window_includes_its_ends(length: int, gap: int, elsewhere: bool) -> None:
    source = "career-page" if elsewhere else "board"
    found = signals(a_sighting(0, length), a_sighting(length + gap, source=source))

    chronic = not elsewhere and gap <= 14
    assert len(found) == (1 if gap <= 7 else 2)
    assert found[-1].chronic is chronic
    assert found[-1].urgency == (2 if chronic else 1)
    assert found[-1].expires_on == day(length + gap + (45 if chronic else 30))


@given(any_sightings, st.integers(1, 400))
def test_only_the_distance_between_dates_counts(sightings: list[Sighting], later: int) -> None:
    def moved(each: Sighting) -> Sighting:
        closed = each.closed_on and each.closed_on + timedelta(later)
        first, last = each.first_seen_on + timedelta(later), each.last_seen_on + timedelta(later)
        return replace(each, first_seen_on=first, last_seen_on=last, closed_on=closed)

    now, then = signals(*sightings), signals(*map(moved, sightings))

    assert [s.expires_on + timedelta(later) for s in now] == [s.expires_on for s in then]
    assert [(s.chronic, s.urgency, s.signal_id) for s in now] == [(s.chronic, s.urgency, s.signal_id) for s in then]


def test_no_sightings_are_no_signals() -> None:
    assert signals() == ()


@pytest.mark.parametrize("gap, count", [(0, 1), (7, 1), (8, 2)])
def test_a_posting_joins_through_the_seventh_day(gap: int, count: int) -> None:
    assert len(signals(a_sighting(0, 3), a_sighting(3 + gap))) == count


@pytest.mark.parametrize("gap, chronic", [(0, False), (1, True), (7, True), (14, True), (15, False)])
def test_a_repost_within_fourteen_days_is_chronic(gap: int, chronic: bool) -> None:
    assert signals(a_sighting(0, 3), a_sighting(3 + gap))[-1].chronic is chronic


@pytest.mark.parametrize(
    "title, same", [("MDS Coordinator", True), ("** MDS COORDINATOR 2 **", True), ("MDS Nurse", False)]
)
def test_a_posting_under_another_title_is_chronic_and_no_repost(title: str, same: bool) -> None:
    (signal,) = signals(a_sighting(0, 3), a_sighting(5, title=title))

    assert signal.chronic
    assert signal.reposted_on == (day(5) if same else None)


def test_the_signal_before_a_chronic_one_is_not_chronic_itself() -> None:
    first, second = signals(a_sighting(0, 0), a_sighting(10, 10))

    assert (first.chronic, second.chronic) == (False, True)
    assert second.predecessor_id == first.signal_id


def test_a_posting_that_stays_online_is_not_chronic() -> None:
    (signal,) = signals(a_sighting(0, 40))

    assert (signal.chronic, signal.expires_on) == (False, day(70))


def test_a_copy_at_another_source_is_not_chronic() -> None:
    (signal,) = signals(a_sighting(0, 3), a_sighting(5, source="career-page"))

    assert signal.chronic is False
    assert signal.sources == ("board", "career-page")


def test_a_long_posting_keeps_its_signal_open_for_postings_that_start_during_it() -> None:
    assert len(signals(a_sighting(0, 20), a_sighting(2, 3), a_sighting(27))) == 1


@pytest.mark.parametrize("urgency, expected", [(0, 1), (3, 4), (4, 4)])
def test_a_chronic_gap_raises_urgency_by_one_to_at_most_four(urgency: int, expected: int) -> None:
    (signal,) = signals(a_sighting(0, urgency=urgency), a_sighting(5, urgency=urgency))

    assert signal.urgency == expected


def test_a_chronic_signal_is_open_for_45_days() -> None:
    assert signals(a_sighting(0), a_sighting(5))[0].expires_on == day(50)


def test_a_signal_whose_postings_are_all_closed_expires_with_the_last_report() -> None:
    (signal,) = signals(a_sighting(0, 2, closed_on=day(3)), a_sighting(1, 4, closed_on=day(6)))

    assert (signal.closed, signal.expires_on) == (True, day(6))


def test_one_open_posting_keeps_the_signal_open() -> None:
    (signal,) = signals(a_sighting(0, 2, closed_on=day(3)), a_sighting(0, 2, source="career-page"))

    assert (signal.closed, signal.expires_on) == (False, day(32))


def test_a_report_after_the_expiry_does_not_reopen_a_signal() -> None:
    assert signals(a_sighting(0, closed_on=day(60)))[0].expires_on == day(30)


def test_the_title_is_that_of_the_posting_seen_last() -> None:
    assert signals(a_sighting(0, 9, title="MDS Nurse"), a_sighting(1, 2, title="MDS RN"))[0].title == "MDS Nurse"
