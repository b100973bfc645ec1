"""Which webhooks are there, which of them wait for an event, and what do they get next?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.courier.domain.webhooks import Due, Webhook
from shared.storage.arrays import texts
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset, upsert

WINDOW = 10_000
"""Events of the log that one slice looks at, whether the webhook gets them or not."""
_COLUMNS = ", ".join(Webhook._fields)
# What of the log a webhook gets. What its own failures are about is nothing that it can be sent.
WANTED = """
    log.type LIKE ANY (hook.patterns) AND (hook.personal OR log.type <> ALL (%(personal)s))
    AND NOT (log.type = 'delivery.failed' AND log.key = hook.name)
    AND ((hook.tiers IS NULL AND hook.states IS NULL AND hook.owners IS NULL) OR EXISTS (
        SELECT FROM facilities WHERE facilities.facility_id = log.facility_id
            AND (hook.tiers IS NULL OR tier = ANY (hook.tiers))
            AND (hook.states IS NULL OR state = ANY (hook.states))
            AND (hook.owners IS NULL OR owner = ANY (hook.owners))
    ))
"""


async def find(tx: Tx, names: Collection[str] | None = None) -> dict[str, Webhook]:
    """These webhooks, or all of them, by name."""
    found = await tx.all(
        Webhook,
        f"""
        SELECT {_COLUMNS} FROM webhooks WHERE %(all)s OR name = ANY(%(names)s) ORDER BY name
        """,
        all=names is None,
        names=texts(names or ()),
    )
    return {each.name: each for each in found}


async def save(tx: Tx, webhook: Webhook) -> None:
    await upsert(tx, "webhooks", [webhook], key=("name",))


async def remove(tx: Tx, name: str) -> None:
    """Remove a webhook with its deliveries."""
    await tx.run("DELETE FROM webhooks WHERE name = %(name)s", name=name)


async def change(tx: Tx, values: Sequence[Mapping[str, Any]]) -> None:
    """Set the given columns of webhooks, each a mapping with its `name` and the same other columns."""
    if not values:
        return
    changes = ", ".join(f"{name} = new.{name}" for name in values[0] if name != "name")
    await tx.run(
        f"""
        UPDATE webhooks SET {changes} FROM {recordset("webhooks", values)} AS new WHERE webhooks.name = new.name
        """,
        rows=rows(values),
    )


async def skip(tx: Tx, until: int) -> None:
    """Let webhooks that have not come to a position go on after it."""
    await tx.run("UPDATE webhooks SET position = %(until)s WHERE position < %(until)s", until=until)


async def waiting_for(tx: Tx, types: Collection[str]) -> list[str]:
    """The webhooks that get events of these types; not those that are paused."""
    found = await tx.dicts(
        """
        SELECT name FROM webhooks WHERE paused_at IS NULL
            AND EXISTS (SELECT FROM unnest(%(types)s) AS type WHERE type LIKE ANY (patterns))
        """,
        types=texts(types),
    )
    return [row["name"] for row in found]


async def at_rest(tx: Tx, names: Collection[str]) -> set[str]:
    """Those of these webhooks that rest."""
    found = await tx.dicts(
        "SELECT name FROM webhooks WHERE name = ANY(%(names)s) AND rest_until > %(now)s", names=texts(names), now=tx.now
    )
    return {row["name"] for row in found}


async def due_again(tx: Tx, names: Collection[str], limit: int) -> list[Due]:
    """The first deliveries of each webhook that are due, in the order of the log; tests, which are not in it, first."""
    return await tx.all(
        Due,
        """
        SELECT hook.name AS webhook, due.* FROM webhooks AS hook CROSS JOIN LATERAL (
            SELECT position, attempts, delivery.event_id, delivery.type, coalesce(log.source, 'courier') AS source,
                delivery.key, coalesce(log.at, %(now)s) AS at, coalesce(log.trace, '') AS trace,
                coalesce(log.data, '{}'::json) AS data
            FROM deliveries AS delivery LEFT JOIN log USING (position)
            WHERE webhook = hook.name AND state = 'waiting' AND next_at <= %(now)s
                AND (position < 0 OR log.position IS NOT NULL)
            ORDER BY position LIMIT %(limit)s
        ) AS due
        WHERE hook.name = ANY(%(names)s)
        """,
        names=texts(names),
        now=tx.now,
        limit=limit,
    )


async def next_events(tx: Tx, names: Collection[str], personal: Collection[str], limit: int) -> list[Due]:
    """The next events of the log that each webhook gets."""
    return await tx.all(
        Due,
        f"""
        SELECT hook.name AS webhook, due.position, -1 AS attempts, due.event_id, due.type, due.source, due.key, due.at,
            due.trace, due.data
        FROM webhooks AS hook CROSS JOIN LATERAL (
            SELECT log.* FROM log
            WHERE log.position > hook.position AND log.position <= hook.position + {WINDOW} AND {WANTED}
            ORDER BY log.position LIMIT %(limit)s
        ) AS due
        WHERE hook.name = ANY(%(names)s)
        """,
        names=texts(names),
        personal=texts(personal),
        limit=limit,
    )


async def with_more(tx: Tx, names: Collection[str], personal: Collection[str]) -> set[str]:
    """The webhooks that have an event of the log before them, or have not looked at all of it."""
    found = await tx.dicts(
        f"""
        SELECT name FROM webhooks AS hook WHERE name = ANY(%(names)s) AND (
            EXISTS (SELECT FROM log WHERE log.position > hook.position AND log.position <= hook.position + {WINDOW}
                AND {WANTED})
            OR EXISTS (SELECT FROM log WHERE log.position > hook.position + {WINDOW})
        )
        """,
        names=texts(names),
        personal=texts(personal),
    )
    return {row["name"] for row in found}


async def next_attempts(tx: Tx, names: Collection[str]) -> dict[str, datetime]:
    """When the next delivery of each webhook is due again; no webhook that has none."""
    found = await tx.dicts(
        """
        SELECT webhook, min(next_at) AS at FROM deliveries
        WHERE webhook = ANY(%(names)s) AND state = 'waiting' GROUP BY webhook
        """,
        names=texts(names),
    )
    return {row["webhook"]: row["at"] for row in found}
