"""What has happened, newest first; and one event, from its cause to its effects."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console import settings
from services.console.domain.addresses import address_of
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.filters import plural
from services.console.rendering.frame import tabs
from services.console.rendering.shapes import Choice, slice_of
from services.console.rendering.sheets import streamed_in_pages
from services.console.screens.events import queries
from services.console.screens.events.queries import Logged, Narrowed
from services.console.screens.events.view import Event, Events, Row
from services.console.screens.pages import Page
from services.console.store import team
from services.console.usecases.addresses import page_of
from services.console.usecases.auditing import record
from services.console.usecases.describing import describe
from services.console.usecases.describing.words import Names, names_of
from services.console.usecases.framing import frame
from services.console.usecases.reading import visible
from services.console.usecases.seeing import begin, refuse_undone
from shared.contracts.refusals import Refused

ROWS = 50
TOGETHER = 1_000
"""The events that are read and sent at once."""
HEADINGS = ("time", "subject", "event", "number", "name", "id")
Line = tuple[object, ...]


async def show(request: Request, session: Session) -> Response:
    asked, page = _asked(request), page_of(request)
    async with begin(request, session) as tx:
        counts = await queries.counts(tx, asked)
        rows = [_seen(each, session) for each in await queries.page(tx, asked, ROWS, (page - 1) * ROWS)]
        reps = await team.names(tx)
        around = await frame(request, session, tx, "Events", "", saves="/events")
    total, names = _total(counts, asked), names_of(reps)
    view = Events(
        sentence=plural(total, "event"),
        subjects=tuple(
            Choice(name, _href(asked, subject="" if name == asked.subject else name), name == asked.subject, count)
            for name, count in counts.items()
        ),
        chosen=_chosen(asked, reps),
        rows=tuple(_row(each, names) for each in rows),
        slice=slice_of(page, ROWS, total, lambda number: _href(asked, page=number if number > 1 else "")),
        csv=_href(asked, "/events.csv") if session.can("exports", own=_own(asked, session)) else "",
    )
    return HTMLResponse(render("events/page.html", frame=around, tabs=tabs(around.groups), view=view))


async def export(request: Request, session: Session) -> Response:
    """All events of the list as CSV, which the audit log records: read and sent a page at a time."""
    asked = _asked(request)
    refuse_undone(session, "exports", own=_own(asked, session))
    async with begin(request, session) as tx:
        total, names = _total(await queries.counts(tx, asked), asked), names_of(await team.names(tx))
        first = await queries.page(tx, asked, TOGETHER)
        await record(tx, session, "export_events", _href(asked)[:300], {"rows": total})

    async def pages() -> AsyncIterator[list[Line]]:
        rows = first
        while rows:
            yield [_line(_seen(each, session), names) for each in rows]
            async with begin(request, session) as tx:
                rows = await queries.page(tx, asked, TOGETHER, before=rows[-1].event_id)

    return streamed_in_pages("events.csv", HEADINGS, pages())


def _line(each: Logged, names: Names) -> Line:
    sentence = describe(each.subject, each.data, names).sentence
    account = settings.usual_name(each.account or "")
    return (each.at.isoformat(), each.subject, sentence, each.facility_id, account, str(each.event_id))


def _asked(request: Request) -> Narrowed:
    query = request.query_params
    return Narrowed(query.get("subject", ""), query.get("facility", ""), query.get("rep", ""))


def _total(counts: Mapping[str, int], asked: Narrowed) -> int:
    return counts.get(asked.subject, 0) if asked.subject else sum(counts.values())


def _own(asked: Narrowed, session: Session) -> bool:
    """Whether the events are only those of the person."""
    return session.rep is not None and asked.rep == session.rep


async def show_event(request: Request, session: Session) -> Response:
    try:
        event_id = UUID(request.path_params["event"])
    except ValueError:
        raise Refused("This is not the id of an event.", 404) from None
    async with begin(request, session) as tx:
        found = await queries.event(tx, event_id)
        if found is None:
            raise Refused("There is no such event here.", 404)
        posting = found.data.get("posting_id") if found.subject.startswith("posting.") else None
        facility = found.facility_id or (await queries.account_of(tx, posting) if posting else None)
        story = [_seen(each, session) for each in await queries.story(tx, found, facility)]
        found = _seen(found, session)
        names = names_of(await team.names(tx))
        around = await frame(request, session, tx, found.subject, "")
    view = Event(
        id=str(found.event_id),
        at=found.at,
        subject=found.subject,
        sentence=describe(found.subject, found.data, names).sentence,
        account=settings.usual_name(found.account or facility or ""),
        account_href=f"/facilities/{facility}" if facility else "",
        trace=tuple(_row(each, names) for each in story),
        content=json.dumps(found.data, indent=2, ensure_ascii=False),
    )
    return HTMLResponse(render("events/event.html", frame=around, tabs=tabs(around.groups), view=view))


def _seen(each: Logged, session: Session) -> Logged:
    return replace(each, data=visible(each.subject, each.data, people=session.can_see("people")))


def _row(each: Logged, names: Names) -> Row:
    phrase = describe(each.subject, each.data, names)
    return Row(
        id=str(each.event_id),
        href=f"/events/{each.event_id}",
        at=each.at,
        icon=phrase.icon,
        tone=phrase.tone,
        subject=each.subject,
        sentence=phrase.sentence,
        account=settings.usual_name(each.account or each.facility_id or ""),
        account_href=f"/facilities/{each.facility_id}" if each.facility_id else "",
    )


def _href(asked: Narrowed, path: str = "/events", **changes: object) -> str:
    return address_of(path, {"subject": asked.subject, "facility": asked.facility, "rep": asked.rep, **changes})


def _chosen(asked: Narrowed, reps: Mapping[str, str]) -> tuple[Choice, ...]:
    chosen = (
        (asked.subject, _href(asked, subject="")),
        (asked.facility, _href(asked, facility="")),
        (reps.get(asked.rep, asked.rep), _href(asked, rep="")),
    )
    return tuple(Choice(title, href, True) for title, href in chosen if title)


PAGES: Sequence[Page] = (
    Page("/events", "accounts", show),
    Page("/events.csv", "exports", export),
    Page("/events/{event}", "accounts", show_event),
)
