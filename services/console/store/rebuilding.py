"""How are the read models built anew beside those in use, and then swapped?"""

from __future__ import annotations

from datetime import datetime

from services.console.store.reading import WRITING
from shared.contracts.console_rebuilding import RebuildProgress
from shared.storage.database import Tx

# Tables with everything that the migrations gave them, under the same names: later migrations name indexes.
_COPIES = """
    SELECT format('CREATE TABLE rebuilt.%%I (LIKE read.%%I INCLUDING ALL EXCLUDING INDEXES)', relname, relname)
    FROM pg_class WHERE relnamespace = 'read'::regnamespace AND relkind = 'r'
    UNION ALL
    SELECT format('ALTER TABLE rebuilt.%%I ADD CONSTRAINT %%I %%s', relname, conname, pg_get_constraintdef(key.oid))
    FROM pg_constraint AS key JOIN pg_class ON pg_class.oid = conrelid
    WHERE connamespace = 'read'::regnamespace AND contype IN ('p', 'u')
    UNION ALL
    SELECT replace(indexdef, ' ON read.', ' ON rebuilt.') FROM pg_indexes
    WHERE schemaname = 'read'
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = format('read.%%I', indexname)::regclass)
    UNION ALL
    SELECT format('ALTER TABLE rebuilt.%%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', relname)
    FROM pg_class WHERE relnamespace = 'read'::regnamespace AND relrowsecurity
    UNION ALL
    SELECT format(
        'CREATE POLICY %%I ON rebuilt.%%I AS %%s FOR %%s USING (%%s)', policyname, tablename, permissive, cmd, qual
    ) FROM pg_policies WHERE schemaname = 'read'
"""


async def begin(tx: Tx, steps: int) -> None:
    """Create empty read models beside those in use; from the commit on, events are written to both."""
    await tx.run("SELECT pg_advisory_xact_lock(%(key)s)", key=WRITING)
    await tx.run("DROP SCHEMA IF EXISTS rebuilt CASCADE")
    await tx.run("CREATE SCHEMA rebuilt")
    for row in await tx.dicts(f"SELECT statement FROM ({_COPIES}) AS copies (statement)"):
        await tx.run(row["statement"].replace("%", "%%"))
    await tx.run("DELETE FROM rebuilds")
    await tx.run("INSERT INTO rebuilds (began_at, steps) VALUES (%(now)s, %(steps)s)", now=tx.now, steps=steps)


async def write_to_rebuilt(tx: Tx) -> None:
    """From here on, this transaction writes to the new read models."""
    await tx.run("SET LOCAL search_path = public, rebuilt, kept")


async def advance(tx: Tx, steps: int, events: int) -> bool:
    """Count what was done; returns whether that was the last step."""
    complete: bool = await tx.value(
        "UPDATE rebuilds SET done = done + %(steps)s, events = events + %(events)s RETURNING done = steps",
        steps=steps,
        events=events,
    )
    return complete


async def swap(tx: Tx) -> None:
    """Replace the read models in use by the new ones, unless that has happened."""
    await tx.run("SELECT pg_advisory_xact_lock(%(key)s)", key=WRITING)
    if await running_since(tx):
        await tx.run("DROP SCHEMA read CASCADE")
        await tx.run("ALTER SCHEMA rebuilt RENAME TO read")
        await tx.run("UPDATE rebuilds SET ended_at = %(now)s", now=tx.now)


async def last(tx: Tx) -> RebuildProgress:
    found = await tx.one(RebuildProgress, "SELECT began_at, ended_at, steps, done, events FROM rebuilds FOR UPDATE")
    return found or RebuildProgress()


async def running_since(tx: Tx) -> datetime | None:
    began: datetime | None = await tx.value("SELECT began_at FROM rebuilds WHERE ended_at IS NULL")
    return began
