"""Which runs are there, and how many were started when?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.sequencer.domain.enrol import Load
from services.sequencer.domain.runs import Run
from shared.storage.database import Tx, rows


async def open_runs(tx: Tx) -> list[Run]:
    """Blocked and active ones: those that cover somebody."""
    return await tx.all(
        Run, "SELECT * FROM enrollments WHERE status IN ('blocked', 'active') ORDER BY tier, facility_id, enrollment_id"
    )


async def get(tx: Tx, enrollment_id: UUID) -> Run:
    found = await tx.one(Run, "SELECT * FROM enrollments WHERE enrollment_id = %(id)s", id=enrollment_id)
    if found is None:
        raise LookupError(f"There is no enrollment {enrollment_id}.")
    return found


async def save(tx: Tx, runs: Iterable[Run]) -> None:
    await tx.run(
        "INSERT INTO enrollments SELECT * FROM json_populate_recordset(NULL::enrollments, %(rows)s::json)"
        " ON CONFLICT (enrollment_id) DO UPDATE SET facility_id = excluded.facility_id, covers = excluded.covers,"
        " status = excluded.status, started_on = excluded.started_on, ended_on = excluded.ended_on,"
        " missing = excluded.missing, reason = excluded.reason",
        rows=rows(runs),
    )


async def last_starts(tx: Tx) -> dict[tuple[str, str], date]:
    """When each facility was last taken through each sequence."""
    found = await tx.dicts(
        "SELECT covered.facility_id, sequence, max(started_on) AS started_on FROM enrollments,"
        " jsonb_array_elements_text(covers) AS covered(facility_id) WHERE started_on IS NOT NULL GROUP BY 1, 2"
    )
    return {(row["facility_id"], row["sequence"]): row["started_on"] for row in found}


async def last_cycles(tx: Tx) -> dict[tuple[str, str], Run]:
    """The latest run of each subject through each sequence."""
    found = await tx.all(
        Run, "SELECT DISTINCT ON (subject, sequence) * FROM enrollments ORDER BY subject, sequence, cycle DESC"
    )
    return {(run.subject, run.sequence): run for run in found}


async def load(tx: Tx, tier: int, monday: date, today: date) -> Load:
    """What is under way in a tier."""
    found = await tx.dicts(
        "SELECT owner, count(*) FILTER (WHERE status = 'active') AS active,"
        " count(*) FILTER (WHERE started_on >= %(monday)s) AS week,"
        " count(*) FILTER (WHERE started_on = %(today)s) AS day"
        " FROM enrollments WHERE tier = %(tier)s GROUP BY owner",
        tier=tier,
        monday=monday,
        today=today,
    )
    return Load(
        {row["owner"]: row["active"] for row in found},
        {row["owner"]: row["week"] for row in found},
        sum(row["day"] for row in found),
    )


async def page(tx: Tx, after: UUID | None, limit: int, status: str | None) -> list[dict[str, Any]]:
    return await tx.dicts(
        "SELECT enrollments.*, name AS facility, city FROM enrollments LEFT JOIN accounts USING (facility_id)"
        " WHERE (%(after)s::uuid IS NULL OR enrollment_id > %(after)s::uuid)"
        " AND (%(status)s::text IS NULL OR enrollments.status = %(status)s)"
        " ORDER BY enrollment_id LIMIT %(limit)s",
        after=after,
        limit=limit,
        status=status,
    )


async def of_account(tx: Tx, facility_id: str) -> list[dict[str, Any]]:
    """Runs that carry or cover a facility, oldest first."""
    return await tx.dicts(
        "SELECT * FROM enrollments WHERE covers ? %(facility_id)s OR facility_id = %(facility_id)s"
        " ORDER BY COALESCE(started_on, blocked_on), enrollment_id",
        facility_id=facility_id,
    )
