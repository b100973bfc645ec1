"""Which sources are there, and how are they doing?"""

from __future__ import annotations

from services.ingest.usecases.watching import detail, fetched, states, tested
from shared.contracts.ingest_sources import (
    SourceDetail,
    SourceDetails,
    SourceList,
    SourceState,
    SourceTest,
    TestedSource,
)
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def source_list(request: SourceList, tx: Tx) -> list[SourceState]:
    return list((await states(tx)).values())


@router.question
async def source_details(request: SourceDetails, tx: Tx) -> SourceDetail:
    return await detail(request.name, tx)


@router.question
async def source_test(request: SourceTest, tx: Tx) -> TestedSource:
    return tested(await fetched(request.name, tx))
