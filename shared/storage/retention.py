"""How long are inbox, answered commands, outbox and history kept, and how does what is old go?

All are partitioned by the time in their event ids (UUIDv7), a week to a partition: coming weeks are made ahead, old
ones go whole, which costs nothing however many rows they hold: those of the outbox become the history's, which is read
and never published again, and the others are dropped. Ids that tell no time, and whatever came while no partition was
there for it, lie in a default partition. An outbox row that was never published stays where it is.

A republished event must still be known to the inbox of whoever took it. So the inbox outlives outbox plus stream.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from shared.storage import commands
from shared.storage.database import DatabaseUnavailable, Tx
from shared.storage.transactions import Begin

log = structlog.get_logger()

WEEK = timedelta(days=7)
WEEKS_AHEAD = 2
MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
LOCK_TIMEOUT = "2s"
"""Nobody's work waits longer than this for a change of partitions, which is tried again later."""


def week_of(instant: datetime) -> datetime:
    """The beginning of a week, in UTC."""
    return MONDAY + (instant - MONDAY) // WEEK * WEEK


def earliest_id(instant: datetime) -> UUID:
    """Lower than every UUIDv7 that is made at or after an instant."""
    return UUID(int=max(0, int(instant.timestamp() * 1000)) << 80)


async def id_made_before(tx: Tx, age: timedelta) -> UUID:
    """Lower than every UUIDv7 that is made from so long ago on, by the clock of the database."""
    return earliest_id(await tx.value("SELECT clock_timestamp()") - age)


def cutoff(days: int, now: datetime) -> datetime:
    return now - timedelta(days=days)


def kept_since(outbox_days: int) -> UUID:
    """The lowest id of the events that an outbox is sure to hold."""
    return earliest_id(cutoff(outbox_days, datetime.now(UTC)))


async def keep(begin: Begin, *, inbox_days: int, outbox_days: int, history_days: int) -> None:
    """Make the partitions of the coming weeks and let go of those that are too old; one replica at a time."""
    for table, days in (("inbox", inbox_days), ("outbox", outbox_days), ("history", history_days)):
        try:
            async with begin() as tx:
                if await tx.value("SELECT pg_try_advisory_xact_lock(hashtextextended('retention', 0))"):
                    await _keep(tx, table, days)
        except DatabaseUnavailable as error:
            log.warning("retention.postponed", table=table, error=str(error))


async def _keep(tx: Tx, table: str, days: int) -> None:
    await tx.run(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    now = await tx.value("SELECT clock_timestamp()")
    present = await weeks_of(tx, table)
    if table == "history":
        await _attach_history(tx)
    else:
        for week in (week_of(now) + n * WEEK for n in range(WEEKS_AHEAD + 1)):
            if week not in present:
                await _add(tx, table, week)
    for week in present:
        if week + WEEK <= cutoff(days, now):
            await (_detach(tx, week) if table == "outbox" else _drop(tx, table, week))
    await _prune_default(tx, table, cutoff(days, now))
    if table == "inbox":
        await commands.prune(tx, cutoff(days, now))


async def weeks_of(tx: Tx, table: str) -> list[datetime]:
    """The weeks that have a partition, oldest first."""
    found = await tx.dicts(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = %(table)s::regclass", table=table
    )
    return _weeks(row["name"] for row in found if not row["name"].endswith("_default"))


async def _add(tx: Tx, table: str, week: datetime) -> None:
    """A partition for a week, with what already lies in the default partition of it."""
    name, low, high = _name(table, week), earliest_id(week), earliest_id(week + WEEK)
    # Nobody may add to what is being moved. The indexes come with the attachment.
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
    """Take a week out of the outbox; `_attach_history` takes it up, in a transaction in which no consumer waits."""
    name = _name("outbox", week)
    if await tx.value(
        "SELECT 1 FROM unpublished WHERE event_id >= %(low)s AND event_id < %(high)s LIMIT 1",
        low=earliest_id(week),
        high=earliest_id(week + WEEK),
    ):
        log.warning("retention.unpublished", table=name, hint="the week is kept until all of it is published")
        return
    await tx.run(f"ALTER TABLE outbox DETACH PARTITION {name}")
    await tx.run(f"ALTER TABLE {name} RENAME TO {_name('history', week)}")


async def _attach_history(tx: Tx) -> None:
    """Make detached weeks parts of the history, however long ago they were detached."""
    found = await tx.dicts(
        """
        SELECT relname AS name FROM pg_class LEFT JOIN pg_inherits ON inhrelid = pg_class.oid
        WHERE relkind = 'r' AND relname ~ '^history_[0-9]{8}$' AND inhparent IS NULL
        """
    )
    for week in _weeks(row["name"] for row in found):
        name = _name("history", week)
        await tx.run(f"ALTER TABLE history ATTACH PARTITION {name} {_range(week)}")
        log.info("retention.kept_as_history", table=name)


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
