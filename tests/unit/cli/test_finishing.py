"""What does the command line say of a touch that a person ended, and in whose name?"""

from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner

from cli import main, show


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What the sequencer was asked; it answers as it does when nobody has been found yet."""
    questions: list[tuple[str, dict[str, Any]]] = []

    def answer(subject: str, payload: dict[str, Any]) -> dict[str, Any]:
        questions.append((subject, payload))
        researched = payload["task_id"] == "research"
        opens = "a direct phone of the Administrator or DON" if researched else None
        return {"step_no": 0 if researched else 3, "ccn": "335001", "status": "done", "opens_gate": opens}

    monkeypatch.setattr(main, "ask", answer)
    monkeypatch.setenv("PIPELINE_ME", "bob")
    monkeypatch.setattr(show.console, "width", 160)
    return questions


@pytest.mark.parametrize("verb", ["done", "skip"])
def test_a_touch_is_ended_in_the_name_of_who_acts_unless_another_is_given(
    verb: str, asked: list[tuple[str, dict[str, Any]]]
) -> None:
    CliRunner().invoke(main.app, [verb, "0000"])
    CliRunner().invoke(main.app, [verb, "0000", "--by", "ann"])

    assert [(subject, payload["by"]) for subject, payload in asked] == [
        (f"sequencer.ask.{verb}", "bob"),
        (f"sequencer.ask.{verb}", "ann"),
    ]


@pytest.mark.usefixtures("asked")
def test_research_that_is_done_ends_with_what_opens_the_gate(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main.app(["done", "research"])
    with pytest.raises(SystemExit):
        main.app(["done", "touch"])

    assert capsys.readouterr().out.splitlines() == [
        "Step 0 for 335001 is done.",
        "The gate opens with `pipeline import contacts`: a direct phone of the Administrator or DON.",
        "Step 3 for 335001 is done.",
    ]
