"""Which sources are fetched, and which of them is due?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.ingest.domain.fetches import Robots, Source
from shared.storage.arrays import texts
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset, upsert

_COLUMNS = ", ".join(Source._fields)


async def find(tx: Tx, names: Collection[str] | None = None) -> dict[str, Source]:
    """These sources, or all of them, by name."""
    found = await tx.all(
        Source,
        f"""
        SELECT {_COLUMNS} FROM sources WHERE %(all)s OR name = ANY(%(names)s) ORDER BY name
        """,
        all=names is None,
        names=texts(names or ()),
    )
    return {each.name: each for each in found}


async def sharing(tx: Tx, hosts: Collection[str]) -> list[str]:
    """The lanes of the sources that are on one of these hosts."""
    found = await tx.dicts(
        """
        SELECT DISTINCT lane FROM sources WHERE hosts && %(hosts)s::text[] ORDER BY lane
        """,
        hosts=texts(hosts),
    )
    return [row["lane"] for row in found]


async def join_lanes(tx: Tx, lanes: Sequence[str], lane: str) -> None:
    await tx.run("UPDATE sources SET lane = %(lane)s WHERE lane = ANY(%(lanes)s)", lane=lane, lanes=texts(lanes))


async def due(tx: Tx, lanes: Collection[str], limit: int) -> list[Source]:
    """The next sources of each lane that are due, at most `limit` of one: tests first, then the longest due."""
    return await tx.all(
        Source,
        f"""
        SELECT due.* FROM unnest(%(lanes)s) AS wanted(lane) CROSS JOIN LATERAL (
            SELECT {_COLUMNS} FROM sources
            WHERE sources.lane = wanted.lane AND (test_asked_at IS NOT NULL OR (NOT paused AND next_at <= %(now)s))
            ORDER BY test_asked_at NULLS LAST, next_at, name LIMIT %(limit)s
        ) AS due
        """,
        lanes=texts(lanes),
        now=tx.now,
        limit=limit,
    )


async def next_of(tx: Tx, lanes: Collection[str]) -> dict[str, datetime]:
    """When the next source of each lane is due; no lane that has none."""
    found = await tx.dicts(
        """
        SELECT lane, min(CASE WHEN test_asked_at IS NULL THEN next_at ELSE %(now)s END) AS next_at FROM sources
        WHERE lane = ANY(%(lanes)s) AND (NOT paused OR test_asked_at IS NOT NULL) GROUP BY lane
        """,
        lanes=texts(lanes),
        now=tx.now,
    )
    return {row["lane"]: row["next_at"] for row in found}


async def save(tx: Tx, sources: Collection[Source]) -> None:
    await upsert(tx, "sources", sources, key=("name",))


async def change(tx: Tx, changes: Sequence[Mapping[str, Any]]) -> None:
    """Change the state of sources, each by its name; all of them in the same columns."""
    if not changes:
        return
    columns = ", ".join(f"{name} = given.{name}" for name in changes[0] if name != "name")
    await tx.run(
        f"UPDATE sources SET {columns} FROM {recordset('sources', changes)} AS given WHERE sources.name = given.name",
        rows=rows(changes),
    )


async def forget_pages(tx: Tx, name: str) -> None:
    """Ask for every page of a source anew. What it has listed so far stays, and is closed if it is not listed again."""
    await tx.run("DELETE FROM source_pages WHERE source = %(name)s", name=name)


async def remove(tx: Tx, name: str) -> None:
    """Forget a source. Its postings and its rows of the ledger stay."""
    for table, column in (("source_pages", "source"), ("source_listings", "source"), ("sources", "name")):
        await tx.run(f"DELETE FROM {table} WHERE {column} = %(name)s", name=name)


# --- hosts ----------------------------------------------------------------------------------------------------------


async def robots_of(tx: Tx, hosts: Collection[str]) -> dict[str, Robots]:
    found = await tx.all(
        Robots,
        """
        SELECT host, robots_status AS status, robots_sha256 AS sha256, content, robots_at AS fetched_at
        FROM hosts JOIN robots_texts ON sha256 = robots_sha256 WHERE host = ANY(%(hosts)s)
        """,
        hosts=texts(hosts),
    )
    return {each.host: each for each in found}


async def waits(tx: Tx, hosts: Collection[str]) -> dict[str, float]:
    """Seconds of real time until each host may be asked again; none for one that may be asked now."""
    found = await tx.dicts(
        """
        SELECT host, extract(epoch FROM free_at - clock_timestamp())::float AS seconds FROM hosts
        WHERE host = ANY(%(hosts)s) AND free_at > clock_timestamp()
        """,
        hosts=texts(hosts),
    )
    return {row["host"]: row["seconds"] for row in found}


async def pace(tx: Tx, seconds: Mapping[str, float]) -> None:
    """Record when hosts may be asked again."""
    if seconds:
        await tx.run(
            """
            INSERT INTO hosts (host, free_at)
            SELECT host, clock_timestamp() + make_interval(secs => wait)
            FROM unnest(%(hosts)s::text[], %(waits)s::float[]) AS given (host, wait)
            ON CONFLICT (host) DO UPDATE SET free_at = greatest(hosts.free_at, excluded.free_at)
            """,
            hosts=texts(seconds),
            waits=list(seconds.values()),
        )


async def postpone(tx: Tx, until: Mapping[str, datetime]) -> None:
    """Let no source of these hosts be due before then, because the hosts asked us to wait."""
    if until:
        await tx.run(
            """
            UPDATE sources SET next_at = greatest(next_at, until)
            FROM unnest(%(hosts)s::text[], %(until)s::timestamptz[]) AS given (host, until) WHERE host = ANY(hosts)
            """,
            hosts=texts(until),
            until=list(until.values()),
        )


async def remember_robots(tx: Tx, robots: Collection[Robots]) -> None:
    await upsert(
        tx,
        "hosts",
        [
            {
                "host": each.host,
                "robots_status": each.status,
                "robots_sha256": each.sha256,
                "robots_at": each.fetched_at,
            }
            for each in {each.host: each for each in robots}.values()
        ],
        key=("host",),
    )
