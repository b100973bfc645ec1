"""Which accounts have a score from which a playbook can choose?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Row:
    """A listed prospect with every factor of its score."""

    facility_id: str
    name: str
    city: str
    state: str
    tier: int
    score: Decimal
    owner: str | None
    touched_on: date | None
    breakdown: list[dict[str, Any]]


async def prospects(tx: Tx, least: Decimal | None) -> list[Row]:
    """Those with at least this score whom one may contact, the highest score first."""
    return await tx.all(
        Row,
        """
        WITH closed AS (
            SELECT stated.status AS scope, personal.data ->> 'target' AS target
            FROM states AS stated JOIN personal USING (kind, id)
            WHERE stated.kind = 'suppression' AND stated.data -> 'channels' ? 'all'
        )
        SELECT own.facility_id, coalesce(own.name, own.facility_id) AS name, coalesce(own.city, '') AS city,
            coalesce(own.state, '') AS state, own.tier, own.score, nullif(own.owner, '') AS owner, own.touched_on,
            score.data -> 'breakdown' AS breakdown
        FROM facilities AS own JOIN states AS score ON score.kind = 'score' AND score.id = own.facility_id
        WHERE own.listed AND NOT own.client AND own.tier IS NOT NULL AND own.score >= coalesce(%(least)s, 0)
            AND NOT EXISTS (
                SELECT FROM closed WHERE (scope = 'facility' AND target = own.facility_id)
                    OR (scope = 'chain' AND target = upper(own.chain))
            )
        ORDER BY own.score DESC, own.facility_id
        """,
        least=least,
    )
