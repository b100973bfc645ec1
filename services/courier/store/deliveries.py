"""What came of each event that a webhook got, or is still to get?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.courier.domain.webhooks import Webhook
from services.courier.store.webhooks import WANTED
from shared.storage.arrays import texts
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset

CHUNK = 20_000
"""Rows that one statement removes."""


class Delivery(NamedTuple):
    """An event for a webhook, and what came of it so far."""

    webhook: str
    position: int
    event_id: UUID
    type: str
    key: str
    state: str
    attempts: int
    next_at: datetime | None
    first_at: datetime | None
    last_at: datetime | None
    status: int | None
    millis: int | None
    answer: str | None
    error: str | None


_COLUMNS = ", ".join(Delivery._fields)
_KEPT = "first_at = coalesce(deliveries.first_at, excluded.first_at)"
_REPLACED = ", ".join(
    f"{name} = excluded.{name}"
    for name in ("state", "attempts", "next_at", "last_at", "status", "millis", "answer", "error")
)


async def save(tx: Tx, deliveries: Sequence[Delivery]) -> None:
    """Add deliveries, or replace what came of them."""
    if deliveries:
        await tx.run(
            f"""
            INSERT INTO deliveries ({_COLUMNS}) SELECT {_COLUMNS} FROM {recordset("deliveries", deliveries)} AS new
            ON CONFLICT (webhook, position) DO UPDATE SET {_REPLACED}, {_KEPT}
            """,
            rows=rows(deliveries),
        )


async def unfinished_keys(tx: Tx, names: Collection[str]) -> dict[str, set[str]]:
    """What each of these webhooks has an unfinished delivery about."""
    found = await tx.dicts(
        """
        SELECT DISTINCT webhook, key FROM deliveries
        WHERE webhook = ANY(%(names)s) AND state IN ('waiting', 'blocked') AND position > 0
        """,
        names=texts(names),
    )
    keys: dict[str, set[str]] = {}
    for row in found:
        keys.setdefault(row["webhook"], set()).add(row["key"])
    return keys


async def block(tx: Tx, names: Collection[str], keys: Collection[str] | None = None) -> None:
    """Block what has an earlier delivery of its key that waits for its next attempt, and nothing else.

    `keys`: what the deliveries are about; None: anything.
    """
    await tx.run(
        """
        UPDATE deliveries SET state = CASE WHEN is_behind THEN 'blocked' ELSE 'waiting' END,
            next_at = CASE WHEN is_behind THEN NULL ELSE %(now)s END
        FROM (
            SELECT webhook AS name, position AS number, coalesce(bool_or(state = 'waiting' AND next_at > %(now)s) OVER (
                PARTITION BY webhook, key ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), false) AS is_behind
            FROM deliveries
            WHERE webhook = ANY(%(names)s) AND state IN ('waiting', 'blocked') AND position > 0
                AND (%(all)s OR key = ANY(%(keys)s))
        ) AS found
        WHERE webhook = name AND position = number AND (state = 'blocked') <> is_behind
        """,
        names=texts(names),
        keys=texts(keys or ()),
        all=keys is None,
        now=tx.now,
    )


async def drop(tx: Tx, names: Collection[str], types: Collection[str]) -> None:
    """Remove what these webhooks were still to get of these types."""
    await tx.run(
        """
        DELETE FROM deliveries
        WHERE webhook = ANY(%(names)s) AND state IN ('waiting', 'blocked') AND type = ANY(%(types)s)
        """,
        names=texts(names),
        types=texts(types),
    )


async def replay(tx: Tx, webhook: Webhook, after: int, until: int, personal: Collection[str]) -> int:
    """Let a webhook get what it wants of the log anew, after a position and up to another one; returns how many."""
    return await tx.run(
        f"""
        INSERT INTO deliveries (webhook, position, event_id, type, key, state, attempts, next_at)
        SELECT hook.name, log.position, log.event_id, log.type, log.key, 'waiting', 0, %(now)s
        FROM webhooks AS hook, log
        WHERE hook.name = %(name)s AND log.position > %(after)s AND log.position <= %(until)s AND {WANTED}
        ON CONFLICT (webhook, position) DO UPDATE SET state = 'waiting', attempts = 0, next_at = %(now)s
        """,
        name=webhook.name,
        after=after,
        until=until,
        personal=texts(personal),
        now=tx.now,
    )


async def replay_some(tx: Tx, webhook: Webhook, positions: Collection[int], personal: Collection[str]) -> int:
    """Let a webhook get these events anew; returns how many of them it ever got, or was to get, and may get."""
    return await tx.run(
        """
        UPDATE deliveries SET state = 'waiting', attempts = 0, next_at = %(now)s
        WHERE webhook = %(name)s AND position = ANY(%(positions)s) AND (%(marked)s OR type <> ALL (%(personal)s))
        """,
        name=webhook.name,
        positions=list(positions),
        marked=webhook.personal,
        personal=texts(personal),
        now=tx.now,
    )


async def give_up(tx: Tx, until: int, personal: Collection[str], error: str) -> dict[str, int]:
    """Let everything fail that webhooks were still to get of the log up to a position; returns how many, by webhook."""
    found = await tx.dicts(
        f"""
        WITH unread AS (
            INSERT INTO deliveries (webhook, position, event_id, type, key, state, attempts, last_at, error)
            SELECT hook.name, log.position, log.event_id, log.type, log.key, 'failed', 0, %(now)s, %(error)s
            FROM webhooks AS hook, log
            WHERE log.position > hook.position AND log.position <= %(until)s AND {WANTED}
            ON CONFLICT (webhook, position) DO NOTHING RETURNING webhook
        ), unfinished AS (
            UPDATE deliveries SET state = 'failed', next_at = NULL, last_at = %(now)s, error = %(error)s
            WHERE position > 0 AND position <= %(until)s AND state IN ('waiting', 'blocked') RETURNING webhook
        )
        SELECT webhook, count(*) AS number FROM (SELECT * FROM unread UNION ALL SELECT * FROM unfinished) AS lost
        GROUP BY webhook ORDER BY webhook
        """,
        until=until,
        personal=texts(personal),
        error=error,
        now=tx.now,
    )
    return {row["webhook"]: row["number"] for row in found}


async def hasten(tx: Tx, name: str) -> None:
    """Let everything be due that waits for its next attempt."""
    await tx.run(
        "UPDATE deliveries SET next_at = %(now)s WHERE webhook = %(name)s AND state = 'waiting'", name=name, now=tx.now
    )


async def add_test(tx: Tx, name: str, event_id: UUID, event_type: str) -> int:
    """Add a test, which is due now; returns its position, which is below 0."""
    position: int = await tx.value(
        """
        INSERT INTO deliveries (webhook, position, event_id, type, key, state, attempts, next_at)
        SELECT %(name)s, least(0, min(position)) - 1, %(event_id)s, %(type)s, %(name)s, 'waiting', 0, %(now)s
        FROM deliveries WHERE webhook = %(name)s
        RETURNING position
        """,
        name=name,
        event_id=event_id,
        type=event_type,
        now=tx.now,
    )
    return position


async def page(tx: Tx, name: str, states: Collection[str], before: int, limit: int) -> list[Delivery]:
    """Deliveries of a webhook in these states, the last of the log first."""
    return await tx.all(
        Delivery,
        f"""
        SELECT {_COLUMNS} FROM deliveries
        WHERE webhook = %(name)s AND state = ANY(%(states)s) AND position < %(before)s
        ORDER BY position DESC LIMIT %(limit)s
        """,
        name=name,
        states=texts(states),
        before=before,
        limit=limit,
    )


async def find(tx: Tx, name: str, position: int) -> Delivery | None:
    return await tx.one(
        Delivery,
        f"SELECT {_COLUMNS} FROM deliveries WHERE webhook = %(name)s AND position = %(position)s",
        name=name,
        position=position,
    )


async def counts(tx: Tx, names: Collection[str]) -> dict[str, dict[str, int]]:
    """How many deliveries each of these webhooks has, by state."""
    found = await tx.dicts(
        """
        SELECT webhook, state, count(*) AS number FROM deliveries
        WHERE webhook = ANY(%(names)s) AND position > 0 GROUP BY webhook, state
        """,
        names=texts(names),
    )
    numbers: dict[str, dict[str, int]] = {}
    for row in found:
        numbers.setdefault(row["webhook"], {})[row["state"]] = row["number"]
    return numbers


async def last_errors(tx: Tx, names: Collection[str]) -> dict[str, str]:
    """Why the last attempt that failed of each of these webhooks did."""
    found = await tx.dicts(
        """
        SELECT DISTINCT ON (webhook) webhook, error FROM deliveries
        WHERE webhook = ANY(%(names)s) AND state IN ('waiting', 'failed') AND error IS NOT NULL
        ORDER BY webhook, last_at DESC
        """,
        names=texts(names),
    )
    return {row["webhook"]: row["error"] for row in found}


async def prune(tx: Tx, before: datetime) -> int:
    """Remove deliveries that ended before an instant; returns how many, at most `CHUNK`."""
    return await tx.run(
        """
        DELETE FROM deliveries WHERE (webhook, position) IN (
            SELECT webhook, position FROM deliveries
            WHERE state IN ('delivered', 'failed') AND last_at < %(before)s LIMIT %(chunk)s
        )
        """,
        before=before,
        chunk=CHUNK,
    )
