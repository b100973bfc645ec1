"""The list behind a figure of the dashboards: what counts, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from engines.figures.computing import Case
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.rendering.listing import Listing, on_page
from services.console.rendering.sheets import streamed
from services.console.screens.figures import building, queries
from services.console.screens.figures.building import Known
from services.console.screens.pages import Page
from services.console.store import team
from services.console.store.signals import open_signals
from services.console.usecases.addresses import page_of
from services.console.usecases.auditing import record
from services.console.usecases.cohorts import DAYS, Cohort, cohort_of
from services.console.usecases.dashboards import asked, is_own
from services.console.usecases.framing import frame
from services.console.usecases.seeing import begin, refuse_undone
from shared.storage.database import Tx


async def show(request: Request, session: Session) -> Response:
    """Exactly what a figure counts: `state` chooses what is in its numerator, or missing there."""
    async with begin(request, session) as tx:
        found = await cohort_of(request, session, tx, request.path_params["name"])
        page, kpi = page_of(request), found.figure.kpi
        known = await _known(tx, on_page(found.cases, page))
        view = replace(
            building.listing(found.asked, found.figure, found.side, page, known),
            csv=_address(found, f"/dashboards/figures/{kpi.name}.csv") if _may_export(session, found) else "",
            events=_address(found, "/events", cohort=kpi.name) if session.can_see("accounts") else "",
        )
        return await _page(request, session, tx, kpi.title, kpi.group, view)


async def export(request: Request, session: Session) -> Response:
    """All rows of the list as CSV, which the audit log records."""
    async with begin(request, session) as tx:
        found = await cohort_of(request, session, tx, request.path_params["name"])
        refuse_undone(session, "exports", own=_own(session, found))
        kpi, cases = found.figure.kpi, found.cases
        known = await _known(tx, cases)
        await record(tx, session, "export_figure", _address(found, kpi.name)[:300], {"rows": len(cases)})
    return streamed(f"{kpi.name}.csv", building.HEADINGS, (building.line(case, known) for case in cases))


def _address(found: Cohort, path: str, **more: str) -> str:
    return found.asked.href(path=path, state=found.side, **more)


def _own(session: Session, found: Cohort) -> bool:
    """Whether the rows are only those of the person."""
    return session.rep is not None and found.rep == session.rep


def _may_export(session: Session, found: Cohort) -> bool:
    return session.can("exports", own=_own(session, found))


async def signals(request: Request, session: Session) -> Response:
    """The open signals, of one need or urgency."""
    family, urgency = _need(request)
    async with begin(request, session) as tx:
        found = asked(request, session, tx.today, DAYS)
        rows = await open_signals(tx, found.rep)
        view = building.signals(found, rows, family, urgency, page_of(request), await team.names(tx))
        if session.can("exports", own=is_own(session, found)):
            href = found.href(path="/dashboards/signals.csv", role_family=family, urgency=urgency)
            view = replace(view, csv=href)
        return await _page(request, session, tx, "Open signals", "activity", view)


async def export_signals(request: Request, session: Session) -> Response:
    """All of them as CSV, which the audit log records."""
    family, urgency = _need(request)
    async with begin(request, session) as tx:
        found = asked(request, session, tx.today, DAYS)
        refuse_undone(session, "exports", own=is_own(session, found))
        rows = building.signals_of(await open_signals(tx, found.rep), family, urgency)
        names = await team.names(tx)
        target = found.href(path="signals", role_family=family, urgency=urgency)
        await record(tx, session, "export_signals", target[:300], {"rows": len(rows)})
    lines = (building.signal_line(each, names) for each in rows)
    return streamed("signals.csv", building.HEADINGS_OF_SIGNALS, lines)


def _need(request: Request) -> tuple[str, str]:
    return request.query_params.get("role_family", ""), request.query_params.get("urgency", "")


async def _known(tx: Tx, cases: Sequence[Case]) -> Known:
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
    Page("/dashboards/figures/{name}.csv", "dashboards", export),
    Page("/dashboards/figures/{name}", "dashboards", show),
    Page("/dashboards/signals", "dashboards", signals),
    Page("/dashboards/signals.csv", "dashboards", export_signals),
)
