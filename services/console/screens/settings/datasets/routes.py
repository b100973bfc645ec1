"""The published datasets of the pack, and what people decide about a suspicious version."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from services.console.domain.sessions import Session
from services.console.screens.pages import Page
from services.console.screens.settings.around import section_page, sections_of
from services.console.screens.settings.datasets import view
from services.console.screens.settings.datasets.building import HERE, SHOW, dataset, one, sentence
from services.console.usecases.asking import asked
from services.console.usecases.framing import zone_of
from services.console.usecases.seeing import begin
from shared.contracts.ingest_datasets import Dataset, Datasets, ShowDataset, Vintage
from shared.contracts.refusals import Refused

LONGEST = 100
"""Of the name of a dataset."""
SILENT = "Datasets are not shown: the ingest does not answer."


async def show(request: Request, session: Session) -> Response:
    answer = await asked(request, Datasets())
    known, zone = answer or [], zone_of(session)
    histories = await asyncio.gather(*(_history(request, each) for each in known))
    rows = tuple(dataset(each, history, zone) for each, history in zip(known, histories, strict=True))
    shown = view.Datasets(
        sections=sections_of(session, "datasets"),
        sentence=sentence(rows),
        rows=tuple(sorted(rows, key=lambda each: (each.waiting is None, each.tone != "warn"))),
        answered=answer is not None,
        polled=any(each.polled for each in known),
        change=session.can("sources"),
    )
    async with begin(request, session) as tx:
        missing = [] if answer is not None else [SILENT]
        return await section_page(request, session, tx, "settings/datasets/page.html", shown, missing=missing)


async def _history(request: Request, each: Dataset) -> list[Vintage]:
    """The versions of a dataset; without asking, if its latest one is in use or there is none."""
    latest = each.vintage
    if latest is None or latest.state == "imported":
        return [latest] if latest else []
    found = await asked(request, ShowDataset(name=each.name))
    return found.vintages if found else [latest]


async def show_one(request: Request, session: Session) -> Response:
    name = request.query_params.get("name", "").strip()
    if not 0 < len(name) <= LONGEST:
        raise Refused("There is no such dataset.", 404)
    found = await asked(request, ShowDataset(name=name))
    if found is None:
        raise Refused("The dataset is not shown: the ingest does not answer.", 503)
    shown = one(found, sections_of(session, "datasets"), zone_of(session), change=session.can("sources"))
    async with begin(request, session) as tx:
        return await section_page(request, session, tx, "settings/datasets/dataset.html", shown)


PAGES: Sequence[Page] = (Page(HERE, "sources", show), Page(SHOW, "sources", show_one))
