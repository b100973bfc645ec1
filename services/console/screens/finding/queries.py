"""Which chains and people fit what was typed?"""

from __future__ import annotations

from dataclasses import dataclass

from shared.storage.database import Tx

FOUND_BY = """
    lower(concat_ws(
        ' ', person ->> 'name', person ->> 'display_name', person ->> 'email',
        regexp_replace(person ->> 'direct_phone', '[^0-9]', '', 'g')
    ))
"""


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain, and the number of its accounts."""

    name: str
    members: int


@dataclass(frozen=True, slots=True)
class Person:
    """A person whom a task addresses."""

    name: str
    role: str
    facility_id: str
    account: str


async def chains(tx: Tx, patterns: list[str], limit: int) -> list[Chain]:
    return await tx.all(
        Chain,
        f"""
        SELECT chain AS name, count(*) AS members FROM facilities
        WHERE listed AND chain IS NOT NULL {_each("lower(chain)", patterns)}
        GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(limit)s
        """,
        **_params(patterns),
        limit=limit,
    )


async def people(tx: Tx, patterns: list[str], limit: int) -> list[Person]:
    """None for those who may not see people, whom row-level security shows nothing."""
    return await tx.all(
        Person,
        f"""
        SELECT DISTINCT ON (1, 3) coalesce(person ->> 'display_name', person ->> 'name') AS name,
            task.data ->> 'persona' AS role, task.facility_id, task.data ->> 'facility_name' AS account
        FROM personal JOIN states AS task USING (kind, id),
            LATERAL (SELECT personal.data -> 'person' AS person) AS found
        WHERE personal.kind = 'task' AND person ->> 'name' IS NOT NULL
            {_each(FOUND_BY, patterns)}
        ORDER BY 1, 3 LIMIT %(limit)s
        """,
        **_params(patterns),
        limit=limit,
    )


def _each(text: str, patterns: list[str]) -> str:
    return " ".join(f"AND {text} LIKE %(word{number})s" for number, _ in enumerate(patterns))


def _params(patterns: list[str]) -> dict[str, str]:
    return {f"word{number}": pattern for number, pattern in enumerate(patterns)}
