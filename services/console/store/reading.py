"""How are states, the log and the rows of facilities written?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from shared.storage.arrays import texts
from shared.storage.database import Tx, rows
from shared.storage.writing import insert, recordset, upsert_newest

CHANGED = "console_changed"
"""The channel of PostgreSQL on which replicas hear what changed."""


WRITING = 7_234_017_001
"""The advisory lock of who writes read models, shared; who replaces them holds it alone."""


async def begin_writing(tx: Tx) -> bool:
    """Write read models in this transaction, personal data as well; returns whether they are being rebuilt."""
    # The table is looked up after the lock was granted, because a target list is evaluated from left to right.
    row = await tx.dicts(
        """
        SELECT pg_advisory_xact_lock_shared(%(key)s) AS locked, set_config('app.role', 'service', true) AS role,
            to_regclass('rebuilt.log') IS NOT NULL AS rebuilding
        """,
        key=WRITING,
    )
    return bool(row[0]["rebuilding"])


async def save_states(tx: Tx, states: Sequence[Any]) -> None:
    """Save the states of one kind; the highest version counts."""
    await upsert_newest(tx, "states", states, key=("kind", "id"))


async def end_tasks(tx: Tx, task_ids: Collection[str]) -> None:
    """Give tasks that ended since their last state the status `ended`."""
    await tx.run(
        """
        UPDATE states AS task SET status = 'ended' FROM states AS ended
        WHERE task.kind = 'task' AND task.id = ANY(%(ids)s) AND task.status = 'open'
            AND ended.kind = 'task_end' AND ended.id = task.id AND ended.version >= task.version
        """,
        ids=texts(task_ids),
    )


async def save_personal(tx: Tx, personal: Sequence[Any]) -> None:
    await upsert_newest(tx, "personal", personal, key=("kind", "id"))


async def append(tx: Tx, events: Sequence[Any]) -> None:
    """Add events to the log, except those that it has."""
    await insert(tx, "log", events)


async def save_matches(tx: Tx, matches: Sequence[Any]) -> None:
    await upsert_newest(tx, "matches", matches, key=("posting_id",))


async def save_columns(tx: Tx, values: Sequence[dict[str, Any]], version: str) -> None:
    """Save columns of facilities, whose `version` column only grows; the others keep theirs."""
    if not values:
        return
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


async def save_touches(tx: Tx, values: Sequence[dict[str, Any]]) -> None:
    """Save the day of the last touch of facilities."""
    if not values:
        return
    await tx.run(
        f"""
        INSERT INTO facilities (facility_id, touched_on)
        SELECT facility_id, max(touched_on) FROM {recordset("facilities", values)} AS given
        GROUP BY facility_id ORDER BY facility_id
        ON CONFLICT (facility_id) DO UPDATE SET touched_on = excluded.touched_on
        WHERE facilities.touched_on IS NULL OR facilities.touched_on < excluded.touched_on
        """,
        rows=rows(values),
    )


async def announce(tx: Tx, changes: str) -> None:
    """Tell every replica, once this transaction commits, what changed."""
    await tx.run("SELECT pg_notify(%(channel)s, %(changes)s)", channel=CHANGED, changes=changes)
