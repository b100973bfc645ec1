"""The exchange with a CRM: how it is doing, and where both sides differ or one has refused a record."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Sequence

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.console.domain.sessions import Session
from services.console.rendering.shapes import Choice, slice_of
from services.console.screens.pages import Page
from services.console.screens.settings.around import section_page, sections_of
from services.console.screens.settings.crm import building, view
from services.console.screens.settings.crm.building import DIFFERENCES, HERE, TABS, Shown, href_of
from services.console.store import accounts
from services.console.usecases.addresses import page_of
from services.console.usecases.asking import asked
from services.console.usecases.framing import words_of_pack, zone_of
from services.console.usecases.seeing import begin
from shared.contracts import courier_crm as courier
from shared.contracts.refusals import Refused
from shared.contracts.requests import PAGE

ROWS = 50
SILENT = "The exchange with the CRM is not shown: the courier does not answer."


async def show(request: Request, session: Session) -> Response:
    tab, why, before, number = _tab(request), _why(request), _before(request), page_of(request)
    found, lanes, drift, conflicts, failures = await asyncio.gather(
        asked(request, courier.CrmSettings()),
        asked(request, courier.CrmStatus()),
        asked(request, courier.CrmDrift()),
        asked(request, courier.CrmConflicts(before=before, limit=ROWS + 1)) if tab == "conflicts" else _nothing(),
        asked(request, courier.CrmFailures(limit=PAGE)) if tab == "refused" else _nothing(),
    )
    answered = found is not None and lanes is not None and drift is not None
    known, compared, clashes, refused = lanes or [], drift or [], (conflicts or [])[:ROWS], failures or []
    differences = [
        (each.kind, one) for each in compared for one in each.differences if not why or one.why == why
    ]  # fmt: skip
    rows = differences[(number - 1) * ROWS : number * ROWS] if tab == "differences" else []
    named = {one.facility_id for _, one in rows} | {each.facility_id for each in clashes}
    named |= {each.facility_id for each in refused}
    zone, words, system = zone_of(session), words_of_pack(), building.title_of(found.system if found else None)
    async with begin(request, session) as tx:
        called = await accounts.names(tx, sorted(filter(None, named)))
        shown = Shown(system, called, session.can_see("people"))
        deployed = found or courier.CrmDeployed(system=None, missing=[])
        state = building.state(deployed, known, zone)
        running = any(each.compared_at is None for each in compared)
        page = view.Exchange(
            sections=sections_of(session, "crm"),
            system=system,
            state=state,
            missing=tuple(deployed.missing),
            wrong=tuple(text for each in known for text in each.wrong),
            answered=answered,
            change=session.can("crm"),
            begun=bool(known),
            ready=bool(known) and not running and not deployed.missing,
            pending=running or state.tone == "info",
            lanes=tuple(building.lane(each, words) for each in known),
            compared=tuple(building.compared(each, words) for each in compared),
            tabs=_tabs(tab, known, compared) if known else (),
            shown=tab,
            filters=building.filters(compared, why, system) if tab == "differences" else (),
            differences=tuple(building.difference(kind, each, shown) for kind, each in rows),
            conflicts=tuple(building.conflict(each, shown) for each in clashes),
            failures=tuple(building.failure(each, shown) for each in refused),
            slice=slice_of(number, ROWS, len(differences), lambda page: href_of(tab, why=why, page=page))
            if tab == "differences"
            else None,
            first=href_of(tab) if before else "",
            older=href_of(tab, before=clashes[-1].conflict_no) if conflicts and len(conflicts) > ROWS else "",
        )
        unlisted = (tab == "conflicts" and conflicts is None) or (tab == "refused" and failures is None)
        missing = [] if answered and not unlisted else [SILENT]
        return await section_page(request, session, tx, "settings/crm/page.html", page, missing=missing)


def _tabs(tab: str, lanes: Sequence[courier.CrmLane], compared: Sequence[courier.CrmComparison]) -> tuple[Choice, ...]:
    counts = {
        "differences": sum(len(each.differences) for each in compared),
        "conflicts": sum(each.conflicts for each in lanes),
        "refused": sum(each.failed for each in lanes),
    }
    return tuple(Choice(title, href_of(name), name == tab, counts[name]) for name, title in TABS.items())


async def _nothing() -> None:
    return None


def _tab(request: Request) -> str:
    return _one_of(TABS, request.query_params.get("show") or "differences")


def _why(request: Request) -> str:
    why = request.query_params.get("why", "")
    return _one_of(DIFFERENCES, why) if why else ""


def _one_of(known: Container[str], text: str) -> str:
    if text not in known:
        raise Refused("This address is not complete.", 400)
    return text


def _before(request: Request) -> int | None:
    text = request.query_params.get("before", "")
    try:
        return courier.CrmConflicts.model_validate({"before": text or None}).before
    except ValidationError:
        raise Refused("This address is not complete.", 400) from None


PAGES: Sequence[Page] = (Page(HERE, "crm", show),)
