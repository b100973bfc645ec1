"""When are the read models built anew, and from what?

From the history of every service, and then from the snapshots of what is older, a page at a time. Each page
is an item of work, so that a rebuild goes on after a restart, in any replica.
"""

from __future__ import annotations

from services.console.store import rebuilding as store
from shared.contracts.console_rebuilding import RebuildProgress
from shared.contracts.kernel import NO_ID
from shared.contracts.topology import CONSUMES, WITHOUT_SNAPSHOT, owner_of
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import NewItem

KIND = "rebuild"
SNAPSHOT, HISTORY = "snapshot", "history"


def histories() -> list[NewItem]:
    """The first page of each service's history."""
    services = dict.fromkeys(owner_of(event) for event in CONSUMES["console"])
    return [NewItem(KIND, f"{HISTORY} {service}", {"service": service, "after": str(NO_ID)}) for service in services]


def snapshots(service: str) -> list[NewItem]:
    """The first page of each snapshot of a service.

    They follow its history, because a state of a snapshot lacks what only the event states: from what, and why.
    """
    return [
        NewItem(KIND, f"{SNAPSHOT} {event.SUBJECT}", {"service": service, "subject": event.SUBJECT})
        for event in CONSUMES["console"]
        if event not in WITHOUT_SNAPSHOT and owner_of(event) == service
    ]


async def rebuild(tx: Tx) -> RebuildProgress:
    """Begin to build the read models anew, unless that is under way."""
    await tx.lock(KIND, ["all"])
    progress = await store.last(tx)
    if progress.began_at and not progress.ended_at:
        return progress
    begun = histories()
    await store.begin(tx, len(begun) + sum(len(snapshots(each.payload["service"])) for each in begun))
    await work.add(tx, begun)
    return await store.last(tx)


async def rebuild_at_first(tx: Tx) -> None:
    """Build the read models when there never was a rebuild: the streams only reach back a week."""
    await tx.lock(KIND, ["all"])
    if (await store.last(tx)).began_at is None:
        await rebuild(tx)
