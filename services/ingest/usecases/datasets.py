"""How are datasets and their vintages shown?"""

from __future__ import annotations

from typing import cast

from services.ingest import settings
from services.ingest.domain import datasets as domain
from services.ingest.store import datasets as store
from services.ingest.usecases.downloads import may_ask
from shared.contracts.ingest_datasets import Dataset, Vintage, VintageState
from shared.contracts.refusals import Refused
from shared.storage.database import Tx


def polled() -> list[domain.Dataset]:
    """The datasets of the pack whose catalogue this deployment may ask."""
    found = settings.published()
    return [each for each in found.datasets if may_ask(found.catalogues[each.catalogue])]


def named(name: str) -> domain.Dataset:
    """A dataset of the pack; raises `Refused`."""
    found = settings.published().named(name)
    if found is None:
        known = ", ".join(each.name for each in settings.published().datasets) or "none"
        raise Refused(f"There is no dataset {name}; the datasets of the pack are {known}.", 404)
    return found


async def described(tx: Tx, *wanted: domain.Dataset) -> list[Dataset]:
    """The state of datasets."""
    asked = await store.asked(tx, [each.name for each in wanted])
    latest, next_at = await store.latest(tx), await store.next_at(tx)
    polled_now = {each.name for each in polled()}
    return [
        Dataset(
            name=each.name,
            title=each.title,
            catalogue=each.catalogue,
            id=each.id,
            imports=each.imports,
            polled=each.name in polled_now,
            modified=asked[each.name].modified,
            asked_at=asked[each.name].asked_at,
            next_at=next_at.get(each.name),
            error=asked[each.name].error,
            vintage=vintage_of(latest[each.name]) if each.name in latest else None,
        )
        for each in wanted
    ]


async def warnings(tx: Tx) -> list[str]:
    """Datasets that wait for a person, each in a sentence."""
    return [
        f"dataset {each.dataset}: its file of {each.modified} waits for a person (`pipeline dataset accept"
        f" {each.dataset} {each.vintage_no}`, or `refuse`): {' '.join(each.reasons)[:1_000]}"
        for each in (await store.latest(tx)).values()
        if each.state == "waiting"
    ]


def vintage_of(stored: store.Vintage) -> Vintage:
    return Vintage(
        vintage=stored.vintage_no,
        state=cast("VintageState", stored.state),
        modified=stored.modified,
        as_of=stored.as_of,
        url=stored.url,
        sha256=stored.sha256,
        size=stored.size,
        rows=stored.rows,
        unreadable=stored.unreadable,
        facilities=stored.facility_count,
        reasons=stored.reasons,
        found_at=stored.found_at,
        decided_by=stored.decided_by,
        decided_at=stored.decided_at,
        imported_at=stored.imported_at,
        counts=stored.counts,
        note=stored.note,
    )
