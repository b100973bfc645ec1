"""Who would go on at which step in the pack's version of a sequence?"""

from __future__ import annotations

from services.sequencer.domain.plan.migrating import moves
from services.sequencer.settings import playbook
from services.sequencer.store import board as boards
from services.sequencer.store import enrollments
from services.sequencer.usecases.sequences import migration, refuse_unknown
from shared.contracts.sequencer_sequences import Migration, PreviewMigration
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def preview_migration(request: PreviewMigration, tx: Tx) -> Migration:
    book, name = playbook(), request.name
    refuse_unknown(book, name)
    board = await boards.of_enrollments(tx, book, await enrollments.running(tx, name))
    return migration(board, name, moves(board, book, name, request.facility_id))
