"""How is an import taken back? Everything in one transaction, with what followed from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from services.sequencer.domain.board import Board
from services.sequencer.domain.board import changed as differing
from services.sequencer.domain.contacts import incumbents, places_of
from services.sequencer.domain.importing.changes import Change, Note, Subject
from services.sequencer.domain.importing.reps import rep_back
from services.sequencer.domain.importing.undoing import REASON, Kept, facilities, rows_back, undone, work_back
from services.sequencer.settings import playbook, roles
from services.sequencer.store import accounts, contacts, enrollments, leads, notes, reps, tasks
from services.sequencer.store import board as boards
from services.sequencer.store.imports import Import
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.deciding import decide, steps
from services.sequencer.usecases.listing import announce
from services.sequencer.usecases.team import store_reps
from shared.contracts.events import NoteRemoved
from shared.contracts.sequencer_imports import KeptRow, UndoneImport
from shared.storage.database import Tx


async def take_back(tx: Tx, made: Import, changes: Sequence[Change], preview: bool) -> UndoneImport:
    """Put back what an import changed, except what has changed since; a preview computes the same."""
    kept = [*await _rows(tx, changes, preview), *await _reps(tx, changes, preview)]
    before = await _board(tx, changes)
    before = await _foreseen(tx, before, _of("contact", changes)) if preview else before
    book = playbook()
    kept += work_back(before, changes, book)[1]
    decision = undone(changes, made.imported_on)
    now = steps(before, book, [decision])[-1] if preview else await decide(tx, before, book, decision)
    if not preview:
        await _forget(tx, before, now, changes)
    return UndoneImport(
        import_id=made.import_id,
        kind=made.kind,
        file_name=made.file_name,
        put_back=_counts(changes, kept),
        stopped=sum(new.reason == REASON for _, new in differing(before.enrollments, now.enrollments)),
        kept=[KeptRow(**asdict(each)) for each in kept],
    )


async def _rows(tx: Tx, changes: Sequence[Change], preview: bool) -> list[Kept]:
    """Put back contacts, suppressions and notes."""
    people = _of("contact", changes)
    of_contacts = rows_back(people, await contacts.with_ids(tx, [each.key for each in people]))
    noted = _of("note", changes)
    of_notes = rows_back(noted, await notes.with_ids(tx, [each.key for each in noted]))
    kept = [*of_contacts.kept, *of_notes.kept]
    if preview:
        return kept
    await contacts.delete(tx, of_contacts.deleted)
    await contacts.record(tx, {contacts.id_of(each): each for each in of_contacts.restored})
    await notes.delete(tx, of_notes.deleted)
    deleted = set(of_notes.deleted)
    tx.emit(*(_removed(each.after, tx) for each in noted if each.key in deleted))
    for each in _of("suppression", changes):
        if not await suppressing.take_back(tx, each.before, each.after, REASON):
            kept.append(Kept("suppression", each.after.label, "a later statement is about the same person"))
    await announce(tx, {(each.after.subject, each.after.role) for each in people})
    return kept


async def _reps(tx: Tx, changes: Sequence[Change], preview: bool) -> list[Kept]:
    """Put back the data of reps; those whom the import added leave the team."""
    team, kept, back = await reps.load(tx), [], []
    for each in _of("rep", changes):
        now = team.get(each.key)
        if now is None:
            continue
        owns = any(dict(await reps.owned(tx, now.rep)).values())
        again, stays = rep_back(now, each, owns, tx.today)
        kept += stays
        back += [(now, again)] if again != now else []
    if not preview:
        await store_reps(tx, back)
    return kept


def _removed(note: Note, tx: Tx) -> NoteRemoved:
    return NoteRemoved(note_id=note.note_id, facility_id=note.facility_id, removed_by=tx.actor, removed_on=tx.today)


async def _board(tx: Tx, changes: Sequence[Change]) -> Board:
    """The board of all that an import changed, with enrollments and tasks that have ended."""
    worked = await enrollments.with_ids(tx, [each.after.enrollment_id for each in _of("enrollment", changes)])
    at_people = places_of(each.after for each in _of("contact", changes))
    opened = await enrollments.open_at(tx, at_people.facility_ids, await accounts.spellings_of(tx, at_people.chains))
    covered = {key for each in [*worked, *opened] for key in (each.facility_id, *each.covers)}
    board = await boards.of_accounts(tx, playbook(), facilities(changes) | covered)
    return board.adding(worked, await tasks.with_ids(tx, [each.after.task_id for each in _of("task", changes)]))


async def _foreseen(tx: Tx, board: Board, people: Sequence[Change]) -> Board:
    """The board with the people as they will be once their rows are put back."""
    back = rows_back(people, await contacts.with_ids(tx, [each.key for each in people]))
    deleted, known = set(back.deleted), await contacts.beside(tx, [each.after for each in people])
    left = {key: each for key, each in known.items() if key not in deleted}
    left |= {contacts.id_of(each): each for each in back.restored}
    again = incumbents(roles(), left.values(), await contacts.corrections(tx))
    concerned = {each.after.subject for each in people}
    others = {key: each for key, each in board.incumbents.items() if key[0] not in concerned}
    return replace(board, incumbents=others | again)


async def _forget(tx: Tx, before: Board, now: Board, changes: Sequence[Change]) -> None:
    """Delete the moves of leads that were put back, and append their amounts to the history."""
    moved = [each for each in _of("lead", changes) if each.before]
    restored = {new.lead_id: new for _, new in differing(before.leads, now.leads)}
    back = [
        each
        for each in moved
        if (lead := restored.get(each.after.lead_id)) and lead.undone_version == each.after.version
    ]
    await leads.forget_moves_of(
        tx, [(each.after.lead_id, each.before.version + 1, each.after.version) for each in back]
    )
    await leads.record_amounts(
        tx, [new for old, new in differing(before.leads, now.leads) if old and _amount(old) != _amount(new)]
    )


def _amount(lead: Any) -> tuple[Any, ...]:
    return lead.amount, lead.currency, lead.close_on


def _counts(changes: Iterable[Change], kept: Iterable[Kept]) -> dict[str, int]:
    """How much of each subject was put back, without the enrollments and tasks, which follow."""
    counts = Counter(each.subject for each in changes if each.subject not in ("enrollment", "task"))
    counts.subtract(Counter(each.subject for each in kept))
    return {subject: count for subject, count in sorted(counts.items()) if count > 0}


def _of(subject: Subject, changes: Iterable[Change]) -> list[Change]:
    return [each for each in changes if each.subject == subject]
