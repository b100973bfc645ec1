"""Does the demo of a pack that is not about facilities run from its list to a worklist, letters and exports?"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.stack import lifecycle
from tests.support.toy import answered, pipeline

DAYS = 5
PACKS = ("clinic", "referral-partner") if os.environ.get("LONG") == "1" else ("clinic",)
"""The second one only with LONG=1."""
LISTS = {
    "clinic": {
        "pipeline report crm": "clinics.csv",
        "pipeline playbook export behavioral-health": "behavioral-health.csv",
        "pipeline playbook export home-health": "home-health.csv",
        "pipeline playbook export primary-care": "primary-care.csv",
        "pipeline playbook export urgent-care": "urgent-care.csv",
    },
    "referral-partner": {
        "pipeline report crm": "rula_crm_records.csv",
        "pipeline report scores": "rula_partner_scores.csv",
        "pipeline report sla": "rula_sla_tracker.csv",
    },
}
"""The lists of each pack that are files, by the command that writes them again."""
ACCOUNTS = {"clinic": ("clinics", 520, "CL-"), "referral-partner": ("practices", 10, "RP-")}


@dataclass(frozen=True)
class Demo:
    """A demo that was lived through; its stack runs."""

    pack: str
    folder: Path
    result: dict[str, Any]


@pytest.fixture(scope="module", params=PACKS)
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PIPELINE_HOME", str(folder / "home"))
        environment.delenv("PIPELINE_NATS_URL", raising=False)
        environment.setenv("PIPELINE_CONSOLE_HTTP_PORT", "0")
        environment.setenv("PIPELINE_PACK", request.param)
        try:
            pipeline(folder, "demo", "--days", str(DAYS), "--json", "demo.json")
            environment.delenv("PIPELINE_PACK")
            yield Demo(request.param, folder, json.loads((folder / "demo.json").read_text()))
        finally:
            lifecycle.wipe(folder / "home", lambda _: None)


def test_every_account_of_the_list_is_imported_and_scored(demo: Demo) -> None:
    word, count, _ = ACCOUNTS[demo.pack]
    summary = demo.result["summary"]

    assert summary[word] == sum(summary["tiers"].values()) == count


def test_the_worklist_has_a_reason_for_each_task_and_letters_are_written(demo: Demo) -> None:
    _, _, prefix = ACCOUNTS[demo.pack]
    tasks = demo.result["worklist"]

    assert tasks
    assert all(task["reason"] and task["facility_id"].startswith(prefix) for task in tasks)
    assert demo.result["summary"]["drafts"] > 0
    assert demo.result["summary"]["letters"]["sent"] > 0


def test_the_postings_come_by_fetches_and_each_has_a_rule_that_allowed_it(demo: Demo) -> None:
    summary = demo.result["summary"]

    assert summary["sources"] == 8
    assert summary["fetches"] >= 7 * DAYS
    assert summary["postings_seen"] > summary["postings_fetched"] > 0
    assert summary["postings_without_rule"] == 0


def test_a_crm_has_what_we_have(demo: Demo) -> None:
    courier = demo.result["summary"]["courier"]

    assert courier["crm_accounts"] > 0
    assert courier["crm_drift"] == 0


def test_every_list_of_the_pack_is_written_with_as_many_rows_as_the_summary_counts(demo: Demo) -> None:
    written = demo.folder / "home" / "lists"

    for command, file in LISTS[demo.pack].items():
        with (written / file).open(encoding="utf-8", newline="") as opened:
            rows = list(csv.reader(opened))
        assert len(rows) - 1 == demo.result["lists"][command] > 0, command
    assert {path.name for path in written.iterdir()} == set(LISTS[demo.pack].values())


def test_later_commands_speak_of_the_pack_of_the_running_stack(demo: Demo) -> None:
    _, _, prefix = ACCOUNTS[demo.pack]
    [first, *_] = demo.result["worklist"]

    assert first["facility_id"] in pipeline(demo.folder, "why", first["facility_id"])
    code, _, complaint = answered(demo.folder, "why", "335001")

    assert code
    assert prefix in complaint
