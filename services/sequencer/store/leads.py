"""Which leads are there?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.sequencer.domain.leads import Lead
from services.sequencer.domain.outcomes import Outcome
from shared.storage.database import Tx, rows


async def known(tx: Tx) -> dict[UUID, Lead]:
    return {lead.lead_id: lead for lead in await tx.all(Lead, "SELECT * FROM leads ORDER BY lead_id")}


async def save(tx: Tx, leads: Iterable[Lead]) -> None:
    await tx.run(
        "INSERT INTO leads SELECT * FROM json_populate_recordset(NULL::leads, %(rows)s::json)"
        " ON CONFLICT (lead_id) DO UPDATE SET owner = excluded.owner, role_families = excluded.role_families,"
        " stage = excluded.stage, raised_on = excluded.raised_on,"
        " refreshed_on = excluded.refreshed_on, closed_on = excluded.closed_on, closed_reason = excluded.closed_reason",
        rows=rows(leads),
    )


async def get(tx: Tx, lead_id: UUID) -> Lead | None:
    return await tx.one(Lead, "SELECT * FROM leads WHERE lead_id = %(id)s", id=lead_id)


async def record_outcome(tx: Tx, outcome: Outcome) -> None:
    await tx.run(
        "INSERT INTO outcomes SELECT * FROM json_populate_recordset(NULL::outcomes, %(rows)s::json)",
        rows=rows([outcome]),
    )


async def outcomes_of(tx: Tx, facility_id: str) -> list[Outcome]:
    """What was recorded of an account, the latest last."""
    return await tx.all(
        Outcome, "SELECT * FROM outcomes WHERE facility_id = %(facility_id)s ORDER BY version", facility_id=facility_id
    )


async def close_others(tx: Tx, today: date) -> None:
    """A prospect's lead ends when the facility becomes a client (R45), any lead when it leaves the registry."""
    await tx.run(
        "UPDATE leads SET closed_on = %(today)s, closed_reason = CASE WHEN status = 'active' AND lead_source = 'signal'"
        " THEN 'became an active client' ELSE 'no longer on the registry' END"
        " FROM accounts WHERE accounts.facility_id = leads.facility_id AND closed_on IS NULL"
        " AND ((status = 'active' AND lead_source = 'signal') OR listed_version <= delisted_version)",
        today=today,
    )


async def follow_owners(tx: Tx) -> None:
    """A lead belongs to the owner of its account."""
    await tx.run(
        "UPDATE leads SET owner = accounts.owner FROM accounts"
        " WHERE accounts.facility_id = leads.facility_id AND closed_on IS NULL AND leads.owner IS DISTINCT FROM"
        " accounts.owner"
    )


async def page(tx: Tx, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    return await tx.dicts(
        "SELECT leads.*, name AS facility, city FROM leads LEFT JOIN accounts USING (facility_id)"
        " WHERE %(after)s::uuid IS NULL OR lead_id > %(after)s::uuid ORDER BY lead_id LIMIT %(limit)s",
        after=after,
        limit=limit,
    )


async def of_account(tx: Tx, facility_id: str) -> list[dict[str, Any]]:
    return await tx.dicts(
        "SELECT * FROM leads WHERE facility_id = %(facility_id)s ORDER BY lead_source", facility_id=facility_id
    )
