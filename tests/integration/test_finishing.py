"""How does the command line end tasks, report them, and record the actor?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from cli.client import clock
from cli.client.ranks import numbered
from cli.main import main
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer_replies import WorklistTask
from shared.contracts.sequencer_touches import CompleteTask, EndTask, Printed, RecordedTask, SkipTask
from tests.support.answering import answering
from tests.support.sequencing import on_the_worklist
from tests.support.servers import TestServers

IDS = [f"{number:08d}-0000-4000-8000-000000000000" for number in range(1, 6)]


DAY = date(2026, 7, 2)


@pytest.fixture
def sent(servers: TestServers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[EndTask]]:
    """The commands sent to a stand-in for the sequencer, which replies as if research had found no person."""
    commands: list[EndTask] = []

    def answer(command: EndTask) -> RecordedTask:
        if command.task_id == "dead0000":
            raise AskFailed("There is no task dead0000.", 404)
        commands.append(command)
        researched = command.task_id == "0000"
        return RecordedTask(
            task_id=UUID(int=1),
            enrollment_id=UUID(int=2),
            step_no=0 if researched else 3,
            kind="research" if researched else "step",
            channel="research" if researched else "call",
            persona="administrator",
            person=None if researched else "Ada Moss",
            facility="Larkmoor Home",
            city="ALBANY",
            facility_id="335001",
            status="done",
            outcome=_outcome(command),
            title=_outcome(command),
            note=command.note if isinstance(command, CompleteTask) else None,
            done_by=command.actor,
            done_on=DAY,
            due_on=DAY,
            reason="a reason",
            rep="rep-1",
            version=1,
            changed=command.task_id != "01d0",
            opens_gate="a direct phone of the Administrator or DON" if researched else None,
        )

    monkeypatch.setenv("PIPELINE_ME", "bob")
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path))
    monkeypatch.setenv("PIPELINE_NATS_URL", servers.user_urls["cli"])
    monkeypatch.setenv("COLUMNS", "160")
    with answering(servers, {CompleteTask: answer, SkipTask: answer}):
        yield commands


def _outcome(command: EndTask) -> str | None:
    return command.outcome if isinstance(command, CompleteTask) else command.reason


def pipeline(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["pipeline", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def printed(*ids: str) -> None:
    numbered(DAY, [ranked(each, n, f"33500{int(each[:8])}") for n, each in enumerate(ids, 1)])


def ranked(task_id: str, rank: int, facility_id: str = "335001") -> WorklistTask:
    return on_the_worklist(task_id=task_id, rank=rank, facility_id=facility_id)


@pytest.mark.parametrize("words, kind", [(["done"], CompleteTask), (["skip", "--reason", "on leave"], SkipTask)])
def test_the_actor_of_a_command_is_the_stored_name_or_the_option(
    words: list[str], kind: type[EndTask], sent: list[EndTask], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline(monkeypatch, *words, "0001")
    pipeline(monkeypatch, *words, "0001", "--by", "ann")

    assert [(type(command), command.actor) for command in sent] == [(kind, "bob"), (kind, "ann")]


@pytest.mark.parametrize("words", [[], ["--reason", ""], ["--reason", "  "]])
def test_a_task_is_skipped_for_a_reason_only(
    words: list[str], sent: list[EndTask], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pipeline(monkeypatch, "skip", "0001", *words) != 0

    assert not sent
    assert "reason" in capsys.readouterr().err


@pytest.mark.usefixtures("sent")
def test_a_recorded_task_is_printed_with_its_person_and_facility(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline(monkeypatch, "done", "0000")
    pipeline(monkeypatch, "done", "0001", "--outcome", "left_voicemail", "--note", "back on Monday")
    pipeline(monkeypatch, "done", "01d0")

    assert capsys.readouterr().out.splitlines() == [
        "Done by bob: research administrator at Larkmoor Home, ALBANY (335001).",
        "The enrollment waits for a direct phone of the Administrator or DON: `pipeline contact add 335001"
        ' administrator --name "..." --phone "..."`.',
        "Done by bob: step 3, call administrator Ada Moss at Larkmoor Home, ALBANY (335001): left_voicemail"
        " (back on Monday).",
        "It was done by bob on 2026-07-02 already; nothing was changed: step 3, call administrator Ada Moss at Larkmoor"
        " Home, ALBANY (335001).",
    ]


def test_a_rank_identifies_the_task_that_was_printed_with_it(
    sent: list[EndTask], monkeypatch: pytest.MonkeyPatch
) -> None:
    printed(*IDS[:4])
    printed(IDS[2], IDS[4], IDS[3])  # two were done meanwhile, and another became due

    assert pipeline(monkeypatch, "done", "3", "4-5") == 0

    assert [command.task_id for command in sent] == [IDS[2], IDS[3], IDS[4]]
    assert sent[0].printed == Printed(on=DAY, facility_id="335003")


@pytest.mark.parametrize("words", [["9"], ["1", "2", "9"], ["2-9"], ["2-1"], ["0"]])
def test_nothing_is_recorded_if_one_of_several_ranks_was_not_printed(
    words: list[str],
    sent: list[EndTask],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    printed(*IDS[:2])

    assert pipeline(monkeypatch, "done", *words) == 1

    assert not sent
    assert "rank" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["x", "-1", "3;5", "task 3"])
def test_a_word_that_is_neither_rank_nor_id_is_refused_with_a_hint(
    sent: list[EndTask], word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    numbered(DAY, [ranked(IDS[0], 1)])

    assert pipeline(monkeypatch, "done", "1", "--", word) == 1
    assert "is not a task; give its rank on the worklist" in capsys.readouterr().err
    assert sent == []


def test_ranks_may_be_separated_by_commas(sent: list[EndTask], monkeypatch: pytest.MonkeyPatch) -> None:
    numbered(DAY, [ranked(one, n) for n, one in enumerate(IDS, 1)])

    pipeline(monkeypatch, "done", "1,3-4", "5,")

    assert [command.task_id for command in sent] == [IDS[0], IDS[2], IDS[3], IDS[4]]


def test_ranks_are_separate_for_each_server(
    sent: list[EndTask], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    printed(*IDS)
    monkeypatch.setenv("PIPELINE_NATS_URL", "nats://cli:secret@127.0.0.1:4999")

    assert pipeline(monkeypatch, "done", "3") == 1

    assert not sent
    assert "No worklist was printed here" in capsys.readouterr().err


def test_ranks_restart_every_day(sent: object) -> None:
    numbered(DAY, [ranked(each, n) for n, each in enumerate(IDS, 1)])
    [first] = numbered(DAY + timedelta(days=1), [ranked(IDS[4], 1)])

    assert first.rank == 1


def test_research_that_moved_to_another_facility_has_a_new_rank(sent: object) -> None:
    printed(IDS[0])

    [moved] = numbered(DAY, [ranked(IDS[0], 1, "335009")])

    assert moved.rank == 2


def test_one_task_that_is_refused_does_not_stop_the_others(
    sent: list[EndTask], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    printed(*IDS)

    assert pipeline(monkeypatch, "done", "1", "dead0000", "2") == 1

    assert [command.task_id for command in sent] == [IDS[0], IDS[1]]
    printed_lines = capsys.readouterr()
    assert len(printed_lines.out.splitlines()) == 2
    assert printed_lines.err == "dead0000: There is no task dead0000.\n"


@pytest.mark.usefixtures("sent")
def test_the_result_is_available_as_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline(monkeypatch, "done", "0001", "--json")

    [answer] = json.loads(capsys.readouterr().out)
    assert (answer["person"], answer["status"], answer["done_by"]) == ("Ada Moss", "done", "bob")


def test_instants_are_printed_unchanged_if_no_service_reports_the_zone(
    servers: TestServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIPELINE_NATS_URL", servers.user_urls["cli"])

    assert clock.reader()("2026-07-02T00:30:00Z") == "2026-07-02T00:30:00Z"
