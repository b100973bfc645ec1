"""Do the fakes speak as the systems do: is what they list read by the product as it was given?"""

from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from typing import Any

import pytest

from cli.fakes import people
from cli.fakes.app import App
from cli.fakes.systems import ukg
from cli.fakes.world import STYLES, World, posting_of
from engines.postings import Found
from services.ingest.adapters.protocol import Request
from tests.support.fakes import HERE, asked
from tests.unit.ingest.adapters.driving import TODAY, Fetched, fetched

SITE = "birch.example"
SYSTEMS: dict[str, tuple[str, dict[str, Any]]] = {
    "greenhouse": ("greenhouse/birch", {"token": "birch", "base": f"{HERE}/boards-api.greenhouse.io"}),
    "lever": ("lever/birch", {"site": "birch", "base": f"{HERE}/api.lever.co"}),
    "smartrecruiters": ("smartrecruiters/Birch", {"company": "Birch", "base": f"{HERE}/api.smartrecruiters.com"}),
    "workday": (
        "workday/birch",
        {"base": f"{HERE}/birch.wd5.myworkdayjobs.com", "tenant": "birch", "site": "External"},
    ),
    "ukg": ("ukg/BIR1000", {"base": f"{HERE}/recruiting.ultipro.com", "code": "BIR1000", "board": ukg.BOARD}),
    "careeronestop": (
        "careeronestop",
        {
            "base": f"{HERE}/api.careeronestop.org",
            "user_id": "u1",
            "keywords": ["Coordinator"],
            "locations": ["NY"],
            "size": 20,
        },
    ),
    "techmap": (
        "techmap",
        {
            "base": f"{HERE}/daily-international-job-postings.p.rapidapi.com",
            "titles": ["Coordinator"],
            "days": 5,
        },
    ),
    "coresignal": ("coresignal", {"base": f"{HERE}/api.coresignal.com", "titles": ["Coordinator"]}),
    "career_site": (f"career_site/{SITE}", {"sitemaps": [f"{HERE}/careers/{SITE}/sitemap.xml"]}),
    "csv_url": ("csv_url/birch", {"url": f"{HERE}/sheets.example/birch.csv"}),
}
EMPLOYER_OF_THE_SOURCE = ("lever", "ukg")
"""Systems that do not state the employer's name."""


def rows(place: str, count: int = 45) -> list[dict[str, Any]]:
    return [
        {
            "at": place,
            "source_posting_id": str(4_000 + number),
            "title": f"Care Coordinator & Lead {number}",
            "employer_name": f"Birch House {number % 7}",
            "city": "Troy",
            "state": "NY",
            "zip": "12180",
            "address": f"{number + 1} Elm St",
            "description": "Completes assessments.",
            "posted_on": (TODAY - timedelta(days=number % 4)).isoformat(),
        }
        for number in range(count)
    ]


def app_of(*listed: dict[str, Any]) -> App:
    return App(World(map(posting_of, listed), today=TODAY))


def fetch(name: str, app: App) -> Fetched:
    return fetched(name, SYSTEMS[name][1], lambda request: asked(app, request))


def facts(found: Found) -> tuple[Any, ...]:
    return (found.source_posting_id, found.title, found.employer_name, found.city, found.state, found.posted_on)


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_a_fake_lists_is_read_as_it_was_given(name: str) -> None:
    given = rows(SYSTEMS[name][0])

    done = fetch(name, app_of(*given))

    employer = "" if name in EMPLOYER_OF_THE_SOURCE else None
    expected = {
        (
            row["source_posting_id"],
            row["title"],
            row["employer_name"] if employer is None else employer,
            "Troy",
            "NY",
            date.fromisoformat(row["posted_on"]),
        )
        for row in given
    }
    assert {facts(found) for found in done.postings} == expected
    assert len(done.postings) == len(given)
    assert done.listing.complete is (name != "techmap")


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_recruiters_that_every_fake_names_are_not_among_what_is_kept(name: str) -> None:
    given = rows(SYSTEMS[name][0])
    app = app_of(*given)
    bodies: list[bytes] = []

    def network(request: Request) -> Any:
        answer = asked(app, request)
        bodies.append(answer.body)
        return answer

    done = fetched(name, SYSTEMS[name][1], network)

    kept = " ".join(str(found._replace(description=None)) for found in done.postings)
    persons = [people.recruiter(posting_of(row)) for row in given]
    assert any(person.name.encode() in body for person in persons for body in bodies)
    assert not [person for person in persons if person.name in kept or person.email in kept or person.phone in kept]


@pytest.mark.parametrize("style", STYLES)
def test_each_way_in_which_a_page_states_its_posting_is_read(style: str) -> None:
    given = [row | {"style": style} for row in rows(f"career_site/{SITE}", 3)]

    done = fetch("career_site", app_of(*given))

    assert [found.source_posting_id for found in done.postings] == [row["source_posting_id"] for row in given]
    assert {(found.title, found.zip) for found in done.postings} == {(row["title"], "12180") for row in given}


def test_a_posting_is_listed_on_its_days_only_and_its_page_is_gone_after_them() -> None:
    days = {"listed_from": TODAY.isoformat(), "listed_until": TODAY.isoformat()}
    app = app_of(rows(f"career_site/{SITE}", 1)[0] | days)
    page = Request(f"{HERE}/careers/{SITE}/jobs/4000")

    seen = {}
    for day in (-1, 0, 1):
        app.world.today = TODAY + timedelta(days=day)
        seen[day] = (len(fetch("career_site", app).postings), asked(app, page).status)

    assert seen == {-1: (0, 404), 0: (1, 200), 1: (0, 410)}


def test_a_large_site_has_an_index_of_packed_sitemaps_and_answers_304_on_condition() -> None:
    given = rows(f"career_site/{SITE}", 2_100)
    app = app_of(*given)
    index = asked(app, Request(f"http://{SITE}/sitemap.xml"))
    packed = asked(app, Request(f"http://{SITE}/sitemap-3.xml.gz"))
    page = Request(f"http://{SITE}/jobs/4001")
    answer = asked(app, page)

    assert index.body.count(b"<sitemap>") == 3
    assert gzip.decompress(packed.body).count(b"/jobs/") == 100
    assert asked(app, page, {"if-none-match": answer.headers["etag"]}).status == 304
    assert asked(app, page, {"if-modified-since": answer.headers["last-modified"]}).status == 304


def test_a_request_without_the_key_or_with_a_wrong_path_is_refused_as_the_systems_do() -> None:
    app = app_of(*rows("careeronestop"))
    search = f"{HERE}/api.careeronestop.org/v2/jobsearch/u1/Care/NY/50/acquisitiondate/desc/0/50/30"
    key = (("authorization", "Bearer {secret}"),)

    assert asked(app, Request(search, headers=key)).status == 200
    assert asked(app, Request(search)).status == 401
    for wrong in ("/NY/", "//"), ("/Care/", "/Care/Lead/"), ("acquisitiondate", "date"), ("/50/30", "/50"):
        assert asked(app, Request(search.replace(*wrong), headers=key)).status == 404, wrong
    limit = json.dumps({"limit": 21, "offset": 0}).encode()
    board = f"{HERE}/birch.wd5.myworkdayjobs.com/wday/cxs/birch/External/jobs"
    assert asked(app_of(*rows("workday/birch")), Request(board, "POST", body=limit)).status == 400
