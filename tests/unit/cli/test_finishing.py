"""What does the command line say of touches that a person ended, and in whose name?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.client.ranks import numbered
from cli.commands import worklist
from cli.main import main
from cli.printing import show
from shared.contracts.refusals import AskFailed

IDS = [f"{number:08d}-0000-4000-8000-000000000000" for number in range(1, 6)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, dict[str, Any]]]:
    """What the sequencer was asked; it answers as it does when nobody has been found yet."""
    questions: list[tuple[str, dict[str, Any]]] = []

    def answer(subject: str, payload: dict[str, Any]) -> dict[str, Any]:
        if payload["task_id"] == "dead0000":
            raise AskFailed("There is no task dead0000.", 404)
        questions.append((subject, payload))
        researched = payload["task_id"] == "0000"
        return {
            "step_no": 0 if researched else 3,
            "channel": "research" if researched else "call",
            "persona": "administrator",
            "person": None if researched else "Ada Moss",
            "facility": "Larkmoor Home",
            "city": "ALBANY",
            "facility_id": "335001",
            "status": "done",
            "outcome": payload["outcome"],
            "done_by": payload["by"],
            "done_on": "2026-07-02",
            "news": payload["task_id"] != "01d0",
            "opens_gate": "a direct phone of the Administrator or DON" if researched else None,
            "sounds_like_no": [],
        }

    monkeypatch.setattr(worklist, "ask", answer)
    monkeypatch.setenv("PIPELINE_ME", "bob")
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path))
    monkeypatch.setenv("PIPELINE_NATS_URL", "nats://cli:secret@127.0.0.1:4222")
    monkeypatch.setattr(show.console, "width", 160)
    return questions


def pipeline(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["pipeline", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def printed(*ids: str) -> None:
    numbered(
        "2026-07-02",
        [{"task_id": each, "rank": n, "facility_id": f"33500{int(each[:8])}"} for n, each in enumerate(ids, 1)],
    )


@pytest.mark.parametrize("verb", ["done", "skip"])
def test_a_touch_is_ended_in_the_name_of_who_acts_unless_another_is_given(
    verb: str, asked: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline(monkeypatch, verb, "0001")
    pipeline(monkeypatch, verb, "0001", "--by", "ann")

    assert [(subject, payload["by"]) for subject, payload in asked] == [
        (f"sequencer.ask.{verb}", "bob"),
        (f"sequencer.ask.{verb}", "ann"),
    ]


@pytest.mark.usefixtures("asked")
def test_what_was_recorded_is_said_with_the_person_and_the_facility(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline(monkeypatch, "done", "0000")
    pipeline(monkeypatch, "done", "0001", "--outcome", "left a message")
    pipeline(monkeypatch, "done", "01d0")

    assert capsys.readouterr().out.splitlines() == [
        "Done by bob: step 0, research administrator at Larkmoor Home, ALBANY (335001).",
        "The gate opens with `pipeline import contacts`: a direct phone of the Administrator or DON.",
        "Done by bob: step 3, call administrator Ada Moss at Larkmoor Home, ALBANY (335001): left a message.",
        "It was done by bob on 2026-07-02 already; nothing was changed: step 3, call administrator Ada Moss at Larkmoor"
        " Home, ALBANY (335001).",
    ]


def test_a_rank_means_the_touch_that_was_printed_with_it(
    asked: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    printed(*IDS[:4])
    printed(IDS[2], IDS[4], IDS[3])  # two were done meanwhile, and another fell due

    assert pipeline(monkeypatch, "done", "3", "4-5") == 0

    assert [payload["task_id"] for _, payload in asked] == [IDS[2], IDS[3], IDS[4]]
    assert asked[0][1]["printed"] == {"on": "2026-07-02", "facility_id": "335003"}


@pytest.mark.parametrize("words", [["9"], ["1", "2", "9"], ["2-9"], ["2-1"], ["0"]])
def test_nothing_is_recorded_when_one_of_several_ranks_was_not_printed(
    words: list[str],
    asked: list[tuple[str, dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    printed(*IDS[:2])

    assert pipeline(monkeypatch, "done", *words) == 1

    assert not asked
    assert "rank" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["x", "-1", "3;5", "touch 3"])
def test_what_is_neither_rank_nor_id_is_refused_with_what_to_give(
    asked: list[Any], word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    numbered("2026-07-02", [{"task_id": IDS[0], "facility_id": "335001", "rank": 1}])

    assert pipeline(monkeypatch, "done", "1", "--", word) == 1
    assert "is no touch; give its rank on the worklist" in capsys.readouterr().err
    assert asked == []


def test_ranks_may_be_set_apart_by_commas(asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    numbered("2026-07-02", [{"task_id": one, "facility_id": "335001", "rank": n} for n, one in enumerate(IDS, 1)])

    pipeline(monkeypatch, "done", "1,3-4", "5,")

    assert [said["task_id"] for _, said in asked] == [IDS[0], IDS[2], IDS[3], IDS[4]]


def test_ranks_of_other_servers_are_none_of_these(
    asked: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    printed(*IDS)
    monkeypatch.setenv("PIPELINE_NATS_URL", "nats://cli:secret@127.0.0.1:4999")

    assert pipeline(monkeypatch, "done", "3") == 1

    assert not asked
    assert "No worklist was printed here" in capsys.readouterr().err


def test_ranks_begin_anew_with_the_day(asked: object) -> None:
    touches = [{"task_id": each, "rank": n, "facility_id": "335001"} for n, each in enumerate(IDS, 1)]

    numbered("2026-07-02", touches)
    [first] = numbered("2026-07-03", [{**touches[4], "rank": 1}])

    assert first["rank"] == 1


def test_research_that_went_to_another_facility_has_another_rank(asked: object) -> None:
    printed(IDS[0])

    [moved] = numbered("2026-07-02", [{"task_id": IDS[0], "rank": 1, "facility_id": "335009"}])

    assert moved["rank"] == 2


def test_what_was_not_reached_behind_a_refusal_is_named(
    asked: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    printed(*IDS)

    assert pipeline(monkeypatch, "done", "1", "dead0000", "2") == 1

    assert [payload["task_id"] for _, payload in asked] == [IDS[0]]
    assert capsys.readouterr().err == "dead0000: There is no task dead0000. Nothing was recorded of 2 either.\n"


@pytest.mark.usefixtures("asked")
def test_programs_are_told_the_same(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline(monkeypatch, "done", "0001", "--json")

    [answer] = json.loads(capsys.readouterr().out)
    assert (answer["person"], answer["status"], answer["done_by"]) == ("Ada Moss", "done", "bob")
