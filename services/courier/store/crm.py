"""What is to be sent to a CRM, what was agreed on, and how far has each lane come?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from services.courier.domain.crm import Lane
from services.courier.domain.wanted import Wanted
from shared.contracts.courier_crm import CrmLane
from shared.storage.arrays import texts
from shared.storage.database import Tx, rows
from shared.storage.writing import insert, recordset, upsert

_LANE = ", ".join(Lane._fields)
_ONE = "lane AS (SELECT system, kind FROM crm_lanes WHERE system = %(system)s AND kind = %(kind)s)"
# Records of lanes that are complete enough: an account once it has a score; what is about one once that is there, but
# no task that ended before, and no note that was taken back. Of what a CRM has, it gets what follows.
# The subqueries look up one row each, however little the planner knows.
_COMPLETE = """
    FROM lane JOIN crm_records AS record ON record.kind = lane.kind
    LEFT JOIN LATERAL (
        SELECT * FROM crm_links AS known
        WHERE known.system = lane.system AND known.kind = lane.kind AND known.id = record.id LIMIT 1
    ) AS link ON true
    WHERE CASE record.kind WHEN 'companies' THEN 2 = (
        SELECT count(*) FROM crm_fields AS f
        WHERE f.kind = record.kind AND f.id = record.id AND f.field IN ('name', 'tier')
    ) ELSE link.their_id IS NOT NULL OR (
        1 = (
            SELECT count(*) FROM crm_links AS company WHERE company.system = lane.system
                AND company.kind = 'companies' AND company.id = record.facility_id AND company.their_id IS NOT NULL
        ) AND 1 = (
            SELECT count(*) FROM crm_fields AS f WHERE f.kind = record.kind AND f.id = record.id AND f.value IS NOT NULL
                AND f.field = CASE record.kind
                    WHEN 'contacts' THEN 'last_name' WHEN 'tasks' THEN 'subject' ELSE 'body' END
        ) AND 0 = (
            SELECT count(*) FROM crm_fields AS f WHERE f.kind = record.kind AND f.id = record.id
                AND ((f.kind = 'tasks' AND f.field = 'status' AND f.value <> 'open') OR f.field = 'removed')
        )
    ) END
"""
# Those whose newest state was not sent, and that no job sends now.
_WAITING = f"{_COMPLETE} AND record.revision > coalesce(link.sent_revision, 0) AND link.job IS NULL"
_WHICH: Final = {"all": "", "new": "AND link.their_id IS NULL", "known": "AND link.their_id IS NOT NULL"}
Which = Literal["all", "new", "known"]
"""Records that are due; only those that a CRM does not have from us, or that it has."""


async def lanes(tx: Tx, system: str) -> list[Lane]:
    return await tx.all(
        Lane,
        f"""
        SELECT {_LANE} FROM crm_lanes WHERE system = %(system)s ORDER BY kind
        """,
        system=system,
    )


async def save_lane(tx: Tx, lane: Lane) -> None:
    await upsert(tx, "crm_lanes", [lane], key=("system", "kind"))


async def due(tx: Tx, system: str, kind: str, which: Which, limit: int) -> list[Wanted]:
    """Records to be sent now."""
    return await _wanted(tx, _due(which), system=system, kind=kind, now=tx.now, limit=limit)


async def is_due(tx: Tx, system: str, kind: str, which: Which, number: int) -> bool:
    """Whether at least so many records are to be sent now."""
    found: int = await tx.value(
        f"WITH {_ONE} SELECT count(*) FROM (SELECT {_due(which)}) AS due",
        system=system,
        kind=kind,
        now=tx.now,
        limit=number,
    )
    return found >= number


def _due(which: Which) -> str:
    return f"""{_WAITING} {_WHICH[which]} AND (link.next_at IS NULL OR link.next_at <= %(now)s)
        ORDER BY record.id LIMIT %(limit)s"""


async def everything(tx: Tx, system: str, kind: str) -> list[Wanted]:
    """All records that a CRM should have, whether they were sent or not."""
    return await _wanted(tx, _COMPLETE, system=system, kind=kind)


# Two people cannot have one address in a CRM: who had it first has it.
_OWN_EMAIL: Final = """CASE WHEN NOT EXISTS (
    SELECT FROM crm_fields AS other WHERE other.field = 'email' AND lower(other.value) = lower(known.value)
        AND other.kind = known.kind AND (other.changed_at, other.id) < (known.changed_at, known.id)
) THEN value END"""
_PARENTS: Final = {"facility_id": "companies", "contact_id": "contacts"}


def _parent(column: str) -> str:
    """The id there of the company or contact that a due record is about."""
    return f"""(SELECT parent.their_id FROM crm_links AS parent
        WHERE parent.system = %(system)s AND parent.kind = '{_PARENTS[column]}' AND parent.id = due.{column})"""


def _marks(column: str) -> str:
    return f"""(SELECT parent.marks FROM crm_records AS parent
        WHERE parent.kind = '{_PARENTS[column]}' AND parent.id = due.{column})"""


async def _wanted(tx: Tx, which: str, **params: Any) -> list[Wanted]:
    return await tx.all(
        Wanted,
        f"""
        WITH {_ONE}, due AS (
            SELECT record.kind, record.id, record.revision, link.their_id, coalesce(link.agreed, '{{}}') AS agreed,
                coalesce(link.failures, 0) AS failures, coalesce(link.about, '{{}}') AS about,
                record.marks, record.facility_id, record.contact_id
            {which}
        )
        SELECT due.id, due.revision, found.values, found.changed, their_id, agreed, failures, about,
            jsonb_strip_nulls(jsonb_build_object('companies', {_parent("facility_id")},
                'contacts', {_parent("contact_id")})) AS belongs,
            EXISTS (SELECT FROM crm_suppressions AS stop WHERE stop.marks && (
                due.marks || coalesce({_marks("facility_id")}, '{{}}') || coalesce({_marks("contact_id")}, '{{}}')
            )) AS suppressed
        FROM due CROSS JOIN LATERAL (
            SELECT json_object_agg(field, CASE field WHEN 'owner' THEN (SELECT email FROM reps WHERE rep = value)
                    WHEN 'email' THEN {_OWN_EMAIL} ELSE value END) AS values,
                json_object_agg(field, changed_at) AS changed
            FROM crm_fields AS known WHERE known.kind = due.kind AND known.id = due.id
        ) AS found
        ORDER BY due.id
        """,
        **params,
    )


async def next_at(tx: Tx, system: str, kind: str, which: Which) -> datetime | None:
    """When a record is to be sent next."""
    found: datetime | None = await tx.value(
        f"WITH {_ONE} SELECT min(coalesce(link.next_at, %(now)s)) {_WAITING} {_WHICH[which]}",
        system=system,
        kind=kind,
        now=tx.now,
    )
    return found


async def sent_by(tx: Tx, system: str, kind: str, job: str) -> list[str]:
    """The records that a job sends."""
    found = await tx.dicts(
        "SELECT id FROM crm_links WHERE system = %(system)s AND kind = %(kind)s AND job = %(job)s ORDER BY id",
        system=system,
        kind=kind,
        job=job,
    )
    return [row["id"] for row in found]


async def with_jobs_since(tx: Tx, system: str, before: datetime) -> dict[str, str]:
    """The job of each kind that began before a time and has not ended."""
    found = await tx.dicts(
        """
        SELECT kind, job FROM crm_links WHERE system = %(system)s AND job IS NOT NULL
        GROUP BY kind, job HAVING min(pushed_at) < %(before)s ORDER BY kind
        """,
        system=system,
        before=before,
    )
    return {row["kind"]: row["job"] for row in found}


async def end_job(tx: Tx, outcomes: Sequence[Mapping[str, Any]]) -> None:
    """Save what became of the records of a job. One that failed is not agreed on, and is due at `next_at`, if any."""
    if not outcomes:
        return
    await tx.run(
        f"""
        UPDATE crm_links AS link SET job = NULL, their_id = ended.their_id, cause = ended.cause, error = ended.error,
            next_at = ended.next_at,
            agreed = CASE WHEN ended.cause IS NULL THEN link.agreed ELSE '{{}}' END,
            failures = CASE WHEN ended.cause IS NULL THEN 0 ELSE link.failures + 1 END,
            sent_revision = CASE WHEN ended.next_at IS NULL THEN link.sent_revision ELSE 0 END
        FROM {recordset("crm_links", outcomes)} AS ended
        WHERE (link.system, link.kind, link.id) = (ended.system, ended.kind, ended.id) AND link.job IS NOT NULL
        """,
        rows=rows(outcomes),
    )


async def save_links(tx: Tx, links: Sequence[Mapping[str, Any]]) -> None:
    await upsert(tx, "crm_links", links, key=("system", "kind", "id"))


async def add_conflicts(tx: Tx, conflicts: Sequence[Mapping[str, Any]]) -> None:
    await insert(tx, "crm_conflicts", conflicts)


async def agreed(tx: Tx, system: str, kind: str, ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """What was agreed on about these records."""
    found = await tx.dicts(
        """
        SELECT id, agreed FROM crm_links WHERE system = %(system)s AND kind = %(kind)s AND id = ANY(%(ids)s)
        """,
        system=system,
        kind=kind,
        ids=texts(ids),
    )
    return {row["id"]: row["agreed"] for row in found}


async def look_again(tx: Tx, system: str, kind: str, ids: Collection[str]) -> None:
    """Read and merge these records again."""
    links = [{"system": system, "kind": kind, "id": each} for each in ids]
    if links:
        await tx.run(
            f"""
            UPDATE crm_links SET sent_revision = 0, next_at = NULL FROM {recordset("crm_links", links)} AS seen
            WHERE (crm_links.system, crm_links.kind, crm_links.id) = (seen.system, seen.kind, seen.id)
            """,
            rows=rows(links),
        )


async def retry(tx: Tx, system: str) -> None:
    """Let records that failed for another reason than themselves be due now."""
    await tx.run("UPDATE crm_links SET next_at = NULL WHERE system = %(system)s AND next_at IS NOT NULL", system=system)


async def look_at_all(tx: Tx, system: str) -> int:
    """Read and merge all records again, also those that failed; returns how many."""
    return await tx.run(
        "UPDATE crm_links SET sent_revision = 0, next_at = NULL WHERE system = %(system)s", system=system
    )


async def status(tx: Tx, system: str) -> list[CrmLane]:
    """How each lane is doing."""
    return await tx.all(
        CrmLane,
        f"""
        WITH lane AS (SELECT * FROM crm_lanes WHERE system = %(system)s),
        waiting AS (SELECT lane.kind, count(*) AS waiting {_WAITING} GROUP BY lane.kind),
        link AS (
            SELECT kind, count(their_id) AS linked, count(error) AS failed, count(job) AS sent,
                count(*) FILTER (WHERE their_id IS NULL AND error IS NULL AND job IS NULL) AS withheld
            FROM crm_links WHERE system = %(system)s GROUP BY kind
        ),
        conflict AS (SELECT kind, count(*) AS conflicts FROM crm_conflicts WHERE system = %(system)s GROUP BY kind)
        SELECT system, kind, set_up_at, wrong, polled_at, rests_until, cause, error, coalesce(linked, 0) AS linked,
            coalesce(waiting, 0) + coalesce(sent, 0) AS waiting, coalesce(sent, 0) AS sending,
            coalesce(withheld, 0) AS withheld, coalesce(failed, 0) AS failed, coalesce(conflicts, 0) AS conflicts
        FROM lane LEFT JOIN waiting USING (kind) LEFT JOIN link USING (kind) LEFT JOIN conflict USING (kind)
        ORDER BY kind
        """,
        system=system,
    )


async def forget_conflicts(tx: Tx, before: datetime) -> None:
    await tx.run("DELETE FROM crm_conflicts WHERE at < %(before)s", before=before)


async def save_comparisons(tx: Tx, values: Sequence[Mapping[str, Any]]) -> None:
    await upsert(tx, "crm_comparisons", values, key=("system", "kind"))
