"""Which vintages of a dataset are suspicious, what does a catalogue offer, and where is no request sent?"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.ingest.domain.catalogues import Unusable, offered_by_pdc, offered_in_list, offers_in_list
from services.ingest.domain.datasets import Checks, Dataset, Poll, Published, Survey, doubts
from services.ingest.usecases.downloads import Downloads, Unavailable

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


def fetched(url: str, *allowed: str, agent: str = "Pipeline (+ops@a.example)", most: int = 1_000) -> tuple[int, bytes]:
    content = bytearray()
    answer = asyncio.run(
        Downloads(frozenset(allowed), agent).get(url, content.extend, headers={}, most=most, seconds=5)
    )
    return answer.status, bytes(content)


@contextmanager
def canary() -> Iterator[tuple[int, list[Any]]]:
    """A port of this machine that listens, and what reaches it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        reached: list[Any] = []
        yield server.getsockname()[1], reached
        with suppress(BlockingIOError):
            reached.append(server.accept())


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0177.0.0.1",
    ],
)
def test_no_address_of_this_machine_is_reached_unless_its_pair_is_allowed(host: str) -> None:
    with canary() as (port, reached), pytest.raises(Unavailable):
        fetched(f"http://{host}:{port}/file.csv", "127.0.0.1:1")
    assert reached == []


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a.example/x", "http://u:p@127.0.0.1/x", "http://127.0.0.1:99999/x", "http:///x",
     "http://169.254.169.254/latest/meta-data", "http://10.0.0.1/x", "http://[fe80::1]/x", "http://224.0.0.1/x"],
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(Unavailable):
        fetched(url)


def test_without_anyone_to_contact_only_allowed_pairs_are_asked() -> None:
    with pytest.raises(Unavailable, match="set PIPELINE_OUTBOUND_CONTACT"):
        fetched("https://data.example/file.csv", agent="")
    assert Downloads(frozenset({"127.0.0.1:8099"})).may_ask("http://127.0.0.1:8099/x")
