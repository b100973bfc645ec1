"""Can the team, lists and suppressions be managed with the command line, and do the services follow at once?"""

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
ACCOUNTS = """Permit,Account Owner,Lifecycle Stage,Description
BK-0002,rep-2,Customer,Met at the fair
BK-0003,zoe,Customer,
"""
DEALS = """Permit,Deal Stage,Amount,Close Date,Bicycles,Next Step
BK-0001,Qualified to Buy,"1,200.50",2027-03-01,12,Call
BK-0003,Closed Won,5,2027-03-01,,
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    first_day = "\n".join(POSTINGS.splitlines()[:4]) + "\n"
    with toy_stack(tmp_path_factory.mktemp("toy"), first_day) as folder:
        (folder / "accounts.csv").write_text(ACCOUNTS)
        (folder / "deals.csv").write_text(DEALS)
        yield folder


def begin_monday(folder: Path) -> None:
    """Make it the day of the first two e-mails, one of each rep."""
    for task in worklist(folder):
        pipeline(folder, "done", task["short_id"], "--outcome", task["outcomes"][0]["id"], *BY)
    talk(monday)


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
    begin_monday(folder)

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


def leads(folder: Path) -> list[tuple[Any, ...]]:
    found = json.loads(pipeline(folder, "lead", "list", "--json"))
    return sorted((lead["facility_id"], lead["stage"], lead["owner"], lead["amount"]) for lead in found)


def test_a_list_of_accounts_is_imported_and_taken_back(folder: Path) -> None:
    preview = pipeline(folder, "import", "accounts", "accounts.csv", "--preview")
    assert "PREVIEW, nothing is written. accounts.csv: 2 rows; 1 changed; 1 rejected." in preview
    assert "line 2: change BK-0002: status prospect -> client; " in preview
    assert "note Met at the fair" in preview

    imported = json.loads(pipeline(folder, "import", "accounts", "accounts.csv", "--rejects", "bad.csv", "--json"))
    assert (imported["added"], imported["changed"], imported["unchanged"]) == (0, 1, 0)
    assert "owner 'zoe' is not a rep" in (folder / "bad.csv").read_text()

    short = imported["import_id"][:8]
    assert f"{short}  accounts  accounts.csv" in pipeline(folder, "import", "list")
    assert "accounts.csv: would put back 1 account" in pipeline(folder, "import", "undo", short, "--preview", *BY)
    assert "accounts.csv: put back 1 account" in pipeline(folder, "import", "undo", short, *BY)
    assert "was undone before" in pipeline(folder, "import", "undo", short, *BY)
    [listed] = [each for each in json.loads(pipeline(folder, "import", "list", "--json")) if each["undone_by"]]
    assert (listed["file_name"], listed["undone_by"]) == ("accounts.csv", "ann")


def test_the_deals_of_another_system_are_imported_and_taken_back(folder: Path) -> None:
    before = leads(folder)

    imported = pipeline(folder, "import", "leads", "deals.csv")

    assert "deals.csv: 2 rows; 1 changed; 1 rejected." in imported
    assert "Not stored: next_step." in imported
    assert "line 3: stage 'Closed Won' is a win; record it: `pipeline outcome BK-0003 won`" in imported
    [changed] = [each for each in leads(folder) if each not in before]
    assert (changed[0], changed[1], changed[3]) == ("BK-0001", "test-ride", "1200.50")
    short = imported.partition("pipeline import undo ")[2].strip()
    assert "deals.csv: put back 1 account, 1 lead" in pipeline(folder, "import", "undo", short, *BY)
    assert leads(folder) == before


def test_a_team_is_imported_and_taken_back(folder: Path) -> None:
    (folder / "team.csv").write_text("Full Name,Email Address,Zone\nZoe Elm,zoe@example.org,America/Chicago\nX,bad,\n")

    imported = pipeline(folder, "import", "reps", "team.csv")

    assert "team.csv: 2 rows; 1 added; 1 rejected." in imported
    assert json.loads(pipeline(folder, "rep", "show", "zoe.elm", "--json"))["timezone"] == "America/Chicago"
    short = imported.partition("pipeline import undo ")[2].strip()
    assert "team.csv: put back 1 rep." in pipeline(folder, "import", "undo", short, *BY)
    assert json.loads(pipeline(folder, "rep", "show", "zoe.elm", "--json"))["left_on"]


TARGETS = {
    "address": ("ada@larkspur.example",),
    "domain": ("--domain", "quill.example"),
    "facility": ("--facility", "BK-0002"),
    "chain": ("--chain", "Spoke Group"),
    "person": ("BK-0001", "owner"),
}


@pytest.mark.parametrize("scope", TARGETS)
def test_each_target_is_suppressed_explained_and_allowed_again(folder: Path, scope: str) -> None:
    target = TARGETS[scope]

    added = pipeline(folder, "suppression", "add", *target, "--reason", "asked us to", *BY)
    assert "Not to be contacted: " in added
    listed = json.loads(pipeline(folder, "suppression", "list", "--json"))
    assert [(each["scope"], each["reason"], each["stated_by"]) for each in listed] == [(scope, "asked us to", "ann")]
    why = pipeline(folder, "suppression", "why", *target)
    assert "asked us to" in why
    assert "May be contacted" not in why

    assert "May be contacted again: " in pipeline(folder, "suppression", "lift", *target, *BY)
    assert "Everyone may be contacted." in pipeline(folder, "suppression", "list")
    assert "May be contacted by every channel." in pipeline(folder, "suppression", "why", *target)


def test_one_list_suppresses_addresses_domains_facilities_and_chains_and_is_exported_again(folder: Path) -> None:
    (folder / "stops.csv").write_text(
        "scope,target,email,channels,reason\nfacility,bk-0003,,call,closed\nchain,Elm Group,,,sued us\n"
        "domain,tandem.example,,,\n,,ben@larkspur.example,,unsubscribed\nfacility,nowhere,,,\nperson,x,,,\n"
    )

    preview = pipeline(folder, "suppression", "import", "stops.csv", "--preview")
    assert "Everyone may be contacted." in pipeline(folder, "suppression", "list")
    imported = pipeline(folder, "suppression", "import", "stops.csv")
    again = pipeline(folder, "suppression", "import", "stops.csv")
    pipeline(folder, "suppression", "export", "--out", "all.csv")
    listed = json.loads(pipeline(folder, "suppression", "list", "--json"))
    lifted = pipeline(folder, "suppression", "import", "all.csv", "--lift")

    assert "Tandem Hollow Cycles (BK-0003)" in preview
    assert "stops.csv: 6 rows; 4 imported; 2 rejected." in imported
    assert "4 unchanged; 2 rejected." in again
    assert {(each["scope"], each["target"], each["reason"], *each["channels"]) for each in listed} == {
        ("facility", "BK-0003", "closed", "call"),
        ("chain", "ELM GROUP", "sued us", "all"),
        ("domain", "tandem.example", "on an imported list", "all"),
        ("address", "ben@larkspur.example", "unsubscribed", "email"),
    }
    assert "all.csv: 4 rows; 4 imported" in lifted
    assert "Everyone may be contacted." in pipeline(folder, "suppression", "list")
