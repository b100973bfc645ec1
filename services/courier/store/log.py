"""Which events are in the log, and from which position on?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from shared.storage.arrays import texts, uuids
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset

ADDED = "courier_added"
"""The channel of PostgreSQL on which replicas hear that the log grew."""
CHUNK = 20_000
"""Rows that one statement removes."""
LAST = 2**63 - 1
"""The largest position."""


class Entry(NamedTuple):
    """An event to be logged; `data` is its JSON."""

    event_id: UUID
    type: str
    source: str
    key: str
    facility_id: str | None
    at: datetime
    trace: str
    data: str


class Logged(NamedTuple):
    """An event of the log."""

    position: int
    event_id: UUID
    type: str
    source: str
    key: str
    facility_id: str | None
    at: datetime
    trace: str
    data: Any


async def append(tx: Tx, entries: Sequence[Entry]) -> int:
    """Add events in this order, except those that the log has; returns how many. The transaction has the log's lock."""
    return await tx.run(
        """
        INSERT INTO log (event_id, type, source, key, facility_id, at, trace, data)
        SELECT event_id, type, source, key, nullif(facility_id, ''), at, trace, data::json
        FROM unnest(
            %(ids)s, %(types)s, %(sources)s, %(keys)s, %(facilities)s, %(times)s::timestamptz[], %(traces)s, %(data)s
        ) WITH ORDINALITY AS new (event_id, type, source, key, facility_id, at, trace, data, no)
        ORDER BY no ON CONFLICT (event_id) DO NOTHING
        """,
        ids=uuids(each.event_id for each in entries),
        types=texts(each.type for each in entries),
        sources=texts(each.source for each in entries),
        keys=texts(each.key for each in entries),
        facilities=texts(each.facility_id or "" for each in entries),
        times=texts(each.at.isoformat() for each in entries),
        traces=texts(each.trace for each in entries),
        data=texts(each.data for each in entries),
    )


async def announce(tx: Tx) -> None:
    """Tell every process, once this has committed, that the log grew."""
    await tx.run("SELECT pg_notify(%(channel)s, '')", channel=ADDED)


async def save_facts(tx: Tx, values: Sequence[dict[str, Any]], version: str) -> None:
    """Save columns of facilities, whose `version` column only grows; the others keep theirs."""
    names = [name for name in values[0] if name != "facility_id"]
    columns = ", ".join(("facility_id", *names))
    changes = ", ".join(f"{name} = excluded.{name}" for name in names)
    await tx.run(
        f"""
        INSERT INTO facilities ({columns})
        SELECT DISTINCT ON (facility_id) {columns} FROM {recordset("facilities", values)} AS given
        ORDER BY facility_id, {version} DESC
        ON CONFLICT (facility_id) DO UPDATE SET {changes} WHERE facilities.{version} < excluded.{version}
        """,
        rows=rows(values),
    )


async def end(tx: Tx) -> int:
    """The last position; 0 while the log is empty."""
    last: int = await tx.value("SELECT greatest((SELECT max(position) FROM log), (SELECT position FROM removed))")
    return last


async def start(tx: Tx) -> int:
    """The last position that was removed: a cursor before it has missed events."""
    last: int = await tx.value("SELECT position FROM removed")
    return last


async def read(tx: Tx, after: int, types: Collection[str], limit: int, until: int = LAST) -> list[Logged]:
    """The next events of these types after a position, and until another one."""
    return await tx.all(
        Logged,
        """
        SELECT position, event_id, type, source, key, facility_id, at, trace, data FROM log
        WHERE position > %(after)s AND position <= %(until)s AND type = ANY(%(types)s) ORDER BY position LIMIT %(limit)s
        """,
        after=after,
        until=until,
        types=texts(types),
        limit=limit,
    )


async def find(tx: Tx, event_id: UUID) -> Logged | None:
    """An event of the log by its id."""
    return await tx.one(
        Logged,
        """
        SELECT position, event_id, type, source, key, facility_id, at, trace, data FROM log WHERE event_id = %(id)s
        """,
        id=event_id,
    )


async def oldest(tx: Tx, before: UUID) -> int | None:
    """The last position of the first events that are older than an event id, at most `CHUNK`; None without any."""
    last: int | None = await tx.value(
        """
        WITH oldest AS (SELECT position, event_id FROM log ORDER BY position LIMIT %(chunk)s), first_kept AS (
            SELECT min(position) AS position FROM oldest WHERE event_id >= %(before)s
        )
        SELECT max(oldest.position) FROM oldest, first_kept
        WHERE first_kept.position IS NULL OR oldest.position < first_kept.position
        """,
        chunk=CHUNK,
        before=before,
    )
    return last


async def remove(tx: Tx, until: int) -> int:
    """Remove the first events of the log, up to a position; returns how many."""
    await tx.run("UPDATE removed SET position = greatest(position, %(until)s)", until=until)
    return await tx.run("DELETE FROM log WHERE position <= %(until)s", until=until)
