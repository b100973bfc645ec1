"""What should a CRM show, field by field?

A record has a revision, which grows when one of its fields changes. A link knows the revision that was sent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from services.courier.domain.wanted import Stated
from shared.storage.arrays import texts
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset


async def save(tx: Tx, values: Sequence[Stated]) -> int:
    """Save the fields that are newer than ours; returns how many records changed."""
    if not values:
        return 0
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
    await _suppressed(tx, {row["id"] for row in changed if row["kind"] == "chains"})
    companies = {row["id"] for row in changed if row["kind"] == "companies"}
    return await tx.run(
        """
        INSERT INTO crm_records (kind, id) SELECT 'companies', id FROM unnest(%(ids)s) AS id ORDER BY id
        ON CONFLICT (kind, id) DO UPDATE SET revision = crm_records.revision + 1
        """,
        ids=texts(companies),
    )


async def _suppressed(tx: Tx, chains: Collection[str]) -> None:
    """The companies of these chains changed."""
    if chains:
        await tx.run(
            """
            UPDATE crm_records SET revision = revision + 1 FROM crm_fields AS chain
            WHERE chain.kind = crm_records.kind AND chain.id = crm_records.id AND chain.field = 'chain'
                AND upper(chain.value) = ANY(%(chains)s)
            """,
            chains=texts(chains),
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
