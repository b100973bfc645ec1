"""Capacity: how full the next days are, and who is away."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.screens.capacity import queries
from services.console.screens.capacity.building import capacity
from services.console.screens.pages import Page
from services.console.store import team
from services.console.usecases.asking import asked as ask
from services.console.usecases.framing import MISSING, frame
from services.console.usecases.seeing import begin
from shared.contracts.sequencer_capacity import Capacity

ABOUT = "account,contact,enrollment,facility,lead,rep,score,signal,suppression,task"
SILENT = MISSING.format(what="Who is away", verb="is", service="the sequencer")


async def show(request: Request, session: Session) -> Response:
    plan = await ask(request, Capacity())
    missing = [] if plan else [f"The plan is missing. {SILENT}"]
    async with begin(request, session) as tx:
        leaves, reps = await queries.leaves(tx), await team.reps(tx)
        view = capacity(plan, leaves, reps, session, tx.today, request.query_params.get("state", ""))
        around = await frame(request, session, tx, "Capacity", "sequences", missing=missing, about=ABOUT)
    return HTMLResponse(render("capacity/page.html", frame=around, tabs=tabs(around.groups), view=view))


PAGES: Sequence[Page] = (Page("/capacity", SCREENS["sequences"], show),)
