"""Who is in the team, and when are they away?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields, replace

from services.sequencer.domain.reps import Leave, Rep, Team
from shared.contracts.sequencer_reps import Owned
from shared.storage.database import Tx
from shared.storage.writing import insert, upsert

LEAVE = ", ".join(each.name for each in fields(Leave))
"""The columns of a leave."""


async def load(tx: Tx) -> Team:
    """All reps, and their leaves of today and later."""
    reps = await tx.all(Rep, "SELECT * FROM reps ORDER BY rep")
    leaves = await tx.all(
        Leave, f"SELECT {LEAVE} FROM leaves WHERE to_on >= %(today)s ORDER BY rep, from_on", today=tx.today
    )
    return Team(tuple(replace(each, territories=tuple(each.territories)) for each in reps), tuple(leaves))


async def seed(tx: Tx, reps: Iterable[Rep]) -> list[Rep]:
    """Store the reps of a new deployment; does nothing once there are reps. Returns what was stored."""
    await tx.lock("sequencer", ["reps"])
    if await tx.value("SELECT EXISTS (SELECT FROM reps)"):
        return []
    first = list(reps)
    await insert(tx, "reps", first)
    return first


async def save(tx: Tx, reps: Iterable[Rep]) -> None:
    await upsert(tx, "reps", reps, key=("rep",))


async def save_leave(tx: Tx, leave: Leave) -> None:
    await upsert(tx, "leaves", [asdict(leave) | {"leave_id": leave.leave_id}], key=("leave_id",))


async def leaves_of(tx: Tx, rep: str) -> list[Leave]:
    """All leaves of a rep, including past ones."""
    return await tx.all(Leave, f"SELECT {LEAVE} FROM leaves WHERE rep = %(rep)s ORDER BY from_on", rep=rep)


async def owned(tx: Tx, rep: str) -> Owned:
    """What a rep owns, in numbers."""
    [found] = await tx.all(
        Owned,
        """
        SELECT (SELECT count(*) FROM accounts WHERE owner = %(rep)s) AS accounts,
            (SELECT count(*) FROM leads WHERE owner = %(rep)s AND closed_on IS NULL) AS leads,
            (SELECT count(*) FROM enrollments WHERE owner = %(rep)s AND ended_on IS NULL) AS enrollments,
            (SELECT count(*) FROM tasks WHERE COALESCE(absent, rep) = %(rep)s AND status IN ('due', 'moved')) AS tasks
        """,
        rep=rep,
    )
    return found


async def version_of(tx: Tx, leave: Leave) -> int:
    """The version of the leave from the same day; 0 without one."""
    version: int | None = await tx.value("SELECT version FROM leaves WHERE leave_id = %(id)s", id=leave.leave_id)
    return version or 0
