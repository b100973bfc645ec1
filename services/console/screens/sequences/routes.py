"""Sequences, and who works through one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console import settings
from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.screens.pages import Page
from services.console.screens.sequences import queries
from services.console.screens.sequences.building import PAGE, Known, runs, sequence, sequences
from services.console.screens.sequences.migrating import migration
from services.console.store import team
from services.console.usecases.addresses import page_of
from services.console.usecases.asking import asked as ask
from services.console.usecases.asking import found
from services.console.usecases.framing import MISSING, frame
from services.console.usecases.reading import visible
from services.console.usecases.seeing import begin
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_sequences import ListSequences, PreviewMigration, SequenceDetails, ShowSequence
from shared.storage.database import Tx

ABOUT = "enrollment,task"
SILENT = MISSING.format(what="The steps", verb="are", service="the sequencer")


async def show(request: Request, session: Session) -> Response:
    rows = await ask(request, ListSequences())
    names = [each.name for each in rows or ()]
    details = await asyncio.gather(*(found(request, ShowSequence(name=each)) for each in names))
    missing = [] if rows is not None else [SILENT]
    async with begin(request, session) as tx:
        known = await _known(tx)
        view = sequences(rows or (), {each.name: each for each in details if each}, known)
        around = await frame(request, session, tx, "Sequences", "sequences", missing=missing, about=ABOUT)
    return HTMLResponse(render("sequences/page.html", frame=around, tabs=tabs(around.groups), view=view))


async def show_runs(request: Request, session: Session) -> Response:
    name, state, page = _asked(request)
    details = await found(request, ShowSequence(name=name))
    async with begin(request, session) as tx:
        known = await _known(tx, name)
        if details is None and name not in settings.sequences() and not any(key[0] == name for key in known.counts):
            raise Refused(f"There is no sequence {name}.", 404)
        shown = sequence(name, details, known, older_in(details))
        found_rows = await queries.enrollments(tx, state, name, offset=(page - 1) * PAGE, limit=PAGE)
        listed = [replace(each, data=visible("enrollment", each.data, session.can_see)) for each in found_rows]
        view = runs(shown, state, listed, known, session, page=page)  # type: ignore[arg-type]  # one of STATES
        missing = [] if details else [SILENT]
        around = await frame(request, session, tx, shown.title, "sequences", missing=missing, about=ABOUT)
    return HTMLResponse(render("sequences/runs.html", frame=around, tabs=tabs(around.groups), view=view))


def older_in(details: SequenceDetails | None) -> int:
    """The running enrollments that started with another version than that of the pack."""
    versions = details.versions if details and details.current else []
    return sum(each.running for each in versions if details and each.version != details.version)


async def show_migration(request: Request, session: Session) -> Response:
    """Where each enrollment in an older version would go on in that of the pack."""
    name = request.path_params["name"]
    preview = await ask(request, PreviewMigration(name=name))
    if preview is None:
        raise Refused(f"{SILENT} A migration is previewed by it alone.", 503)
    async with begin(request, session) as tx:
        words = settings.sequences().get(name)
        view = migration(preview, words.title if words else name, session)
        around = await frame(request, session, tx, "Move to the version of the pack", "sequences", about=ABOUT)
    return HTMLResponse(render("sequences/migrate.html", frame=around, tabs=tabs(around.groups), view=view))


def _asked(request: Request) -> tuple[str, str, int]:
    state, page = request.query_params.get("state", "active"), page_of(request)
    if state not in queries.STATES:
        raise Refused(f"There is no list {state[:20]!r}; there are {', '.join(queries.STATES)}.", 400)
    return request.path_params["name"], state, page


async def _known(tx: Tx, name: str | None = None) -> Known:
    return Known(
        await queries.counts(tx), await queries.enrollments(tx, "active", name), await team.names(tx), tx.today
    )


PAGES: Sequence[Page] = (
    Page("/sequences", SCREENS["sequences"], show),
    Page("/sequences/{name}/runs", SCREENS["sequences"], show_runs),
    Page("/sequences/{name}/migrate", SCREENS["sequences"], show_migration),
)
