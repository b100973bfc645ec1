"""How are decisions carried out? The board is loaded once, decided on in pure functions, and written once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, pairwise

from services.sequencer.domain.board import Board, Decision, changed
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.ending import stop_enrollments
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.tasks import Task
from services.sequencer.settings import playbook
from services.sequencer.store import board as boards
from services.sequencer.usecases.announcing import events_between
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Effects:
    """The enrollments and tasks that ended."""

    enrollments: list[Enrollment]
    tasks: list[Task]


async def decide(tx: Tx, board: Board, book: Playbook, *decisions: Decision) -> Board:
    """Apply decisions in order, write the differences in the end, and publish the effects of each decision."""
    steps = list(accumulate(decisions, lambda current, decision: decision(current, book), initial=board))
    await boards.save(tx, steps[0], steps[-1])
    for before, after in pairwise(steps):
        tx.emit(*events_between(before, after))
    return steps[-1]


async def follow(tx: Tx, concerned: Callable[[Enrollment], bool] = lambda _: True) -> Effects:
    """Apply suppressions and corrections of contacts to the enrollments concerned, at once."""
    book = playbook()
    before = await boards.load_open(tx, book.roles, concerned)
    after = await decide(tx, before, book, follow_contacts)
    return Effects(
        [each for _, each in changed(before.enrollments, after.enrollments) if not each.is_open],
        [task for _, task in changed(before.tasks, after.tasks) if task.status == "skipped"],
    )


async def stop_account(tx: Tx, facility_id: str) -> None:
    """End the enrollments of an account that must stop. Others wait for the plan, as their tiers may change (2b)."""
    book = playbook()
    board = await boards.load_open(tx, book.roles, lambda each: facility_id in (each.facility_id, *each.covers))
    await decide(tx, board, book, stop_enrollments)
