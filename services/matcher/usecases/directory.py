"""How does a process keep its copy of the directory up to date?

The copy lives as long as the process. Each batch first reads, in its own transaction, the changes that were committed
since. The batch's own changes are applied to an overlay, which is discarded, so that the copy never contains a change
that is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterable

from engines.matching.directory import Directory as Index
from services.matcher.domain.directory import Alias, Directory, Facility, Group, Verdict
from services.matcher.settings import is_final, trade
from services.matcher.store import directory as store
from shared.storage.database import Tx

CACHED = "directory"


async def directory_of(tx: Tx, version: int | None = None) -> Directory:
    """The committed directory, at `version` or later. It must be read before the transaction changes it."""
    if CACHED not in tx.cache:
        tx.cache[CACHED] = Directory(Index(trade()), version=-1)
    directory: Directory = tx.cache[CACHED]
    while True:
        current = directory.version
        if version is None:
            version = await store.version(tx)
        if version <= current:
            return directory
        facilities = await store.facilities_after(tx, current)
        rulings = await store.rulings_after(tx, current)
        # Another batch of this process may have updated it in the meantime; then read the version again.
        if directory.version == current:
            _apply(directory, facilities, rulings)
            directory.version = version
            return directory
        version = None


async def overlay_of(tx: Tx, committed: Directory) -> Directory:
    """The directory with the changes of this transaction."""
    overlay = committed.overlaid()
    after = committed.version
    _apply(overlay, await store.facilities_after(tx, after), await store.rulings_after(tx, after))
    return overlay


def _apply(directory: Directory, facilities: Iterable[Facility], rulings: Iterable[store.Ruling]) -> None:
    directory.replace(facilities)
    for ruling in rulings:
        group = Group(ruling.employer_key, ruling.city_key, ruling.state_key)
        by = ruling.decided_by or ""
        directory.decide(
            group,
            alias=Alias(ruling.facility_id, by) if ruling.facility_id else None,
            verdict=Verdict(ruling.reason, by, is_final(ruling.reason)) if ruling.reason else None,
        )
