"""Does the comparison with peers follow its protocol?"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engines.matching import COMPILED
from engines.matching.facilities import Employer
from engines.matching.fitting.rows import LabeledRow
from tests.benchmarks.matchers.inflate import inflated
from tests.benchmarks.matchers.invent import invented_country
from tests.benchmarks.matchers.judge import figures
from tests.benchmarks.matchers.measure import REPOSITORY, Failed, Peer, measured
from tests.benchmarks.matchers.rows import forms_in, read_facilities, write_facilities
from tests.unit.matcher.building import TRADE


def a_row(facility_id: str = "", *, is_parent: bool = False) -> LabeledRow:
    return LabeledRow(Employer("Fern Manor", "Albany", "NY"), facility_id, is_parent)


def test_rows_with_equal_confidence_are_accepted_together_or_not_at_all() -> None:
    rows = [a_row("1"), a_row("1"), a_row()]

    found = figures(rows, [("1", 0.9, False), ("1", 0.5, False), ("1", 0.5, False)])

    assert found["acc_at_1"] == 1.0
    assert found["recall_at_99"] == 0.5


def test_a_stranger_lowers_precision_unless_it_is_a_parent_organization() -> None:
    answers = [("1", 0.9, True), ("1", 0.9, True)]

    assert figures([a_row("1"), a_row()], answers)["precision"] == 0.5
    assert figures([a_row("1"), a_row(is_parent=True)], answers)["precision"] == 1.0


def test_a_peer_that_ran_out_of_time_is_judged_by_its_answers() -> None:
    found = figures([a_row("1"), a_row("2")], [("1", 0.9, False)])

    assert (found["rows"], found["acc_at_1"]) == (1, 1.0)


def test_a_smaller_registry_is_the_beginning_of_a_larger_one_with_unique_names_in_each_city() -> None:
    given, _ = invented_country(rows=0, states=1)

    smaller, larger = inflated(given, 3_000, TRADE), inflated(given, 6_000, TRADE)

    assert larger[: len(smaller)] == smaller
    assert smaller[: len(given)] == given
    assert 6_000 <= forms_in(larger) < 6_010
    assert len({each.facility_id for each in larger}) == len(larger)
    # Only the invented ones: the given ones have namesakes, as every registry has.
    names = [(each.name, each.city, each.state) for each in larger[len(given) :]]
    assert len(set(names)) == len(names)


def test_facilities_are_read_as_they_were_written(tmp_path: Path) -> None:
    given, _ = invented_country(rows=0, states=1)

    write_facilities(tmp_path / "facilities.jsonl", given)

    assert list(read_facilities(tmp_path / "facilities.jsonl")) == given


def test_a_peer_that_fails_is_reported_with_its_error(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"queries\.jsonl"):
        measured(Peer("source_rule", "the source's rule"), tmp_path, 1, 60)


def test_ours_and_the_sources_rule_are_measured_on_invented_rows_and_stored(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.matchers.run", "--states", "1", "--rows", "60"]
    outputs = ["--json", str(tmp_path / "results.json"), "--plot", str(tmp_path / "plot.svg")]

    done = subprocess.run(
        [*command, *outputs, "--only", "ours,ours_from_sources,source_rule"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert "invented" in done.stdout
    peers = json.loads((tmp_path / "results.json").read_text())["sizes"]["0"]["peers"]
    assert set(peers) == {"ours", "ours_from_sources", "source_rule"}
    assert (peers["ours"]["compiled"], peers["ours_from_sources"]["compiled"]) == (COMPILED.exists(), False)
    assert peers["ours"]["rows"] == peers["source_rule"]["rows"] == 60
    assert peers["ours"]["acc_at_1"] >= peers["source_rule"]["acc_at_1"] > 0.5
    assert (tmp_path / "plot.svg").read_text().count("<circle") >= 4

    other = bench("--rows", "59", "--only", "ours", *outputs)

    assert "other facilities or employers" in other.stderr
    assert set(json.loads((tmp_path / "results.json").read_text())["sizes"]["0"]["peers"]) == set(peers)


def bench(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.benchmarks.matchers.run", "--states", "1", *options]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
