"""Is a posting closed only if its source shows that it is gone?"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.domain.lifecycle import DISBELIEVED, Unlisted, ending, judge

TODAY = date(2026, 7, 10)
YESTERDAY = TODAY - timedelta(days=1)


def missing(misses: int = 0, closes_on: date | None = None, *, is_listed: bool = False) -> Unlisted:
    return Unlisted("4001", is_listed, misses, YESTERDAY if misses else None, closes_on)


def test_a_posting_that_is_missed_once_stays_open() -> None:
    assert ending([missing()], True, TODAY) == ({}, {"4001": (1, TODAY)})


def test_a_posting_that_is_missed_twice_was_closed_when_it_was_missed_first() -> None:
    assert ending([missing(1)], True, TODAY) == ({"4001": YESTERDAY}, {})


def test_a_listing_that_is_not_complete_closes_nothing() -> None:
    assert not judge(False, 0, 40, 0).counts
    assert ending([missing(1)], False, TODAY) == ({}, {})


def test_a_posting_whose_last_day_is_over_is_closed_by_any_listing() -> None:
    assert ending([missing(closes_on=YESTERDAY, is_listed=True)], False, TODAY).closed == {"4001": YESTERDAY}
    assert ending([missing(closes_on=TODAY, is_listed=True)], True, TODAY) == ({}, {})


def test_an_empty_list_after_a_full_one_is_believed_the_fourth_time() -> None:
    empty, believed = 0, []
    for _ in range(DISBELIEVED + 1):
        judgment = judge(True, 0, 40, empty)
        empty = judgment.empty_listings
        believed.append(judgment.counts)

    assert believed == [False, False, False, True]


def test_one_full_list_in_between_lets_the_count_begin_anew() -> None:
    assert judge(True, 1, 40, DISBELIEVED).empty_listings == 0


def test_an_empty_list_of_a_source_that_listed_nothing_before_is_believed() -> None:
    assert judge(True, 0, 0, 0) == (True, 0, None)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=30))
@settings(deadline=None)
def test_nothing_is_ever_closed_without_two_complete_listings_that_count(listings: list[tuple[bool, int]]) -> None:
    """The source lists the posting first, and never again."""
    empty, misses, since, counted, closed = 0, 0, None, 0, False
    for complete, others in listings:
        judgment = judge(complete, others, 40, empty)
        empty = judgment.empty_listings
        counted += judgment.counts
        end = ending([Unlisted("4001", False, misses, since, None)], judgment.counts, TODAY)
        misses, since = end.missed.get("4001", (misses, since))
        if end.closed:
            closed = True
            break

    assert closed == (counted >= 2)
