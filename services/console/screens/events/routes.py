"""What has happened, newest first; and one event, from its cause to its effects."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console import settings
from services.console.domain.addresses import address_of
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.figures import window_of
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
from services.console.usecases.cohorts import Cohort, cohort_of, where_of
from services.console.usecases.describing import describe
from services.console.usecases.describing.words import Names, names_of
from services.console.usecases.framing import frame
from services.console.usecases.reading import visible
from services.console.usecases.seeing import begin, refuse_undone, refuse_unseen
from services.console.usecases.texts import label
from shared.contracts.refusals import Refused
from shared.storage.database import Tx

ROWS = 50
POSTINGS = 10
"""Of which an event leads to the rows of the ledger."""
TOGETHER = 1_000
"""The events that are read and sent at once."""
HEADINGS = ("time", "subject", "event", "number", "name", "id")
Line = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    narrowed: Narrowed
    cohort: Cohort | None = None
    """The figure whose cases the events are."""

    def href(self, path: str = "/events", **changes: object) -> str:
        narrowed, cohort = self.narrowed, self.cohort
        given = {"subject": narrowed.subject, "facility": narrowed.facility, "rep": narrowed.rep, **changes}
        if cohort is None:
            return address_of(path, given)
        del given["rep"]
        return cohort.asked.href(path=path, cohort=cohort.figure.kpi.name, state=cohort.side, **given)


async def show(request: Request, session: Session) -> Response:
    page = page_of(request)
    async with begin(request, session) as tx:
        asked = await _asked(request, session, tx)
        counts = await queries.counts(tx, asked.narrowed)
        rows = [_seen(each, session) for each in await queries.page(tx, asked.narrowed, ROWS, (page - 1) * ROWS)]
        reps = await team.names(tx)
        around = await frame(request, session, tx, "Events", "", saves="/events")
    total, names, subject = _total(counts, asked), names_of(reps), asked.narrowed.subject
    view = Events(
        sentence=plural(total, "event"),
        subjects=tuple(
            Choice(name, asked.href(subject="" if name == subject else name), name == subject, count)
            for name, count in counts.items()
        ),
        chosen=_chosen(asked, reps),
        rows=tuple(_row(each, names) for each in rows),
        slice=slice_of(page, ROWS, total, lambda number: asked.href(page=number if number > 1 else "")),
        csv=asked.href("/events.csv") if session.can("exports", own=_own(asked, session)) else "",
    )
    return HTMLResponse(render("events/page.html", frame=around, tabs=tabs(around.groups), view=view))


async def export(request: Request, session: Session) -> Response:
    """All events of the list as CSV, which the audit log records: read and sent a page at a time."""
    async with begin(request, session) as tx:
        asked = await _asked(request, session, tx)
        refuse_undone(session, "exports", own=_own(asked, session))
        total, names = _total(await queries.counts(tx, asked.narrowed), asked), names_of(await team.names(tx))
        first = await queries.page(tx, asked.narrowed, TOGETHER)
        await record(tx, session, "export_events", asked.href()[:300], {"rows": total})

    async def pages() -> AsyncIterator[list[Line]]:
        rows = first
        while rows:
            yield [_line(_seen(each, session), names) for each in rows]
            if len(rows) < TOGETHER:
                return
            async with begin(request, session) as tx:
                rows = await queries.page(tx, asked.narrowed, TOGETHER, before=rows[-1].event_id)

    return streamed_in_pages("events.csv", HEADINGS, pages())


def _line(each: Logged, names: Names) -> Line:
    sentence = describe(each.subject, each.data, names).sentence
    account = settings.usual_name(each.account or "")
    return (each.at.isoformat(), each.subject, sentence, each.facility_id, account, str(each.event_id))


async def _asked(request: Request, session: Session, tx: Tx) -> Asked:
    query = request.query_params
    subject, facility, rep = (query.get(name, "") for name in ("subject", "facility", "rep"))
    if not query.get("cohort"):
        return Asked(Narrowed(subject, facility, rep))
    refuse_unseen(session, "dashboards")
    cohort = await cohort_of(request, session, tx, query["cohort"])
    return Asked(Narrowed(subject, facility, events=cohort.events), cohort)


def _total(counts: Mapping[str, int], asked: Asked) -> int:
    subject = asked.narrowed.subject
    return counts.get(subject, 0) if subject else sum(counts.values())


def _own(asked: Asked, session: Session) -> bool:
    """Whether the events are only those of the person."""
    return session.rep is not None and (asked.cohort or asked.narrowed).rep == session.rep


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
        ledger=_ledger(found, session),
        content=json.dumps(found.data, indent=2, ensure_ascii=False),
    )
    return HTMLResponse(render("events/event.html", frame=around, tabs=tabs(around.groups), view=view))


def _ledger(found: Logged, session: Session) -> tuple[str, ...]:
    """What allowed the postings that an event is about."""
    if not session.can_see("sources"):
        return ()
    ids = [found.data.get("posting_id"), *(found.data.get("posting_ids") or ())]
    return tuple(address_of("/settings/sources/ledger", {"posting": each}) for each in ids if each)[:POSTINGS]


def _seen(each: Logged, session: Session) -> Logged:
    return replace(each, data=visible(each.subject, each.data, session.can_see))


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


def _chosen(asked: Asked, reps: Mapping[str, str]) -> tuple[Choice, ...]:
    narrowed, cohort = asked.narrowed, asked.cohort
    chosen = (
        (narrowed.subject, asked.href(subject="")),
        (narrowed.facility, asked.href(facility="")),
        (reps.get(narrowed.rep, narrowed.rep), asked.href(rep="")),
        (_titled(cohort, reps) if cohort else "", replace(asked, cohort=None).href()),
    )
    return tuple(Choice(title, href, True) for title, href in chosen if title)


def _titled(cohort: Cohort, reps: Mapping[str, str]) -> str:
    """`Proposals won: reached, Ann, 2 May to 30 Jul`"""
    figure, where = cohort.figure, where_of(cohort.asked, cohort.figure.kpi)
    words = (cohort.side, *(label(name, value, reps) for name, value in where.items()), window_of(figure))
    return f"{figure.kpi.title}: {', '.join(filter(None, words))}"


PAGES: Sequence[Page] = (
    Page("/events", "accounts", show),
    Page("/events.csv", "exports", export),
    Page("/events/{event}", "accounts", show_event),
)
