"""Which calls outside are to be made, and which process is making them?

A row is an item of work, due at a time of the service's clock. The process that claims it has a lease in real time; an
item whose lease ran out is claimed again. Finished items are deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.kernel import WorkStatus
from shared.storage.arrays import texts
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item of work to be added; `key` identifies it among those of its kind, and for the service that is called."""

    kind: str
    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    """None: now."""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """An item of work, claimed by this process."""

    work_no: int
    kind: str
    key: str
    due_at: datetime
    payload: dict[str, Any]
    tries: int
    """How often it was claimed without being postponed, including this time."""
    irrevocable: bool
    """An earlier call may have taken effect."""


@dataclass(frozen=True, slots=True)
class Release:
    """The next state of an item that is not finished."""

    work_no: int
    due_at: datetime
    tries: int
    error: str | None
    irrevocable: bool


_ITEM = "work_no, kind, key, due_at, payload, tries, irrevocable"
_FREE = "(leased_until IS NULL OR leased_until < clock_timestamp())"


async def add(tx: Tx, items: Iterable[NewItem]) -> int:
    """Add items, except those whose key exists; returns how many were added. They are claimed after the commit."""
    new: list[dict[str, Any]] = [
        {"kind": each.kind, "key": each.key, "payload": each.payload, "due_at": each.due_at or tx.now} for each in items
    ]
    if not new:
        return 0
    tx.added_work.update(each["kind"] for each in new)
    return await tx.run(
        f"""
        INSERT INTO work (kind, key, payload, due_at) SELECT kind, key, payload, due_at
        FROM {recordset("work", new)} AS given ORDER BY ordinality ON CONFLICT DO NOTHING
        """,
        rows=rows(new),
    )


async def hasten(tx: Tx, kind: str, keys: Collection[str]) -> int:
    """Make items due now that no process has claimed; returns how many."""
    tx.added_work.add(kind)
    return await tx.run(
        "UPDATE work SET due_at = least(due_at, %(now)s)"
        " WHERE kind = %(kind)s AND key = ANY(%(keys)s) AND claimed_by IS NULL",
        now=tx.now,
        kind=kind,
        keys=texts(keys),
    )


async def lock(tx: Tx, kind: str, keys: Collection[str]) -> set[str]:
    """Lock items until the end of the transaction, against being claimed or recorded; returns those that are claimed.

    What is changed under the lock is known to the process that claims or records them next.
    """
    found = await tx.dicts(
        f"SELECT key, NOT {_FREE} AS claimed FROM work WHERE kind = %(kind)s AND key = ANY(%(keys)s)"
        " ORDER BY work_no FOR UPDATE",
        kind=kind,
        keys=texts(keys),
    )
    return {row["key"] for row in found if row["claimed"]}


async def withdraw(tx: Tx, kind: str, keys: Collection[str]) -> set[str]:
    """Delete items that no process has claimed and whose calls had no effect; returns their keys."""
    found = await tx.dicts(
        "DELETE FROM work WHERE kind = %(kind)s AND key = ANY(%(keys)s) AND claimed_by IS NULL AND NOT irrevocable"
        " RETURNING key",
        kind=kind,
        keys=texts(keys),
    )
    return {row["key"] for row in found}


async def claim(
    tx: Tx, kind: str, holder: UUID, lease: timedelta, limit: int, only: Sequence[int] | None = None
) -> list[Item]:
    """Claim items that are due, or `only` some of them, the longest due first.

    Those that another replica is claiming are skipped.
    """
    return await tx.all(
        Item,
        f"""
        WITH due AS (
            SELECT work_no AS no FROM work WHERE kind = %(kind)s AND due_at <= %(now)s AND {_FREE}
                AND (%(only)s::bigint[] IS NULL OR work_no = ANY(%(only)s::bigint[]))
            ORDER BY due_at, work_no LIMIT %(limit)s FOR UPDATE SKIP LOCKED
        ), claimed AS (
            UPDATE work SET claimed_by = %(holder)s, leased_until = clock_timestamp() + %(lease)s, tries = tries + 1
            FROM due WHERE work_no = no RETURNING {_ITEM}
        )
        SELECT * FROM claimed ORDER BY due_at, work_no
        """,
        kind=kind,
        now=tx.now,
        holder=holder,
        lease=lease,
        limit=limit,
        only=None if only is None else list(only),
    )


async def mark_irrevocable(tx: Tx, work_nos: Sequence[int], holder: UUID) -> set[int]:
    """Mark items whose call may take effect from now on; returns those that are still leased to this process."""
    found = await tx.dicts(
        "UPDATE work SET irrevocable = true WHERE work_no = ANY(%(nos)s) AND claimed_by = %(holder)s"
        " AND leased_until > clock_timestamp() RETURNING work_no",
        nos=list(work_nos),
        holder=holder,
    )
    return {row["work_no"] for row in found}


async def lock_claimed(tx: Tx, work_nos: Sequence[int], holder: UUID) -> set[int]:
    """Lock the items of these that no other process has claimed since."""
    found = await tx.dicts(
        "SELECT work_no FROM work WHERE work_no = ANY(%(nos)s) AND claimed_by = %(holder)s ORDER BY work_no FOR UPDATE",
        nos=list(work_nos),
        holder=holder,
    )
    return {row["work_no"] for row in found}


async def finish(tx: Tx, work_nos: Sequence[int]) -> None:
    if work_nos:
        await tx.run("DELETE FROM work WHERE work_no = ANY(%(nos)s)", nos=list(work_nos))


async def release(tx: Tx, releases: Sequence[Release]) -> None:
    """Give up the claims on items, each with its next state."""
    if not releases:
        return
    await tx.run(
        f"""
        UPDATE work SET due_at = new.due_at, tries = new.tries, error = new.error, irrevocable = new.irrevocable,
            claimed_by = NULL, leased_until = NULL
        FROM {recordset("work", releases)} AS new WHERE work.work_no = new.work_no
        """,
        rows=rows(releases),
    )


async def restore(tx: Tx, kind: str, key: str, payload: str, *, irrevocable: bool) -> None:
    """Add an item again that was a dead letter."""
    tx.added_work.add(kind)
    await tx.run(
        "INSERT INTO work (kind, key, payload, due_at, irrevocable)"
        " VALUES (%(kind)s, %(key)s, %(payload)s, %(now)s, %(irrevocable)s) ON CONFLICT DO NOTHING",
        kind=kind,
        key=key,
        payload=payload,
        now=tx.now,
        irrevocable=irrevocable,
    )


async def due(tx: Tx) -> set[str]:
    """The kinds that have items to claim."""
    found = await tx.dicts(f"SELECT DISTINCT kind FROM work WHERE due_at <= %(now)s AND {_FREE}", now=tx.now)
    return {row["kind"] for row in found}


async def claimed(tx: Tx, kind: str) -> set[str]:
    """The keys of the items that a process has claimed."""
    found = await tx.dicts(f"SELECT key FROM work WHERE kind = %(kind)s AND NOT {_FREE}", kind=kind)
    return {row["key"] for row in found}


async def in_flight(tx: Tx, kinds: Collection[str]) -> int:
    """How many items of these kinds are due or claimed."""
    return int(
        await tx.value(
            "SELECT count(*) FROM work WHERE kind = ANY(%(kinds)s) AND (due_at <= %(now)s OR claimed_by IS NOT NULL)",
            kinds=texts(kinds),
            now=tx.now,
        )
    )


async def status(tx: Tx) -> list[WorkStatus]:
    """The state of each kind of work, in a few numbers."""
    return await tx.all(
        WorkStatus,
        """
        SELECT kind, count(*) FILTER (WHERE due_at <= %(now)s AND claimed_by IS NULL) AS due,
            count(*) FILTER (WHERE claimed_by IS NOT NULL) AS running,
            count(*) FILTER (WHERE due_at > %(now)s AND claimed_by IS NULL) AS waiting,
            count(*) FILTER (WHERE error IS NOT NULL) AS failing,
            min(due_at) FILTER (WHERE due_at <= %(now)s AND claimed_by IS NULL) AS oldest_due,
            (array_agg(error ORDER BY due_at) FILTER (WHERE error IS NOT NULL))[1] AS error
        FROM work GROUP BY kind ORDER BY kind
        """,
        now=tx.now,
    )
