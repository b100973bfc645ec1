"""How scores are spread, which ties and holders make a tier larger, and who crossed a cut at the last calibration."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.screens.pages import Page
from services.console.screens.scores import queries
from services.console.screens.scores.building import PLACES, Known, accounts, cuts_of, scores
from services.console.store import team
from services.console.usecases.addresses import page_of
from services.console.usecases.dashboards import Asked, asked
from services.console.usecases.framing import frame
from services.console.usecases.seeing import begin
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
        found = asked(request, session, tx.today, DAYS, "tier", "low", "high", "at")
        if found.where.get("at", "") not in PLACES:
            raise Refused("There is no such part of a tier.", 400)
        last = await queries.calibrations(tx)
        cuts = cuts_of(last[0] if last else None)
        rows = await queries.scored(tx, found.rep)
        view = accounts(found, rows, cuts, await team.names(tx), page_of(request))
        around = await frame(request, session, tx, "Accounts by score", "scores")
    return HTMLResponse(render("listing.html", frame=around, tabs=tabs(around.groups), view=view))


PAGES: Sequence[Page] = (
    Page("/dashboards/scores", SCREENS["scores"], show),
    Page("/dashboards/scores/accounts", SCREENS["scores"], listed),
)
