"""When did the clocks of accounts start, and which breaches were called out?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from services.sequencer.domain.sla import CalledOut, Timing
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset

LATELY = timedelta(days=30)
"""Touches of so long ago count by their day; their hour no longer matters."""


async def timings(tx: Tx, tiers: Collection[int]) -> list[Timing]:
    """The listed prospects of these tiers, with the last touch of each. Instants are UTC."""
    return await tx.all(
        Timing,
        """
        WITH touched AS (
            SELECT reached.facility_id, max(logged_at) AS touched_at
            FROM activities AS touch, jsonb_array_elements_text(touch.reached) AS reached(facility_id)
            WHERE kind = 'done' AND channel <> 'research' AND touched_on >= %(since)s
                AND NOT EXISTS (SELECT FROM activities AS later WHERE later.reverses = touch.activity_id)
            GROUP BY 1
        )
        SELECT facility_id, tier, owner, tier_since, last_contacted_on, touched_at, next_follow_up_on
        FROM accounts LEFT JOIN touched USING (facility_id)
        WHERE tier = ANY(%(tiers)s) AND status <> 'active' AND listed_version > delisted_version
        """,
        since=tx.today - LATELY,
        tiers=list(tiers),
    )


async def monitored(tx: Tx, tiers: Collection[int]) -> int:
    """The listed prospects of all other tiers."""
    found: int = await tx.value(
        """
        SELECT count(*) FROM accounts
        WHERE NOT tier = ANY(%(tiers)s) AND status <> 'active' AND listed_version > delisted_version
        """,
        tiers=list(tiers),
    )
    return found


async def worked(tx: Tx, after: str, limit: int) -> list[dict[str, Any]]:
    """A page of listed accounts with their owners and the days of their touches, by id."""
    return await tx.dicts(
        """
        SELECT facility_id, chain, status = 'active' AS client, owner, last_contacted_on, next_follow_up_on
        FROM accounts
        WHERE listed_version > delisted_version AND facility_id > %(after)s ORDER BY facility_id LIMIT %(limit)s
        """,
        after=after,
        limit=limit,
    )


async def record_breaches(tx: Tx, breaches: Iterable[dict[str, Any]]) -> set[str]:
    """Store breaches. Returns the facilities of those that were not called out before."""
    given = list(breaches)
    if not given:
        return set()
    found = await tx.dicts(
        f"""
        INSERT INTO sla_breaches (facility_id, tier, started_on, breached_on, label)
        SELECT facility_id, tier, started_on, breached_on, label FROM {recordset("sla_breaches", given)} AS given
        ON CONFLICT DO NOTHING RETURNING facility_id
        """,
        rows=rows(given),
    )
    return {row["facility_id"] for row in found}


async def called_out(tx: Tx, facility_ids: Iterable[str]) -> list[CalledOut]:
    """The accounts whose breach was called out, and that have not been touched since."""
    return await tx.all(
        CalledOut,
        """
        SELECT facility_id, label, next_follow_up_on,
            EXISTS (
                SELECT FROM enrollments WHERE enrollments.status = 'blocked' AND covers ? sla_breaches.facility_id
            ) AS blocked
        FROM sla_breaches JOIN accounts USING (facility_id, tier)
        WHERE facility_id = ANY(%(ids)s) AND breached_on <= %(today)s
            AND started_on >= GREATEST(last_contacted_on, tier_since)
        """,
        ids=sorted(set(facility_ids)),
        today=tx.today,
    )


def breach(timing: Timing, started_on: date, breached_on: date, label: str) -> dict[str, Any]:
    return {
        "facility_id": timing.facility_id,
        "tier": timing.tier,
        "started_on": started_on,
        "breached_on": breached_on,
        "label": label,
    }
