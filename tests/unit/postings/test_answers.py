"""Is each system's answer recognized and read, and what has no adapter refused by name?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engines.postings import Found, Unreadable, read
from tests.unit.postings import examples
from tests.unit.postings.examples import ANSWERS, encoded

TODAY = date(2026, 11, 18)
PLAIN = Found("", "Assessment Coordinator", "Birch House", "Troy", "NY", posted_on=date(2026, 11, 15))
EXPECTED = {
    "greenhouse": PLAIN._replace(
        source_posting_id="4001", title="Assessment Coordinator & RN", employer_name="Birch Group",
        url="https://boards.greenhouse.io/birch/jobs/4001", description="Completes assessments & plans",
    ),
    "lever": PLAIN._replace(
        source_posting_id="5ac2", employer_name="", url="https://jobs.lever.co/birch/5ac2",
        description="Completes assessments You have patience",
    ),
    "smartrecruiters": PLAIN._replace(
        source_posting_id="7440", employer_name="Birch Group", zip="12180",
        url="https://jobs.smartrecruiters.com/Birch/7440",
    ),
    "workday": PLAIN._replace(source_posting_id="R-1", employer_name=""),
    "ukg": PLAIN._replace(
        source_posting_id="532a", employer_name="", zip="12180", address="2 Oak Rd", description="Completes assessments"
    ),
    "careeronestop": PLAIN._replace(
        source_posting_id="3F2A", url="https://jobs.example/3f2a", description="Completes ..."
    ),
    "techmap": PLAIN._replace(source_posting_id="t1", url="https://birch.example/7"),
    "coresignal": PLAIN._replace(source_posting_id="1234"),
    "adzuna": PLAIN._replace(
        source_posting_id="496", url="https://www.adzuna.com/details/496", description="Completes assessments..."
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_recognized_by_its_content_and_every_field_is_right(name: str) -> None:
    found = read(encoded(ANSWERS[name]), day=TODAY)

    assert found.format == name
    assert found.postings[0] == EXPECTED[name]


@pytest.mark.parametrize("name", ANSWERS)
def test_no_field_names_a_person_that_an_answer_names(name: str) -> None:
    assert "Roe" not in repr(read(encoded(ANSWERS[name])))


def test_a_list_and_its_details_are_one_posting_in_a_file() -> None:
    detail = {
        "jobPostingInfo": {
            "title": "Assessment Coordinator, nights",
            "jobReqId": "R-1",
            "location": "Troy, NY",
            "startDate": "2026-11-14",
            "externalUrl": "https://birch.wd5.myworkdayjobs.com/careers/job/Troy-NY/Assessment-Coordinator_R-1",
        }
    }

    found = read(encoded({"list": examples.WORKDAY, "details": [detail]}), day=TODAY).postings

    assert [posting.source_posting_id for posting in found] == ["R-1", "R-2"]
    assert (found[0].title, found[0].posted_on) == ("Assessment Coordinator, nights", date(2026, 11, 14))


def test_three_locations_are_where_the_path_of_the_posting_says_and_30_days_or_more_is_no_day() -> None:
    reviewer = read(encoded(examples.WORKDAY), day=TODAY).postings[1]

    assert (reviewer.city, reviewer.state, reviewer.posted_on) == ("Utica", "NY", None)


@pytest.mark.parametrize(
    "written, posted",
    [("Posted Today", TODAY), ("Posted Yesterday", date(2026, 11, 17)), ("Posted 1 Day Ago", date(2026, 11, 17))],
)
def test_days_ago_count_back_from_the_day_of_the_answer(written: str, posted: date) -> None:
    answer = {"jobPostings": [examples.WORKDAY["jobPostings"][0] | {"postedOn": written}]}

    assert read(encoded(answer), day=TODAY).postings[0].posted_on == posted
    assert read(encoded(answer)).postings[0].posted_on is None


def test_both_spellings_of_careeronestop_are_read() -> None:
    job = dict(examples.CAREERONESTOP["Jobs"][0])
    job["AccquisitionDate"] = job.pop("AcquisitionDate")

    assert read(encoded({"Jobs": [job], "Jobcount": 1})).postings == [EXPECTED["careeronestop"]]


def test_what_vendors_have_from_linkedin_or_indeed_is_left_out_and_counted() -> None:
    assert read(encoded(examples.TECHMAP)).problems == ["1 posting was left out: from Indeed."]
    found = read(encoded(examples.CORESIGNAL))
    assert len(found.postings) == 1
    assert found.problems == [
        "1 posting was left out: from LinkedIn.",
        "1 posting was left out: from Indeed.",
        "1 posting was left out: no origin is stated.",
    ]


@pytest.mark.parametrize("name", ["greenhouse", "smartrecruiters", "workday", "ukg", "careeronestop", "techmap"])
def test_an_empty_list_is_recognized_as_well(name: str) -> None:
    empty = {key: [] if isinstance(value, list) else value for key, value in ANSWERS[name].items()}

    assert read(encoded(empty)) == (name, [], [])


def test_a_list_within_a_script_of_a_page_is_read() -> None:
    page = b"<html><body><script>window.board = " + encoded(examples.GREENHOUSE) + b"; start();</script></body></html>"

    assert read(page).postings == [EXPECTED["greenhouse"]]


@pytest.mark.parametrize("name", ["birch.csv", "AAPACN jobs.csv"])
def test_a_table_is_read_by_its_headings_and_without_the_person_to_contact(name: str) -> None:
    found = read(examples.CSV.encode(), name)

    assert found.format == ("csv" if name == "birch.csv" else "aapacn_csv")
    assert found.postings == [
        PLAIN._replace(source_posting_id="A-1", zip="12180", url="https://jobs.example/1", closes_on=date(2026, 12, 15))
    ]
    assert found.problems == ["1 posting was left out: no title."]


def test_a_row_without_an_id_and_a_url_keeps_its_id_and_one_from_indeed_is_left_out() -> None:
    table = (
        b"Position;Employer;Location;Source\nReviewer;Birch House;Troy, NY;AAPACN\nNurse;Birch House;Troy;Indeed.com\n"
    )

    first, second = read(table), read(table)

    assert first.postings[0].source_posting_id == second.postings[0].source_posting_id
    assert (first.postings[0].city, first.postings[0].state) == ("Troy", "NY")
    assert first.problems == ["1 posting was left out: from Indeed."]


@pytest.mark.parametrize(
    "system, content",
    [
        ("BambooHR", {"result": [{"id": "86", "jobOpeningName": "Nurse"}]}),
        ("Eightfold", {"positions": [{"id": 1, "name": "Nurse", "canonicalPositionUrl": "https://x.eightfold.ai/1"}]}),
        ("Oracle Recruiting", {"items": [{"requisitionList": [{"Id": "1", "Title": "Nurse", "PostedDate": "2026"}]}]}),
        ("Teamtailor", {"items": [{"title": "Nurse", "_jobposting": {"@type": "JobPosting", "title": "Nurse"}}]}),
        ("Ashby", {"jobs": [{"title": "Nurse", "jobUrl": "https://jobs.ashbyhq.com/birch/1"}]}),
        ("SEC EDGAR", {"hits": {"hits": [{"_index": "edgar_file"}]}}),
        ("iCIMS", b'<html><body><li class="iCIMS_JobCardItem">Nurse</li></body></html>'),
        ("Jobvite", b'<html><body><td class="jv-job-list-location">Troy</td></body></html>'),
        ("NEOGOV", b'<?xml version="1.0"?><rss xmlns:joblisting="http://www.neogov.com/namespaces/JobListing"></rss>'),
        ("Personio", b"<?xml version='1.0'?><workzag-jobs><position/></workzag-jobs>"),
        ("Paylocity", b'<html><script>window.pageData = {"Jobs":[{"JobTitle":"Nurse"}]};</script></html>'),
        ("Phenom", b'<html><script>phApp.ddo = {"jobs":[{"title":"Nurse"}]};</script></html>'),
        ("SAP SuccessFactors", b'<div><a href="/job/1" class="jobTitle-link">Nurse</a></div>'),
        ("Taleo", b'<html><a href="https://birch.taleo.net/careersection/2">Jobs</a></html>'),
    ],
)  # fmt: skip
def test_what_has_no_adapter_is_refused_by_name(system: str, content: Any) -> None:
    with pytest.raises(Unreadable, match=f"{system}, which has no adapter"):
        read(content if isinstance(content, bytes) else encoded(content))


def test_a_page_that_leads_to_a_board_names_the_adapter_that_fetches_it() -> None:
    with pytest.raises(Unreadable, match="It leads to a board that the adapter workday fetches"):
        read(b'<html><a href="https://birch.wd5.myworkdayjobs.com/Jobs">Careers</a></html>')


def test_a_page_of_such_a_system_that_has_schema_org_is_read() -> None:
    page = b"""<html><script type="application/ld+json">{"@type": "JobPosting", "title": "Nurse"}</script>
    <li class="iCIMS_JobCardItem">Nurse</li></html>"""

    assert [posting.title for posting in read(page).postings] == ["Nurse"]
