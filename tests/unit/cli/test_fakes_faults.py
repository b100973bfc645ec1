"""Do the fakes fail as systems do, where a test wants it, and offer a dataset's vintage of the day?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.fakes.app import App
from cli.fakes.world import Vintage, World
from services.ingest.adapters.protocol import Request
from tests.support.fakes import HERE, Fakes, asked, fakes

TODAY = date(2026, 7, 15)
BOARD = "/boards-api.greenhouse.io/v1/boards/birch/jobs"
LEVER = "/api.lever.co/v0/postings/birch?limit=2"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fakes]:
    given = [
        {"at": place, "source_posting_id": str(number), "title": "Coordinator", "city": "Troy", "state": "NY"}
        for place in ("greenhouse/birch", "lever/birch", "careeronestop")
        for number in range(3)
    ]
    with fakes(given, tmp_path_factory.mktemp("fakes"), TODAY) as started:
        yield started


def test_a_fault_befalls_only_the_requests_that_it_names_and_only_so_often(running: Fakes) -> None:
    running.faults({"fault": "status", "host": "greenhouse", "status": 429, "retry_after": "7", "times": 1})

    answers = [running.client.get(path) for path in (LEVER, BOARD, BOARD)]

    assert [answer.status_code for answer in answers] == [200, 429, 200]
    assert answers[1].headers["retry-after"] == "7"


def test_an_answer_that_is_cut_states_the_length_of_the_whole(running: Fakes) -> None:
    running.faults({"fault": "cut"})

    with pytest.raises(httpx.RemoteProtocolError):
        running.client.get(BOARD)


def test_a_request_that_hangs_is_not_answered(running: Fakes) -> None:
    running.faults({"fault": "hang"})

    with pytest.raises(httpx.ReadTimeout):
        running.client.get(BOARD, timeout=0.2)


def test_a_redirect_leads_to_itself_without_end(running: Fakes) -> None:
    running.faults({"fault": "loop"})

    with pytest.raises(httpx.TooManyRedirects):
        running.client.get(BOARD, follow_redirects=True)


def test_a_bomb_is_a_small_answer_that_unpacks_to_a_large_one(running: Fakes) -> None:
    running.faults({"fault": "bomb", "megabytes": 30})

    with running.client.stream("GET", BOARD) as answer:
        packed = sum(len(part) for part in answer.iter_raw())

    assert (packed < 100_000, answer.headers["content-encoding"]) == (True, "gzip")


def changed(running: Fakes, fault: str, path: str = BOARD) -> Any:
    running.faults({"fault": fault})
    headers = {"authorization": "Bearer of-the-fakes"}
    return running.client.get(path, headers=headers).raise_for_status().json()


def test_lists_are_empty_endless_or_of_another_form(running: Fakes) -> None:
    search = "/api.careeronestop.org/v2/jobsearch/u1/0/NY/50/accquisitiondate/desc/0/50/0"

    assert changed(running, "empty") == {"jobs": [], "meta": {"total": 0}}
    assert [each["id"] for each in changed(running, "endless", f"{LEVER}&skip=4")] == ["1", "2"]
    assert changed(running, "schema").keys() == {"v9_jobs", "v9_meta"}
    assert changed(running, "wrong_types")["jobs"][0]["id"] == "0"
    spelled = changed(running, "spelling", search)
    assert (spelled["Jobcount"], "AccquisitionDate" in spelled["Jobs"][0]) == ("3", True)


def test_every_request_is_logged_with_its_host_and_time(running: Fakes) -> None:
    running.faults()
    running.forget()
    running.client.get(BOARD, headers={"user-agent": "a test"})
    running.client.get(LEVER)

    logged = running.requests("api.lever.co")

    assert [(each["host"], each["status"]) for each in logged] == [("api.lever.co", 200)]
    assert running.requests()[0]["agent"] == "a test"
    assert logged[0]["at"] >= running.requests()[0]["at"]


def test_a_control_that_cannot_be_understood_is_refused_with_its_reason(running: Fakes) -> None:
    answer = running.client.put("/_fake/faults", json={"rules": [{"fault": "gremlins"}]})

    assert (answer.status_code, "gremlins is no fault" in answer.json()["message"]) == (422, True)


UUID = "5f2c306f-3b1c-42cd-b037-187b2ce22126"


def registries(tmp_path: Path) -> App:
    def vintage(name: str, day: date, beds: int) -> Vintage:
        file = tmp_path / f"{name}-{day}.csv"
        file.write_bytes(
            f"Provider Name,City/Town,Beds\nBirch House,TROY,{beds}\nMaple Caf\xe9,UTICA,9\n".encode("cp1252")
        )
        return Vintage(name, f"Title of {name}", file, day)

    offered = [vintage(name, date(2026, month, 10), month) for name in ("4pq5-n9py", UUID) for month in (7, 8)]
    return App(World([], offered, TODAY))


def test_the_catalog_offers_the_vintage_of_the_day_and_its_file_once(tmp_path: Path) -> None:
    app = registries(tmp_path)
    item = Request(f"{HERE}/data.cms.gov/provider-data/api/1/metastore/schemas/dataset/items/4pq5-n9py")

    july = json.loads(asked(app, item).body)
    file = Request(july["distribution"][0]["downloadURL"])
    answer = asked(app, file)
    app.world.today = date(2026, 8, 10)
    august = json.loads(asked(app, item).body)

    assert (july["modified"], august["modified"]) == ("2026-07-10", "2026-08-10")
    assert answer.body.endswith(b"UTICA,9\n")
    assert asked(app, file).status == 404  # the file of an earlier vintage is gone
    newer = Request(august["distribution"][0]["downloadURL"])
    assert asked(app, newer, {"if-none-match": asked(app, newer).headers["etag"]}).status == 304
    assert asked(app, Request(f"{item.url}x")).status == 404


def test_rows_of_a_dataset_are_queried_and_paged(tmp_path: Path) -> None:
    app = registries(tmp_path)
    query = f"{HERE}/data.cms.gov/provider-data/api/1/datastore/query/4pq5-n9py/0?limit=1&offset=0"
    where = "&conditions[0][property]=citytown&conditions[0][value]=UTICA&conditions[0][operator]=="
    data = f"{HERE}/data.cms.gov/data-api/v1/dataset/{UUID}/data"

    def given(url: str) -> Any:
        return json.loads(asked(app, Request(url)).body)

    assert given(query)["count"] == 2
    assert given(query + where)["results"] == [{"provider_name": "Maple Café", "citytown": "UTICA", "beds": "9"}]
    assert [row["City/Town"] for row in given(f"{data}?size=1&offset=1")] == ["UTICA"]
    assert given(f"{data}/stats?filter[City/Town]=TROY") == {"found_rows": 1, "total_rows": 2}
    listed = given(f"{HERE}/data.cms.gov/data.json")["dataset"]
    assert [(each["title"], each["modified"]) for each in listed] == [(f"Title of {UUID}", "2026-07-10")]
    assert asked(app, Request(listed[0]["distribution"][1]["downloadURL"])).body.startswith(b"Provider Name")
