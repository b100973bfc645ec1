"""When should a task be done, and in which order are the tasks of a day?"""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

import pytest

from cli.linting.sections import read_pack
from cli.linting.windows import windows as faults_of
from engines.packs import Calendar, pack_folder
from services.sequencer.domain.reps import Rep, Team
from services.sequencer.domain.windows import hours_of
from services.sequencer.usecases.windows import arranged
from shared.contracts.sequencer_replies import WorklistTask
from shared.contracts.sequencer_reps import RepRow
from tests.support.sequencing import on_the_worklist

DAY = date(2026, 7, 2)
ZONES = Calendar("America/New_York", "US", "NY", {"America/Chicago": ("IL",), "America/Los_Angeles": ("CA",)})
ANN = Rep("ann", "Ann", timezone="America/New_York")
LATE = Rep("late", "Leo", from_hour=time(12), to_hour=time(20), timezone="America/New_York")


def a_day(*windows: str | None, state: str = "NY", rep: str = "ann", **more: object) -> list[WorklistTask]:
    """The tasks with these windows, of which the first has the best rank."""
    tasks = [
        on_the_worklist(task_id=UUID(int=n), rank=n, state=state, rep=rep, **more) for n in range(1, len(windows) + 1)
    ]
    given = {UUID(int=n): window for n, window in enumerate(windows, 1) if window}
    return arranged(tasks, given, Team((ANN, LATE)), ZONES, DAY)


def order(tasks: list[WorklistTask]) -> list[int]:
    return [task.task_id.int for task in tasks]


def test_a_task_without_a_window_should_be_done_while_its_rep_works() -> None:
    [task] = a_day(None)

    assert task.window
    assert (str(task.window.from_time), str(task.window.to_time), task.window.limited) == (
        "09:00:00",
        "17:00:00",
        False,
    )


@pytest.mark.parametrize(
    "state, rep, here, there",
    [
        ("NY", "ann", ("09:00", "11:30"), ("09:00", "11:30")),
        ("IL", "ann", ("09:30", "12:30"), ("08:30", "11:30")),
        ("CA", "late", ("12:00", "14:30"), ("09:00", "11:30")),
        (None, "ann", ("09:00", "11:30"), ("09:00", "11:30")),
    ],
)
def test_a_window_is_that_of_the_recipient_while_the_rep_works(
    state: str, rep: str, here: tuple[str, str], there: tuple[str, str]
) -> None:
    [task] = a_day("08:30-11:30", state=state, rep=rep)

    window = task.window
    assert window
    assert (f"{window.from_time:%H:%M}", f"{window.to_time:%H:%M}") == here
    assert (f"{window.there_from:%H:%M}", f"{window.there_to:%H:%M}") == there


def test_a_window_outside_the_hours_of_the_rep_states_that_and_comes_last() -> None:
    first, last = a_day("08:30-11:30", None, rep="late")

    assert (order([first, last]), last.window) == ([2, 1], None)
    assert last.no_window == ("08:30-11:30 America/New_York is outside the hours of late: 12:00-20:00 America/New_York")


def test_what_closes_early_comes_first_and_what_opens_later_comes_after_what_can_be_done_now() -> None:
    tasks = a_day("14:00-15:00", None, "08:30-11:30", "09:00-10:00", None)

    assert order(tasks) == [4, 3, 2, 5, 1]
    assert [task.rank for task in tasks] == [1, 2, 3, 4, 5]


def test_what_is_overdue_stays_before_what_was_promised_and_both_before_the_rest() -> None:
    yesterday = on_the_worklist(task_id=UUID(int=1), rank=1, overdue=True, due_on=date(2026, 7, 1), rep="ann")
    promised = on_the_worklist(task_id=UUID(int=2), rank=2, kind="callback", rep="ann")
    early = on_the_worklist(task_id=UUID(int=3), rank=3, rep="ann")

    found = arranged([yesterday, promised, early], {UUID(int=3): "09:00-10:00"}, Team((ANN,)), ZONES, DAY)

    assert order(found) == [1, 2, 3]


@pytest.mark.parametrize("window", ["8-11", "08:30", "11:30-08:30", "09:00-09:00", "09:00-25:00", "mon 09:00-10:00"])
def test_a_window_without_hours_is_refused(window: str) -> None:
    with pytest.raises(ValueError, match="write"):
        hours_of(window)


def rows(*reps: Rep) -> list[RepRow]:
    return [RepRow.model_validate({**{name: getattr(rep, name) for name in Rep.__slots__}}) for rep in reps]


@pytest.mark.parametrize(
    "window, team, met",
    [
        ("08:30-11:30", (ANN,), True),
        ("17:30-19:00", (ANN,), False),
        ("17:30-19:00", (ANN, LATE), True),
        ("17:30-19:00", (), True),
    ],
    ids=["in the hours", "after the hours", "in the hours of another rep", "no team is known"],
)
def test_a_window_in_which_no_rep_works_is_a_fault(window: str, team: tuple[Rep, ...], met: bool) -> None:
    pack, _ = read_pack(pack_folder())
    object.__setattr__(pack.folders["sequences"]["tier-2-nurture"].steps[1], "window", window)
    try:
        found = list(map(str, faults_of(pack, rows(*team))))
    finally:
        object.__setattr__(pack.folders["sequences"]["tier-2-nurture"].steps[1], "window", None)

    assert found == (
        []
        if met
        else [
            "sequences/tier-2-nurture.yaml: steps.1.window: 17:30-19:00 is outside the working hours of all reps:"
            " ann 09:00-17:00 America/New_York; change it, or the hours of a rep"
        ]
    )
