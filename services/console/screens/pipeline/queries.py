"""What do read models know about leads, and about what is due for them?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.storage.arrays import texts
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead that is open, was decided lately, or is asked about."""

    facility_id: str
    version: int
    source: str
    stage: str
    phase: str
    since: date
    raised_on: date
    closed_on: date | None
    reason: str | None
    asked_on: date | None
    """Since when a later signal asks to re-open it."""
    families: list[str]
    owner: str | None
    works: str | None
    """Who works the account."""
    amount: Decimal | None
    currency: str | None
    name: str | None
    city: str | None
    state: str | None
    tier: int | None
    score: Decimal | None
    urgency: int | None


@dataclass(frozen=True, slots=True)
class Touch:
    """What is due next at an account."""

    facility_id: str
    channel: str
    due_on: date
    waits: bool
    """It was put off till then."""
    rep: str | None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An enrollment that has not ended."""

    facility_id: str
    status: str
    resume_on: date | None
    missing: list[str]


async def leads(tx: Tx, since: date) -> list[Lead]:
    """The open leads, those decided since a day, and those that a signal asks to re-open; by score."""
    return await tx.all(
        Lead,
        """
        SELECT lead.facility_id, lead.version, lead.data ->> 'lead_source' AS source, lead.data ->> 'stage' AS stage,
            lead.status AS phase, coalesce(lead.day, (lead.data ->> 'raised_on')::date) AS since,
            (lead.data ->> 'raised_on')::date AS raised_on, (lead.data ->> 'closed_on')::date AS closed_on,
            lead.data ->> 'closed_reason' AS reason, (lead.data ->> 'reopen_asked_on')::date AS asked_on,
            ARRAY(SELECT jsonb_array_elements_text(lead.data -> 'role_families')) AS families,
            lead.data ->> 'owner' AS owner, facilities.owner AS works, (lead.data ->> 'amount')::numeric AS amount,
            lead.data ->> 'currency' AS currency, facilities.name, facilities.city, facilities.state,
            facilities.tier, facilities.score, facilities.urgency
        FROM states AS lead LEFT JOIN facilities USING (facility_id)
        WHERE lead.kind = 'lead' AND (
            lead.data ->> 'closed_on' IS NULL OR lead.data ->> 'reopen_asked_on' IS NOT NULL
            OR lead.status IN ('won', 'lost') AND (lead.data ->> 'closed_on')::date >= %(since)s
        )
        ORDER BY facilities.score DESC NULLS LAST, lead.facility_id, lead.id
        """,
        since=since,
    )


async def touches(tx: Tx, facility_ids: Collection[str]) -> dict[str, Touch]:
    """The first touch of each account that is due or waits, also if it is one for several accounts of a chain."""
    found = await tx.all(
        Touch,
        """
        SELECT DISTINCT ON (covered.facility_id) covered.facility_id, task.data ->> 'channel' AS channel,
            coalesce(ended.day, task.day) AS due_on, ended.id IS NOT NULL AS waits, task.rep
        FROM states AS task
        LEFT JOIN states AS ended ON ended.kind = 'task_end' AND ended.id = task.id AND ended.version >= task.version
        CROSS JOIN LATERAL (
            SELECT task.facility_id UNION SELECT jsonb_array_elements_text(task.data -> 'covers')
        ) AS covered (facility_id)
        WHERE task.kind = 'task' AND (ended.id IS NULL OR ended.status = 'moved')
            AND covered.facility_id = ANY(%(ids)s)
            AND task.facility_id IN (
                SELECT member.facility_id FROM facilities AS shown
                JOIN facilities AS member USING (chain) WHERE shown.facility_id = ANY(%(ids)s)
                UNION ALL SELECT unnest(%(ids)s::text[])
            )
        ORDER BY covered.facility_id, coalesce(ended.day, task.day), task.id
        """,
        ids=texts(facility_ids),
    )
    return {each.facility_id: each for each in found}


async def enrollments(tx: Tx, facility_ids: Collection[str]) -> dict[str, Enrolled]:
    """The enrollments that run, wait or are blocked, by account."""
    found = await tx.all(
        Enrolled,
        """
        SELECT facility_id, status, (data ->> 'resume_on')::date AS resume_on,
            ARRAY(SELECT jsonb_array_elements_text(data -> 'missing')) AS missing
        FROM states WHERE kind = 'enrollment' AND facility_id = ANY(%(ids)s)
            AND status IN ('active', 'blocked', 'paused')
        ORDER BY version
        """,
        ids=texts(facility_ids),
    )
    return {each.facility_id: each for each in found}
