"""How are touches taken back on the day on which they were done?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.sequencer.domain.board import Board
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.order import RESTORED
from services.sequencer.domain.resting import rests_of
from services.sequencer.domain.tasks import Task
from services.sequencer.domain.touches import TouchOutcome
from services.sequencer.domain.undoing import Followed, followed, taken_back, why_not
from tests.support.acts_of_reps import Work

BY_OUTCOME = ("meeting", "not_interested")
"""What follows is an outcome of the lead, which is taken back by itself."""


@dataclass(frozen=True)
class Touched:
    """A touch of today: what followed from it, and when its accounts were contacted before."""

    made: Followed
    contacted: dict[str, date | None]


class TakingBack(Work):
    """Touches are done, and taken back."""

    def __init__(self, book: Playbook) -> None:
        super().__init__(book)
        self.done: dict[UUID, Touched] = {}

    def complete(self, task: Task, outcome: TouchOutcome) -> None:
        before, contacted = self.whole(), {key: each.last_contacted_on for key, each in self.accounts.items()}
        super().complete(task, outcome)
        if outcome.then not in BY_OUTCOME:
            self.done[task.task_id] = Touched(followed(task, before, self.whole()), contacted)

    def whole(self) -> Board:
        """Everything that is stored."""
        return replace(
            self.board_of(self.accounts, list(self.enrollments.values())),
            leads=dict(self.leads),
            tasks=dict(self.tasks),
            accounts=dict(self.accounts),
        )

    def on_take_back(self, a: int, b: int, c: int) -> None:
        """Take a touch of today back, if the product would."""
        today = [key for key in self.done if self.tasks[key].done_on == self.today]
        if not today:
            return
        task = self.tasks[sorted(today)[a % len(today)]]
        made = self.done.pop(task.task_id)
        letters = [each for each in self.letters() if each.task_id != task.task_id]
        rests = rests_of((each.letter for each in letters), self.book.sequences, self.book.capacity.letters_per_person)
        board = replace(self.whole(), rests=rests)
        if why_not(task, board, made.made):
            return
        self.decide(board, taken_back(task, made.made), *RESTORED)
        self.forget(task, made)

    def forget(self, task: Task, made: Touched) -> None:
        """The accounts were not contacted by this touch."""
        covers = self.enrollments[task.enrollment_id].covers if task.enrollment_id else []
        for key in {task.facility_id, *covers}:
            self.accounts[key] = replace(self.accounts[key], last_contacted_on=made.contacted[key])
