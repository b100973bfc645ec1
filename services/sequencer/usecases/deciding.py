"""How are decisions carried out? The board is loaded once, decided on in pure functions, and written once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise

from services.sequencer.domain.board import Board, Decision, changed, with_versions
from services.sequencer.domain.contacts import Places
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.leads import Move, move_between
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.ending import withdraw
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.plan.leads import engage
from services.sequencer.domain.plan.neighbors import pause_company
from services.sequencer.domain.plan.ownership import leave_chains, skip_calls_of_chain
from services.sequencer.domain.plan.pausing import pause_steps
from services.sequencer.domain.tasks import Task
from services.sequencer.settings import playbook
from services.sequencer.store import board as boards
from services.sequencer.store import enrollments, leads
from services.sequencer.usecases.announcing import events_between
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Effects:
    """The enrollments and tasks that ended."""

    enrollments: list[Enrollment]
    tasks: list[Task]


async def decide(tx: Tx, board: Board, book: Playbook, *decisions: Decision) -> Board:
    """Apply decisions in order, write the differences in the end, and publish the effects of each decision."""
    in_order = steps(board, book, decisions)
    await boards.save(tx, board, in_order[-1])
    await leads.record_moves(tx, _moves(in_order))
    for before, after in pairwise(in_order):
        tx.emit(*events_between(before, after))
    return in_order[-1]


def steps(board: Board, book: Playbook, decisions: Iterable[Decision]) -> list[Board]:
    """A board, and the one after each decision."""

    def next_board(current: Board, decision: Decision) -> Board:
        return with_versions(current, decision(current, book))

    return list(accumulate(decisions, next_board, initial=board))


def _moves(in_order: Sequence[Board]) -> list[Move]:
    """The moves of leads, each with its version."""
    states = ((old, new) for before, after in pairwise(in_order) for old, new in changed(before.leads, after.leads))
    return [move for old, new in states if old and (move := move_between(old, new))]


async def follow(tx: Tx, places: Places | None) -> Effects:
    """Apply suppressions and corrections of contacts to what is open at these places, or everywhere, at once."""
    return _effects(*await follow_between(tx, places))


async def follow_between(tx: Tx, places: Places | None) -> tuple[Board, Board]:
    """The same as `follow`; returns the boards before and after."""
    book = playbook()
    if places is None:
        before = await boards.load_open(tx, book, lambda _: True)
    else:
        before = await boards.of_accounts(tx, book, places.facility_ids, places.chains)
    return before, await decide(tx, before, book, follow_contacts)


async def change_hands(tx: Tx, facility_ids: Collection[str]) -> None:
    """Narrow or end at once the enrollments of chains that own these facilities no longer (R44, K26)."""
    book = playbook()
    before = await boards.of_accounts(tx, book, facility_ids)
    await decide(tx, before, book, leave_chains, skip_calls_of_chain(facility_ids))


async def stop_account(tx: Tx, facility_id: str, what: str) -> Effects:
    """End the enrollments of an account, which its rep works by hand for some days.

    `what` came of a touch, or of an e-mail. An enrollment of a chain that only covers it goes on without it; the other
    members of its chain wait, if the pack says so.
    """
    reason = f"Touch: {what}."
    book = playbook()
    before = await boards.of_accounts(tx, book, {facility_id, *await company(tx, facility_id)})
    ends = withdraw([facility_id], reason), engage([facility_id]), pause_company(facility_id, what)
    return _effects(before, await decide(tx, before, book, *ends))


async def company(tx: Tx, facility_id: str) -> list[str]:
    """The accounts whose enrollments may wait because of what an account of their chain does."""
    return await enrollments.of_company(tx, facility_id) if playbook().exits.same_company == "pause" else []


async def pause_account(tx: Tx, facility_id: str, until: date, reason: str) -> None:
    """Let the enrollments of an account wait until a day, with their steps that are on a worklist."""
    book = playbook()
    await decide(tx, await boards.of_accounts(tx, book, [facility_id]), book, pause_steps(facility_id, until, reason))


async def pause_others(tx: Tx, facility_id: str, what: str) -> None:
    """Let the other members of a chain wait, if the pack says so."""
    book = playbook()
    before = await boards.of_accounts(tx, book, {facility_id, *await company(tx, facility_id)})
    await decide(tx, before, book, pause_company(facility_id, what))


def _effects(before: Board, after: Board) -> Effects:
    return Effects(
        [each for _, each in changed(before.enrollments, after.enrollments) if not each.is_open],
        [task for _, task in changed(before.tasks, after.tasks) if not task.is_open],
    )
