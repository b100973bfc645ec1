"""Which accounts are active clients, who owns them, and when is their next follow-up, as a file states it?"""

from __future__ import annotations

from engines.packs import account_key
from services.sequencer import store
from services.sequencer.domain.importing.accounts import consequences, plan_accounts
from services.sequencer.domain.importing.cells import ids_in
from services.sequencer.settings import playbook
from services.sequencer.store import board as boards
from services.sequencer.store import notes, outcomes
from services.sequencer.usecases.importing import carry_out, result
from shared.contracts.imports import ImportedRows
from shared.contracts.sequencer_imports import ImportAccounts
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def import_accounts(request: ImportAccounts, tx: Tx) -> ImportedRows:
    """The leads of new clients as prospects close, and their enrollments and due tasks end, in the same transaction."""
    await store.lock(tx)
    cells = [row.model_dump() for row in request.rows]
    rows = [(row.pop("line"), {**row, "status": row["status"] or request.status}) for row in cells]
    ids = ids_in(rows, account_key())
    before = await boards.of_accounts(tx, playbook(), ids)
    planned = plan_accounts(before, rows, account_key(), await notes.ids_of(tx, ids))
    after = await carry_out(tx, request, "accounts", before, planned, consequences(before, planned))
    if not request.preview:
        await outcomes.keep_clients(tx, planned.clients)
    return result(request, len(rows), planned.changes, planned.rejects, len(before.open) - len(after.open))
