"""For which occurrence did each job run last, and to which time was a simulation last set?"""

from __future__ import annotations

from datetime import datetime

from shared.storage.database import Tx


async def last_runs(tx: Tx) -> dict[str, datetime]:
    """The last occurrence of every job, by name."""
    return {row["name"]: row["last_due"] for row in await tx.dicts("SELECT name, last_due FROM jobs")}


async def last_run(tx: Tx, name: str) -> datetime | None:
    """The last occurrence of one job, locked: no other replica can run it until the end of the transaction."""
    last: datetime | None = await tx.value("SELECT last_due FROM jobs WHERE name = %(name)s FOR UPDATE", name=name)
    return last


async def record_run(tx: Tx, name: str, due: datetime, *, correct: bool) -> None:
    """Record that a job ran for an occurrence; only `correct` replaces a later one, which a wrong clock recorded."""
    await tx.run(
        "INSERT INTO jobs (name, last_due) VALUES (%(name)s, %(due)s) ON CONFLICT (name) DO UPDATE SET last_due ="
        " CASE WHEN %(correct)s THEN excluded.last_due ELSE greatest(jobs.last_due, excluded.last_due) END",
        name=name,
        due=due,
        correct=correct,
    )


async def simulated_time(tx: Tx) -> datetime | None:
    """The time that a simulation was last set to."""
    now: datetime | None = await tx.value("SELECT now FROM simulated_time")
    return now


async def set_simulated_time(tx: Tx, now: datetime) -> None:
    await tx.run("DELETE FROM simulated_time")
    await tx.run("INSERT INTO simulated_time VALUES (%(now)s)", now=now)
