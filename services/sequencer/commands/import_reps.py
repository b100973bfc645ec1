"""Who is in the team, as a file states it?"""

from __future__ import annotations

from engines.packs import calendar
from services.sequencer import store
from services.sequencer.domain.importing.changes import Change
from services.sequencer.domain.importing.reps import changed_reps, plan_reps
from services.sequencer.settings import playbook
from services.sequencer.store import reps
from services.sequencer.usecases.importing import record, result
from services.sequencer.usecases.team import store_reps
from shared.contracts.imports import ImportedRows
from shared.contracts.sequencer_imports import ImportReps
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def import_reps(request: ImportReps, tx: Tx) -> ImportedRows:
    """New reps join the team; the drafts of those whose signature changes are signed anew."""
    await store.lock(tx)
    rows = [(row.line, row.model_dump(exclude={"line"})) for row in request.rows]
    planned = plan_reps(await reps.load(tx), rows, tx.today, calendar().timezone, playbook().assignment.names)
    if not request.preview:
        changed = changed_reps(planned)
        await store_reps(tx, changed)
        await record(tx, request, "reps", [Change("rep", after.rep, before, after) for before, after in changed])
    return result(request, len(rows), planned.changes, planned.rejects)
