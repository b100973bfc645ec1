"""Which rule allowed each posting, when did it come, and from where? The ledger is append-only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.storage.database import Tx, rows
from shared.storage.writing import insert, recordset

_COLUMNS = """
    fetch_no, source, kind, adapter, rule, rule_sha256, detail, actor, import_id, started_at, finished_at, requests,
    bytes, outcome, note, new, seen, again, refused, refusals, closed
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger."""

    fetch_no: int
    source: str
    kind: str
    rule: str
    detail: str
    started_at: datetime
    finished_at: datetime
    outcome: str
    rule_sha256: str | None = None
    adapter: str | None = None
    actor: str | None = None
    import_id: UUID | None = None
    requests: int = 0
    bytes: int = 0
    note: str | None = None
    new: int = 0
    seen: int = 0
    again: int = 0
    refused: int = 0
    refusals: Mapping[str, int] = field(default_factory=dict)
    closed: int = 0


async def numbers(tx: Tx, count: int) -> list[int]:
    """Numbers of rows to be written in this transaction."""
    if not count:
        return []
    found: list[int] = await tx.value(
        """
        SELECT array_agg(nextval(pg_get_serial_sequence('fetches', 'fetch_no'))) FROM generate_series(1, %(count)s)
        """,
        count=count,
    )
    return found


async def write(tx: Tx, entries: Sequence[Entry]) -> None:
    if entries:
        await tx.run(
            f"""
            INSERT INTO fetches ({_COLUMNS}) OVERRIDING SYSTEM VALUE
            SELECT {_COLUMNS} FROM {recordset("fetches", entries)} AS given
            """,
            rows=rows(entries),
        )


async def page(
    tx: Tx,
    source: str | None = None,
    day: tuple[datetime, datetime] | None = None,
    rule: str | None = None,
    before: int | None = None,
    *,
    limit: int,
) -> list[dict[str, Any]]:
    """Rows of a source, of the instants of a day, and by a rule, the newest first."""
    first, last = day or (None, None)
    return await tx.dicts(
        f"""
        SELECT {_COLUMNS} FROM fetches
        WHERE (%(source)s::text IS NULL OR source = %(source)s)
          AND (%(first)s::timestamptz IS NULL OR (started_at >= %(first)s AND started_at < %(last)s))
          AND (%(rule)s::text IS NULL OR rule = %(rule)s)
          AND (%(before)s::bigint IS NULL OR fetch_no < %(before)s)
        ORDER BY fetch_no DESC LIMIT %(limit)s
        """,
        source=source,
        first=first,
        last=last,
        rule=rule,
        before=before,
        limit=limit,
    )


async def totals(tx: Tx, source: str | None) -> list[dict[str, Any]]:
    """By kind and rule: rows, and what came with them."""
    return await tx.dicts(
        """
        SELECT kind, rule, count(*) AS rows, coalesce(sum(requests), 0) AS requests, coalesce(sum(new), 0) AS new,
               coalesce(sum(refused), 0) AS refused, coalesce(sum(closed), 0) AS closed
        FROM fetches WHERE %(source)s::text IS NULL OR source = %(source)s
        GROUP BY kind, rule ORDER BY kind, rule
        """,
        source=source,
    )


async def accounted(tx: Tx, source: str | None) -> tuple[int, int]:
    """How many postings there are, and for how many of them the ledger has no row."""
    (found,) = await tx.dicts(
        """
        SELECT count(*) AS postings, count(*) FILTER (WHERE fetch_no IS NULL OR NOT EXISTS (
            SELECT FROM fetches WHERE fetches.fetch_no = raw_postings.fetch_no)) AS missing
        FROM postings LEFT JOIN raw_postings ON raw_no = content_raw_no
        WHERE %(source)s::text IS NULL OR postings.source = %(source)s
        """,
        source=source,
    )
    return found["postings"], found["missing"]


async def sightings(tx: Tx, source: str, source_posting_id: str) -> list[dict[str, Any]]:
    """The recorded contents of a posting, the oldest first, each with its row of the ledger, if it has one."""
    return await tx.dicts(
        """
        SELECT raw_no, seen_at, seen_on, raw_postings.closed_on, content->>'title' AS title, to_jsonb(fetches) AS entry
        FROM raw_postings LEFT JOIN fetches USING (fetch_no)
        WHERE raw_postings.source = %(source)s AND source_posting_id = %(id)s ORDER BY raw_no
        """,
        source=source,
        id=source_posting_id,
    )


async def entry(tx: Tx, fetch_no: int) -> dict[str, Any] | None:
    found = await tx.dicts(f"SELECT {_COLUMNS} FROM fetches WHERE fetch_no = %(no)s", no=fetch_no)
    return found[0] if found else None


async def last_entries(tx: Tx) -> dict[str, dict[str, Any]]:
    """The newest row of every source that has any, by source, without reading the whole ledger."""
    found = await tx.dicts(
        f"""
        WITH RECURSIVE known AS (
            (SELECT source FROM fetches ORDER BY source LIMIT 1)
            UNION ALL
            SELECT (SELECT f.source FROM fetches AS f WHERE f.source > known.source ORDER BY f.source LIMIT 1)
            FROM known WHERE known.source IS NOT NULL
        )
        SELECT last.* FROM known, LATERAL (
            SELECT {_COLUMNS} FROM fetches WHERE fetches.source = known.source ORDER BY fetch_no DESC LIMIT 1
        ) AS last
        WHERE known.source IS NOT NULL
        """
    )
    return {row["source"]: row for row in found}


async def remember_robots(tx: Tx, texts: Mapping[str, bytes]) -> None:
    """Keep each text of a robots.txt that the ledger refers to."""
    await insert(
        tx,
        "robots_texts",
        [
            {"sha256": sha256, "content": f"\\x{content.hex()}", "first_seen_at": tx.now}
            for sha256, content in texts.items()
        ],
    )


async def newest(tx: Tx) -> int:
    """The number of the newest row; 0 without any."""
    return int(await tx.value("SELECT coalesce(max(fetch_no), 0) FROM fetches"))
