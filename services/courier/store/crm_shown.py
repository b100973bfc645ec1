"""What do people see of the exchange with a CRM: conflicts, differences, and records that were refused?

Each names the account that it is about.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from shared.contracts.courier_crm import CrmComparison, CrmConflict, CrmFailure
from shared.storage.database import Tx

LAST: Final = 2**63 - 1


def _account(table: str) -> str:
    """The account of a record with `kind` and `id`."""
    return f"""CASE WHEN kind = 'companies' THEN id ELSE (
        SELECT record.facility_id FROM crm_records AS record
        WHERE record.kind = {table}.kind AND record.id = {table}.id
    ) END"""


class Link(NamedTuple):
    """What is known of an account in a CRM."""

    their_id: str | None
    pushed_at: datetime | None
    error: str | None


async def link(tx: Tx, system: str, facility_id: str) -> Link | None:
    found = await tx.all(
        Link,
        """
        SELECT their_id, pushed_at, error FROM crm_links
        WHERE system = %(system)s AND kind = 'companies' AND id = %(id)s
        """,
        system=system,
        id=facility_id,
    )
    return found[0] if found else None


async def conflicts(tx: Tx, system: str, facility_id: str | None, limit: int, before: int = LAST) -> list[CrmConflict]:
    """The last conflicts before a number, of an account or of all."""
    return await tx.all(
        CrmConflict,
        f"""
        SELECT conflict_no, kind, id, {_account("crm_conflicts")} AS facility_id, field, base, ours, theirs, kept, rule,
            why, at
        FROM crm_conflicts
        WHERE system = %(system)s AND conflict_no < %(before)s
            AND (%(facility_id)s::text IS NULL OR (kind, id) IN (
                SELECT 'companies', %(facility_id)s::text
                UNION ALL SELECT kind, id FROM crm_records WHERE facility_id = %(facility_id)s
            ))
        ORDER BY conflict_no DESC LIMIT %(limit)s
        """,
        system=system,
        facility_id=facility_id,
        before=before,
        limit=limit,
    )


async def failures(tx: Tx, system: str, limit: int) -> list[CrmFailure]:
    """The records that were refused last."""
    return await tx.all(
        CrmFailure,
        f"""
        SELECT kind, id, {_account("crm_links")} AS facility_id, their_id, error, pushed_at AS tried_at, next_at
        FROM crm_links
        WHERE system = %(system)s AND error IS NOT NULL ORDER BY pushed_at DESC NULLS LAST, kind, id LIMIT %(limit)s
        """,
        system=system,
        limit=limit,
    )


async def comparisons(tx: Tx, system: str) -> list[CrmComparison]:
    """The last comparison of each kind."""
    return await tx.all(
        CrmComparison,
        """
        SELECT kind, began_at, compared_at, records, error, (
            SELECT coalesce(jsonb_agg(
                each || jsonb_build_object('facility_id', CASE WHEN kind = 'companies' THEN each->>'id'
                    ELSE (SELECT record.facility_id FROM crm_records AS record
                        WHERE record.kind = crm_comparisons.kind AND record.id = each->>'id') END)
                ORDER BY number
            ), '[]')
            FROM jsonb_array_elements(differences) WITH ORDINALITY AS found (each, number)
        ) AS differences
        FROM crm_comparisons WHERE system = %(system)s ORDER BY kind
        """,
        system=system,
    )
