"""What do lists behind figures name?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.storage.arrays import texts
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class OpenSignal:
    """A need of an account that is open now."""

    facility_id: str
    name: str | None
    family: str
    title: str
    urgency: int
    last_seen_on: date
    expires_on: date
    owner: str | None


async def names(tx: Tx, facility_ids: Collection[str]) -> dict[str, str]:
    """What these accounts are called, as far as it is known."""
    rows = await tx.dicts(
        "SELECT facility_id, name FROM facilities WHERE facility_id = ANY(%(ids)s) AND name IS NOT NULL",
        ids=texts(facility_ids),
    )
    return {row["facility_id"]: row["name"] for row in rows}


async def employers(tx: Tx, posting_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What postings state about themselves."""
    rows = await tx.dicts(
        "SELECT id, data FROM states WHERE kind = 'posting' AND id = ANY(%(ids)s)", ids=texts(posting_ids)
    )
    return {row["id"]: row["data"] for row in rows}


async def open_signals(tx: Tx, rep: str) -> list[OpenSignal]:
    """The open signals of a rep's accounts, or of all, the most urgent first."""
    return await tx.all(
        OpenSignal,
        """
        SELECT state.facility_id, facilities.name, state.data ->> 'role_family' AS family, signal ->> 'title' AS title,
            (signal ->> 'urgency')::int AS urgency, (signal ->> 'last_seen_on')::date AS last_seen_on,
            (signal ->> 'expires_on')::date AS expires_on, facilities.owner
        FROM states AS state
        CROSS JOIN LATERAL jsonb_array_elements(state.data -> 'signals') AS signal
        LEFT JOIN facilities ON facilities.facility_id = state.facility_id
        WHERE state.kind = 'signal' AND (signal ->> 'expires_on')::date >= %(today)s
            AND (%(rep)s = '' OR facilities.owner = %(rep)s)
        ORDER BY urgency DESC, expires_on, facility_id, family
        """,
        today=tx.today,
        rep=rep,
    )
