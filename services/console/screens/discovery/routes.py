"""Accounts without an open posting, by score, and what would move them up (R48)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console import settings
from services.console.domain.addresses import address_of
from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.filters import plural
from services.console.rendering.frame import tabs
from services.console.rendering.shapes import Choice, slice_of
from services.console.rendering.sheets import streamed
from services.console.screens.discovery import queries
from services.console.screens.discovery.building import Known, missing_points, reasons, row
from services.console.screens.discovery.queries import Narrowed
from services.console.screens.discovery.view import Discovery
from services.console.screens.pages import Page
from services.console.store import team
from services.console.store.scores import cuts, scores
from services.console.usecases.addresses import page_of
from services.console.usecases.asking import asked as ask
from services.console.usecases.auditing import record
from services.console.usecases.framing import frame, words_of_pack
from services.console.usecases.seeing import begin, refuse_undone
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_touches import BookmarkRow, Bookmarks
from shared.storage.database import Tx

ROWS, MOST_PAGES = 50, 1_000
NEAR = 5.0
"""Points to the next tier that count as near."""
ABOUT = "facility,score,signal"
HEADINGS = ("number", "name", "city", "state", "tier", "score", "points to the next tier", "why", "owner")


async def show(request: Request, session: Session) -> Response:
    page = page_of(request)
    marked = await ask(request, Bookmarks())
    bookmarks = {each.facility_id: each for each in marked or ()}
    missing = ["Bookmarks are not shown: the sequencer does not answer."] if marked is None else []
    async with begin(request, session) as tx:
        asked = await _narrowed(tx, request, session, bookmarks)
        view = await _view(tx, request, session, asked, bookmarks, page)
        around = await frame(
            request, session, tx, "Discovery", "discovery", missing=missing, about=ABOUT, saves="/discovery"
        )
    return HTMLResponse(render("discovery/page.html", frame=around, tabs=tabs(around.groups), view=view))


async def export(request: Request, session: Session) -> Response:
    """All rows of the list as CSV, which the audit log records."""
    refuse_undone(session, "exports", own=_own(request, session))
    marked = await ask(request, Bookmarks()) if request.query_params.get("show") == "bookmarked" else []
    if marked is None:
        raise Refused("The sequencer does not answer, so it is not known what is bookmarked; try again.", 503)
    bookmarks = {each.facility_id: each for each in marked}
    async with begin(request, session) as tx:
        asked = await _narrowed(tx, request, session, bookmarks)
        found, names, tiers = await queries.rows(tx, asked, None, 0), await team.names(tx), await cuts(tx)
        known = await scores(tx, [each.facility_id for each in found])
        await record(tx, session, "export_discovery", _href(request)[:300], {"rows": len(found)})
    rows = (
        (each.facility_id, settings.usual_name(each.name or ""), settings.usual_name(each.city or ""), each.state,
            each.tier, each.score, missing_points(each.tier, float(each.score), tiers),
            "; ".join(reasons(known.get(each.facility_id, {}))), names.get(each.owner or "", each.owner))
        for each in found
    )  # fmt: skip
    return streamed("discovery.csv", HEADINGS, rows)


def _own(request: Request, session: Session) -> bool:
    return session.rep is not None and request.query_params.get("owner") == "me"


async def _narrowed(tx: Tx, request: Request, session: Session, bookmarks: Mapping[str, BookmarkRow]) -> Narrowed:
    query, tiers = request.query_params, await cuts(tx)
    return Narrowed(
        owner=session.rep if query.get("owner") == "me" else None,
        ids=list(bookmarks) if query.get("show") == "bookmarked" else None,
        near=query.get("near") == "5",
        first=tiers.get(1),
        second=tiers.get(2),
        points=NEAR,
    )


async def _view(
    tx: Tx, request: Request, session: Session, asked: Narrowed, bookmarks: Mapping[str, BookmarkRow], page: int
) -> Discovery:
    found, total = await queries.rows(tx, asked, ROWS, (page - 1) * ROWS), await queries.total(tx, asked)
    counted = await queries.counts(tx, asked, session.rep)
    tiers = {tier: cut for tier, cut in ((1, asked.first), (2, asked.second)) if cut is not None}
    known = Known(
        await scores(tx, [each.facility_id for each in found]), tiers, bookmarks, await team.names(tx), session.actor
    )
    words = words_of_pack()
    mine = [_filter(request, "Mine", "owner", "me", counted.own)] if session.rep else []
    exports = session.can("exports", own=_own(request, session))
    return Discovery(
        sentence=f"{plural(counted.every, words.account, words.accounts)} without a posting,"
        f" {counted.near:,} within {NEAR:g} points of the next tier",
        tabs=(
            Choice("All", _href(request, show=""), asked.ids is None, counted.every),
            Choice("Bookmarked", _href(request, show="bookmarked"), asked.ids is not None, len(bookmarks)),
        ),
        filters=(*mine, _filter(request, f"Within {NEAR:g} points", "near", "5", counted.near)),
        rows=tuple(row(each, known, markable=session.can("touches", own=each.owner == session.rep)) for each in found),
        slice=slice_of(page, ROWS, total, lambda number: _href(request, page=number)),
        bookmark=session.can("touches"),
        csv=_href(request, path="/discovery.csv") if exports else "",
        empty="No account has all of these." if asked.ids is None else "Nothing is bookmarked.",
    )


def _filter(request: Request, title: str, name: str, value: str, count: int) -> Choice:
    current = request.query_params.get(name) == value
    return Choice(title, _href(request, **{name: "" if current else value}), current, count)


def _href(request: Request, path: str = "/discovery", **changes: object) -> str:
    """The same page with changes, from its beginning."""
    values = {name: request.query_params.get(name, "") for name in ("show", "owner", "near")} | changes
    return address_of(path, values)


PAGES: Sequence[Page] = (
    Page("/discovery", SCREENS["discovery"], show),
    Page("/discovery.csv", SCREENS["discovery"], export),
)
