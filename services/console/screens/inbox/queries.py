"""What do read models know about employers that wait, their postings, and what people decided?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.console.domain.filtering import Filter
from services.console.store.counting import WAITING_GROUPS
from shared.storage.arrays import texts
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Account:
    """An account that an employer may be."""

    facility_id: str
    name: str
    city: str | None
    state: str | None
    zip: str | None
    tier: int | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting as it was published."""

    title: str
    employer_name: str
    source: str
    first_seen_on: date
    last_seen_on: date


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided on a group, and that is still so."""

    key: str
    employer: str
    city: str | None
    outcome: str
    facility: str | None
    by: str
    at: datetime
    postings: int


_ACCOUNT = "facility_id, coalesce(name, facility_id) AS name, city, state, zip, tier, score"


async def accounts(tx: Tx, facility_ids: Collection[str]) -> dict[str, Account]:
    """By id."""
    found = await tx.all(
        Account, f"SELECT {_ACCOUNT} FROM facilities WHERE facility_id = ANY(%(ids)s)", ids=texts(facility_ids)
    )
    return {each.facility_id: each for each in found}


async def search(tx: Tx, text: str, state: str | None, limit: int) -> list[Account]:
    """The listed accounts that have all these words in their names, numbers or cities; those of a state first."""
    words = Filter(query=text).patterns()
    if not words:
        return []
    return await tx.all(
        Account,
        f"""
        SELECT {_ACCOUNT} FROM facilities WHERE listed AND search LIKE ALL (%(words)s::text[])
        ORDER BY (state IS DISTINCT FROM %(state)s), score DESC NULLS LAST, facility_id LIMIT %(limit)s
        """,
        words=texts(words),
        state=state,
        limit=limit,
    )


_POSTINGS = """
    SELECT data ->> 'title' AS title, data ->> 'employer_name' AS employer_name, data ->> 'source' AS source,
        (data ->> 'first_seen_on')::date AS first_seen_on, (data ->> 'last_seen_on')::date AS last_seen_on
    FROM states AS posting WHERE kind = 'posting' AND {}
    ORDER BY last_seen_on DESC, id LIMIT 50
"""


async def postings_of_group(tx: Tx, key: str) -> list[Posting]:
    """The postings of a group that waits or was dismissed."""
    group = """id IN (
        SELECT data ->> 'posting_id' FROM log WHERE subject = 'posting.unmatched' AND data ->> 'group' = %(key)s
    )"""
    return await tx.all(Posting, _POSTINGS.format(group), key=key)


async def postings_of_employer(tx: Tx, employer: str, city: str | None) -> list[Posting]:
    """The postings of an employer by its name."""
    named = """lower(data ->> 'employer_name') = lower(%(employer)s)
        AND lower(data ->> 'city') IS NOT DISTINCT FROM lower(%(city)s::text)"""
    return await tx.all(Posting, _POSTINGS.format(named), employer=employer, city=city)


async def waiting(tx: Tx, limit: int) -> list[dict[str, Any]]:
    """The groups that wait, for as long as the matcher does not answer."""
    return await tx.dicts(
        f"""
        SELECT posting.data ->> 'group' AS key, count(*) AS postings,
            array_agg(DISTINCT posting.data ->> 'role_family') AS role_families,
            (array_agg(posting.data ORDER BY posting.version DESC, posting.id))[1] AS data
        FROM {WAITING_GROUPS}
        GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(limit)s
        """,
        limit=limit,
    )


async def decided(tx: Tx, limit: int) -> list[Decided]:
    """The latest decisions of people that are still so, a group each."""
    return await tx.all(
        Decided,
        """
        WITH resolved AS (
            SELECT log.data ->> 'posting_id' AS posting_id, log.data ->> 'outcome' AS outcome,
                log.facility_id, log.data ->> 'decided_by' AS by, log.at, log.event_id
            FROM log JOIN states AS now ON now.kind = 'unmatched' AND now.id = log.data ->> 'posting_id'
                AND now.version = (log.data ->> 'version')::bigint
            WHERE log.subject = 'posting.resolved' AND log.data ->> 'decided_by' IS NOT NULL
            ORDER BY log.event_id DESC LIMIT 500
        ), named AS (
            SELECT DISTINCT ON (1) data ->> 'posting_id' AS posting_id, data ->> 'group' AS key,
                data ->> 'employer_name' AS employer, data ->> 'city' AS city
            FROM log WHERE subject = 'posting.unmatched' AND data ->> 'posting_id' IN (SELECT posting_id FROM resolved)
            ORDER BY 1, event_id DESC
        )
        SELECT named.key, max(named.employer) AS employer, max(named.city) AS city, max(resolved.outcome) AS outcome,
            max(coalesce(facilities.name, resolved.facility_id)) AS facility, max(resolved.by) AS by,
            max(resolved.at) AS at, count(*) AS postings
        FROM resolved JOIN named USING (posting_id) LEFT JOIN facilities USING (facility_id)
        WHERE named.key IS NOT NULL GROUP BY named.key ORDER BY max(resolved.at) DESC, named.key LIMIT %(limit)s
        """,
        limit=limit,
    )
