"""What does this process remember of the directory, and is it still true?

The index lives as long as the process. Every batch first reads, in its own transaction, what was committed since; what
the batch itself changes goes into an overlay that is thrown away, so that nothing undone is ever remembered.
"""

from __future__ import annotations

from collections.abc import Iterable

from engines.matching.directory import Directory as Known
from services.matcher.domain.directory import Alias, Directory, Facility, Group, Verdict
from services.matcher.settings import is_final, trade
from services.matcher.store import directory as store
from shared.storage.database import Tx

CACHED = "directory"


async def directory_of(tx: Tx, version: int | None = None) -> Directory:
    """The committed directory, with `version` or later. To be asked for before the transaction writes to it."""
    if CACHED not in tx.cache:
        tx.cache[CACHED] = Directory(Known(trade()), version=-1)
    directory: Directory = tx.cache[CACHED]
    while True:
        held = directory.version
        if version is None:
            version = await store.version(tx)
        if version <= held:
            return directory
        facilities = await store.facilities_after(tx, held)
        rulings = await store.rulings_after(tx, held)
        # Another batch of this process may have caught up in the meantime, perhaps further: then look again.
        if directory.version == held:
            _apply(directory, facilities, rulings)
            directory.version = version
            return directory
        version = None


async def overlay_of(tx: Tx, committed: Directory) -> Directory:
    """The directory as this transaction alone sees it, with its own changes."""
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
