"""What does a list of contacts change, and which of its rows are rejected?"""

from __future__ import annotations

from services.sequencer import store
from services.sequencer.usecases import listing
from services.sequencer.usecases.importing import record, result
from shared.clock import latest_day
from shared.contracts.imports import ImportedRows
from shared.contracts.sequencer import ImportContacts
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def import_contacts(request: ImportContacts, tx: Tx) -> ImportedRows:
    await store.lock(tx)
    of_file = request.model_dump(include={"source", "source_date", "source_url"})
    rows = listing.read(request.rows, of_file, latest_day(tx.today))
    found = await listing.changes(tx, rows)
    if not request.preview:
        await record(tx, request, "contacts", await listing.store(tx, rows, found))
    return result(request, len(request.rows), listing.row_changes(rows, found), rows.rejects)
