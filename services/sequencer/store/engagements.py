"""What did prospects do, and where are people with an address?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from uuid import UUID

from services.sequencer.domain.engagement import Engagement
from shared.storage.database import Tx, rows
from shared.storage.paging import page_by_key
from shared.storage.writing import recordset

_COLUMNS = ", ".join(each.name for each in fields(Engagement))


async def record(tx: Tx, engagements: Sequence[Engagement]) -> set[UUID]:
    """Append engagements. Returns the ids of those that were not recorded before."""
    if not engagements:
        return set()
    found = await tx.dicts(
        f"""
        INSERT INTO engagements ({_COLUMNS}) SELECT {_COLUMNS} FROM {recordset("engagements", engagements)} AS given
        ON CONFLICT DO NOTHING RETURNING engagement_id
        """,
        rows=rows(engagements),
    )
    return {row["engagement_id"] for row in found}


async def with_ids(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Engagement]:
    found = await tx.all(
        Engagement, f"SELECT {_COLUMNS} FROM engagements WHERE engagement_id = ANY(%(ids)s)", ids=list(ids)
    )
    return {each.engagement_id: each for each in found}


async def of_account(tx: Tx, facility_id: str) -> list[Engagement]:
    """The engagements of an account, oldest first."""
    return await tx.all(
        Engagement,
        f"SELECT {_COLUMNS} FROM engagements WHERE facility_id = %(id)s ORDER BY engaged_on, engagement_id",
        id=facility_id,
    )


async def page(tx: Tx, facility_id: str | None, after: UUID | None, limit: int) -> list[Engagement]:
    return await tx.all(
        Engagement,
        f"""
        SELECT {_COLUMNS} FROM engagements
         WHERE (%(facility_id)s::text IS NULL OR facility_id = %(facility_id)s)
           AND (%(after)s::uuid IS NULL OR engagement_id > %(after)s::uuid)
         ORDER BY engagement_id LIMIT %(limit)s
        """,
        facility_id=facility_id,
        after=after,
        limit=limit,
    )


async def states(tx: Tx, after: str | None, limit: int) -> list[tuple[str, Engagement]]:
    """A page of all engagements with their keys, by id."""
    found = await page_by_key(tx, "engagements", ("engagement_id",), after, limit, columns=_COLUMNS)
    return [(key, Engagement(**row)) for key, row in found]


async def places_of(tx: Tx, emails: Collection[str]) -> dict[str, set[str]]:
    """The facilities at which people have these addresses, by address."""
    found = await tx.dicts(
        "SELECT DISTINCT email, facility_id FROM contacts WHERE email = ANY(%(emails)s) AND facility_id IS NOT NULL",
        emails=sorted(set(emails)),
    )
    places: dict[str, set[str]] = {}
    for row in found:
        places.setdefault(row["email"], set()).add(row["facility_id"])
    return places


async def listed(tx: Tx, facility_ids: Collection[str]) -> set[str]:
    """Those of these facilities that are accounts."""
    found = await tx.dicts(
        "SELECT facility_id FROM accounts WHERE facility_id = ANY(%(ids)s)", ids=sorted(set(facility_ids))
    )
    return {row["facility_id"] for row in found}
