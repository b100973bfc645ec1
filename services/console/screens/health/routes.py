"""The health of the pipeline: what reps did in time, and what waits now."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.screens.health import queries
from services.console.screens.health.building import Known, health
from services.console.screens.pages import Page
from services.console.store import team
from services.console.store.signals import open_signals
from services.console.usecases.asking import asked as ask
from services.console.usecases.dashboards import asked
from services.console.usecases.framing import frame
from services.console.usecases.measuring import measures
from services.console.usecases.seeing import begin
from shared.contracts.sequencer_sla import SlaClocks

DAYS = 7
SILENT = "The SLA is missing: the sequencer does not answer."


async def show(request: Request, session: Session) -> Response:
    clocks, missing = await ask(request, SlaClocks()), list[str]()
    if clocks is None:
        missing.append(SILENT)
    async with begin(request, session) as tx:
        found = asked(request, session, tx.today, DAYS)
        known = Known(
            await measures(tx),
            await queries.work(tx),
            clocks,
            await queries.waiting(tx),
            await queries.drafts(tx, found.rep),
            await open_signals(tx, found.rep),
            await team.reps(tx),
            tx.now,
            frozenset(name for name in ("touches", "inbox", "drafts") if session.can_see(name)),
        )
        view = health(found, tx.today, known)
        around = await frame(request, session, tx, "Pipeline health", "health", missing=missing)
    return HTMLResponse(render("health/page.html", frame=around, tabs=tabs(around.groups), view=view))


PAGES: Sequence[Page] = (Page("/dashboards/health", SCREENS["health"], show),)
