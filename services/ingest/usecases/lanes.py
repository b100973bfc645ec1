"""Which sources take turns, because they are on the same hosts?

A lane is an item of work: the process that leased it fetches one of its sources, so no host is asked by two at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from services.ingest.store import sources as store
from shared.contracts.refusals import Refused
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import NewItem

KIND = "fetch"


async def lane_of(hosts: Sequence[str], alone: str, tx: Tx) -> str:
    """The lane of a source on these hosts, locked; lanes that it connects become one. `alone`: without any host.

    Refuses to connect lanes while one of them is being fetched.
    """
    await tx.lock("lanes", ["all"])
    lanes = await store.sharing(tx, hosts) if hosts else []
    if not lanes:
        lane = hosts[0] if hosts else alone
        await work.lock(tx, KIND, [lane])
        return lane
    claimed = await work.lock(tx, KIND, lanes)
    if len(lanes) > 1:
        if claimed:
            raise Refused(f"{', '.join(sorted(claimed))} is being fetched now; try again in some minutes.", 409)
        await store.join_lanes(tx, lanes[1:], lanes[0])
    return lanes[0]


async def wake(lanes: Collection[str], tx: Tx) -> None:
    """Let a process look which sources of these lanes are due."""
    await work.add(tx, [NewItem(KIND, lane) for lane in sorted(lanes)])
    await work.hasten(tx, KIND, lanes)
