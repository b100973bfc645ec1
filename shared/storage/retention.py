"""How long are inbox, commands, outbox and history kept, and how are old rows removed?

Inbox, outbox and history are partitioned by week, by the time in their event ids (UUIDv7). Partitions are created ahead
of time and removed as a unit, at a cost that does not depend on the number of their rows: old weeks of the outbox
become weeks of the history, which can be read but is never republished; those of inbox and history are dropped. A
default partition contains ids without a time, and rows for which no partition existed. An outbox row that was never
published stays.

The inbox of a consumer must still contain a republished event, so it is kept for longer than outbox and stream
together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from shared.clock import real_time
from shared.storage import commands
from shared.storage.database import Begin, DatabaseUnavailable, Tx

log = structlog.get_logger()

WEEK = timedelta(days=7)
WEEKS_AHEAD = 2
MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
LOCK_TIMEOUT = "2s"
"""No transaction waits longer than this for a change of partitions, which is retried later."""


def week_of(instant: datetime) -> datetime:
    """The beginning of a week, in UTC."""
    return MONDAY + (instant - MONDAY) // WEEK * WEEK


def earliest_id(instant: datetime) -> UUID:
    """Lower than every UUIDv7 made at or after an instant."""
    return UUID(int=max(0, int(instant.timestamp() * 1000)) << 80)


def earliest_id_within(age: timedelta) -> UUID:
    """Lower than every UUIDv7 made since `age` ago."""
    return earliest_id(real_time() - age)


async def maintain(begin: Begin, *, inbox_days: int, outbox_days: int, history_days: int) -> None:
    """Create the partitions of the coming weeks and remove those that are too old; one replica at a time."""
    for table, days in (("inbox", inbox_days), ("outbox", outbox_days), ("history", history_days)):
        try:
            async with begin() as tx:
                if await tx.value("SELECT pg_try_advisory_xact_lock(hashtextextended('retention', 0))"):
                    await _maintain(tx, table, days)
        except DatabaseUnavailable as error:
            log.warning("retention.postponed", table=table, error=str(error))


async def _maintain(tx: Tx, table: str, days: int) -> None:
    await tx.run(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    now = await tx.value("SELECT clock_timestamp()")
    before = now - timedelta(days=days)
    present = await weeks_of(tx, table)
    if table == "history":
        await _attach_history(tx)
    else:
        for week in (week_of(now) + n * WEEK for n in range(WEEKS_AHEAD + 1)):
            if week not in present:
                await _add(tx, table, week)
    for week in present:
        if week + WEEK <= before:
            await (_detach(tx, week) if table == "outbox" else _drop(tx, table, week))
    await _prune_default(tx, table, before)
    if table == "inbox":
        await commands.prune(tx, before)


async def weeks_of(tx: Tx, table: str) -> list[datetime]:
    """The weeks that have a partition, oldest first."""
    found = await tx.dicts(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = %(table)s::regclass", table=table
    )
    return _weeks(row["name"] for row in found if not row["name"].endswith("_default"))


async def _add(tx: Tx, table: str, week: datetime) -> None:
    """Create the partition of a week, with the rows of that week from the default partition."""
    name, low, high = _name(table, week), earliest_id(week), earliest_id(week + WEEK)
    # Rows must not be added to the default partition meanwhile. Attaching creates the indexes.
    await tx.run(f"LOCK TABLE {table}_default IN ACCESS EXCLUSIVE MODE")
    await tx.run(f"CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS)")
    await tx.run(
        f"WITH moved AS (DELETE FROM {table}_default WHERE event_id >= '{low}' AND event_id < '{high}' RETURNING *)"
        f" INSERT INTO {name} SELECT * FROM moved"
    )
    await tx.run(f"ALTER TABLE {table} ATTACH PARTITION {name} {_range(week)}")


async def _drop(tx: Tx, table: str, week: datetime) -> None:
    await tx.run(f"DROP TABLE {_name(table, week)}")
    log.info("retention.dropped", table=_name(table, week))


async def _detach(tx: Tx, week: datetime) -> None:
    """Detach a week from the outbox; `_attach_history` attaches it in another transaction, which blocks no consumer."""
    name = _name("outbox", week)
    if await tx.value(
        "SELECT 1 FROM unpublished WHERE event_id >= %(low)s AND event_id < %(high)s LIMIT 1",
        low=earliest_id(week),
        high=earliest_id(week + WEEK),
    ):
        log.warning("retention.unpublished", table=name, hint="the week stays until all of its events are published")
        return
    await tx.run(f"ALTER TABLE outbox DETACH PARTITION {name}")
    await tx.run(f"ALTER TABLE {name} RENAME TO {_name('history', week)}")


async def _attach_history(tx: Tx) -> None:
    """Attach all detached weeks to the history."""
    found = await tx.dicts(
        """
        SELECT relname AS name FROM pg_class LEFT JOIN pg_inherits ON inhrelid = pg_class.oid
        WHERE relkind = 'r' AND relname ~ '^history_[0-9]{8}$' AND inhparent IS NULL
        """
    )
    for week in _weeks(row["name"] for row in found):
        name = _name("history", week)
        await tx.run(f"ALTER TABLE history ATTACH PARTITION {name} {_range(week)}")
        log.info("retention.moved_to_history", table=name)


async def _prune_default(tx: Tx, table: str, before: datetime) -> None:
    if table == "inbox":
        await tx.run("DELETE FROM inbox_default WHERE taken_at < %(before)s", before=before)
    elif table == "history":
        await tx.run("DELETE FROM history_default WHERE stored_at < %(before)s", before=before)
    else:
        await tx.run(
            """
            WITH old AS (
                DELETE FROM outbox_default AS d
                WHERE stored_at < %(before)s AND NOT EXISTS (SELECT FROM unpublished u WHERE u.event_id = d.event_id)
                RETURNING *
            )
            INSERT INTO history SELECT * FROM old
            """,
            before=before,
        )


def _weeks(tables: Iterable[str]) -> list[datetime]:
    return [datetime.strptime(name.rpartition("_")[2], "%Y%m%d").replace(tzinfo=UTC) for name in sorted(tables)]


def _range(week: datetime) -> str:
    return f"FOR VALUES FROM ('{earliest_id(week)}') TO ('{earliest_id(week + WEEK)}')"


def _name(table: str, week: datetime) -> str:
    return f"{table}_{week:%Y%m%d}"
