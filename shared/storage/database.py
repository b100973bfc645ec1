"""How does a service read and write its own tables?

A transaction is the unit of work: inbox, effects and outbox commit together or not at all. Statements are plain,
set-based SQL; many rows are passed as one JSON parameter, which `shared.storage.writing.recordset` unpacks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, datetime
from typing import Any, TypeVar, cast

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.rows import class_row, dict_row
from pydantic_core import to_json

from shared.clock import Clock, local_date
from shared.contracts.envelope import Envelope, seal
from shared.contracts.events import Event
from shared.storage import arrays, connecting

R = TypeVar("R")

UNSTORABLE = (
    psycopg.errors.ProgramLimitExceeded,
    psycopg.errors.StringDataRightTruncation,
    psycopg.errors.CharacterNotInRepertoire,
    psycopg.errors.UntranslatableCharacter,
)
"""Errors of PostgreSQL for a text that it can never store; the sender is at fault."""

WOULD_WRITE = "SELECT FROM jobs LIMIT 0 FOR UPDATE"
"""Changes nothing, but fails where writes fail: on a standby, or while writes are disabled."""

READ_ONLY = "25006"
TRANSIENT_CLASSES = ("08", "40", "53", "55", "57")
"""Connection lost, rolled back to break a deadlock, resources exhausted, lock not available, operator intervention
(appendix A of the PostgreSQL manual); not 54, a limit that the same statement would always exceed."""


class DatabaseUnavailable(Exception):
    """PostgreSQL is unreachable, read-only or full, or rolled back to break a deadlock.

    The same transaction may succeed later. It is not the fault of an event, so no try is counted.
    """


def is_transient(error: Exception) -> bool:
    """Whether the same statement may succeed later, by its SQLSTATE; without one, the connection failed."""
    if not isinstance(error, psycopg.Error):
        return False
    if error.sqlstate is None:
        return isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
    if isinstance(error, psycopg.errors.CheckViolation) and not error.diag.constraint_name:
        return True  # a partition was attached while the statement waited, and now the row belongs there
    return error.sqlstate == READ_ONLY or error.sqlstate.startswith(TRANSIENT_CLASSES)


# Locks `keys` of a `kind`, always in the same order; also a part of larger statements.
LOCK = """
    SELECT pg_advisory_xact_lock(key) FROM (
        SELECT DISTINCT hashtextextended(%(kind)s || ':' || k, 0) AS key FROM unnest(%(keys)s::text[]) AS k ORDER BY 1
    ) AS ordered
"""


def unstorable(error: psycopg.Error) -> str:
    """The message to the sender of a text that PostgreSQL can never store."""
    return f"A text of this request cannot be stored: {error.diag.message_primary}. Shorten or clean it."


CLOSE_SECONDS = 1.0
"""How long a connection attempt may still take when its pool is closed."""


def rows(values: Iterable[Any]) -> str:
    """Named tuples, dataclasses, models or dictionaries as JSON, which is the parameter that a `recordset` unpacks."""
    return to_json([cast("Any", value)._asdict() if isinstance(value, tuple) else value for value in values]).decode()


class Tx:
    """One transaction of one service, its time, and the events that it will publish."""

    def __init__(
        self, connection: AsyncConnection[Any], service: str, now: datetime, today: date, cache: dict[str, Any]
    ) -> None:
        self.now = now
        self.today = today
        self.cache = cache
        self.outgoing: list[Envelope] = []
        self.added_work: set[str] = set()
        """The kinds of which items were added, for workers of this process to claim once this has committed."""
        self.dead_lettered: list[str] = []
        """The consumer of each dead letter, to be counted once this transaction has committed."""
        self.actor = ""
        """The sender of the command that is carried out; empty if the cause is an event or a job."""
        self._connection = connection
        self._service = service

    async def run(self, sql: str, **params: Any) -> int:
        """Execute; returns the number of rows affected."""
        return (await self._connection.execute(sql.encode(), params)).rowcount

    async def all(self, into: type[R], sql: str, **params: Any) -> list[R]:
        """All rows, each as `into(**columns)`."""
        async with self._connection.cursor(row_factory=class_row(into)) as cursor:
            await cursor.execute(sql.encode(), params)
            return await cursor.fetchall()

    async def one(self, into: type[R], sql: str, **params: Any) -> R | None:
        found = await self.all(into, sql, **params)
        return found[0] if found else None

    async def dicts(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        async with self._connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(sql.encode(), params)
            return await cursor.fetchall()

    async def value(self, sql: str, **params: Any) -> Any:
        """The first column of the first row; None without a row."""
        row = await (await self._connection.execute(sql.encode(), params)).fetchone()
        return row[0] if row else None

    async def lock(self, kind: str, keys: Iterable[str]) -> None:
        """Lock keys of a kind until the end of the transaction, always in the same order."""
        await self.run(LOCK, kind=kind, keys=arrays.texts(keys))

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Statements and events within it are taken back if it raises; the transaction can go on."""
        before = len(self.outgoing)
        try:
            async with self._connection.transaction():
                yield
        except BaseException:
            del self.outgoing[before:]
            raise

    def emit(self, *events: Event, cause: Event | None = None, subject: str | None = None) -> None:
        """Publish events once this transaction has committed."""
        self.outgoing += [seal(event, self._service, self.now, cause, subject) for event in events]


Begin = Callable[[], AbstractAsyncContextManager[Tx]]
"""Begins a transaction, which commits at its end; raises `DatabaseUnavailable`."""


class Database:
    """A service's pool of connections to its own database, and the transactions on them, at the service's time."""

    def __init__(self, url: str, size: int, service: str, clock: Clock) -> None:
        self._service = service
        self._clock = clock
        self._url = url
        self.cache: dict[str, Any] = {}
        """What handlers keep in the memory of this process."""
        self._pool = connecting.Pool(url, size)

    async def open(self) -> None:
        await self._pool.open()

    async def notices(self, channel: str) -> AsyncIterator[str]:
        """What transactions notify on a channel (`pg_notify`), by a connection of its own.

        An empty text means that it listens now, and what was notified before is lost. Without a connection, or on a
        standby, which refuses to listen, it is tried again every second. A pooler that shares sessions (PgBouncer,
        `transaction`) delivers nothing.
        """
        while True:
            try:
                async with await connecting.connect(self._url) as connection:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                    yield ""
                    async for notice in connection.notifies():
                        yield notice.payload
            except psycopg.Error as error:
                if not is_transient(error):
                    raise
                await asyncio.sleep(1)

    async def close(self) -> None:
        await self._pool.close(CLOSE_SECONDS)

    @asynccontextmanager
    async def begin_internal(self) -> AsyncIterator[Tx]:
        """A transaction of the kernel itself, which publishes no events: `Relay.begin` does."""
        async with self._connection() as connection:
            now = self._clock.now()
            tx = Tx(connection, self._service, now, local_date(now, self._clock.timezone), self.cache)
            yield tx
            assert not tx.outgoing, "an internal transaction publishes no events"  # noqa: S101 - a bug of ours

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection[Any]]:
        """A connection in a transaction, which commits at the end; raises `DatabaseUnavailable`."""
        try:
            async with self._pool.connection() as connection:
                try:
                    async with connection.transaction():
                        yield connection
                except psycopg.errors.ReadOnlySqlTransaction:
                    await connection.close()  # a session that began on a read-only server may stay so
                    raise
        except psycopg.Error as error:
            if is_transient(error):
                raise DatabaseUnavailable(f"{error.sqlstate or type(error).__name__}: {error}") from error
            raise
