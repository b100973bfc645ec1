"""To which time was a service last set in a simulation?"""

from __future__ import annotations

from datetime import datetime

from shared.storage.database import Tx


async def read(tx: Tx) -> datetime | None:
    now: datetime | None = await tx.value("SELECT now FROM simulated_time")
    return now


async def write(tx: Tx, now: datetime) -> None:
    await tx.run("DELETE FROM simulated_time")
    await tx.run("INSERT INTO simulated_time VALUES (%(now)s)", now=now)
