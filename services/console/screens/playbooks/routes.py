"""Playbooks: lists that a pack keeps ready. No pack has any yet, and the page says so."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.screens.pages import Page
from services.console.screens.playbooks.view import Playbooks
from services.console.usecases.framing import frame
from services.console.usecases.seeing import begin

NONE = Playbooks((), "", "", "", (), None)


async def show(request: Request, session: Session) -> Response:
    async with begin(request, session) as tx:
        around = await frame(request, session, tx, "Playbooks", "playbooks")
    return HTMLResponse(render("playbooks/page.html", frame=around, tabs=tabs(around.groups), view=NONE))


PAGES: Sequence[Page] = (Page("/playbooks", SCREENS["playbooks"], show),)
