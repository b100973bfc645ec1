"""Whose tasks calendar programs read, and letting an address stop working."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from services.console.domain.sessions import Session
from services.console.screens.pages import Page
from services.console.screens.settings.around import section_page, sections_of
from services.console.screens.settings.calendars.view import Calendar, Calendars
from services.console.store import team
from services.console.usecases.asking import asked
from services.console.usecases.seeing import begin
from shared.contracts import courier_calendars as courier

HERE = "/settings/calendars"
SILENT = "Calendars are not shown: the courier does not answer."


async def show(request: Request, session: Session) -> Response:
    answer = await asked(request, courier.Calendars())
    known = answer or []
    async with begin(request, session) as tx:
        reps = await team.reps(tx)
        rows = [
            Calendar(
                rep=each.rep,
                name=reps.names.get(each.rep, each.rep),
                personal=each.personal,
                since=each.added_at,
                by=each.added_by,
                read=each.read_at,
            )
            for each in known
        ]
        having = {each.rep for each in known}
        view = Calendars(
            sections=sections_of(session, "calendars"),
            rows=tuple(sorted(rows, key=lambda each: each.name)),
            without=", ".join(name for rep, name in reps.present.items() if rep not in having),
            answered=answer is not None,
            change=session.can("calendars"),
        )
        missing = [] if answer is not None else [SILENT]
        return await section_page(request, session, tx, "settings/calendars/page.html", view, missing=missing)


PAGES: Sequence[Page] = (Page(HERE, "calendars", show),)
