"""Where do a CRM and we differ? All records of both sides are read, and compared field by field."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from engines.crm.adapters import adapter_of
from engines.crm.drift import Difference, drift
from engines.crm.exchange import Failed
from engines.crm.mapping import Crm
from engines.crm.records import Record
from services.courier.domain.crm import Lane
from services.courier.domain.wanted import Wanted
from services.courier.store import crm as store
from services.courier.store import crm_links
from services.courier.usecases.agreeing import agreed_of
from services.courier.usecases.asking import Ask, run
from services.courier.usecases.crm import wake
from services.courier.usecases.exchanging import known_rules, ours_of
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import NewItem

KIND: Final = "crm_comparison"
"""The kind of work; an item is a lane that is compared once."""
MOST: Final = 1_000
"""Differences that are kept of one comparison; the next one has others."""


@dataclass(frozen=True, slots=True)
class Compared:
    """All of ours, to be compared with all of theirs."""

    lane: Lane
    crm: Crm
    wanted: Sequence[Wanted]
    applies: bool
    forgotten: Collection[str] = ()
    """What they have from us, and is no longer known here."""


@dataclass(frozen=True, slots=True)
class Found:
    differences: Sequence[Difference]
    error: str | None = None


async def begin(tx: Tx, system: str, applies: bool) -> None:
    """Compare every lane now."""
    lanes = await store.lanes(tx, system)
    begun: dict[str, Any] = {"began_at": tx.now, "compared_at": None, "records": 0, "differences": [], "error": None}
    await store.save_comparisons(tx, [{"system": system, "kind": each.kind, **begun} for each in lanes])
    await work.withdraw(tx, KIND, [each.key for each in lanes])
    await work.add(tx, [NewItem(KIND, each.key, {"apply": applies}) for each in lanes])


async def compare(given: Compared, ask: Ask) -> Found:
    """Read all of theirs; what is withheld or taken back is nothing that they should have."""
    kind, forgotten = given.lane.kind, set(given.forgotten)
    try:
        owners = await run(adapter_of(given.lane.system, given.crm, {}).users(), ask)
        system = adapter_of(given.lane.system, given.crm, owners)
        theirs, after = list[Record](), None
        while True:
            page = await run(system.all(kind, after), ask)
            theirs += [each for each in page.records if each.id and each.id not in forgotten]
            after = page.after
            if after is None:
                break
    except Failed as failed:
        return Found((), str(failed))
    sent = [each for each in given.wanted if not each.is_withheld and not each.is_removed]
    agreed = {each.id: agreed_of(each.agreed) for each in sent}
    ours = [ours_of(each, system, kind) for each in sent]
    return Found(drift(ours, theirs, agreed, known_rules(given.crm, given.lane.system, kind)))


async def record(given: Compared, found: Found, tx: Tx) -> None:
    """Store what was found and, if that was asked for, exchange what differs again."""
    lane = given.lane
    row: dict[str, Any] = {
        "system": lane.system,
        "kind": lane.kind,
        "began_at": tx.now,
        "compared_at": tx.now,
        "records": len(given.wanted),
        "differences": [asdict(each) for each in found.differences[:MOST]],
        "error": found.error,
    }
    await store.save_comparisons(tx, [row])
    if given.applies:
        missing = [each.id for each in found.differences if each.why == "missing there"]
        await crm_links.unlink(tx, lane.system, lane.kind, missing)
        unknown = {each.id: each.their_id for each in found.differences if each.why == "unknown here" and each.their_id}
        await crm_links.adopt(tx, lane.system, lane.kind, unknown)
        await store.look_again(tx, lane.system, lane.kind, {each.id for each in found.differences})
        await wake(tx)
