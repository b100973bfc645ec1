"""Does the linter find what a pack can do by mistake although every file of it can be read?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.linting import Verdict, lint

TOY = Path(__file__).parents[3] / "tests" / "fixtures" / "packs" / "toy"
REPORT = {"name": "open", "title": "Open", "columns": {"workshop": "{{ facility }}", "why": "{{ greeting }}"}}
PLAYBOOK = {
    "name": "hiring",
    "title": "Who hires",
    "where": [{"factor": "hiring", "at_least": 10}, {"field": "stands", "at_least": 2}],
    "focus": "too few hands",
    "letter": "spokes",
    "situation": "homes",
    "cta": "a short call",
    "snippet": "greeting",
    "report": "open",
}
SUBJECTS = ["Wheels at {{ homes }}", "Wheels for {{ homes }}", "Trued wheels for {{ homes }}"]


WHEELS = ["Wheels at {{ place }}", "True wheels", "A wheel by post"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack with a report and a playbook, without a mistake."""
    folder = tmp_path / "toy"
    shutil.copytree(TOY, folder)
    for name in ("reports", "playbooks"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "reports/open.yaml").write_text(yaml.safe_dump(REPORT))
    (folder / "playbooks/hiring.yaml").write_text(yaml.safe_dump(PLAYBOOK))
    edit(folder, "templates/spokes.yaml", lambda c: c["versions"][0].update(subjects=SUBJECTS))
    edit(folder, "templates/spokes.yaml", lambda c: c["versions"][1].update(subjects=WHEELS))
    shown = {"factor": "stands", "kind": "fact", "label": "Stands"}
    edit(folder, "scoring.yaml", lambda c: c["factors"].append(shown))
    return folder


def edit(folder: Path, file: str, how: Callable[[Any], Any]) -> None:
    content = yaml.safe_load((folder / file).read_text(encoding="utf-8"))
    how(content)
    (folder / file).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def change(folder: Path, file: str, how: Callable[[Any], Any]) -> Verdict:
    edit(folder, file, how)
    return lint(folder)


def test_a_pack_with_a_report_and_a_playbook_is_sound(folder: Path) -> None:
    verdict = lint(folder)

    assert (verdict.faults, verdict.warnings) == ((), ())


@pytest.mark.parametrize(
    "file,how,fault",
    [
        (
            "playbooks/hiring.yaml",
            lambda c: c["where"][1].update(field="inspection"),
            "where.1.field: scoring.yaml shows no fact inspection; add {factor: inspection, kind: fact",
        ),
        (
            "playbooks/hiring.yaml",
            lambda c: c["where"][0].update(factor="hirin"),
            "where.0.factor: scoring.yaml has no factor hirin with points; did you mean hiring?",
        ),
        (
            "playbooks/hiring.yaml",
            lambda c: c["where"][0].update(factor="stands"),
            "where.0.factor: scoring.yaml has no factor stands with points",
        ),
        ("playbooks/hiring.yaml", lambda c: c.update(letter="spoke"), "letter: there is no templates/spoke.yaml"),
        (
            "playbooks/hiring.yaml",
            lambda c: c.update(situation="home"),
            "situation: no version of templates/spokes.yaml needs home; did you mean homes?",
        ),
        ("playbooks/hiring.yaml", lambda c: c.update(snippet="greet"), "outreach.yaml has no passage greet"),
        ("playbooks/hiring.yaml", lambda c: c.update(report="opened"), "report: there is no reports/opened.yaml"),
        (
            "reports/open.yaml",
            lambda c: c["columns"].update(phone="{{ telephone }}"),
            "columns.phone: there is no fact telephone",
        ),
        ("reports/open.yaml", lambda c: c.update(count="ownr"), "count: there is no fact ownr; did you mean owner?"),
        (
            "sla.yaml",
            lambda c: c["tiers"].update({3: c["tiers"][1]}),
            "tiers.3: capacity.yaml does not work this tier, so no one has its accounts",
        ),
    ],
)
def test_a_mistake_is_a_fault_with_its_file_and_key(
    folder: Path, file: str, how: Callable[[Any], Any], fault: str
) -> None:
    assert any(fault in str(each) for each in change(folder, file, how).faults)


def test_a_fact_that_two_factors_weigh_is_a_warning_unless_one_sum_has_both(folder: Path) -> None:
    again: dict[str, Any] = {"factor": "again", "kind": "map", "label": "Again", "field": "inspection"}
    again |= {"values": {"1": 1.0}, "evidence": "{value}", "unknown": "unknown", "weight": 0.1}

    def twice(content: Any) -> None:
        content["factors"][0]["weight"] = 0.6
        content["factors"].append(again)

    found = change(folder, "scoring.yaml", twice).warnings
    assert [str(each) for each in found if "again" in each.key] == [str(each) for each in found]
    assert "inspection counts here and in inspection, so one fact moves the score twice" in str(found[0])

    def together(content: Any) -> None:
        content["factors"] = [content["factors"][0], {"factor": "both", "kind": "sum", "label": "Both"}]
        content["factors"][1]["parts"] = [{**again, "weight": 0.2}, {**again, "factor": "more", "weight": 0.2}]
        content["measure"] = "both"

    assert not [each for each in change(folder, "scoring.yaml", together).warnings if each.file == "scoring.yaml"]


def steps(*given: tuple[int, str]) -> list[dict[str, Any]]:
    text = {"email": {"template": "spokes"}}
    of = {"persona": "owner"}
    return [{"n": n, "day": day, "channel": by, **of, **text.get(by, {})} for n, (day, by) in enumerate(given, 1)]


@pytest.mark.parametrize(
    "given,start,warning",
    [
        (steps((1, "call"), (6, "email")), ["mon"], "steps.1.day: day 6 is always on a weekend"),
        (steps((1, "call"), (6, "email")), ["mon"], "let the sequence start on wed, thu, fri"),
        (steps((1, "call"), (6, "email")), [], None),
        (steps((1, "email"), (2, "email")), [], "steps.1: the e-mail is 1 business day after step 1"),
        (steps((1, "email"), (4, "email")), [], "if the sequence starts on a Friday"),
        (steps((1, "email"), (4, "email")), ["tue"], None),
        (steps((1, "email"), (5, "email")), [], None),
        (steps((1, "email"), (4, "call"), (5, "call")), ["fri"], None),
        (steps((1, "email"), (2, "call"), (3, "call")), ["fri"], "the call is on the same business day as step 2"),
        (steps((1, "call"), (2, "call")), ["mon", "tue"], None),
    ],
)
def test_steps_on_weekends_or_close_together_are_warnings_that_say_when(
    folder: Path, given: list[dict[str, Any]], start: list[str], warning: str | None
) -> None:
    def with_steps(content: Any) -> None:
        content.update({"steps": given, **({"start_days": {"only": start}} if start else {})})

    verdict = change(folder, "sequences/ride-by.yaml", with_steps)
    found = [str(each) for each in verdict.warnings if each.file.startswith("sequences/")]

    assert not verdict.faults
    assert (not found) if warning is None else any(warning in each for each in found)


def test_a_playbook_whose_letters_would_be_alike_is_a_warning(folder: Path) -> None:
    verdict = change(folder, "templates/spokes.yaml", lambda c: c["versions"][0]["subjects"].pop())

    assert [str(each) for each in verdict.warnings] == [
        "playbooks/hiring.yaml:3: letter: its version of spokes has 2 of 3 subjects, so its letters are alike; "
        "add subjects to templates/spokes.yaml"
    ]


def test_states_without_an_owner_are_a_warning_where_a_clock_runs(folder: Path) -> None:
    verdict = change(folder, "assignment.yaml", lambda c: c.update(by_hand=["TX", "GA"]))

    assert [each.key for each in verdict.warnings] == ["by_hand"]
    assert "accounts in TX, GA have no owner until a person assigns one" in str(verdict.warnings[0])
    assert not change(folder, "sla.yaml", lambda c: c.update(tiers={})).warnings
