"""Can the team be managed with the command line, and do the services follow at once?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from cli.client.connection import talk
from cli.demo.simulate import Simulation
from shared.messaging.broker import Broker
from tests.support.toy import POSTINGS, pipeline, toy_stack

BY = ("--by", "ann")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The stack on the day of the first two e-mails, one of each rep."""
    first_day = "\n".join(POSTINGS.splitlines()[:4]) + "\n"
    with toy_stack(tmp_path_factory.mktemp("toy"), first_day) as folder:
        for task in worklist(folder):
            pipeline(folder, "done", task["short_id"], "--outcome", task["outcomes"][0]["id"], *BY)
        talk(monday)
        yield folder


async def monday(broker: Broker) -> None:
    for at in (time(0, 30), time(7)):
        await Simulation(broker).set_time(date(2026, 7, 6), at)


def worklist(folder: Path, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(pipeline(folder, "worklist", "--json", *options))["tasks"]
    return found


def signature(folder: Path, rep: str) -> str:
    """The last line of the only draft that waits for a rep."""
    talk(lambda broker: Simulation(broker).wait_until_idle())
    [draft] = json.loads(pipeline(folder, "drafts", "--rep", rep, "--json"))
    return str(draft["body"].splitlines()[-1])


def test_a_leave_and_a_departure_reach_worklists_and_drafts_at_once(folder: Path) -> None:
    named = pipeline(folder, "rep", "change", "rep-1", "--name", "Ann Lee", "--hours", "8:30-17", *BY)
    assert "Now: Ann Lee (rep-1)" in named
    assert "08:30-17:00 America/Chicago, at work." in named
    assert signature(folder, "rep-1") == "Ann Lee"

    away = pipeline(folder, "rep", "away", "rep-1", "--to", "2026-07-17", "--cover", "rep-2", *BY)
    assert "rep-1 is away from 2026-07-06 to 2026-07-17, covered by rep-2." in away
    assert {each["absent"] for each in worklist(folder, "--rep", "rep-2")} == {None, "rep-1"}
    assert "rep-1 is away until 2026-07-17; rep-2 does the tasks." in pipeline(folder, "worklist", "--rep", "rep-1")
    assert len(json.loads(pipeline(folder, "drafts", "--rep", "rep-2", "--json"))) == 2

    assert "rep-1 is at work on 2026-07-06 after all." in pipeline(folder, "rep", "back", "rep-1", *BY)
    assert signature(folder, "rep-1") == "Ann Lee"

    waiting = pipeline(folder, "rep", "away", "rep-1", "--to", "2026-07-07", *BY)
    assert "On 2 business days from 2026-07-06 to 2026-07-07 no one works for rep-1: the tasks wait." in waiting
    assert worklist(folder, "--rep", "rep-1") == []
    pipeline(folder, "rep", "back", "rep-1", *BY)
    assert len(worklist(folder, "--rep", "rep-1")) == 1

    joined = pipeline(folder, "rep", "add", "cleo", "--name", "Cleo Birch", "--phone", "414-555-0142", *BY)
    assert "Joined: Cleo Birch (cleo), (414) 555-0142" in joined
    left = pipeline(folder, "rep", "left", "rep-1", "--to", "cleo", *BY)
    assert "cleo takes over" in left
    assert signature(folder, "cleo") == "Cleo Birch"
    assert json.loads(pipeline(folder, "rep", "show", "rep-1", "--json"))["owned"] == {
        "accounts": 0, "leads": 0, "enrollments": 0, "tasks": 0,
    }  # fmt: skip
    assert "left on 2026-07-06" in pipeline(folder, "rep", "list")
