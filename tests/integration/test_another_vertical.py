"""Does the complete chain work for a trade that the engine does not know?"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.client.clock import deployment
from tests.support.toy import answered, pipeline, toy_stack


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with toy_stack(tmp_path_factory.mktemp("toy")) as folder:
        yield folder


def exported(folder: Path, what: str) -> list[dict[str, Any]]:
    pipeline(folder, "export", what, "--out", str(folder / f"{what}.csv"))
    with (folder / f"{what}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_postings_are_matched_to_workshops_by_name_and_by_permit(folder: Path) -> None:
    found = {row["source_posting_id"]: (row["outcome"], row["permit"]) for row in exported(folder, "postings")}

    assert found["1"] == ("matched", "BK-0001")
    assert found["2"] == ("matched", "BK-0002")
    assert found["3"][0] == "ignored"
    assert found["4"][0] == "queued"


def test_scores_and_tiers_are_computed_by_the_packs_factors(folder: Path) -> None:
    scores = {row["permit"]: row for row in exported(folder, "scores")}

    assert {permit: float(row["score"]) for permit, row in scores.items()} == {
        "BK-0001": pytest.approx(86.0),
        "BK-0002": pytest.approx(39.5),
        "BK-0003": 0.0,
    }
    assert (scores["BK-0001"]["tier"], scores["BK-0003"]["tier"]) == ("1", "3")


def test_the_day_has_calls_to_owners_and_emails_to_foremen(folder: Path) -> None:
    tasks = exported(folder, "tasks")
    letters = exported(folder, "drafts")

    assert {(row["permit"], row["channel"], row["persona"]) for row in tasks} >= {("BK-0001", "call", "owner")}
    assert all(row["persona"] in ("owner", "foreman", "franchisor") for row in tasks)
    letter = next(row for row in letters if row["permit"] == "BK-0001")
    assert letter["subject"] == "Wheels at Larkspur Wheelworks"
    assert "Hi Ben," in letter["body"]
    assert "You are looking for a wheelbuilder. Spoke & Sons trues wheels by post." in letter["body"]


def test_output_has_the_words_of_the_trade(folder: Path) -> None:
    why = pipeline(folder, "why", "bk-0001")
    refused = pipeline(folder, "import", "contacts", str(folder / "contacts.csv"))
    rejects = (folder / "contacts.csv.rejects.csv").read_text()

    assert "Larkspur Wheelworks" in why
    story = why[why.index("\nStory") :]
    expected = ["facility.matched", "lead.raised", "enrollment.started"]
    assert [story.index(each) for each in expected] == sorted(story.index(each) for each in expected)
    assert "permit 'BK-0009X' is not two letters and four digits like BK-0042" in rejects
    assert "role 'administrator' is not one of owner, foreman, franchisor" in rejects
    assert "2" in refused


def test_figures_are_those_of_the_pack(folder: Path) -> None:
    [figure] = json.loads(pipeline(folder, "kpi", "list", "--json"))

    assert (figure["name"], figure["numerator"], figure["denominator"]) == ("posting_matched", 2, 3)


def test_a_report_of_the_stack_states_what_one_of_its_files_states(folder: Path) -> None:
    exported(folder, "signals")
    of_files = ("facilities.csv", "--signals", "signals.csv", "--as-of", str(deployment().today))

    stack = json.loads(pipeline(folder, "report", "workshops", "--json"))["rows"]
    files = json.loads(pipeline(folder, "report", "workshops", *of_files, "--json"))["rows"]

    assert [row["permit"] for row in stack] == ["BK-0001", "BK-0002", "BK-0003"]
    same = ("permit", "workshop", "town", "hiring", "score", "tier", "text")
    assert [[row[name] for name in same] for row in stack] == [[row[name] for name in same] for row in files]
    assert stack[0]["owner"].startswith("rep-")
    assert stack[0]["late"] in ("LATE", "SOON LATE", "FINE")
    pipeline(folder, "playbook", "export", "wheels", "--min-score", "50")
    with (folder / "wheels.csv").open(newline="") as file:
        assert [row["permit"] for row in csv.DictReader(file)] == ["BK-0001"]


def test_drafts_are_shown_together_and_tasks_without_one_are_named(folder: Path) -> None:
    letter = json.loads(pipeline(folder, "draft", "list", "--json"))[0]
    pipeline(folder, "worklist")

    code, shown, missing = answered(folder, "draft", "show", letter["task_id"], "998-999,ffff")
    alone = answered(folder, "draft", "show", "999")

    assert (code, letter["subject"] in shown) == (1, True)
    assert "No draft was found for 998, 999, ffff; the others are shown." in missing
    assert (alone[0], "There is no rank 999" in alone[2]) == (1, True)
