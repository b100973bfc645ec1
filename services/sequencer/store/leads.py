"""Which leads are there, and what are their outcomes?"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.sequencer.domain.leads import Lead, Move
from shared.contracts.sequencer_leads import LeadRow
from shared.storage.database import Tx
from shared.storage.writing import insert, upsert


async def load(tx: Tx) -> list[Lead]:
    return await tx.all(Lead, "SELECT * FROM leads ORDER BY lead_id")


async def of_accounts(tx: Tx, facility_ids: Iterable[str]) -> list[Lead]:
    return await tx.all(
        Lead,
        "SELECT * FROM leads WHERE facility_id = ANY(%(ids)s) ORDER BY facility_id, lead_source",
        ids=sorted(set(facility_ids)),
    )


async def get(tx: Tx, lead_id: UUID) -> Lead | None:
    return await tx.one(Lead, "SELECT * FROM leads WHERE lead_id = %(id)s", id=lead_id)


async def save(tx: Tx, leads: Iterable[Lead]) -> None:
    await upsert(tx, "leads", leads, key=("lead_id",))


async def record_moves(tx: Tx, moves: Iterable[Move]) -> None:
    await insert(tx, "lead_moves", moves)


async def moved_since(tx: Tx, lead_id: UUID, version: int) -> bool:
    """Whether a lead went to another stage after a version."""
    sql = "SELECT EXISTS (SELECT FROM lead_moves WHERE lead_id = %(id)s AND version > %(version)s)"
    return bool(await tx.value(sql, id=lead_id, version=version))


_ROW = "SELECT leads.*, name AS facility, city FROM leads LEFT JOIN accounts USING (facility_id)"


async def page(tx: Tx, after: UUID | None, limit: int) -> list[LeadRow]:
    return await tx.all(
        LeadRow,
        f"{_ROW} WHERE %(after)s::uuid IS NULL OR lead_id > %(after)s::uuid ORDER BY lead_id LIMIT %(limit)s",
        after=after,
        limit=limit,
    )


async def show(tx: Tx, facility_id: str) -> list[LeadRow]:
    return await tx.all(LeadRow, f"{_ROW} WHERE facility_id = %(id)s ORDER BY lead_source", id=facility_id)
