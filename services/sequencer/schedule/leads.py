"""Which leads do the open signals raise?"""

from __future__ import annotations

from services.sequencer import announce
from services.sequencer.domain.leads import Lead, leads_for
from services.sequencer.store import leads, signals
from shared.storage.database import Tx


async def raise_leads(tx: Tx) -> None:
    known = await leads.known(tx)
    current = leads_for(await signals.hiring(tx, tx.today), known, tx.today)
    await leads.save(tx, current)
    await leads.close_others(tx, tx.today)
    tx.emit(*(announce.raised(lead) for lead in current if _is_news(lead, known.get(lead.lead_id))))


def _is_news(lead: Lead, before: Lead | None) -> bool:
    return before is None or before.raised_on != lead.raised_on
