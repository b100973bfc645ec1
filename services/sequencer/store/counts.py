"""How many accounts, leads, enrollments and tasks are there?"""

from __future__ import annotations

from datetime import date

from shared.contracts.sequencer_replies import SequencerCounts
from shared.storage.database import Tx


async def load(tx: Tx, today: date, waiting_for_capacity: int, unassigned: int) -> SequencerCounts:
    """The counts of a summary; enrollments and tasks are counted by status."""
    [totals] = await tx.dicts(
        """
        SELECT (SELECT count(*) FROM accounts WHERE listed_version > delisted_version) AS accounts,
            (SELECT count(*) FROM accounts WHERE status = 'active') AS active_clients,
            (SELECT count(*) FROM leads WHERE closed_on IS NULL AND lead_source = 'signal') AS leads,
            (SELECT count(*) FROM leads WHERE closed_on IS NULL AND lead_source = 'upsell') AS upsell_leads,
            (SELECT count(*) FROM contacts) AS contacts,
            (SELECT count(*) FROM enrollments WHERE status = 'blocked') AS blocked,
            (SELECT count(*) FROM tasks WHERE status = 'due') AS tasks_due,
            (SELECT count(*) FROM tasks WHERE status = 'due' AND due_on < %(today)s) AS overdue
        """,
        today=today,
    )
    return SequencerCounts.model_validate(
        totals
        | {
            "enrollments": await _by_status(tx, "enrollments"),
            "tasks": await _by_status(tx, "tasks"),
            "waiting_for_capacity": waiting_for_capacity,
            "unassigned": unassigned,
        }
    )


async def _by_status(tx: Tx, table: str) -> dict[str, int]:
    found = await tx.dicts(f"SELECT status, count(*) AS n FROM {table} GROUP BY status ORDER BY status")
    return {row["status"]: row["n"] for row in found}
