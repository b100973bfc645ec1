"""Which accounts match a filter, and what do read models know of those that a page shows?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.console.domain.filtering import PAGE, Filter
from services.console.store.counting import OPEN
from shared.storage.arrays import texts
from shared.storage.database import Tx

BREACHED = """
    SELECT DISTINCT ON (facility_id) facility_id, (data ->> 'started_on')::date AS started_on,
        (data ->> 'tier')::int AS tier
    FROM log WHERE subject = 'sla.breached' {where} ORDER BY facility_id, event_id DESC
"""
FIRST_DUE = f"SELECT facility_id, min(day) AS due_on FROM states AS task WHERE {OPEN} GROUP BY facility_id"
CHOICES = {
    "tier": "coalesce(tier = %(tier)s, %(tier)s::int IS NULL)",
    "stage": "(stage = %(stage)s OR %(stage)s::text IS NULL)",
    "owner": "(coalesce(owner, 'none') = %(owner)s OR %(owner)s::text IS NULL)",
    "chain": "(coalesce(chain, 'none') = %(chain)s OR %(chain)s::text IS NULL)",
    "posting": """
        CASE %(posting)s::text WHEN 'open' THEN urgency IS NOT NULL WHEN 'none' THEN urgency IS NULL
            WHEN 'chronic' THEN chronic ELSE %(posting)s::text IS NULL END
    """,
}
ORDERS = {
    "name": "name",
    "score": "score",
    "urgency": "urgency",
    "stage": "nullif(stage, 'none')",
    "owner": "owner",
    "last": "touched_on",
    "next": "due_on",
    "sla": "breached_on",
}
VALUES = {
    "tier": "tier::text",
    "stage": "stage",
    "owner": "coalesce(owner, 'none')",
    "chain": "coalesce(chain, 'none')",
}
ALIKE = """
    , alike AS (
        SELECT tier, stage, owner, chain, urgency, chronic, count(*) AS accounts FROM matched GROUP BY 1, 2, 3, 4, 5, 6
    )
"""
"""The accounts that no facet tells apart are counted once for all facets."""
MOST_CHAINS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """An account."""

    facility_id: str
    name: str | None
    city: str | None
    state: str | None
    chain: str | None
    tier: int | None
    score: float | None
    urgency: int | None
    chronic: bool
    owner: str | None
    client: bool
    touched_on: date | None
    stage: str
    """`client` of an active client, `none` without a lead."""
    since: date | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many accounts have a value, given all filters but that of the same facet."""

    facet: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Due:
    """The open task of an account that is due first."""

    facility_id: str
    channel: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Place:
    """Where an account is in a list."""

    number: int
    total: int
    previous: str | None
    following: str | None


def _matched(asked: Filter) -> str:
    """The accounts that match what was typed, with what they are narrowed and sorted by."""
    words = " ".join(f"AND own.search LIKE %(word{number})s" for number, _ in enumerate(asked.patterns()))
    late = "own.touched_on IS NULL OR own.touched_on <= breached.started_on"
    joins = {
        "sla": f"LEFT JOIN ({BREACHED.format(where='')}) AS breached USING (facility_id)",
        "next": f"LEFT JOIN ({FIRST_DUE}) AS due USING (facility_id)",
    }
    columns = {"sla": f", CASE WHEN {late} THEN breached.started_on END AS breached_on", "next": ", due.due_on"}
    return f"""
        WITH lead AS (
            SELECT DISTINCT ON (facility_id) facility_id, data ->> 'stage' AS stage, day AS since FROM states
            WHERE kind = 'lead' ORDER BY facility_id, data ->> 'raised_on' DESC
        ), chronic AS (
            SELECT DISTINCT facility_id FROM states, jsonb_array_elements(data -> 'signals') AS signal
            WHERE kind = 'signal' AND (signal ->> 'chronic')::boolean AND NOT (signal ->> 'closed')::boolean
                AND (signal ->> 'expires_on')::date >= %(today)s
        ), matched AS (
            SELECT own.facility_id, own.name, own.city, own.state, own.chain, own.tier, own.score, own.urgency,
                chronic.facility_id IS NOT NULL AS chronic, nullif(own.owner, '') AS owner, own.client, own.touched_on,
                CASE WHEN own.client THEN 'client' ELSE coalesce(lead.stage, 'none') END AS stage, lead.since
                {columns.get(asked.sort, "")}
            FROM facilities AS own
            LEFT JOIN lead USING (facility_id) LEFT JOIN chronic USING (facility_id)
            {joins.get(asked.sort, "")}
            WHERE own.listed {words}
        )
    """


def _params(tx: Tx, asked: Filter) -> dict[str, Any]:
    words = {f"word{number}": pattern for number, pattern in enumerate(asked.patterns())}
    return {**asked.params(), **words, "today": tx.today}


def _where(without: str = "") -> str:
    return " AND ".join(condition for facet, condition in CHOICES.items() if facet != without)


def _order(asked: Filter) -> str:
    return f"{ORDERS[asked.sort]} {'DESC' if asked.falling else 'ASC'} NULLS LAST, facility_id"


async def rows(tx: Tx, asked: Filter, limit: int | None = PAGE) -> list[Row]:
    """A page of the accounts that match; all of them without a limit."""
    return await tx.all(
        Row,
        f"""
        {_matched(asked)}
        SELECT facility_id, name, city, state, chain, tier, score, urgency, chronic, owner, client, touched_on, stage,
            since
        FROM matched WHERE {_where()} ORDER BY {_order(asked)} LIMIT %(limit)s OFFSET %(offset)s
        """,
        **_params(tx, asked),
        limit=limit,
        offset=(asked.page - 1) * PAGE if limit else 0,
    )


async def counts(tx: Tx, asked: Filter) -> list[Count]:
    """Of each value of each facet, the most frequent first; and in all (`total`)."""
    facets = [
        f"""
        (SELECT '{facet}' AS facet, {value} AS value, sum(accounts)::bigint AS count FROM alike
        WHERE {_where(facet)} AND {value} IS NOT NULL GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT {MOST_CHAINS})
        """
        for facet, value in VALUES.items()
    ]
    postings = f"""
        SELECT 'posting', value, sum(accounts)::bigint FROM alike, LATERAL (VALUES
            ('open', urgency IS NOT NULL), ('chronic', chronic), ('none', urgency IS NULL)) AS posting (value, has)
        WHERE has AND {_where("posting")} GROUP BY 2
    """
    total = f"SELECT 'total', '', coalesce(sum(accounts), 0)::bigint FROM alike WHERE {_where()}"
    counted = _matched(asked) + ALIKE + " UNION ALL ".join([*facets, postings, total])
    return await tx.all(Count, counted, **_params(tx, asked))


async def place(tx: Tx, asked: Filter, facility_id: str) -> Place | None:
    """The number of an account in the list, and its neighbors."""
    return await tx.one(
        Place,
        f"""
        {_matched(asked)}
        SELECT number, total, previous, following FROM (
            SELECT facility_id, row_number() OVER sorted AS number, count(*) OVER () AS total,
                lag(facility_id) OVER sorted AS previous, lead(facility_id) OVER sorted AS following
            FROM matched WHERE {_where()} WINDOW sorted AS (ORDER BY {_order(asked)})
        ) AS placed WHERE facility_id = %(id)s
        """,
        **_params(tx, asked),
        id=facility_id,
    )


async def due(tx: Tx, ids: Collection[str]) -> dict[str, Due]:
    """What is due next at these accounts."""
    found = await tx.all(
        Due,
        f"""
        SELECT DISTINCT ON (task.facility_id) task.facility_id, task.data ->> 'channel' AS channel, task.day AS due_on
        FROM states AS task WHERE {OPEN} AND task.facility_id = ANY(%(ids)s)
        ORDER BY task.facility_id, task.day, task.id
        """,
        ids=texts(ids),
    )
    return {each.facility_id: each for each in found}


async def breached(tx: Tx, ids: Collection[str]) -> dict[str, tuple[date, int]]:
    """Since when these accounts have waited for too long, and in which tier, by the last breach."""
    found = await tx.dicts(BREACHED.format(where="AND facility_id = ANY(%(ids)s)"), ids=texts(ids))
    return {each["facility_id"]: (each["started_on"], each["tier"]) for each in found}


async def sequence_of_chain(tx: Tx, chain: str) -> list[dict[str, Any]]:
    """The enrollments of a chain that run: sequence, status, and the number of accounts that they cover."""
    return await tx.dicts(
        """
        SELECT data ->> 'sequence' AS sequence, status, jsonb_array_length(data -> 'covers') AS covers
        FROM states WHERE kind = 'enrollment' AND status IN ('active', 'paused', 'blocked')
            AND jsonb_array_length(data -> 'covers') > 1
            AND facility_id IN (SELECT facility_id FROM facilities WHERE chain = %(chain)s)
        """,
        chain=chain,
    )


async def names(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """The names of accounts, by id; without those that no registry has."""
    found = await tx.dicts(
        "SELECT facility_id, name FROM facilities WHERE facility_id = ANY(%(ids)s) AND name IS NOT NULL",
        ids=texts(ids),
    )
    return {row["facility_id"]: row["name"] for row in found}
