"""Who is in the team, and when are they away?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from services.sequencer.domain.reps import Leave, Rep, Team
from shared.storage.database import Tx
from shared.storage.writing import insert, upsert

_LEAVE = ", ".join(each.name for each in fields(Leave))


async def load(tx: Tx) -> Team:
    """All reps, and their leaves of today and later."""
    reps = await tx.all(Rep, "SELECT * FROM reps ORDER BY rep")
    leaves = await tx.all(
        Leave, f"SELECT {_LEAVE} FROM leaves WHERE to_on >= %(today)s ORDER BY rep, from_on", today=tx.today
    )
    return Team(tuple(reps), tuple(leaves))


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
