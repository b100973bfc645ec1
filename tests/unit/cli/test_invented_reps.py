"""Do invented reps behave like people, and every time the same?"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from cli.demo.invented import decide

TODAY = date(2026, 7, 14)


def a_task(**changes: Any) -> dict[str, Any]:
    task = {
        "task_id": str(uuid4()),
        "facility_id": "33X001",
        "step_no": 1,
        "channel": "call",
        "due_on": TODAY.isoformat(),
    }
    return task | changes


def tasks() -> list[dict[str, Any]]:
    return [a_task(facility_id=f"33X{number:03d}", step_no=step) for number in range(500) for step in range(1, 5)]


def test_neither_the_id_nor_the_place_in_the_list_changes_what_a_rep_does() -> None:
    assert [decide(1, task, TODAY) for task in tasks()] == [decide(1, task, TODAY) for task in tasks()]


def test_most_touches_are_done_and_some_are_skipped_or_left() -> None:
    counts = Counter(decide(1, task, TODAY)[0] for task in tasks())

    assert 0.84 < counts["done"] / 2000 < 0.92
    assert 0.02 < counts["skip"] / 2000 < 0.07
    assert 0.05 < counts["leave"] / 2000 < 0.11


def test_nothing_is_left_for_a_second_day() -> None:
    late = [a_task(facility_id=f"33X{number:03d}", due_on=TODAY - timedelta(days=1)) for number in range(500)]

    assert "leave" not in {decide(1, task, TODAY)[0] for task in late}


@pytest.mark.parametrize("channel", ["call", "email", "linkedin", "research"])
def test_what_is_done_has_an_outcome(channel: str) -> None:
    decisions = [decide(1, a_task(step_no=step, channel=channel), TODAY) for step in range(50)]

    assert all(outcome for what, outcome in decisions if what == "done")
