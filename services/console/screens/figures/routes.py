"""The lists behind the figures of the dashboards: what counts, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from engines.figures.computing import Figure
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.rendering.listing import Listing, on_page
from services.console.screens.figures import building, queries
from services.console.screens.figures.building import Known
from services.console.screens.pages import Page
from services.console.store import team
from services.console.store.signals import open_signals
from services.console.usecases.addresses import page_of
from services.console.usecases.dashboards import OTHERS, Asked, asked, may_list
from services.console.usecases.framing import frame
from services.console.usecases.measuring import kpi_named, measures
from services.console.usecases.seeing import begin
from shared.contracts.refusals import Refused
from shared.storage.database import Tx

DAYS = 90


async def show(request: Request, session: Session) -> Response:
    """Exactly what a figure counts: `state` chooses what is in its numerator, or missing there."""
    kpi = kpi_named(request.path_params["name"])
    if kpi is None:
        raise Refused("There is no such figure.", 404)
    side = request.query_params.get("state", "")
    if side not in building.SIDES:
        raise Refused("There is no such part of a figure.", 400)
    async with begin(request, session) as tx:
        found = asked(request, session, tx.today, DAYS, *(name for name in kpi.dimensions if name != "rep"))
        if not may_list(found, kpi, found.rep):
            raise Refused(OTHERS, 403)
        figure = (await measures(tx)).figure(kpi, found.since, found.until)
        page = page_of(request)
        known = await _known(tx, found, figure, side, page)
        view = building.listing(found, figure, side, page, known)
        return await _page(request, session, tx, kpi.title, kpi.group, view)


async def signals(request: Request, session: Session) -> Response:
    """The open signals, of one need or urgency."""
    query = request.query_params
    async with begin(request, session) as tx:
        found = asked(request, session, tx.today, DAYS)
        view = building.signals(
            found,
            await open_signals(tx, found.rep),
            query.get("role_family", ""),
            query.get("urgency", ""),
            page_of(request),
            await team.names(tx),
        )
        return await _page(request, session, tx, "Open signals", "activity", view)


async def _known(tx: Tx, found: Asked, figure: Figure, side: str, page: int) -> Known:
    cases = on_page(building.cases_of(figure, building.where_of(found, figure.kpi), side), page)
    columns = [case.first.columns for case in cases]
    return Known(
        await queries.names(tx, {str(each["facility"]) for each in columns if each.get("facility")}),
        await queries.employers(tx, {str(each["posting"]) for each in columns if each.get("posting")}),
        await team.names(tx),
    )


async def _page(request: Request, session: Session, tx: Tx, title: str, group: str, view: Listing) -> Response:
    here = building.HOME.get(group, ("funnel", ""))[0]
    around = await frame(request, session, tx, title, here)
    return HTMLResponse(render("listing.html", frame=around, tabs=tabs(around.groups), view=view))


PAGES: Sequence[Page] = (
    Page("/dashboards/figures/{name}", "dashboards", show),
    Page("/dashboards/signals", "dashboards", signals),
)
