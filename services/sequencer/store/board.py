"""How is the board loaded before decisions, and written after them?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from uuid import UUID

from services.sequencer.domain.board import Board, changed
from services.sequencer.domain.calendar import monday_of
from services.sequencer.domain.contacts import Incumbents, people_for
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.marks import place_marks, task_marks
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.resting import Rests
from services.sequencer.domain.roles import ContactRoles
from services.sequencer.domain.suppression import InForce
from services.sequencer.store import (
    accounts,
    contacts,
    enrollments,
    leads,
    letters,
    mail,
    reps,
    sequences,
    signals,
    suppressions,
    tasks,
)
from shared.storage.database import Tx


async def load(tx: Tx, book: Playbook, more: Iterable[str] = ()) -> Board:
    """The board for the plan of a day, and more accounts. Accounts stay locked until the end of the transaction."""
    await accounts.lock_all(tx)
    return await look(tx, book, more)


async def look(tx: Tx, book: Playbook, more: Iterable[str] = ()) -> Board:
    """The board for a question about the plan; nothing is locked."""
    enrolled = await enrollments.open_or_started_since(tx, monday_of(tx.today))
    all_leads = await leads.load(tx)
    open_signals, past_signals = await signals.load(tx, tx.today)
    with_open_lead = {lead.facility_id for lead in all_leads if lead.closed_on is None}
    with_task = {task.facility_id for task in await tasks.open_of_accounts(tx)}
    clients = await accounts.clients(tx) if book.stages.clients else []
    ids = {*_covered(enrolled), *open_signals, *with_open_lead, *with_task, *clients, *more}
    board = Board(
        tx.today,
        book.roles,
        await reps.load(tx),
        pinned=await sequences.pinned(tx),
        accounts=await accounts.load(tx, ids, book.tiers),
        leads={lead.lead_id: lead for lead in all_leads},
        enrollments={each.enrollment_id: each for each in enrolled},
        signals=open_signals,
        past_signals=past_signals,
        last_starts=await enrollments.last_starts(tx),
        last_cycles=await enrollments.last_cycles(tx),
        rests=await letters.rests(tx, book),
        past_tasks=await tasks.past_by_rule(tx),
        done_today=await tasks.done_today(tx),
    )
    # There are far fewer suppressions than marks of all places and people.
    return await _in_detail(tx, board, await suppressions.load_all(tx))


async def load_open(tx: Tx, book: Playbook, concerned: Callable[[Enrollment], bool]) -> Board:
    """The board of some open enrollments and of all accounts with tasks of their own; the accounts are locked."""
    enrolled = [each for each in await enrollments.open_or_started_since(tx, tx.today) if each.is_open]
    enrolled = [each for each in enrolled if concerned(each)]
    with_task = {task.facility_id for task in await tasks.open_of_accounts(tx)}
    if not enrolled and not with_task:
        return Board(tx.today, book.roles)
    await accounts.lock(tx, with_task | _covered(enrolled))
    return await of_enrollments(tx, book, enrolled, with_task)


async def of_accounts(tx: Tx, book: Playbook, facility_ids: Iterable[str], chains: Iterable[str] = ()) -> Board:
    """The board of some accounts, and of all of some chains, between two plans; the accounts are locked.

    It has their leads, their open enrollments, and the tasks of both.
    """
    ids, keys = set(facility_ids), set(chains)
    ids |= set(await accounts.of_chains(tx, keys)) if keys else set()
    enrolled = await enrollments.open_at(tx, ids, await accounts.spellings_of(tx, keys))
    await accounts.lock(tx, ids | _covered(enrolled))
    return await of_enrollments(tx, book, enrolled, ids)


async def of_enrollments(tx: Tx, book: Playbook, enrolled: Iterable[Enrollment], more: Iterable[str] = ()) -> Board:
    """Open enrollments and their accounts, and more accounts, with all that their tasks state."""
    enrolled = list(enrolled)
    ids = _covered(enrolled) | set(more)
    board = Board(
        tx.today,
        book.roles,
        await reps.load(tx),
        pinned=await sequences.pinned(tx),
        accounts=await accounts.load(tx, ids),
        leads={lead.lead_id: lead for lead in await leads.of_accounts(tx, ids)},
        enrollments={each.enrollment_id: each for each in enrolled},
        signals=(await signals.load(tx, tx.today, ids))[0],
    )
    board = await _in_detail(tx, board)
    return replace(board, rests=await rests_at(tx, book, board))


async def rests_at(tx: Tx, book: Playbook, board: Board, without: UUID | None = None) -> Rests:
    """The rests of the people on a board, without a letter that is being taken back."""
    return await letters.rests(tx, book, [each.contact.email for each in board.incumbents.values()], without)


async def load_prospects(tx: Tx, book: Playbook) -> Board:
    """The part of the board that determines the candidates for enrollment."""
    found = await accounts.load(tx, (), book.tiers)
    open_signals, past_signals = await signals.load(tx, tx.today, found)
    marks = (mark for account in found.values() for mark in place_marks(account.facility_id, account.chain))
    return Board(
        tx.today,
        book.roles,
        await reps.load(tx),
        pinned=await sequences.pinned(tx),
        accounts=found,
        leads={lead.lead_id: lead for lead in await leads.of_accounts(tx, found)},
        enrollments={each.enrollment_id: each for each in await enrollments.open_or_started_since(tx, tx.today)},
        suppressions=await suppressions.load(tx, marks),
        tasks={task.task_id: task for task in await tasks.open_of_accounts(tx)},
        signals=open_signals,
        past_signals=past_signals,
        last_starts=await enrollments.last_starts(tx),
        rests=await letters.rests(tx, book),
    )


async def save(tx: Tx, before: Board, after: Board) -> None:
    """Write the differences between two boards."""
    await accounts.save(tx, (account for _, account in changed(before.accounts, after.accounts)))
    await leads.save(tx, (lead for _, lead in changed(before.leads, after.leads)))
    await enrollments.save(tx, (each for _, each in changed(before.enrollments, after.enrollments)))
    await tasks.save(tx, (task for _, task in changed(before.tasks, after.tasks)))


async def _in_detail(tx: Tx, board: Board, in_force: InForce | None = None) -> Board:
    """The board with the tasks, people and suppressions of its accounts and open enrollments.

    `in_force` are all suppressions, if they are known.
    """
    places = {(account.facility_id, account.chain) for account in board.accounts.values()}
    places |= {(each.facility_id, each.chain) for each in board.open}
    incumbents = await contacts.load(tx, board.roles, board.accounts, {chain for _, chain in places})
    of_enrollments = await tasks.of_enrollments(tx, [each.enrollment_id for each in board.open])
    of_accounts = [task for task in await tasks.open_of_accounts(tx) if task.facility_id in board.accounts]
    if in_force is None:
        in_force = await suppressions.load(tx, _marks(board.roles, places, incumbents))
    return replace(
        board,
        tasks={task.task_id: task for task in [*of_enrollments, *of_accounts]},
        incumbents=incumbents,
        out_of_office=await mail.out_of_office(tx),
        suppressions=in_force,
    )


def _covered(enrolled: Iterable[Enrollment]) -> set[str]:
    return {facility_id for each in enrolled if each.is_open for facility_id in (each.facility_id, *each.covers)}


def _marks(roles: ContactRoles, places: Iterable[tuple[str, str | None]], incumbents: Incumbents) -> set[str]:
    """All marks of these places and their people. The marks of e-mails include those of other channels."""
    return {
        mark
        for facility_id, chain in places
        for contact in (None, *people_for(roles, incumbents, facility_id, chain).by_role.values())
        for mark in task_marks(roles, facility_id, chain, contact, "email")
    }
