"""The funnel: from signals to clients, and how fast."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.screens.funnel.building import funnel
from services.console.screens.pages import Page
from services.console.store import team
from services.console.usecases.dashboards import asked
from services.console.usecases.framing import frame
from services.console.usecases.measuring import measures
from services.console.usecases.seeing import begin

DAYS = 90


async def show(request: Request, session: Session) -> Response:
    async with begin(request, session) as tx:
        found = asked(request, session, tx.today, DAYS)
        view = funnel(found, tx.today, await measures(tx), await team.reps(tx))
        around = await frame(request, session, tx, "Conversion funnel", "funnel")
    return HTMLResponse(render("funnel/page.html", frame=around, tabs=tabs(around.groups), view=view))


PAGES: Sequence[Page] = (Page("/dashboards/funnel", SCREENS["funnel"], show),)
