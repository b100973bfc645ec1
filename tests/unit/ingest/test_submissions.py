"""Is every field of a submitted posting checked, and every other field ignored? (R11)"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.usecases.submissions import Reading, read

NOW = datetime(2026, 7, 2, 12, tzinfo=UTC)
NOT_INDEED = "postings from indeed are not accepted"


def reading(**fields: Any) -> Reading:
    return read({"source_posting_id": "P1", "title": "MDS Nurse", "employer_name": "Larkmoor", **fields}, "board", NOW)


@pytest.mark.parametrize(
    "field, value, message",
    [
        ("title", None, "is missing"),
        ("title", "   ", "is empty"),
        ("title", "\u200b&shy;", "is empty"),
        ("title", "x" * 301, "is longer than 300 characters"),
        ("title", ["a", "list"], "must be text, not a list"),
        ("employer_name", "", "is missing"),
        ("employer_name", {"a": 1}, "must be text"),
        ("source_posting_id", None, "is missing"),
        ("source_posting_id", True, "must be text, not true or false"),
        ("source_posting_id", ["4001"], "must be text, not a list"),
        ("source_posting_id", float("nan"), "must be text, not NaN or infinity"),
        ("source_posting_id", float("inf"), "must be text, not NaN or infinity"),
        ("source_posting_id", 1e17, "is a number too large to be exact; send it as text"),
        ("source_posting_id", 10**400, "is a number of more than 30 digits; send it as text"),
        ("source_posting_id", "NaN", "is missing: 'NaN' is a program's word for a missing value"),
        ("source_posting_id", "x" * 201, "is longer than 200 characters"),
        ("source", "another board", "is 'another board', but this submission is from 'board'"),
        ("url", "https://www.indeed.com/viewjob", f"{NOT_INDEED}: www.indeed.com is a host of indeed"),
        ("url", "www.Indeed.com/viewjob", f"{NOT_INDEED}: www.indeed.com is a host of indeed"),
        ("url", "see Indeed", NOT_INDEED),
        (
            "url",
            "https://[www.linkedin.com/jobs",
            "postings from linkedin are not accepted: www.linkedin.com is a host of linkedin",
        ),
        (
            "seen_at",
            "2026-07-03T12:01:00Z",
            "2026-07-03 08:01:00 EDT is in the future: the clock of this deployment shows 2026-07-02 08:00:00 EDT"
            " (in a simulation, the simulated time)",
        ),
    ],
)
def test_an_invalid_identity_or_time_of_a_posting_is_refused(field: str, value: object, message: str) -> None:
    result = reading(**{field: value})

    assert result.submission is None
    assert result.errors == {field: message}


@pytest.mark.parametrize(
    "field, value, problem",
    [
        ("state", "Quebec City", "must be a state, such as NY or New York"),
        ("state", ["NY"], "must be text, not a list"),
        ("zip", "1220", "must be five digits, such as 12207, or nine, such as 12207-1234"),
        ("zip", "12207 or 12208", "must be five digits, such as 12207, or nine, such as 12207-1234"),
        ("zip", True, "must be text, not true or false"),
        ("ccn", "33Y11", "CCN '33Y11' is not six characters like 335001"),
        ("ccn", "3.35E+05", "which loses digits; format the column as text and export it again"),
        ("ccn", 15001, "a spreadsheet may have dropped its leading zero; if so, write 015001"),
        ("url", "javascript:alert(1)", "must be a URL that begins with http:// or https://"),
        ("url", "https://[broken", "must be a URL that begins with http:// or https://"),
        ("url", f"https://x.example/{'a' * 2_000}", "is longer than 2,000 characters"),
        ("phone", "(518) 555-0100 ext. 1234 or (518) 555-0101 after hours", "must be one telephone number"),
        ("phone", "x" * 1_000_000, "must be one telephone number"),
        ("city", "x" * 101, "is longer than 100 characters"),
        ("city", {"a": 1}, "must be text"),
        ("address", "x" * 301, "is longer than 300 characters"),
        ("posted_on", 1_750_000_000, "must be a date, such as 2026-07-01"),
        ("posted_on", "31/12/2025", "must be a date, such as 2026-07-01"),
        ("closed_on", "2026-02-30", "must be a date, such as 2026-07-01"),
        ("closed_on", "2026-07-09", "it is in the future; the posting is open until then"),
        ("seen_at", "yesterday", "must be a date or a time, such as 2026-07-01 or 2026-07-01T08:30:00Z"),
        ("seen_at", "2026-07-01Tnoon", "must be a date or a time, such as 2026-07-01 or 2026-07-01T08:30:00Z"),
        ("seen_at", "0001-01-01T00:00:00Z", "is outside the years from 2000 to 2199"),
        ("description", ["a"], "must be text, not a list"),
    ],
)
def test_an_invalid_optional_field_is_left_out_with_a_warning_and_the_posting_is_accepted(
    field: str, value: object, problem: str
) -> None:
    result = reading(**{field: value})

    assert result.submission
    assert result.errors == {}
    assert list(result.warnings) == [field]
    assert result.warnings[field].endswith(problem) or problem in result.warnings[field]
    assert len(result.warnings[field]) < 250
    assert getattr(result.submission.content, field, None) is None


@pytest.mark.parametrize(
    "sent, stored",
    [
        ({"state": "New York"}, {"state": "NY"}),
        ({"state": "N.Y."}, {"state": "NY"}),
        ({"state": "US-NY"}, {"state": "NY"}),
        ({"state": " ny "}, {"state": "NY"}),
        ({"zip": "6010", "state": "Connecticut"}, {"zip": "06010", "state": "CT"}),
        ({"zip": 6010, "state": "CT"}, {"zip": "06010"}),
        ({"zip": 60101234.0, "state": "CT"}, {"zip": "06010-1234"}),
        ({"zip": "060101234"}, {"zip": "06010-1234"}),
        ({"zip": "12207-"}, {"zip": "12207"}),
        ({"zip": "12207 1234"}, {"zip": "12207-1234"}),
        ({"zip": "12207.0"}, {"zip": "12207"}),
        ({"zip": 12207}, {"zip": "12207"}),
        ({"zip": 12207.0}, {"zip": "12207"}),
        ({"zip": "NY 12207"}, {"zip": "12207"}),
        ({"zip": "\uff11\uff12\uff12\uff10\uff17"}, {"zip": "12207"}),
        ({"phone": 5185550100}, {"phone": "5185550100"}),
        ({"phone": 5185550100.0}, {"phone": "5185550100"}),
        ({"phone": "call (518) 555-0100 and ask for the nursing office"}, {"phone": "(518) 555-0100"}),
        ({"url": "www.example.com/jobs/1"}, {"url": "https://www.example.com/jobs/1"}),
        ({"ccn": "335001.0"}, {"facility_id": "335001"}),
        ({"ccn": 335001.0}, {"facility_id": "335001"}),
        ({"ccn": "33e123"}, {"facility_id": "33E123"}),
        ({"posted_on": "2026-07-01T08:30:00Z"}, {"posted_on": date(2026, 7, 1)}),
        ({"posted_on": "2026-07-01T02:30:00Z"}, {"posted_on": date(2026, 6, 30)}),
        ({"posted_on": "2026-07-01T00:00:00Z"}, {"posted_on": date(2026, 7, 1)}),
        ({"posted_on": "2026-07-01 08:30:00 +00:00"}, {"posted_on": date(2026, 7, 1)}),
        ({"posted_on": "2026-07-01 08:30 EST"}, {"posted_on": date(2026, 7, 1)}),
        ({"posted_on": "Wed, 01 Jul 2026 08:30:00 GMT"}, {"posted_on": date(2026, 7, 1)}),
        ({"posted_on": "07/01/2026"}, {"posted_on": date(2026, 7, 1)}),
        ({"posted_on": "2026-7-1"}, {"posted_on": date(2026, 7, 1)}),
        ({"city": "  Saint&nbsp;Albans "}, {"city": "Saint Albans"}),
        ({"city": "&shy;"}, {"city": None}),
    ],
)
def test_an_optional_field_in_another_format_is_normalized_if_it_is_unambiguous(
    sent: dict[str, Any], stored: dict[str, Any]
) -> None:
    result = reading(**sent)

    assert result.submission
    assert (result.errors, result.warnings) == ({}, {})
    assert {name: getattr(result.submission.content, name) for name in stored} == stored


def test_a_zip_is_not_padded_in_a_state_without_leading_zeros() -> None:
    assert "zip" in reading(zip="1220", state="NY").warnings


def test_a_description_is_read_up_to_its_limit_with_a_warning() -> None:
    result = reading(description="urgent " * 20_000)

    assert result.submission
    assert result.submission.urgency == 2
    assert list(result.warnings) == ["description"]


@pytest.mark.parametrize(
    "one, other",
    [
        (4001, "4001"),
        (4001.0, "4001"),
        ("4001.0", "4001"),
        (1e3, "1000"),
        (-0.0, "0"),
        (2**53 + 1, "9007199254740993"),
        (12345678901234567890, "12345678901234567890"),
        ("\uff14\uff10\uff10\uff11", "4001"),
        (" 40\u200b01\ufeff", "4001"),
    ],
)
def test_an_id_is_the_same_as_a_number_and_as_text(one: object, other: str) -> None:
    first, second = reading(source_posting_id=one).submission, reading(source_posting_id=other).submission

    assert first
    assert second
    assert first == second


@pytest.mark.parametrize(
    "one, other", [("0042", "42"), ("042.0", "42"), ("1e3", "1000"), ("4001.5", "4001"), ("<a>", "")]
)
def test_an_id_in_text_keeps_its_characters(one: str, other: str) -> None:
    first = reading(source_posting_id=one).submission

    assert first
    assert first.source_posting_id == one
    assert first != reading(source_posting_id=other or "b").submission


@pytest.mark.parametrize(
    "title",
    [
        "MDS&nbsp;Coordinator",
        "<b>MDS</b> Coordinator",
        "M\u00adDS Coor\u00addi\u00adnator",
        "\uff2d\uff24\uff33\u3000Coordinator",
        "MDS\u2028Coordinator",
        "\u041cDS Coordinator",
    ],
)
def test_the_same_posting_with_other_markup_is_the_same_submission(title: str) -> None:
    assert (
        reading(title=title, employer_name=f"{title}s").submission
        == reading(title="MDS Coordinator", employer_name="MDS Coordinators").submission
    )


def test_all_invalid_fields_are_reported_at_once() -> None:
    raw = {"state": "N", "source": "another", "seen_at": "2031-01-01", "closed_on": "2031-01-01", "url": "x"}

    result = read(raw, "board", NOW)

    assert result.errors.keys() == {*raw, "source_posting_id", "title", "employer_name"}
    assert result.errors["source"] == "is 'another', but this submission is from 'board'"
    assert result.warnings == {}


@pytest.mark.parametrize("source", [None, "", "  ", "x" * 61, "LinkedIn"])
def test_a_source_without_a_usable_name_is_an_error_of_that_field(source: str | None) -> None:
    result = read({"source_posting_id": "P1", "title": "MDS Nurse", "employer_name": "Larkmoor"}, source, NOW)

    assert list(result.errors) == ["source"]


def test_without_a_source_of_the_submission_each_posting_names_its_own() -> None:
    raw = {"source": " csv  drop", "source_posting_id": "P1", "title": "MDS Nurse", "employer_name": "Larkmoor"}

    result = read(raw, None, NOW)

    assert result.submission
    assert result.submission.source == "csv drop"


def test_invisible_characters_are_removed() -> None:
    result = reading(
        title="MDS\u0000 \u202eNurse\ud800", employer_name=" Larkmoor\n<b>Hollow</b> ", state="ny", zip=12207
    )

    assert result.submission
    content = result.submission.content
    assert (content.title, content.employer_name) == ("MDS Nurse", "Larkmoor Hollow")
    assert (content.state, content.zip) == ("NY", "12207")


def test_unknown_fields_are_reported_and_dropped() -> None:
    result = reading(applicant="Jane Roe", resume_url="https://x.example")

    assert result.ignored_fields == ["applicant", "resume_url"]
    assert "Jane" not in repr(result.submission)


def test_a_time_without_a_zone_is_in_the_deployments_time_zone() -> None:
    result = reading(seen_at="2026-07-01T23:30:00")

    assert result.submission
    assert result.submission.seen_at == datetime(2026, 7, 2, 3, 30, tzinfo=UTC)
    assert result.submission.seen_on == date(2026, 7, 1)


def test_a_posting_reported_closed_was_last_seen_on_that_day() -> None:
    result = reading(closed_on="2026-06-28")

    assert result.submission
    assert (result.submission.seen_on, result.submission.closed_on) == (date(2026, 6, 28), date(2026, 6, 28))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from(["title", "employer_name", "seen_at", "url", "zip", "x"]) | st.text(), anything))
def test_no_input_of_a_source_raises_an_exception(raw: dict[str, Any]) -> None:
    result = read(raw, "board", NOW)

    assert (result.submission is None) == bool(result.errors)


def test_the_list_of_ignored_fields_is_limited_and_the_rest_is_counted() -> None:
    result = reading(**{f"extra_{number:03d}": "x" for number in range(60)})

    assert len(result.ignored_fields) == 50
    assert result.ignored_fields[-1] == "... and 11 more"
    assert reading(**{"y" * 80: "x"}).ignored_fields == ["y" * 59 + "…"]
