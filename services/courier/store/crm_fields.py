"""What should a CRM show, field by field?

A record has a revision, which grows when one of its fields changes. A link knows the revision that was sent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from services.courier.domain.wanted import Statement, Suppression
from shared.storage.arrays import texts
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset, upsert_newest

# The next day on which an account has a task.
_NEXT_TOUCH: Final = """
    SELECT account.id, 'next_touch_on' AS field, (
        SELECT min(due.value) FROM crm_records AS task
        JOIN crm_fields AS due ON (due.kind, due.id, due.field) = (task.kind, task.id, 'due_on')
        JOIN crm_fields AS status ON (status.kind, status.id, status.field) = (task.kind, task.id, 'status')
        WHERE task.kind = 'tasks' AND task.facility_id = account.id AND status.value = 'open'
    ) AS value FROM account
"""
# The last contact with an account that was not taken back.
_LAST_CONTACT: Final = """
    SELECT account.id, named.field, CASE named.field WHEN 'outcome' THEN last.outcome ELSE last.at END AS value
    FROM account CROSS JOIN (VALUES ('outcome'), ('contacted_at')) AS named (field) LEFT JOIN LATERAL (
        SELECT outcome.value AS outcome, at.value AS at FROM crm_records AS note
        JOIN crm_fields AS outcome ON (outcome.kind, outcome.id, outcome.field) = (note.kind, note.id, 'outcome')
        JOIN crm_fields AS at ON (at.kind, at.id, at.field) = (note.kind, note.id, 'at')
        WHERE note.kind = 'notes' AND note.facility_id = account.id AND outcome.value IS NOT NULL AND NOT EXISTS (
            SELECT FROM crm_fields AS back WHERE (back.kind, back.id, back.field) = (note.kind, note.id, 'removed')
        )
        ORDER BY at.value DESC LIMIT 1
    ) AS last ON true
"""


async def save(tx: Tx, stated: Sequence[Statement]) -> bool:
    """Save what is newer than ours; returns whether a record changed."""
    if not stated:
        return False
    placed = await _place(tx, stated)
    await _join(tx, [x.id for x in stated if x.kind == "tasks" and x.contact_id])
    values = [
        {"kind": x.kind, "id": x.id, "field": name, "value": value, "version": x.version, "changed_at": x.at}
        for x in stated
        for name, value in x.values.items()
    ]
    changed = await tx.dicts(
        f"""
        WITH given AS (
            SELECT DISTINCT ON (kind, id, field) kind, id, field, value, version, changed_at
            FROM {recordset("crm_fields", values)} AS each ORDER BY kind, id, field, version DESC
        ), written AS (
            INSERT INTO crm_fields AS known (kind, id, field, value, version, changed_at)
            SELECT kind, id, field, value, version, changed_at FROM given
            ON CONFLICT (kind, id, field) DO UPDATE SET version = excluded.version, value = excluded.value, changed_at =
                CASE WHEN known.value IS DISTINCT FROM excluded.value THEN excluded.changed_at ELSE known.changed_at END
            WHERE known.version < excluded.version
            RETURNING kind, id, field, changed_at
        )
        SELECT DISTINCT kind, id FROM written JOIN given USING (kind, id, field, changed_at)
        """,
        rows=rows(values),
    )
    await _revise(tx, changed)
    await _derive(tx, "tasks", [row["id"] for row in changed if row["kind"] == "tasks"], _NEXT_TOUCH)
    await _derive(tx, "notes", [x.id for x in stated if x.values.get("removed")], _LAST_CONTACT)
    return bool(changed or placed)


async def _place(tx: Tx, stated: Sequence[Statement]) -> int:
    """Save by which marks suppressions stop these records, and what they are about; returns how many changed."""
    records = [
        {
            "kind": x.kind,
            "id": x.id,
            "version": x.version,
            "marks": x.marks,
            "facility_id": x.facility_id,
            "contact_id": x.contact_id,
            "task_id": x.task_id,
            "stated_at": x.at,
        }
        for x in stated
    ]
    moved = await tx.dicts(
        f"""
        SELECT DISTINCT kind, id
        FROM {recordset("crm_records", records)} AS given JOIN crm_records AS known USING (kind, id)
        WHERE kind IN ('companies', 'contacts') AND known.version < given.version AND known.marks <> given.marks
            AND EXISTS (SELECT FROM crm_suppressions AS stop WHERE stop.marks && (known.marks || given.marks))
        """,
        rows=rows(records),
    )
    for kind in ("companies", "contacts"):  # perhaps they are suppressed now, or not any more, as is all about them
        await arrived(tx, kind, [row["id"] for row in moved if row["kind"] == kind])
    return await tx.run(
        f"""
        WITH given AS (
            SELECT DISTINCT ON (kind, id) kind, id, CASE WHEN marks IS NULL THEN -1 ELSE version END AS version,
                coalesce(marks, '{{}}') AS marks, facility_id, coalesce(contact_id, (
                    SELECT task.contact_id FROM crm_records AS task WHERE (task.kind, task.id) = ('tasks', each.task_id)
                )) AS contact_id, task_id, stated_at
            FROM {recordset("crm_records", records)} AS each
            ORDER BY kind, id, marks IS NULL, version DESC
        )
        INSERT INTO crm_records AS known (kind, id, version, marks, facility_id, contact_id, task_id, stated_at)
        SELECT kind, id, version, marks, facility_id, contact_id, task_id, stated_at FROM given
        ON CONFLICT (kind, id) DO UPDATE SET stated_at = greatest(known.stated_at, excluded.stated_at),
            version = excluded.version, marks = excluded.marks, facility_id = excluded.facility_id,
            contact_id = excluded.contact_id, task_id = excluded.task_id,
            revision = known.revision + ((known.marks, known.facility_id, known.contact_id)
                IS DISTINCT FROM (excluded.marks, excluded.facility_id, excluded.contact_id))::int
        WHERE known.version < excluded.version
        """,
        rows=rows(records),
    )


async def _join(tx: Tx, tasks: Collection[str]) -> None:
    """Notes that arrived before their tasks are about the same person."""
    if tasks:
        await tx.run(
            """
            UPDATE crm_records AS note SET contact_id = task.contact_id, revision = note.revision + 1
            FROM crm_records AS task WHERE task.kind = 'tasks' AND task.id = ANY(%(tasks)s)
                AND note.task_id = task.id AND note.contact_id IS NULL
            """,
            tasks=texts(tasks),
        )


async def _revise(tx: Tx, records: Sequence[Mapping[str, Any]]) -> None:
    """These records changed."""
    if records:
        await tx.run(
            f"""
            UPDATE crm_records SET revision = revision + 1 FROM {recordset("crm_records", records)} AS changed
            WHERE (crm_records.kind, crm_records.id) = (changed.kind, changed.id)
            """,
            rows=rows(records),
        )


async def _derive(tx: Tx, kind: str, ids: Collection[str], query: str) -> None:
    """State of the accounts of these records what follows from all of their records."""
    if not ids:
        return
    changed = await tx.dicts(
        f"""
        WITH account AS (
            SELECT DISTINCT facility_id AS id FROM crm_records
            WHERE kind = %(kind)s AND id = ANY(%(ids)s) AND facility_id IS NOT NULL
        )
        INSERT INTO crm_fields AS known (kind, id, field, value, version, changed_at)
        SELECT 'companies', id, field, value, 1, %(now)s FROM ({query}) AS found
        ON CONFLICT (kind, id, field) DO UPDATE
            SET value = excluded.value, version = known.version + 1, changed_at = excluded.changed_at
            WHERE known.value IS DISTINCT FROM excluded.value
        RETURNING kind, id
        """,
        kind=kind,
        ids=texts(ids),
        now=tx.now,
    )
    await _revise(tx, list({row["id"]: row for row in changed}.values()))


async def suppress(tx: Tx, suppressions: Sequence[Suppression]) -> None:
    """Save what must not be contacted; the records that it stops, or stops no more, changed."""
    before = await tx.dicts(
        "SELECT marks FROM crm_suppressions WHERE suppression_id = ANY(%(ids)s::uuid[])",
        ids=texts([each.suppression_id for each in suppressions]),
    )
    await upsert_newest(tx, "crm_suppressions", suppressions, key=("suppression_id",))
    marks = {mark for each in suppressions for mark in each.marks} | {mark for row in before for mark in row["marks"]}
    await tx.run(
        """
        WITH stopped AS (SELECT kind, id FROM crm_records WHERE marks && %(marks)s)
        UPDATE crm_records AS record SET revision = revision + 1 WHERE (kind, id) IN (
            SELECT kind, id FROM stopped
            UNION SELECT child.kind, child.id FROM stopped JOIN crm_records AS child ON child.facility_id = stopped.id
                WHERE stopped.kind = 'companies'
            UNION SELECT child.kind, child.id FROM stopped JOIN crm_records AS child ON child.contact_id = stopped.id
                WHERE stopped.kind = 'contacts'
        )
        """,
        marks=texts(marks),
    )


async def arrived(tx: Tx, kind: str, ids: Collection[str]) -> None:
    """What is about these records can be associated with them, or has to be anew."""
    parent = {"companies": "facility_id", "contacts": "contact_id"}.get(kind)
    if parent and ids:
        await tx.run(f"UPDATE crm_records SET revision = revision + 1 WHERE {parent} = ANY(%(ids)s)", ids=texts(ids))


async def forget(tx: Tx, before: datetime) -> None:
    """Forget people, ended tasks and notes of which no event stated anything since.

    What is left is which record of a CRM they are, and when and how each account was contacted last.
    """
    await tx.run(
        """
        WITH old AS (
            DELETE FROM crm_records AS record
            WHERE kind IN ('contacts', 'tasks', 'notes') AND stated_at < %(before)s
                AND NOT EXISTS (
                    SELECT FROM crm_fields AS status WHERE record.kind = 'tasks' AND status.value = 'open'
                        AND (status.kind, status.id, status.field) = ('tasks', record.id, 'status')
                )
                AND NOT EXISTS (
                    SELECT FROM crm_records AS child WHERE record.kind = 'contacts' AND child.contact_id = record.id
                        AND (child.kind = 'tasks' OR child.stated_at >= %(before)s)
                )
                AND (record.kind <> 'notes' OR EXISTS (
                    SELECT FROM crm_records AS later WHERE later.kind = 'notes'
                        AND later.facility_id = record.facility_id
                        AND (later.stated_at, later.id) > (record.stated_at, record.id)
                ))
            RETURNING kind, id
        ), emptied AS (
            UPDATE crm_links AS link SET agreed = '{}', error = NULL FROM old
            WHERE (link.kind, link.id) = (old.kind, old.id)
        )
        DELETE FROM crm_fields AS field USING old WHERE (field.kind, field.id) = (old.kind, old.id)
        """,
        before=before,
    )
    await tx.run(
        """
        WITH last AS (SELECT kind, id FROM crm_records WHERE kind = 'notes' AND stated_at < %(before)s), emptied AS (
            UPDATE crm_links AS link SET agreed = '{}' FROM last
            WHERE (link.kind, link.id) = (last.kind, last.id) AND link.agreed <> '{}'
        )
        DELETE FROM crm_fields AS field USING last
        WHERE (field.kind, field.id) = (last.kind, last.id) AND field.field IN ('body', 'owner')
        """,
        before=before,
    )


async def restate(tx: Tx, refused: Sequence[Mapping[str, Any]]) -> None:
    """Ours stays, whatever they set: it counts as stated after theirs was agreed on, and both values are recorded."""
    await tx.run(
        f"""
        WITH given AS (SELECT * FROM {recordset("crm_conflicts", refused)} AS each), recorded AS (
            INSERT INTO crm_conflicts (system, kind, id, field, ours, theirs, kept, rule, why, at)
            SELECT system, kind, id, field, CASE WHEN field = 'owner'
                THEN (SELECT email FROM reps WHERE rep = value) ELSE value END, theirs, 'ours', 'refused', why, at
            FROM given LEFT JOIN crm_fields USING (kind, id, field)
        ), stated AS (
            INSERT INTO crm_fields AS known (kind, id, field, value, version, changed_at)
            SELECT DISTINCT kind, id, field, NULL, 0, (agreed -> field ->> 'seen_at')::timestamptz + interval '1 ms'
            FROM given JOIN crm_links USING (system, kind, id)
            WHERE agreed -> field ->> 'by' = 'theirs' AND agreed -> field ->> 'value' IS NOT DISTINCT FROM theirs
            ON CONFLICT (kind, id, field) DO UPDATE SET changed_at = greatest(known.changed_at, excluded.changed_at)
            RETURNING kind, id
        )
        UPDATE crm_records SET revision = revision + 1 FROM (SELECT DISTINCT kind, id FROM stated) AS changed
        WHERE (crm_records.kind, crm_records.id) = (changed.kind, changed.id)
        """,
        rows=rows(refused),
    )


async def owned(tx: Tx, reps: Collection[str]) -> None:
    """The companies of these reps changed, since what a CRM shows of them is their e-mail address."""
    await tx.run(
        """
        UPDATE crm_records SET revision = revision + 1 FROM crm_fields AS owner
        WHERE owner.kind = crm_records.kind AND owner.id = crm_records.id AND owner.field = 'owner'
            AND owner.value = ANY(%(reps)s)
        """,
        reps=texts(reps),
    )
