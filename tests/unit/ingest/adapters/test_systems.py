"""Does the adapter of each recruiting system and vendor fetch a whole list, and know when it has not?"""

from __future__ import annotations

import json
import random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from services.ingest.adapters import ADAPTERS
from services.ingest.adapters.asking import MOST_PAGES
from services.ingest.adapters.protocol import Answer, Request
from tests.unit.ingest.adapters.driving import Network, fetched
from tests.unit.postings import examples
from tests.unit.postings.examples import encoded
from tests.unit.postings.test_mutations import mutated

OPTIONS: dict[str, dict[str, Any]] = {
    "greenhouse": {"token": "birch"},
    "lever": {"site": "birch"},
    "smartrecruiters": {"company": "Birch", "details": False},
    "workday": {"base": "https://birch.wd5.myworkdayjobs.com", "tenant": "birch", "site": "Jobs", "details": False},
    "ukg": {"code": "BIR1000", "board": "01234567-89ab-cdef-0123-456789abcdef"},
    "careeronestop": {"user_id": "u1", "keywords": ["Coordinator"], "locations": ["Troy, NY"]},
    "techmap": {"titles": ["Coordinator"], "days": 1},
    "coresignal": {"titles": ["Coordinator"]},
    "career_site": {"sitemaps": ["https://birch.example/sitemap.xml"]},
    "csv_url": {"url": "https://sheets.example/birch.csv"},
    "folder": {"folder": "saved"},
    "aapacn_csv": {"folder": "aapacn"},
}
PAGED = ["lever", "smartrecruiters", "workday", "ukg", "careeronestop", "coresignal"]


def numbered(name: str, first: int, size: int, total: int) -> Any:
    """A page of an invented list of so many postings."""
    if name == "coresignal":
        sample = examples.CORESIGNAL[0]
        return [sample | {"id": number} for number in range(first, min(first + size, total))]
    key, sample, own = {
        "lever": ("", examples.LEVER[0], "id"),
        "smartrecruiters": ("content", examples.SMARTRECRUITERS["content"][0], "id"),
        "workday": ("jobPostings", examples.WORKDAY["jobPostings"][0], "externalPath"),
        "ukg": ("opportunities", examples.UKG["opportunities"][0], "Id"),
        "careeronestop": ("Jobs", examples.CAREERONESTOP["Jobs"][0], "JvId"),
    }[name]
    records = [sample | {own: f"/job/Troy-NY/A_R-{n}"} for n in range(first, min(first + size, total))]
    counts = {"smartrecruiters": "totalFound", "workday": "total", "ukg": "totalCount", "careeronestop": "JobCount"}
    return {key: records, counts[name]: total if first == 0 or name != "workday" else 0} if key else records


def paging(name: str, total: int, seen: int | None = None) -> Network:
    """Answers as a list of so many postings does, of which it gives only some."""

    def network(request: Request) -> Any:
        query, body = parse_qs(urlsplit(request.url).query), json.loads(request.body or b"{}")
        search = body.get("opportunitySearch", body) if isinstance(body, dict) else {}
        if name == "careeronestop":
            first, size = map(int, urlsplit(request.url).path.split("/")[9:11])
        elif name == "coresignal":
            first, size = int(query.get("after", ["0"])[0]), 20
        else:
            given: dict[str, Any] = {key: value[0] for key, value in query.items()}
            given |= {key.lower(): value for key, value in search.items()}
            first = int(given.get("skip", given.get("offset", 0)))
            size = int(given.get("limit", given.get("top", 0)))
        page = numbered(name, first, size if seen is None else max(0, min(size, seen - first)), total)
        headers = {"x-next-page-after": str(first + size)} if first + size < total else {}
        return Answer(200, request.url, headers if name == "coresignal" else {}, encoded(page), False)

    return network


@pytest.mark.parametrize("name", PAGED)
def test_a_list_of_several_pages_is_fetched_to_its_end(name: str) -> None:
    done = fetched(name, OPTIONS[name], paging(name, 230))

    assert (len(set(done.ids)), len(done.ids), done.listing) == (230, 230, (True, ()))


@pytest.mark.parametrize("name", PAGED)
def test_an_empty_list_is_complete(name: str) -> None:
    assert fetched(name, OPTIONS[name], paging(name, 0)).listing == (True, ())


@pytest.mark.parametrize("name", [name for name in PAGED if name not in ("lever", "coresignal")])
def test_a_list_that_ends_before_its_total_is_incomplete(name: str) -> None:
    done = fetched(name, OPTIONS[name], paging(name, 230, seen=100))

    assert not done.listing.complete
    assert "ended after 100 of 230 postings" in done.listing.notes[0]


@pytest.mark.parametrize("name", PAGED)
def test_a_list_that_repeats_itself_is_given_up(name: str) -> None:
    first = paging(name, 1_000)(fetched(name, OPTIONS[name], paging(name, 0)).requests[0])

    done = fetched(name, OPTIONS[name], lambda request: first)

    assert len(done.requests) == 2
    assert "repeats itself" in done.listing.notes[0]
    assert not done.listing.complete


@pytest.mark.parametrize("name", ["workday", "coresignal"])
def test_an_endless_list_is_cut_off(name: str) -> None:
    done = fetched(name, OPTIONS[name], paging(name, 10**9))

    assert len(done.requests) == MOST_PAGES
    assert f"more than {MOST_PAGES} pages" in done.listing.notes[0]
    assert not done.listing.complete


@pytest.mark.parametrize("name", [*PAGED, "greenhouse", "techmap"])
@pytest.mark.parametrize("content", [b"<html>Sorry</html>", {"items": [1]}, {"error": "x"}, [{"new": "form"}], b"", 7])
def test_an_answer_of_an_unknown_form_closes_nothing(name: str, content: Any) -> None:
    done = fetched(name, OPTIONS[name], lambda request: encoded(7) if content == 7 else content)

    assert (done.postings, done.listing.complete) == ([], False)
    assert "another form than" in done.listing.notes[0]


@pytest.mark.parametrize("name", ["lever", "greenhouse", "smartrecruiters", "workday", "ukg", "careeronestop"])
@pytest.mark.parametrize("other", [[], "text", {"new": "form"}, None])
def test_a_record_of_an_unknown_form_is_counted_and_nothing_is_closed(name: str, other: Any) -> None:
    answer = json.loads(encoded(examples.ANSWERS[name]))
    records = answer if isinstance(answer, list) else next(each for each in answer.values() if isinstance(each, list))
    records.append(other)
    if name == "workday":
        answer["total"] = 3

    done = fetched(name, OPTIONS[name], lambda request: answer)

    assert len(done.ids) == len(records) - 1
    assert not done.listing.complete
    assert "1 record has another form" in done.listing.notes[-1] or "repeats itself" in done.listing.notes[0]


@pytest.mark.parametrize("name", ["lever", "greenhouse", "smartrecruiters", "workday", "ukg", "careeronestop"])
def test_a_record_with_an_id_and_no_more_is_listed_as_unread(name: str) -> None:
    answer = json.loads(encoded(examples.ANSWERS[name]))
    records = answer if isinstance(answer, list) else next(each for each in answer.values() if isinstance(each, list))
    key = {"ukg": "Id", "careeronestop": "JvId", "workday": "jobReqId"}.get(name, "id")
    records.append({key: "R-77"})
    for total in ("total", "totalFound", "totalCount", "JobCount"):
        if total in answer:
            answer[total] = len(records)

    done = fetched(name, OPTIONS[name], lambda request: answer)

    assert [each for listed in done.listed for each in listed.unread] == ["R-77"]
    assert len(done.ids) == len(records) - 1
    assert done.listing.complete
    assert done.listing.notes[-1].endswith("and counts as listed.")


@pytest.mark.parametrize("name", ["smartrecruiters", "workday"])
def test_a_posting_in_the_list_is_listed_although_its_details_are_gone(name: str) -> None:
    def network(request: Request) -> Any:
        return 404 if request.page else json.loads(encoded(examples.ANSWERS[name]))

    done = fetched(name, OPTIONS[name] | {"details": True}, network)

    assert not done.ids
    assert [each for listed in done.listed for each in listed.unread]
    assert done.listing.complete


def test_damaged_answers_raise_no_error() -> None:
    for seed in range(400):
        name, chance = list(examples.ANSWERS)[seed % 8], random.Random(seed)
        options = OPTIONS[name] | ({"details": True} if "details" in OPTIONS[name] else {})
        answers = iter([mutated(encoded(examples.ANSWERS[name]), chance) for _ in range(5)])

        done = fetched(name, options, lambda request, answers=answers: next(answers, 404))  # type: ignore[misc]

        assert len(done.requests) <= 6


@pytest.mark.parametrize("name", [*PAGED, "greenhouse", "techmap", "csv_url", "folder", "career_site"])
@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_closes_nothing_and_is_noted(name: str, status: int) -> None:
    done = fetched(name, OPTIONS[name], lambda request: status)

    assert (done.postings, done.listing.complete) == ([], False)
    assert str(status) in done.listing.notes[0]


def test_a_board_that_does_not_exist_is_named() -> None:
    done = fetched("greenhouse", OPTIONS["greenhouse"], lambda request: 404)

    assert done.listing.notes == ("The board birch does not exist (status 404).",)


def test_a_404_of_careeronestop_is_no_empty_list_and_the_next_search_goes_on() -> None:
    options = OPTIONS["careeronestop"] | {"keywords": ["A/B", "Coordinator"]}

    done = fetched("careeronestop", options, lambda request: 404 if "A%2FB" in request.url else examples.CAREERONESTOP)

    assert (done.ids, done.listing.complete) == (["3F2A"], False)
    assert "A/B in Troy, NY was answered with status 404: it finds nothing, or" in done.listing.notes[0]


def test_careeronestop_is_asked_with_every_part_of_the_path_and_the_secret_in_a_header_only() -> None:
    options = OPTIONS["careeronestop"] | {"locations": ["Troy, NY", "12180"]}

    done = fetched("careeronestop", options, lambda request: examples.CAREERONESTOP)

    assert done.requests[0].url.startswith(
        "https://api.careeronestop.org/v2/jobsearch/u1/Coordinator/Troy%2C%20NY/50/acquisitiondate/desc/0/100/30?"
    )
    assert dict(done.requests[0].headers)["authorization"] == "Bearer {secret}"
    assert done.ids == ["3F2A"]  # which both searches found


def test_a_board_that_has_not_changed_is_listed_again_without_being_read() -> None:
    first = fetched("greenhouse", OPTIONS["greenhouse"], lambda request: examples.GREENHOUSE)

    second = fetched("greenhouse", OPTIONS["greenhouse"], lambda request: 304, first.memory)

    assert (first.ids, second.ids, second.again) == (["4001"], [], list(first.memory))
    assert second.listing.complete


def test_details_of_smartrecruiters_are_fetched_once_until_the_posting_is_released_anew() -> None:
    options = OPTIONS["smartrecruiters"] | {"details": True}
    of_list = examples.SMARTRECRUITERS["content"][0]
    detail = of_list | {"jobAd": {"sections": {"jobDescription": {"text": "<p>Completes</p>"}}}}

    def network(request: Request) -> Any:
        return detail if request.url.endswith("/postings/7440") else examples.SMARTRECRUITERS

    first = fetched("smartrecruiters", options, network)
    second = fetched("smartrecruiters", options, network, first.memory)
    older = {page: known._replace(lastmod="2026-11-01") for page, known in first.memory.items()}
    third = fetched("smartrecruiters", options, network, older)

    assert first.postings[0].description == "Completes"
    assert (len(second.requests), second.again) == (1, list(first.memory))
    assert (len(third.requests), third.ids) == (2, ["7440"])


def test_details_of_workday_give_the_day_and_missing_ones_leave_what_the_list_states() -> None:
    options = OPTIONS["workday"] | {"details": True}
    info = {"title": "Assessment Coordinator", "startDate": "2026-11-14", "jobDescription": "Completes"}

    def network(request: Request) -> Any:
        if request.method == "POST":
            return examples.WORKDAY
        return {"jobPostingInfo": info | {"jobReqId": "R-1"}} if request.url.endswith("_R-1") else 403

    done = fetched("workday", options, network)

    first, second = done.postings
    assert (first.source_posting_id, str(first.posted_on), first.description) == ("R-1", "2026-11-14", "Completes")
    assert first.url == "https://birch.wd5.myworkdayjobs.com/Jobs/job/Troy-NY/Assessment-Coordinator_R-1"
    assert (second.source_posting_id, second.city) == ("R-2", "Utica")
    assert (done.listing.complete, done.listing.notes) == (
        True,
        ("The page of a posting was refused with status 403.",),
    )


@pytest.mark.parametrize("name, facility", [("greenhouse", "Birch House"), ("ukg", "Birch House"), ("workday", "")])
def test_a_location_is_the_employer_if_the_operator_states_that_locations_are_facilities(
    name: str, facility: str
) -> None:
    plain = fetched(name, OPTIONS[name], lambda request: examples.ANSWERS[name]).postings
    stated = fetched(name, OPTIONS[name] | {"facilities": True}, lambda request: examples.ANSWERS[name]).postings

    assert plain[0].employer_name in ("", "Birch Group")
    assert [posting.employer_name for posting in stated] == [facility] * len(stated)
    assert [each._replace(employer_name="") for each in stated] == [each._replace(employer_name="") for each in plain]


def test_a_location_of_workday_that_is_no_place_is_the_facility() -> None:
    record = examples.WORKDAY["jobPostings"][0] | {"locationsText": "Birch House Care Center"}
    options = OPTIONS["workday"] | {"facilities": True}

    (posting,) = fetched("workday", options, lambda request: {"total": 1, "jobPostings": [record]}).postings

    assert (posting.employer_name, posting.city, posting.state) == ("Birch House Care Center", "Troy", "NY")


def test_techmap_closes_nothing_and_counts_what_comes_from_indeed() -> None:
    done = fetched("techmap", OPTIONS["techmap"], lambda request: examples.TECHMAP)

    assert (done.ids, done.listing.complete) == (["t1"], False)
    assert done.listing.notes[0] == "1 posting was left out: from Indeed."
    assert dict(done.requests[0].headers)["x-rapidapi-key"] == "{secret}"


def test_coresignal_counts_what_comes_from_linkedin() -> None:
    done = fetched("coresignal", OPTIONS["coresignal"], lambda request: examples.CORESIGNAL)

    assert (done.ids, done.listing.complete) == (["1234"], True)
    assert "1 posting was left out: from LinkedIn." in done.listing.notes


@pytest.mark.parametrize("name", ADAPTERS)
def test_no_adapter_asks_another_host_than_its_own(name: str) -> None:
    adapter = ADAPTERS[name]
    done = fetched(name, OPTIONS[name], lambda request: 404)

    hosts = adapter.hosts(adapter.options(**OPTIONS[name]))

    assert {urlsplit(request.url).netloc for request in done.requests} <= {*hosts, ""}
    assert (adapter.rule == "own_file") == (hosts == [])


@pytest.mark.parametrize(
    "name, option",
    [
        ("greenhouse", {"token": "../admin"}),
        ("greenhouse", {"token": "birch", "key": "secret"}),
        ("lever", {"site": "birch", "base": "https://user:word@api.lever.co"}),
        ("lever", {"site": "birch", "base": "file:///etc"}),
        ("ukg", {"code": "BIR1000", "board": "all"}),
        ("careeronestop", {"user_id": "u1", "keywords": [], "locations": ["NY"]}),
        ("folder", {"folder": "../etc"}),
        ("career_site", {}),
        ("csv_url", {"url": "ftp://sheets.example"}),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(name: str, option: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ADAPTERS[name].options(**option)
