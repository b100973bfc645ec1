"""How does follow-up take its decisions? The board is loaded once, decided on purely, and written once."""

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
from services.sequencer.usecases.announcing import what_happened
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Effects:
    """What came to an end."""

    enrollments: list[Enrollment]
    tasks: list[Task]


async def decide(tx: Tx, board: Board, book: Playbook, *decisions: Decision) -> Board:
    """Take a board through decisions in their order; write what differs in the end, publish what each of them did."""
    steps = list(accumulate(decisions, lambda now, decision: decision(now, book), initial=board))
    await boards.save(tx, steps[0], steps[-1])
    for before, after in pairwise(steps):
        tx.emit(*what_happened(before, after))
    return steps[-1]


async def follow(tx: Tx, concerned: Callable[[Enrollment], bool] = lambda _: True) -> Effects:
    """Let the enrollments that are concerned follow do-not-contact and corrections of contacts at once."""
    book = playbook()
    before = await boards.load_open(tx, book.roles, concerned)
    after = await decide(tx, before, book, follow_contacts)
    return Effects(
        [each for _, each in changed(before.enrollments, after.enrollments) if not each.is_open],
        [task for _, task in changed(before.tasks, after.tasks) if task.status == "skipped"],
    )


async def stop_account(tx: Tx, facility_id: str) -> None:
    """End what an account may not go on with; others wait for the plan: their tiers may be on their way (2b)."""
    book = playbook()
    board = await boards.load_open(tx, book.roles, lambda each: facility_id in (each.facility_id, *each.covers))
    await decide(tx, board, book, stop_enrollments)
