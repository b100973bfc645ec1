"""Is a feed of postings shifted and repeated so that it lasts?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.demo.feed import Feed, read_feed, repeated, shifted

ZONE = "America/New_York"
HEADER = "source,source_posting_id,title,employer_name,posted_on,closed_on,seen_at"
ROWS = (
    "board,P1,MDS Nurse,Tern Point,2026-06-29,2026-07-20,2026-07-01T09:30:00",
    "board,P2,MDS Nurse,Gull Rock,,,2026-07-09T23:30:00-04:00",
)
FIRST, LAST = date(2026, 9, 29), date(2026, 11, 30)


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    file = tmp_path / "board.csv"
    file.write_text("\n".join((HEADER, *ROWS)), encoding="utf-8")
    return read_feed(file, ZONE)


def postings(feed: Feed) -> list[tuple[date, dict[str, Any]]]:
    return [(day, row) for day, rows in sorted(feed.days.items()) for _, row in rows if isinstance(row, dict)]


def test_it_begins_within_a_week_and_lasts_until_the_end(feed: Feed) -> None:
    result = repeated(feed, FIRST, LAST, ZONE)

    assert FIRST <= result.first < FIRST + timedelta(weeks=1)
    assert LAST - timedelta(weeks=2) < result.last


def test_every_posting_keeps_its_weekday_and_its_time_of_day(feed: Feed) -> None:
    for day, row in postings(repeated(feed, FIRST, LAST, ZONE)):
        original = row["source_posting_id"][:2]
        assert day.weekday() == {"P1": 2, "P2": 3}[original]
        assert row["seen_at"].endswith({"P1": "T09:30:00", "P2": "T23:30:00-04:00"}[original])


def test_every_repetition_has_ids_of_its_own(feed: Feed) -> None:
    ids = [row["source_posting_id"] for _, row in postings(repeated(feed, FIRST, LAST, ZONE))]

    assert len(ids) == len(set(ids)) > 4
    assert not {"P1", "P2"} & set(ids)


def test_the_days_of_a_posting_are_shifted_together(feed: Feed) -> None:
    [(_, row), _] = postings(feed)

    later = shifted(row, 2)

    assert (later["posted_on"], later["closed_on"], later["seen_at"]) == (
        "2026-07-13",
        "2026-08-03",
        "2026-07-15T09:30:00",
    )
    assert later["source_posting_id"] == "P1+2w"
    assert shifted(row, 0) == row


def test_a_day_in_another_notation_is_left_out_not_kept(feed: Feed) -> None:
    [(_, row), _] = postings(feed)

    assert shifted({**row, "posted_on": "June 29"}, 1)["posted_on"] is None


def test_a_feed_of_a_later_year_begins_with_the_simulation_too(feed: Feed) -> None:
    result = repeated(feed, date(2026, 1, 5), date(2026, 2, 1), ZONE)

    assert date(2026, 1, 5) <= result.first < date(2026, 1, 12)


def test_the_same_days_have_the_same_postings(feed: Feed) -> None:
    assert repeated(feed, FIRST, LAST, ZONE) == repeated(feed, FIRST, LAST, ZONE)


def test_a_row_that_cannot_be_read_or_has_no_day_is_left_out(feed: Feed) -> None:
    feed.days[feed.first] += [(4, "has 9 cells"), (5, {"source_posting_id": "P3", "seen_at": "soon"})]

    assert {row["source_posting_id"][:2] for _, row in postings(repeated(feed, FIRST, LAST, ZONE))} == {"P1", "P2"}
