"""Is every field of a submitted posting checked, and nothing else let in? (R11)"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.submissions import Reading, read

NOW = datetime(2026, 7, 2, 12, tzinfo=UTC)


def reading(**said: Any) -> Reading:
    return read({"source_posting_id": "P1", "title": "MDS Nurse", "employer_name": "Larkmoor", **said}, "board", NOW)


@pytest.mark.parametrize(
    "field, value",
    [
        ("title", None),
        ("title", "   "),
        ("title", "x" * 301),
        ("employer_name", ""),
        ("source_posting_id", None),
        ("state", "New York"),
        ("zip", "1220"),
        ("ccn", "33-5001"),
        ("url", "javascript:alert(1)"),
        ("url", "https://[broken"),
        ("url", "https://www.indeed.com/viewjob"),
        ("posted_on", "07/01/2026"),
        ("posted_on", 1_750_000_000),
        ("seen_at", "yesterday"),
        ("seen_at", "0001-01-01T00:00:00Z"),
        ("seen_at", "2026-07-03T12:01:00Z"),
        ("closed_on", "2026-07-09"),
        ("source", "somebody else"),
        ("title", ["a", "list"]),
    ],
)
def test_a_wrong_field_is_named(field: str, value: object) -> None:
    result = reading(**{field: value})

    assert result.submission is None
    assert list(result.errors) == [field]


@pytest.mark.parametrize(
    "field, value, message",
    [
        ("state", "New York", "must be two letters, such as NY"),
        ("zip", "1220", "must be five digits, such as 12207, or nine, such as 12207-1234"),
        ("ccn", "33-5001", "must be six characters, such as 335001"),
        ("posted_on", "07/01/2026", "must be a date, such as 2026-07-01"),
        ("closed_on", "2026-02-30", "must be a date, such as 2026-07-01"),
        ("seen_at", "2026-07-01Tnoon", "must be a date or a time, such as 2026-07-01 or 2026-07-01T08:30:00Z"),
        ("seen_at", "0001-01-01", "lies outside the years from 2000 to 2199"),
        ("url", "ftp://x", "is no address that begins with http:// or https://"),
        ("title", "x" * 301, "is longer than 300 characters"),
        ("title", ["a"], "must be text"),
        ("city", {"a": 1}, "must be text"),
    ],
)
def test_an_error_says_what_the_field_should_look_like(field: str, value: object, message: str) -> None:
    assert reading(**{field: value}).errors == {field: message}


def test_every_wrong_field_is_named_at_once() -> None:
    raw = {"state": "N", "source": "another", "seen_at": "2031-01-01", "closed_on": "2031-01-01", "url": "x"}

    errors = read(raw, "board", NOW).errors

    assert errors.keys() == {*raw, "source_posting_id", "title", "employer_name"}
    assert errors["source"] == "says 'another', but this submission is that of 'board'"


@pytest.mark.parametrize("source", [None, "", "  ", "x" * 61, "LinkedIn"])
def test_a_source_without_a_usable_name_is_an_error_of_that_field(source: str | None) -> None:
    result = read({"source_posting_id": "P1", "title": "MDS Nurse", "employer_name": "Larkmoor"}, source, NOW)

    assert list(result.errors) == ["source"]


def test_without_a_source_of_its_own_a_submission_is_by_the_source_each_posting_names() -> None:
    raw = {"source": " csv  drop", "source_posting_id": "P1", "title": "MDS Nurse", "employer_name": "Larkmoor"}

    result = read(raw, None, NOW)

    assert result.submission
    assert result.submission.source == "csv drop"


def test_what_no_reader_can_see_is_taken_out_and_html_stays_text() -> None:
    result = reading(
        title="MDS\u0000 \u202eNurse\ud800", employer_name=" Larkmoor\n<b>Hollow</b> ", state="ny", zip=12207
    )

    assert result.submission
    content = result.submission.content
    assert (content.title, content.employer_name) == ("MDS Nurse", "Larkmoor <b>Hollow</b>")
    assert (content.state, content.zip) == ("NY", "12207")


def test_unknown_fields_are_named_and_dropped() -> None:
    result = reading(applicant="Jane Roe", resume_url="https://x.example")

    assert result.ignored_fields == ["applicant", "resume_url"]
    assert "Jane" not in repr(result.submission)


def test_a_time_without_a_zone_is_the_deployments() -> None:
    result = reading(seen_at="2026-07-01T23:30:00")

    assert result.submission
    assert result.submission.seen_at == datetime(2026, 7, 2, 3, 30, tzinfo=UTC)
    assert result.submission.seen_on == date(2026, 7, 1)


def test_a_posting_reported_gone_was_not_seen_after_it_had_gone() -> None:
    result = reading(closed_on="2026-06-28")

    assert result.submission
    assert (result.submission.seen_on, result.submission.closed_on) == (date(2026, 6, 28), date(2026, 6, 28))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from(["title", "employer_name", "seen_at", "url", "zip", "x"]) | st.text(), anything))
def test_nothing_that_a_source_sends_is_an_error_of_ours(raw: dict[str, Any]) -> None:
    result = read(raw, "board", NOW)

    assert (result.submission is None) == bool(result.errors)
