"""What do people decide about published datasets?"""

from __future__ import annotations

from services.ingest.store import datasets as store
from services.ingest.store.datasets import KIND
from services.ingest.usecases.datasets import described, named, polled, vintage_of
from shared.contracts.ingest_datasets import AcceptVintage, CheckDataset, Dataset, OfVintage, RefuseVintage, Vintage
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import NewItem

router = Router()


@router.command
async def check_dataset(request: CheckDataset, tx: Tx) -> Dataset:
    dataset = named(request.name)
    if dataset not in polled():
        raise Refused(
            f"{dataset.name} is not asked for, because publishers could not write to anyone: set"
            " PIPELINE_OUTBOUND_CONTACT to an e-mail address or a page.",
            409,
        )
    await store.forget(tx, [dataset.name])
    await work.add(tx, [NewItem(KIND, dataset.name)])
    await work.hasten(tx, KIND, [dataset.name])
    [found] = await described(tx, dataset)
    return found


@router.command
async def accept_vintage(request: AcceptVintage, tx: Tx) -> Vintage:
    vintage = await _waiting(request, tx)
    await store.decide(tx, vintage, "importing", None)
    await work.add(tx, [NewItem(KIND, vintage.dataset)])
    await work.hasten(tx, KIND, [vintage.dataset])
    return await _stored(request, tx)


@router.command
async def refuse_vintage(request: RefuseVintage, tx: Tx) -> Vintage:
    await store.decide(tx, await _waiting(request, tx), "refused", request.reason or None)
    return await _stored(request, tx)


async def _waiting(request: OfVintage, tx: Tx) -> store.Vintage:
    """The vintage, if it waits for a person; raises `Refused`."""
    vintage = await _locked(request, tx)
    if vintage.state != "waiting":
        by = f" by {vintage.decided_by}" if vintage.decided_by else ""
        raise Refused(
            f"Vintage {vintage.vintage_no} of {vintage.dataset} waits no more: it is {vintage.state}{by}.", 409
        )
    return vintage


async def _stored(request: OfVintage, tx: Tx) -> Vintage:
    return vintage_of(await _locked(request, tx))


async def _locked(request: OfVintage, tx: Tx) -> store.Vintage:
    vintage = await store.locked(tx, named(request.name).name, request.vintage)
    if vintage is None:
        raise Refused(
            f"{request.name} has no vintage {request.vintage}; `pipeline dataset show {request.name}` lists them.", 404
        )
    return vintage
