"""Which leads exist already, according to a file?"""

from __future__ import annotations

from engines.packs import account_key
from services.sequencer import store
from services.sequencer.domain.importing.cells import ids_in
from services.sequencer.domain.importing.leads import consequences, newly_lost, plan_leads
from services.sequencer.settings import playbook
from services.sequencer.store import board as boards
from services.sequencer.store import imports, notes
from services.sequencer.usecases.importing import carry_out, result, suppress_lost
from shared.contracts.imports import ImportedRows
from shared.contracts.sequencer_imports import ImportLeads
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def import_leads(request: ImportLeads, tx: Tx) -> ImportedRows:
    """The enrollments of leads that are worked by hand, or lost, end in the same transaction."""
    await store.lock(tx)
    cells = [row.model_dump() for row in request.rows]
    rows = [(row.pop("line"), row) for row in cells]
    ids, book = ids_in(rows, account_key()), playbook()
    before = await boards.of_accounts(tx, book, ids)
    earlier = await imports.keys(tx, request.import_id, "lead")
    planned = plan_leads(before, rows, account_key(), book.stages, tx.actor, await notes.ids_of(tx, ids), earlier)
    after = await carry_out(tx, request, "leads", before, planned, consequences(before, planned))
    if not request.preview:
        await suppress_lost(tx, request, newly_lost(before, planned))
    return result(request, len(rows), planned.changes, planned.rejects, len(before.open) - len(after.open))
