"""Do invented reps behave like people, and the same in every run?"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest

from cli.demo.invented.reps import decide
from shared.contracts.sequencer import CompleteTask, EndTask, SkipTask
from shared.contracts.sequencer_replies import WorklistTask
from tests.support.sequencing import on_the_worklist

TODAY = date(2026, 7, 14)


def tasks() -> list[WorklistTask]:
    return [
        on_the_worklist(facility_id=f"33X{number:03d}", step_no=step, due_on=TODAY)
        for number in range(500)
        for step in range(1, 5)
    ]


def test_the_decision_of_a_rep_does_not_depend_on_id_or_rank() -> None:
    def words(task: WorklistTask) -> tuple[type[EndTask], str | None] | None:
        command = decide(1, task, TODAY)
        return (type(command), command.outcome) if command else None

    others = [task.model_copy(update={"task_id": uuid4(), "rank": 7}) for task in tasks()]

    assert [words(task) for task in tasks()] == [words(task) for task in others]


def test_most_tasks_are_done_and_some_are_skipped_or_left_open() -> None:
    counts = Counter(type(decide(1, task, TODAY)) for task in tasks())

    assert 0.84 < counts[CompleteTask] / 2000 < 0.92
    assert 0.02 < counts[SkipTask] / 2000 < 0.07
    assert 0.05 < counts[type(None)] / 2000 < 0.11


def test_no_task_is_left_open_for_a_second_day() -> None:
    late = [task.model_copy(update={"due_on": TODAY - timedelta(days=1)}) for task in tasks()[:500]]

    assert all(decide(1, task, TODAY) for task in late)


@pytest.mark.parametrize("channel", ["call", "email", "linkedin", "research"])
def test_a_completed_task_has_an_outcome(channel: str) -> None:
    commands = [decide(1, on_the_worklist(step_no=step, channel=channel, due_on=TODAY), TODAY) for step in range(50)]

    assert all(command.outcome for command in commands if command)
