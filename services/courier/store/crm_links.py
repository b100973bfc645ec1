"""Which records of a CRM are which of ours, as far as both sides know?"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from shared.storage.arrays import texts
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset


async def adopt(tx: Tx, system: str, kind: str, their_ids: Mapping[str, str]) -> None:
    """Link records that they have from us although we do not know it: the answer to the write was lost.

    Read and merged again, they get what happened since, also that a task ended or a note was taken back.
    """
    links = [{"system": system, "kind": kind, "id": name, "their_id": number} for name, number in their_ids.items()]
    if links:
        await tx.run(
            f"""
            INSERT INTO crm_links AS link (system, kind, id, their_id, agreed, about, sent_revision, failures)
            SELECT system, kind, id, their_id, '{{}}', '{{}}', 0, 0 FROM {recordset("crm_links", links)} AS seen
            WHERE EXISTS (SELECT FROM crm_records AS known WHERE (known.kind, known.id) = (seen.kind, seen.id))
            ON CONFLICT (system, kind, id) DO UPDATE
                SET their_id = excluded.their_id, sent_revision = 0, next_at = NULL
                WHERE link.their_id IS NULL AND link.job IS NULL
            """,
            rows=rows(links),
        )


async def forgotten(tx: Tx, system: str, kind: str) -> list[str]:
    """Records that a CRM has from us, of which nothing more is known here."""
    found = await tx.dicts(
        """
        SELECT id FROM crm_links AS link WHERE system = %(system)s AND kind = %(kind)s AND NOT EXISTS (
            SELECT FROM crm_records AS record WHERE record.kind = link.kind AND record.id = link.id
        )
        """,
        system=system,
        kind=kind,
    )
    return [row["id"] for row in found]


async def unlink(tx: Tx, system: str, kind: str, ids: Collection[str]) -> None:
    """Forget links, so that these records are sent as new ones."""
    await tx.run(
        """
        DELETE FROM crm_links WHERE system = %(system)s AND kind = %(kind)s AND id = ANY(%(ids)s) AND job IS NULL
        """,
        system=system,
        kind=kind,
        ids=texts(ids),
    )
