"""Does a posting's state depend only on the set of its submissions?"""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.postings import Content, Posting, Submission, close, content_hash, fold, posting_id


def a_submission(day: int, title: str = "MDS Nurse", closed: bool = False, raw_no: int = 0) -> Submission:
    content, seen_on = Content(title, "Larkmoor Hollow"), date(2026, 7, day)
    return Submission(
        posting_id=posting_id("board", "P1"),
        source="board",
        source_posting_id="P1",
        content=content,
        content_hash=content_hash(content, 1, None),
        role_family="mds_coordinator",
        urgency=1,
        pack="p",
        seen_at=datetime(2026, 7, day, 12, tzinfo=UTC),
        seen_on=seen_on,
        closed_on=seen_on if closed else None,
        raw_no=raw_no or day,
    )


def test_a_posting_has_the_same_id_wherever_it_is_seen() -> None:
    assert posting_id("board", "P1") == posting_id("board", "P1")
    assert posting_id("board", "P1") != posting_id("boardP", "1")


def test_content_is_that_of_the_latest_sighting_and_dates_are_the_extremes() -> None:
    state = fold(None, [a_submission(5, "RAI Nurse"), a_submission(9, "MDS Nurse"), a_submission(2, "Nurse")])

    assert (state.title, state.first_seen_on, state.last_seen_on) == ("MDS Nurse", date(2026, 7, 2), date(2026, 7, 9))


def test_of_two_contents_of_the_same_instant_the_one_recorded_later_wins() -> None:
    state = fold(fold(None, [a_submission(5, "Typo", raw_no=1)]), [a_submission(5, "MDS Nurse", raw_no=2)])

    assert (state.title, state.version) == ("MDS Nurse", 2)


def test_a_sighting_that_changes_nothing_keeps_the_version() -> None:
    once = fold(None, [a_submission(5)])

    again = fold(once, [a_submission(5, raw_no=7)._replace(pack="another pack")])

    assert again.version == once.version == 1


def test_a_posting_stays_closed_until_it_is_seen_on_a_later_day() -> None:
    seen = fold(None, [a_submission(5)])

    closed = close(seen, date(2026, 7, 5))
    reopened = fold(closed, [a_submission(6)])
    too_old = close(seen, date(2026, 7, 4))

    assert (closed.closed_on, closed.version) == (date(2026, 7, 5), 2)
    assert (reopened.closed_on, reopened.version) == (None, 3)
    assert (too_old.closed_on, too_old.version) == (None, 1)


def test_closing_twice_is_closing_once() -> None:
    closed = close(fold(None, [a_submission(5)]), date(2026, 7, 8))

    assert close(closed, date(2026, 7, 8)) == closed
    assert close(closed, date(2026, 7, 6)) == closed


moments = st.dictionaries(st.integers(1, 20), st.tuples(st.sampled_from(["A", "B", "C"]), st.booleans()), min_size=1)


@given(moments, st.data())
def test_order_and_batching_of_submissions_at_different_times_do_not_matter(
    sightings: dict[int, tuple[str, bool]], data: st.DataObject
) -> None:
    submissions = [a_submission(day, title, closed) for day, (title, closed) in sightings.items()]
    in_one_batch = fold(None, submissions)

    state: Posting | None = None
    for submission in data.draw(st.permutations(submissions + submissions[:2])):
        state = fold(state, [submission])

    assert state is not None
    assert state._replace(version=0) == in_one_batch._replace(version=0)
