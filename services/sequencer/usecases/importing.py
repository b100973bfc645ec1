"""How do the rows of a file take effect, or are only compared with what is stored? How are they recorded?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.contacts import Places
from services.sequencer.domain.importing.changes import Change, Planned, RowChange, of_boards, of_notes, of_work
from services.sequencer.domain.leads import Lead
from services.sequencer.domain.outcomes import no_contact
from services.sequencer.settings import playbook
from services.sequencer.store import imports, leads, notes, suppressions
from services.sequencer.store.imports import Import
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.announcing import note_added
from services.sequencer.usecases.deciding import decide, follow_between, steps
from services.sequencer.usecases.suppressing import facility_statement
from shared.contracts import imports as replies
from shared.contracts.imports import ChangedField, FileRows, ImportedRows, RejectedLine
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_imports import ImportKind, ImportSuppressedPlaces
from shared.storage.database import Tx


async def carry_out(
    tx: Tx, request: FileRows, kind: ImportKind, before: Board, planned: Planned, decisions: Sequence[Decision]
) -> Board:
    """Make the rows of a file effective, with what follows from them. Returns the next board.

    A preview decides the same, and writes nothing.
    """
    if request.preview:
        return steps(before, playbook(), decisions)[-1]
    after = await decide(tx, before, playbook(), *decisions)
    await leads.record_amounts(tx, _with_new_amounts(before, after))
    tx.emit(*map(note_added, await notes.add_all(tx, planned.notes)))
    await record(tx, request, kind, [*of_boards(before, after), *of_notes(planned.notes)])
    return after


async def record(tx: Tx, request: FileRows, kind: ImportKind, changes: Sequence[Change]) -> None:
    """Record what rows changed, so that it can be put back. Raises `Refused` if the import was undone meanwhile."""
    if request.import_id is None or not changes:
        return
    made = Import(
        request.import_id, kind, request.file_name, request.sha256, tx.actor, imported_on=tx.today, imported_at=tx.now
    )
    if any(each.undone_at for each in await imports.find(tx, str(made.import_id))):
        raise Refused(f"Import {made.import_id} was undone; import the file again.", 409)
    await imports.record(tx, made, changes)


async def suppress_lost(tx: Tx, request: FileRows, lost: Iterable[Lead]) -> None:
    """Suppress the facilities whose loss has a reason that forbids contact (R85)."""
    changes = []
    for lead in lost:
        channels = no_contact(lead.closed_reason, playbook().outcomes.no_contact)
        before = await suppressions.of_target(tx, "facility", lead.facility_id)
        if channels:
            statement = await facility_statement(tx, lead.facility_id, channels, lead.closed_reason or "", "import")
            after, changed = await suppressing.stop(tx, statement)
            changes += [Change("suppression", str(after.suppression_id), before, after)] if changed else []
    if changes:
        work = of_work(*await follow_between(tx, Places(frozenset(each.after.target for each in changes))))
        await record(tx, request, "leads", [*changes, *(each for each in work if not each.after.is_open)])


def result(
    request: FileRows | ImportSuppressedPlaces,
    rows: int,
    changes: Sequence[RowChange],
    rejects: Sequence[tuple[int, str]],
    ended: int = 0,
) -> ImportedRows:
    """The reply about so many rows."""
    return ImportedRows(
        imported=len(changes),
        changed=sum(not each.added for each in changes),
        unchanged=rows - len(changes) - len(rejects),
        rejects=[RejectedLine(line=line, reason=reason) for line, reason in rejects],
        changes=[_shown(each) for each in changes] if request.preview else [],
        ended=ended,
    )


def _shown(change: RowChange) -> replies.RowChange:
    fields = [
        ChangedField(field=name, before=_text(old), after=_text(new)) for name, (old, new) in change.fields.items()
    ]
    return replies.RowChange(line=change.line, key=change.key, added=change.added, fields=fields)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _with_new_amounts(before: Board, after: Board) -> list[Lead]:
    def amount(lead: Lead | None) -> Any:
        return (lead.amount, lead.currency, lead.close_on) if lead else (None, None, None)

    return [lead for key, lead in after.leads.items() if amount(lead) != amount(before.leads.get(key))]
