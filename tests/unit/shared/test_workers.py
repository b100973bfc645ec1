"""Which workers of a process look for items that are due?"""

from __future__ import annotations

from typing import Any, cast

from shared.operations.workers import Workers


class Sleeping:
    """A kind of work, and how often it was woken."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.times = 0

    def wake(self) -> None:
        self.times += 1


def test_added_work_wakes_only_the_workers_of_its_kinds_and_a_set_clock_wakes_all() -> None:
    letters, notices = Sleeping("letters"), Sleeping("notices")
    workers = Workers(cast("Any", [letters, notices]), cast("Any", None))

    workers.wake({"letters"})
    assert (letters.times, notices.times) == (1, 0)

    workers.wake()
    assert (letters.times, notices.times) == (2, 1)
