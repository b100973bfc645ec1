"""Who could be enrolled?"""

from __future__ import annotations

from services.sequencer.domain.again import may_start
from services.sequencer.domain.rank import Prospect
from services.sequencer.domain.suppression import closed_place
from services.sequencer.settings import Playbook
from services.sequencer.store import accounts, enrollments, suppressions
from shared.storage.database import Tx


async def candidates(tx: Tx, book: Playbook) -> list[Prospect]:
    """Prospects of a tier that is worked, with an owner, in no open run, and due for their tier's sequence."""
    covered = {facility_id for run in await enrollments.open_runs(tx) for facility_id in run.covers}
    last = await enrollments.last_starts(tx)
    free = [p for p in await accounts.prospects(tx, book.tiers) if p.owner and p.facility_id not in covered]
    closed = await suppressions.of_places(tx)
    free = [p for p in free if not closed_place(p.facility_id, p.chain, closed)]
    sequences = {tier: book.sequence(tier) for tier in book.tiers}
    return [
        p for p in free if may_start(sequences[p.tier], last.get((p.facility_id, sequences[p.tier].name)), tx.today)
    ]
