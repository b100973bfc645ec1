"""Which vintages of a dataset are suspicious, what does a catalogue offer, and where is no request sent?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.ingest.domain.catalogues import PAGE, Unusable, offered_by_pdc, offered_in_list, offers_in_list
from services.ingest.domain.datasets import Checks, Dataset, Poll, Published, Survey, doubts
from services.ingest.store.datasets import Asked
from services.ingest.usecases.downloads import may_ask
from services.ingest.usecases.fetching_datasets import Catalogues
from shared.outbound import Answer, Limits, Request

HEADER = ("ccn", "name", "beds")
CHECKS = Checks(least_rows=50, rows_changed=Decimal("0.1"), facilities_missing=Decimal("0.05"))


def surveyed(facilities: range, changed: int = 0, **more: Any) -> Survey:
    marks = {f"33{number:04}": 1 + (place < changed) for place, number in enumerate(facilities)}
    return replace(Survey(HEADER, len(facilities), 0, marks), **more)


BEFORE = surveyed(range(100))


@pytest.mark.parametrize(
    "found",
    [
        surveyed(range(100)),
        surveyed(range(5, 105)),
        surveyed(range(110)),
        surveyed(range(95), changed=19),
        surveyed(range(100), header=("CCN", "Name", "Beds", "Fax")),
        surveyed(range(100), unreadable=1),
    ],
)
def test_a_vintage_within_its_checks_is_sound(found: Survey) -> None:
    assert doubts(CHECKS, found, BEFORE) == []


@pytest.mark.parametrize(
    "found,reason",
    [
        (surveyed(range(111)), "The last vintage had 100 rows, and this one has 111 (+11%)."),
        (surveyed(range(89)), "this one has 89 (-11%)"),
        (surveyed(range(6, 106)), "6 of 100 facilities of the last vintage are missing (330000, 330001, "),
        (surveyed(range(100), changed=21), "The names or places of 21 of 100 facilities have changed"),
        (surveyed(range(100), header=("ccn", "name")), "Columns of the last vintage are missing: beds."),
        (surveyed(range(100), unreadable=2), "2 of 100 rows have no readable account key."),
        (surveyed(range(100), cut="line 101 does not end"), "The file may be truncated: line 101 does not end."),
        (surveyed(range(100), unknown="not a registry"), "The file is not a registry."),
    ],
)
def test_a_suspicious_vintage_states_why(found: Survey, reason: str) -> None:
    assert [each for each in doubts(CHECKS, found, BEFORE) if reason in each]


def test_the_first_vintage_is_compared_with_what_the_pack_expects() -> None:
    assert doubts(CHECKS, surveyed(range(50)), None) == []
    assert doubts(CHECKS, surveyed(range(49)), None) == ["It has 49 rows; at least 50 are expected."]


def a_dataset(**fields: Any) -> Dataset:
    return Dataset(
        **{"name": "fines", "title": "Fines", "catalogue": "pdc", "id": "g6vv-u9sr", "imports": "quality", **fields}
    )


@pytest.mark.parametrize(
    "make,problem",
    [
        (lambda: a_dataset(name="Fines"), "is not a name like quality-measures"),
        (lambda: a_dataset(id="../../etc"), "has other characters"),
        (lambda: a_dataset(complete="US"), "complete is for a registry"),
        (lambda: a_dataset(state="NY"), "state is for registries and aliases"),
        (lambda: Published((a_dataset(),)), "catalogues has no pdc"),
        (lambda: Published((a_dataset(), a_dataset()), {"pdc": "https://a.example"}), "more than once"),
        (lambda: Published((a_dataset(after=("fines",)),), {"pdc": "https://a.example"}), "is not another dataset"),
        (lambda: Published((), {"pdc": "https://u:p@a.example"}), "is not an address"),
        (lambda: Published((), {"xyz": "https://a.example"}), "is not one of pdc, data_api"),
        (lambda: Checks(rows_changed=Decimal(2)), "is a share between 0 and 1"),
        (lambda: Poll(jitter_minutes=-1), "between 0 and 720"),
    ],
)
def test_a_mistake_in_the_pack_is_refused(make: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        make()


def test_datasets_are_asked_for_at_minutes_of_their_own_that_differ_by_day() -> None:
    days = [date(2026, 7, 1) + timedelta(days=number) for number in range(50)]

    delays = {Poll().delay(name, day, "ops@a.example") for name in ("fines", "owners") for day in days}

    assert all(timedelta() <= each <= timedelta(minutes=45) for each in delays)
    assert len(delays) > 90


def item(**fields: Any) -> bytes:
    file = {"downloadURL": "https://data.example/file.csv", "mediaType": "text/csv"}
    return json.dumps({"modified": "2026-10-01", "distribution": [file], **fields}).encode()


def test_the_metadata_of_a_dataset_states_its_file_and_when_it_changed() -> None:
    wrapped = item(distribution=[{"identifier": "x", "data": {"downloadURL": "https://data.example/file.csv"}}])

    assert offered_by_pdc(item()) == offered_by_pdc(wrapped) == ("2026-10-01", "https://data.example/file.csv")
    assert offered_by_pdc(item(modified="2026-10-01T09:30:00+00:00")).changed_on == date(2026, 10, 1)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<html>", b"[]", b"null", b"[" * 100_000, item(modified=None), item(modified={"a": 1}),
        item(distribution=7), item(distribution=[{"downloadURL": ["x"]}]), item(distribution=[None, 3]), b"\xff\xfe{}",
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_unusable_and_never_an_exception_of_python(content: bytes) -> None:
    with pytest.raises(Unusable):
        offered_by_pdc(content)
    with pytest.raises(Unusable):
        offers_in_list(content)


def test_a_dataset_is_found_by_its_title_and_else_by_its_id() -> None:
    def listed(title: str, number: int, *days: str) -> dict[str, Any]:
        files = [
            {"downloadURL": f"https://a.example/{day}.csv", "mediaType": "text/csv", "modified": day} for day in days
        ]
        rows = {"accessURL": "https://a.example/rows", "format": "API"}
        return {"title": title, "identifier": f"https://a.example/{number}/view", "distribution": [rows, *files]}

    rows = [
        listed("Enrollments", 1, "2026-06-30", "2026-07-31"),
        listed("Renamed", 2, "2026-05-01"),
        {"title": 7},
        listed("Rows only", 3),
    ]
    found = offers_in_list(json.dumps({"dataset": rows}).encode())

    assert offered_in_list(found, " enrollments ", "9999") == ("2026-07-31", "https://a.example/2026-07-31.csv")
    assert offered_in_list(found, "Change of ownership", "2/view") == ("2026-05-01", "https://a.example/2026-05-01.csv")
    assert offered_in_list(found, "Rows only", "3/view") is None
    assert offered_in_list(found, "Unknown", "9999") is None


class Stub:
    """Answers like a catalogue; it records where requests may lead."""

    def __init__(self, **contents: bytes) -> None:
        self.contents = contents
        self.sent: list[tuple[str, list[str] | None]] = []

    async def send(
        self,
        request: Request,
        *,
        hosts: list[str] | None = None,
        limits: Limits | None = None,
        sink: Callable[[bytes], object] | None = None,
    ) -> Answer:
        self.sent.append((request.url, hosts))
        content = next(body for part, body in self.contents.items() if part in request.url)
        assert sink is not None
        sink(content)
        return Answer(200, request.url, {"etag": "1"}, b"")


def test_a_file_is_asked_for_on_the_host_of_its_catalogue_only(tmp_path: Path) -> None:
    stub = Stub(items=item(), file=b"ccn")
    catalogues = Catalogues(stub, {"pdc": "https://data.cms.example/api/1"})

    offer = asyncio.run(catalogues.offered(a_dataset()))
    asyncio.run(catalogues.file(a_dataset(), offer, Asked("fines"), tmp_path / "file"))

    assert stub.sent == [
        ("https://data.cms.example/api/1/metastore/schemas/dataset/items/g6vv-u9sr", ["data.cms.example:443"]),
        ("https://data.example/file.csv", ["data.cms.example:443"]),
    ]


def test_a_dataset_without_a_file_is_read_page_by_page(tmp_path: Path) -> None:
    rows = json.dumps([{"CCN": "330001", "Name": "Café"}] * PAGE).encode()
    stub = Stub(
        **{"data.json": json.dumps({"dataset": [{"title": "Other"}]}).encode(), "offset=0": rows, "offset=": b"[]"}
    )
    catalogues = Catalogues(stub, {"data_api": "https://data.cms.example"})
    dataset = a_dataset(catalogue="data_api")

    offer = asyncio.run(catalogues.offered(dataset))
    found = asyncio.run(catalogues.file(dataset, offer, Asked("fines"), tmp_path / "rows"))

    assert offer == ("", None)
    assert found is not None
    assert found.size == (tmp_path / "rows").stat().st_size
    assert (tmp_path / "rows").read_text("utf-8").splitlines() == ['{"CCN": "330001", "Name": "Café"}'] * PAGE


@pytest.mark.parametrize(
    "settings,url,may",
    [
        ({"PIPELINE_OUTBOUND_CONTACT": "ops@a.example"}, "https://data.example", True),
        ({}, "https://data.example", False),
        ({"PIPELINE_OUTBOUND_CONTACT": "ops@a.example", "PIPELINE_SIMULATION": "1"}, "https://data.example", False),
        ({"PIPELINE_OUTBOUND_CONTACT": "ops@a.example"}, "http://127.0.0.1:8099", False),
        ({"PIPELINE_OUTBOUND_ALLOW": "127.0.0.1:8099", "PIPELINE_SIMULATION": "1"}, "http://127.0.0.1:8099", True),
    ],
)
def test_catalogues_are_asked_if_someone_to_contact_is_named_and_never_real_ones_in_a_simulation(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], url: str, may: bool
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    assert may_ask(url) is may
