"""What happens when running enrollments go on in another version of their sequence?"""

from __future__ import annotations

from services.sequencer import store
from services.sequencer.domain.plan.migrating import migrate, moves
from services.sequencer.settings import playbook
from services.sequencer.store import board as boards
from services.sequencer.usecases.deciding import decide
from services.sequencer.usecases.sequences import migration, refuse_unknown
from shared.contracts.sequencer_sequences import MigrateSequence, Migration
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def migrate_sequence(request: MigrateSequence, tx: Tx) -> Migration:
    """Move all that can be moved; the others go on as they are. Repeating it moves nothing."""
    book, name = playbook(), request.name
    refuse_unknown(book, name)
    await store.lock(tx)
    board = await boards.load_open(tx, book, lambda each: each.sequence == name)
    found = moves(board, book, name, request.facility_id)
    await decide(tx, board, book, migrate(found))
    return migration(board, name, found, moved=sum(each.after is not None for each in found))
