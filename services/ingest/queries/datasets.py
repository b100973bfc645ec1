"""Which published datasets are polled, and what came of it?"""

from __future__ import annotations

from services.ingest import settings
from services.ingest.store import datasets as store
from services.ingest.usecases.datasets import described, named, vintage_of
from shared.contracts.ingest_datasets import Dataset, DatasetHistory, Datasets, ShowDataset
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def datasets(request: Datasets, tx: Tx) -> list[Dataset]:
    return await described(tx, *settings.published().datasets)


@router.question
async def show_dataset(request: ShowDataset, tx: Tx) -> DatasetHistory:
    [dataset] = await described(tx, named(request.name))
    return DatasetHistory(dataset=dataset, vintages=list(map(vintage_of, await store.vintages(tx, request.name))))
