"""What do read models know about enrollments?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.storage.arrays import texts
from shared.storage.database import Tx

STATES = {"active": ("active",), "waiting": ("blocked", "paused"), "ended": ("completed", "stopped")}
"""The statuses behind each count."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An enrollment, and its last touch that was planned."""

    id: str
    facility_id: str
    name: str | None
    version: int
    status: str
    sequence: str
    day: date | None
    owner: str | None
    data: dict[str, Any]
    step: int | None
    channel: str | None
    due_on: date | None
    is_open: bool | None
    """The touch is not done yet."""
    waits: bool | None
    """The touch was put off."""


async def counts(tx: Tx) -> dict[tuple[str, str], int]:
    """The enrollments by sequence and status."""
    rows = await tx.dicts(
        """
        SELECT data ->> 'sequence' AS sequence, status, count(*) AS count
        FROM states WHERE kind = 'enrollment' GROUP BY 1, 2
        """
    )
    return {(row["sequence"], row["status"]): row["count"] for row in rows}


async def enrollments(
    tx: Tx, state: str, sequence: str | None = None, *, offset: int = 0, limit: int | None = None
) -> list[Enrolled]:
    """Those of one sequence or of all: what is due first, or what changed last, comes first."""
    return await tx.all(
        Enrolled,
        """
        SELECT enrollment.id, enrollment.facility_id, facilities.name, enrollment.version, enrollment.status,
            enrollment.data ->> 'sequence' AS sequence, enrollment.day, enrollment.rep AS owner, enrollment.data,
            touch.step, touch.channel, touch.due_on, touch.is_open, touch.waits
        FROM states AS enrollment
        LEFT JOIN facilities USING (facility_id)
        LEFT JOIN LATERAL (
            SELECT (task.data ->> 'step_no')::int AS step, task.data ->> 'channel' AS channel,
                coalesce(ended.day, task.day) AS due_on, ended.id IS NULL OR ended.status = 'moved' AS is_open,
                ended.id IS NOT NULL AS waits
            FROM states AS task
            LEFT JOIN states AS ended
                ON ended.kind = 'task_end' AND ended.id = task.id AND ended.version >= task.version
            WHERE task.kind = 'task' AND task.facility_id = enrollment.facility_id
                AND task.data ->> 'enrollment_id' = enrollment.id
            ORDER BY 1 DESC, 4 DESC LIMIT 1
        ) AS touch ON true
        WHERE enrollment.kind = 'enrollment' AND enrollment.status = ANY(%(statuses)s)
            AND (%(sequence)s::text IS NULL OR enrollment.data ->> 'sequence' = %(sequence)s)
        ORDER BY (CASE WHEN touch.is_open THEN touch.due_on END), enrollment.day DESC, enrollment.id
        OFFSET %(offset)s LIMIT %(limit)s
        """,
        statuses=texts(STATES[state]),
        sequence=sequence,
        offset=offset,
        limit=limit,
    )
