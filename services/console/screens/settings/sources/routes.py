"""The sources of postings: how each is doing, one of them, and the commands about it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from services.console.domain.addresses import address_of
from services.console.domain.sessions import Session
from services.console.rendering.filters import plural
from services.console.rendering.shapes import Choice, slice_of
from services.console.rendering.sheets import streamed
from services.console.screens.pages import Page
from services.console.screens.settings.around import section_page, sections_of
from services.console.screens.settings.sources import ledger
from services.console.screens.settings.sources.building import HERE, SHOW, STATES, needs_a_look, one, source
from services.console.screens.settings.sources.view import Sources
from services.console.usecases.addresses import page_of
from services.console.usecases.asking import asked, found
from services.console.usecases.auditing import record
from services.console.usecases.framing import zone_of
from services.console.usecases.seeing import begin, refuse_unseen
from shared.clock import local_text
from shared.contracts.ingest_sources import SourceDetails, SourceList, SourceState, SourceTest
from shared.contracts.refusals import Refused

ROWS = 50
LONGEST = 60
"""Of the name of a source."""
LOOK = "look"
"""The filter of those that need a look."""
HEADINGS = ("source", "how", "employer", "allowed by", "state", "why", "last complete", "next", "open", "last", "came",
    "refused")  # fmt: skip
SILENT = "Sources are not shown: the ingest does not answer."


async def show(request: Request, session: Session) -> Response:
    number = page_of(request)
    answer = await asked(request, SourceList())
    known = answer or []
    state, query = _state(request), request.query_params.get("q", "").strip()[:LONGEST]
    chosen = _narrowed(known, state, query)
    rows = tuple(map(source, chosen[(number - 1) * ROWS : number * ROWS]))
    looks = sum(map(needs_a_look, known))
    view = Sources(
        sections=sections_of(session, "sources"),
        sentence=_sentence(len(known), looks),
        filters=_filters(known, state, query),
        query=query,
        kept=(("state", state),) if state else (),
        rows=rows,
        slice=slice_of(number, ROWS, len(chosen), lambda page: _href(state, query, page=page)),
        answered=answer is not None,
        change=session.can("sources"),
        csv=_href(state, query, f"{HERE}.csv") if session.can("exports") and rows else "",
    )
    async with begin(request, session) as tx:
        missing = [] if answer is not None else [SILENT]
        return await section_page(request, session, tx, "settings/sources/page.html", view, missing=missing)


async def export(request: Request, session: Session) -> Response:
    refuse_unseen(session, "exports")
    answer = await asked(request, SourceList())
    if answer is None:
        raise Refused(SILENT, 503)
    query, zone = request.query_params.get("q", "").strip()[:LONGEST], zone_of(session)
    rows = [source(each) for each in _narrowed(answer, _state(request), query)]
    async with begin(request, session) as tx:
        await record(tx, session, "export_sources", "", {"rows": len(rows)})
    cells = [
        (r.name, r.how, r.employer, r.rule, r.state.text, r.state.why,
            *(local_text(at, zone) if at else "" for at in (r.complete, r.next)), r.open,
            local_text(r.last, zone) if r.last else "", r.came, r.refused)
        for r in rows
    ]  # fmt: skip
    return streamed("sources.csv", HEADINGS, cells)


async def show_one(request: Request, session: Session) -> Response:
    name = request.query_params.get("name", "").strip()
    if not 0 < len(name) <= LONGEST:
        raise Refused("There is no such source.", 404)
    answer, test = await asyncio.gather(asked(request, SourceDetails(name=name)), found(request, SourceTest(name=name)))
    if answer is None:
        raise Refused("The source is not shown: the ingest does not answer.", 503)
    view = one(answer, test, sections_of(session, "sources"), zone_of(session), change=session.can("sources"))
    async with begin(request, session) as tx:
        return await section_page(request, session, tx, "settings/sources/source.html", view)


def _sentence(count: int, looks: int) -> str:
    needs = f"; {looks} {'needs' if looks == 1 else 'need'} a look" if looks else ""
    return f"{plural(count, 'source')}{needs}."


def _narrowed(known: Sequence[SourceState], state: str, query: str) -> list[SourceState]:
    """Those that need a look come first."""
    wanted = [
        each
        for each in known
        if (not state or (needs_a_look(each) if state == LOOK else each.state == state))
        and query.casefold() in f"{each.name} {each.adapter or ''} {each.employer_name or ''}".casefold()
    ]
    return sorted(wanted, key=lambda each: (not needs_a_look(each), each.name))


def _filters(known: Sequence[SourceState], state: str, query: str) -> tuple[Choice, ...]:
    counts = Counter(each.state for each in known) | Counter({LOOK: sum(map(needs_a_look, known))})
    titles = {LOOK: "needs a look", **{name: text for name, (text, _) in STATES.items()}}
    return tuple(
        Choice(title, _href("" if name == state else name, query), name == state, counts[name])
        for name, title in titles.items()
        if counts[name] or name == state
    )


def _state(request: Request) -> str:
    state = request.query_params.get("state", "")
    if state and state not in (LOOK, *STATES):
        raise Refused("This address is not complete.", 400)
    return state


def _href(state: str, query: str, path: str = HERE, page: int = 1) -> str:
    return address_of(path, {"state": state, "q": query, "page": page if page > 1 else ""})


PAGES: Sequence[Page] = (
    Page(HERE, "sources", show),
    Page(f"{HERE}.csv", "sources", export),
    Page(SHOW, "sources", show_one),
    *ledger.PAGES,
)
