"""How scores are spread, which ties and holders make a tier larger, and who crossed a cut at the last calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.rendering.sheets import streamed
from services.console.screens.pages import Page
from services.console.screens.scores import queries
from services.console.screens.scores.building import HEADINGS, PLACES, Known, accounts, cuts_of, is_in, line, scores
from services.console.screens.scores.queries import Scored
from services.console.store import team
from services.console.usecases.addresses import page_of
from services.console.usecases.auditing import record
from services.console.usecases.dashboards import Asked, asked, is_own
from services.console.usecases.framing import frame
from services.console.usecases.seeing import begin, refuse_undone
from shared.contracts.refusals import Refused
from shared.storage.database import Tx

DAYS = 1
"""Scores are those of now."""


async def show(request: Request, session: Session) -> Response:
    async with begin(request, session) as tx:
        found = asked(request, session, tx.today, DAYS)
        view = scores(found, await _known(tx, found))
        around = await frame(request, session, tx, "Score distribution", "scores")
    return HTMLResponse(render("scores/page.html", frame=around, tabs=tabs(around.groups), view=view))


async def _known(tx: Tx, found: Asked) -> Known:
    last = await queries.calibrations(tx)
    crossed = [each["facility_id"] for each in last[0].data["crossings"]] if last else []
    return Known(
        await queries.spread(tx, found.rep),
        last,
        await queries.scores_until(tx, crossed, last[1].calibrated_on) if len(last) > 1 else {},
        await queries.scores_until(tx, crossed, last[0].calibrated_on) if last else {},
        await queries.named(tx, crossed),
        await team.reps(tx),
    )


async def listed(request: Request, session: Session) -> Response:
    """The accounts behind a bar, a tier, or a part of its size."""
    async with begin(request, session) as tx:
        found, rows = await _listed(request, session, tx)
        view = accounts(found, rows, await team.names(tx), page_of(request))
        if session.can("exports", own=is_own(session, found)):
            view = replace(view, csv=_list_of(found, "/dashboards/scores/accounts.csv"))
        around = await frame(request, session, tx, "Accounts by score", "scores")
    return HTMLResponse(render("listing.html", frame=around, tabs=tabs(around.groups), view=view))


async def export(request: Request, session: Session) -> Response:
    """All of them as CSV, which the audit log records."""
    async with begin(request, session) as tx:
        found, rows = await _listed(request, session, tx)
        refuse_undone(session, "exports", own=is_own(session, found))
        names = await team.names(tx)
        await record(tx, session, "export_scores", _list_of(found, "scores")[:300], {"rows": len(rows)})
    return streamed("scores.csv", HEADINGS, (line(each, names) for each in rows))


async def _listed(request: Request, session: Session, tx: Tx) -> tuple[Asked, list[Scored]]:
    """What the address asks for, and the accounts that it names."""
    found = asked(request, session, tx.today, DAYS, "tier", "low", "high", "at")
    if found.where.get("at", "") not in PLACES:
        raise Refused("There is no such part of a tier.", 400)
    last = await queries.calibrations(tx)
    cuts = cuts_of(last[0] if last else None)
    return found, [each for each in await queries.scored(tx, found.rep) if is_in(each, found.where, cuts)]


def _list_of(found: Asked, path: str) -> str:
    return found.href(path=path, **{"from": "", "to": ""})


PAGES: Sequence[Page] = (
    Page("/dashboards/scores", SCREENS["scores"], show),
    Page("/dashboards/scores/accounts", SCREENS["scores"], listed),
    Page("/dashboards/scores/accounts.csv", SCREENS["scores"], export),
)
