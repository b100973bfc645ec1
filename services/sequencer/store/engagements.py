"""What did prospects do?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from uuid import UUID

from services.sequencer.domain.engagement import Engagement
from shared.storage.database import Tx, rows
from shared.storage.paging import page_of
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
    return await page_of(tx, Engagement, "engagements", ("engagement_id",), after, limit, columns=_COLUMNS)
