"""Which needs of accounts are open?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
