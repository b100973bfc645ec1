"""Which leads are there, and what are their outcomes?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from services.sequencer.domain.leads import Lead, Move
from shared.contracts.sequencer_leads import LeadRow, Leads
from shared.storage.database import Tx, rows
from shared.storage.writing import insert, recordset, upsert


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
    await insert(tx, "lead_moves", [asdict(move) | {"recorded_at": tx.now} for move in moves])


async def forget_moves_of(tx: Tx, versions: Iterable[tuple[UUID, int, int]]) -> None:
    """Delete the moves of leads in these versions, from the first to the last."""
    given = [
        {"lead_id": key, "version": version} for key, first, last in versions for version in range(first, last + 1)
    ]
    await tx.run(
        f"""
        DELETE FROM lead_moves USING {recordset("lead_moves", given)} AS given
        WHERE lead_moves.lead_id = given.lead_id AND lead_moves.version = given.version
        """,
        rows=rows(given),
    )


async def forget_moves(tx: Tx, lead_id: UUID, first: int, last: int) -> None:
    """Delete the moves of an outcome or a touch that was taken back, by the versions that it made."""
    await tx.run(
        "DELETE FROM lead_moves WHERE lead_id = %(id)s AND version BETWEEN %(first)s AND %(last)s",
        id=lead_id,
        first=first,
        last=last,
    )


async def moved_since(tx: Tx, lead_id: UUID, version: int) -> bool:
    """Whether a lead went to another stage after a version."""
    sql = "SELECT EXISTS (SELECT FROM lead_moves WHERE lead_id = %(id)s AND version > %(version)s)"
    return bool(await tx.value(sql, id=lead_id, version=version))


async def record_amounts(tx: Tx, leads: Iterable[Lead]) -> None:
    """Append the amounts of leads and their expected closes to their history."""
    stated = {"stated_by": tx.actor, "stated_on": tx.today, "recorded_at": tx.now}
    amounts = [
        {"lead_id": lead.lead_id, "version": lead.version, "amount": lead.amount, "currency": lead.currency}
        | {"close_on": lead.close_on}
        | stated
        for lead in leads
    ]
    await insert(tx, "lead_amounts", amounts)


async def moves_of(tx: Tx, lead_id: UUID) -> list[dict[str, Any]]:
    """The moves of a lead, oldest first."""
    return await tx.dicts("SELECT * FROM lead_moves WHERE lead_id = %(id)s ORDER BY version", id=lead_id)


async def amounts_of(tx: Tx, lead_id: UUID) -> list[dict[str, Any]]:
    """All amounts that were stated for a lead, oldest first."""
    return await tx.dicts("SELECT * FROM lead_amounts WHERE lead_id = %(id)s ORDER BY version", id=lead_id)


_ROW = """
    SELECT leads.*, name AS facility, city, tier, score, last_contacted_on, next_follow_up_on,
        listed_version > delisted_version AS listed, owner_reason AS unassigned
    FROM leads LEFT JOIN accounts USING (facility_id)
"""


async def page(tx: Tx, request: Leads) -> list[LeadRow]:
    """A page of the leads that a question selects, by id."""
    return await tx.all(
        LeadRow,
        f"""
        {_ROW}
        WHERE (%(after)s::uuid IS NULL OR lead_id > %(after)s::uuid)
            AND (%(stage)s::text IS NULL OR stage = %(stage)s)
            AND (%(owner)s::text IS NULL OR leads.owner = %(owner)s)
            AND (%(source)s::text IS NULL OR lead_source = %(source)s)
            AND (NOT %(to_reopen)s OR reopen_asked_on IS NOT NULL)
            AND (NOT %(unassigned)s OR leads.owner IS NULL)
            AND (NOT %(open)s OR closed_on IS NULL)
        ORDER BY lead_id LIMIT %(limit)s
        """,
        **request.model_dump(),
    )


async def show(tx: Tx, facility_id: str) -> list[LeadRow]:
    return await tx.all(LeadRow, f"{_ROW} WHERE facility_id = %(id)s ORDER BY lead_source", id=facility_id)
