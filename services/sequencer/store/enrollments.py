"""Which enrollments are there, and when did they start?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.sequencer.domain.enrollments import Cycle, Enrollment
from shared.contracts.sequencer_enrollments import EnrollmentRow
from shared.storage.database import Tx
from shared.storage.writing import upsert


async def open_or_started_since(tx: Tx, day: date) -> list[Enrollment]:
    """The open enrollments, those that started on a day or later, and those that were completed today."""
    return await tx.all(
        Enrollment,
        """
        SELECT * FROM enrollments
        WHERE status IN ('blocked', 'active', 'paused') OR started_on >= %(day)s
            OR (status = 'completed' AND ended_on = %(today)s)
        ORDER BY tier, facility_id, enrollment_id
        """,
        day=day,
        today=tx.today,
    )


async def open_at(tx: Tx, facility_ids: Iterable[str], chains: Iterable[str] = ()) -> list[Enrollment]:
    """The open enrollments of these facilities and spellings of chains, and those that cover one of the facilities."""
    return await tx.all(
        Enrollment,
        """
        SELECT * FROM enrollments
        WHERE status IN ('blocked', 'active', 'paused')
            AND (facility_id = ANY(%(ids)s) OR covers ?| %(ids)s OR chain = ANY(%(chains)s))
        ORDER BY tier, facility_id, enrollment_id
        """,
        ids=sorted(set(facility_ids)),
        chains=sorted(set(chains)),
    )


async def of_company(tx: Tx, facility_id: str) -> list[str]:
    """The facilities of the same chain that have an open enrollment."""
    found = await tx.dicts(
        r"""
        SELECT DISTINCT facility_id FROM enrollments JOIN accounts USING (facility_id)
        WHERE enrollments.status IN ('blocked', 'active', 'paused')
            AND upper(regexp_replace(trim(accounts.chain), '\s+', ' ', 'g')) = (
                SELECT upper(regexp_replace(trim(chain), '\s+', ' ', 'g'))
                FROM accounts WHERE facility_id = %(id)s
            )
        """,
        id=facility_id,
    )
    return sorted(row["facility_id"] for row in found)


async def get(tx: Tx, enrollment_id: UUID) -> Enrollment:
    found = await tx.one(Enrollment, "SELECT * FROM enrollments WHERE enrollment_id = %(id)s", id=enrollment_id)
    if found is None:
        raise LookupError(f"There is no enrollment {enrollment_id}.")
    return found


async def with_ids(tx: Tx, enrollment_ids: Iterable[UUID]) -> list[Enrollment]:
    return await tx.all(
        Enrollment, "SELECT * FROM enrollments WHERE enrollment_id = ANY(%(ids)s)", ids=list(enrollment_ids)
    )


async def running(tx: Tx, sequence: str) -> list[Enrollment]:
    """The enrollments that go through a sequence now."""
    return await tx.all(
        Enrollment,
        """
        SELECT * FROM enrollments WHERE sequence = %(sequence)s AND status IN ('active', 'paused')
        ORDER BY tier, facility_id, enrollment_id
        """,
        sequence=sequence,
    )


async def save(tx: Tx, enrollments: Iterable[Enrollment]) -> None:
    await upsert(tx, "enrollments", enrollments, key=("enrollment_id",))


async def last_starts(tx: Tx) -> dict[tuple[str, str], date]:
    """The day on which each facility was last enrolled in each sequence, from enrollments that are no longer open."""
    found = await tx.dicts(
        """
        SELECT covered.facility_id, sequence, max(started_on) AS started_on
        FROM enrollments, jsonb_array_elements_text(covers) AS covered(facility_id)
        WHERE started_on IS NOT NULL AND status NOT IN ('blocked', 'active', 'paused') GROUP BY 1, 2
        """
    )
    return {(row["facility_id"], row["sequence"]): row["started_on"] for row in found}


async def last_cycles(tx: Tx) -> dict[tuple[str, str], Cycle]:
    """The latest enrollment of each subject in each sequence."""
    found = await tx.dicts(
        """
        SELECT DISTINCT ON (subject, sequence) subject, sequence, enrollment_id, cycle FROM enrollments
        ORDER BY subject, sequence, cycle DESC
        """
    )
    return {(row["subject"], row["sequence"]): Cycle(row["enrollment_id"], row["cycle"]) for row in found}


async def page(tx: Tx, after: UUID | None, limit: int, status: str | None) -> list[EnrollmentRow]:
    return await tx.all(
        EnrollmentRow,
        """
        SELECT enrollments.*, name AS facility, city FROM enrollments LEFT JOIN accounts USING (facility_id)
        WHERE (%(after)s::uuid IS NULL OR enrollment_id > %(after)s::uuid)
            AND (%(status)s::text IS NULL OR enrollments.status = %(status)s)
        ORDER BY enrollment_id LIMIT %(limit)s
        """,
        after=after,
        limit=limit,
        status=status,
    )


async def of_account(tx: Tx, facility_id: str) -> list[Enrollment]:
    """The enrollments of a facility and those that cover it, oldest first."""
    return await tx.all(
        Enrollment,
        """
        SELECT * FROM enrollments WHERE covers ? %(id)s OR facility_id = %(id)s
        ORDER BY COALESCE(started_on, blocked_on), enrollment_id
        """,
        id=facility_id,
    )


async def covered_by(tx: Tx, facility_id: str) -> list[str]:
    """The other accounts whose enrollments cover an account, or whose touches were about it."""
    found = await tx.dicts(
        """
        SELECT facility_id FROM enrollments WHERE covers ? %(id)s
        UNION SELECT facility_id FROM activities WHERE reached ? %(id)s
        EXCEPT SELECT %(id)s ORDER BY facility_id
        """,
        id=facility_id,
    )
    return [row["facility_id"] for row in found]
