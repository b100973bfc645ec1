"""Does ingest read from the fakes of a demo what its postings state, and does the rest get pushed?"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.demo.feed import read_feed
from cli.demo.invented import START, Invented, write_invented
from cli.demo.invented.postings import place_of
from cli.demo.sources import complaint, needs_key, options_of, pushing_of
from cli.fakes.app import App
from cli.fakes.world import World, posting_of
from engines import packs
from services.ingest.adapters import ADAPTERS
from services.ingest.adapters.protocol import Request
from tests.support.fakes import HERE, asked
from tests.unit.ingest.adapters.driving import fetched

SNF = Path(packs.__file__).parents[2] / "packs" / "snf"
TODAY = START + timedelta(days=19)
STATED = ("source_posting_id", "title", "employer_name", "state")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Invented:
    return write_invented(SNF, tmp_path_factory.mktemp("world"), seed=1, days=30)


def listed(world: Invented) -> list[dict[str, Any]]:
    return [json.loads(line) for line in world.listed.read_text().splitlines()]


def test_each_source_is_read_by_its_adapter_with_all_that_it_lists_on_a_day(world: Invented) -> None:
    app = App(World(map(posting_of, listed(world)), today=TODAY))
    found = dict[str, int]()
    for name, source in world.sources.items():
        if source.adapter is None:
            continue
        place = place_of(name, source.adapter)
        done = fetched(source.adapter, options_of(HERE, name, source.adapter), lambda request: asked(app, request))
        today = [row for row in listed(world) if row["at"] == place and _is_listed(row, TODAY)]
        assert {tuple(getattr(each, field) for field in STATED) for each in done.postings} == {
            tuple(row[field] for field in STATED) for row in today
        }
        assert done.listing.complete
        found[name] = len(done.postings)

    assert len(found) == 7
    assert all(found.values())


def _is_listed(row: dict[str, Any], day: date) -> bool:
    return date.fromisoformat(row["listed_from"]) <= day <= date.fromisoformat(row["listed_until"])


def test_the_system_that_asks_for_a_key_is_the_one_whose_adapter_needs_one(world: Invented) -> None:
    adapters = {source.adapter for source in world.sources.values() if source.adapter}

    assert {name for name in adapters if ADAPTERS[name].secret} == {
        source.adapter for source in world.sources.values() if needs_key(source)
    }


def test_the_source_with_a_key_pushes_its_own_postings_and_the_invalid_ones_and_no_others(world: Invented) -> None:
    feed = read_feed(world.postings, "America/New_York")
    pushing = pushing_of(world.sources)
    own = [row for rows in pushing.own(feed).days.values() for _, row in rows if isinstance(row, dict)]
    names = {row["source_posting_id"] for row in own}

    assert {row["source"] for row in own} == {pushing.name} == {"job-board"}
    assert {"BAD-1", "BAD-2", "BAD-3"} < names
    assert not names & {row["source_posting_id"] for row in listed(world)}


def test_a_demo_complains_of_a_posting_that_no_rule_allowed() -> None:
    assert complaint({"postings_seen": 903, "postings_without_rule": 0}) is None
    assert "no rule for 2 of 903 postings" in str(complaint({"postings_seen": 903, "postings_without_rule": 2}))


def test_the_day_of_the_fakes_outlives_them(tmp_path: Path) -> None:
    kept = tmp_path / "fakes.day"

    asked(App(World([]), kept), Request(f"{HERE}/_fake/day", "PUT", body=b'{"today": "2026-08-05"}'))

    assert kept.read_text() == "2026-08-05"
