"""Which facilities and chains does a list suppress or, taken back, allow again? Which of its rows are rejected?"""

from __future__ import annotations

from engines.packs import account_key
from engines.suppression.changes import Cause, lifts, stops
from engines.suppression.lists import Listed, Reject
from services.sequencer import store
from services.sequencer.domain.importing.suppressions import read, row_changes
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.importing import result
from shared.contracts.imports import ImportedRows
from shared.contracts.sequencer_imports import ImportSuppressedPlaces
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def import_suppressed_places(request: ImportSuppressedPlaces, tx: Tx) -> ImportedRows:
    await store.lock(tx)
    cause = Cause(request.reason, f"list {request.file_name}".strip(), tx.actor, tx.today)
    rows = [read(row.model_dump(), row.line, cause, account_key()) for row in request.rows]
    listed = await suppressing.labeled(tx, [each for each in rows if isinstance(each, Listed)])
    stated = [each.stated for each in listed]
    changes = (lifts if request.lift else stops)(await suppressing.existing(tx, stated), stated)
    ended = 0 if request.preview else await suppressing.apply(tx, changes, "allow" if request.lift else "stop")
    rejects = [(each.line, each.reason) for each in rows if isinstance(each, Reject)]
    return result(request, len(rows), row_changes(listed, changes), rejects, ended)
