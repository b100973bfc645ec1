"""Who looks after the accounts that are worth working?"""

from __future__ import annotations

from services.sequencer.domain.owners import assign
from services.sequencer.settings import Playbook
from services.sequencer.store import accounts, leads
from shared.storage.database import Tx


async def assign_owners(tx: Tx, book: Playbook) -> None:
    """An owner for each prospect of a tier that is worked; leads follow their account."""
    await accounts.give_owners(tx, assign(await accounts.prospects(tx, book.tiers), book.reps))
    await leads.follow_owners(tx)
