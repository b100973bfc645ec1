"""How does a service connect to PostgreSQL, and again after a server was lost?

The servers in a URL may change roles: after a failover, the one that accepts writes is another one.
"""

from __future__ import annotations

import math
from typing import Any

from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool
from psycopg_pool.pool_async import AddConnection, MaintenanceTask
from pydantic_core import from_json

from shared.storage import arrays

WAIT_SECONDS = 10.0
"""How long a transaction waits for a connection of the pool."""
RETRY_SECONDS = 1.0
OPTIONS = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""Of a connection, unless its URL states them. A machine that is gone sends nothing, so it must be missed: while a
connection is made, while it waits for a reply, and while something was sent that is not acknowledged."""


class Pool(AsyncConnectionPool):
    """Connections to one database; as long as none can be made, it tries every second.

    The pool of psycopg doubles the time between tries, so it finds a server that was away for a minute a minute later.
    """

    def __init__(self, url: str, size: int) -> None:
        # Prepared statements belong to the connection; with autocommit, `transaction` sends BEGIN.
        super().__init__(
            url,
            min_size=1,
            max_size=size,
            open=False,
            kwargs={"autocommit": True, **options_for(url)},
            configure=configure,
            timeout=WAIT_SECONDS,
            reconnect_timeout=math.inf,
        )

    async def schedule_task(self, task: MaintenanceTask, delay: float) -> None:
        await super().schedule_task(task, min(delay, RETRY_SECONDS) if isinstance(task, AddConnection) else delay)


async def connect(url: str) -> AsyncConnection[Any]:
    """A connection beside the pool."""
    return await AsyncConnection.connect(url, autocommit=True, **options_for(url))


def options_for(url: str) -> dict[str, Any]:
    """The options of a connection that its URL leaves open."""
    stated = conninfo_to_dict(url)
    return {name: value for name, value in OPTIONS.items() if name not in stated}


async def configure(connection: AsyncConnection[Any]) -> None:
    """Prepare a new connection for the statements of a service."""
    arrays.register(connection.adapters)
    set_json_loads(from_json, connection)
    # A pooler (PgBouncer) reports a made-up process id, and may route each transaction to another server process, where
    # earlier prepared statements do not exist.
    row = await (await connection.execute("SELECT pg_backend_pid()")).fetchone()
    if row and row[0] != connection.info.backend_pid:
        connection.prepare_threshold = None
