"""Which facilities are active clients, and who owns them?"""

from __future__ import annotations

from engines.packs import account_key
from services.sequencer import store
from services.sequencer.domain.lists import Reject, client_of
from services.sequencer.store import accounts
from services.sequencer.usecases.announcing import account_moved
from services.sequencer.usecases.leading import follow_clients
from shared.contracts.imports import ImportedRows, RejectedLine
from shared.contracts.sequencer import ImportClients
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def import_clients(request: ImportClients, tx: Tx) -> ImportedRows:
    """Their leads as prospects close, and their enrollments and due tasks end, in the same transaction."""
    await store.lock(tx)
    owners: dict[str, str] = {}
    rejects: list[RejectedLine] = []
    for row in request.rows:
        try:
            facility_id, owner = client_of(row.facility_id, row.owner, account_key())
            owners[facility_id] = owner
        except Reject as reject:
            rejects.append(RejectedLine(line=row.line, reason=str(reject)))
    changed = await accounts.make_clients(tx, owners)
    tx.emit(*map(account_moved, changed))
    imported = len(changed)
    await follow_clients(tx, owners)
    unchanged = len(request.rows) - len(rejects) - imported
    return ImportedRows(imported=imported, unchanged=unchanged, rejects=rejects)
