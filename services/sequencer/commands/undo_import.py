"""What happens when a person takes back an import?"""

from __future__ import annotations

from services.sequencer import store
from services.sequencer.store import imports
from services.sequencer.store.imports import Import
from services.sequencer.usecases.undoing_imports import take_back
from shared.contracts.refusals import the_only
from shared.contracts.sequencer_imports import UndoImport, UndoneImport
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def undo_import(request: UndoImport, tx: Tx) -> UndoneImport:
    """Everything is put back in one transaction. An import that was undone stays so, with the same reply."""
    await store.lock(tx)
    made = await _find(tx, request.import_id)
    if made.undone is not None:
        return UndoneImport.model_validate(made.undone | {"changed": False})
    undone = await take_back(tx, made, await imports.changes(tx, made.import_id), request.preview)
    if not request.preview:
        await imports.mark_undone(tx, made.import_id, undone.model_dump(mode="json"))
    return undone


async def _find(tx: Tx, prefix: str) -> Import:
    return the_only(
        await imports.find(tx, prefix),
        f"There is no import {prefix} that changed anything; `pipeline import list` shows them.",
        f"More than one import begins with {prefix}; give more characters of its id.",
    )
