"""Drafts: a person reads each letter, changes it, and sends it as oneself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console.domain.forms import Form
from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.screens.drafts import queries
from services.console.screens.drafts.building import drafts, in_tab, leaving
from services.console.screens.drafts.known import COUNTED, MOST, TABS, Asked, Known, Typed
from services.console.screens.pages import Page
from services.console.usecases.asking import asked as ask
from services.console.usecases.framing import frame, zone_of
from services.console.usecases.seeing import begin
from shared.contracts.notifier import Draft, DraftDetails, Drafts, DraftStatus
from shared.contracts.refusals import AskFailed, Refused
from shared.storage.database import Tx

ABOUT = "email,task,suppression"
WAITING = 500
"""The drafts of the tabs with counts that are read at most."""
SILENT = "Letters are not shown: the notifier does not answer. Nothing that you typed is lost."


async def show(request: Request, session: Session) -> Response:
    return await page(request, session, _asked(request))


async def edit(request: Request, session: Session) -> Response:
    return await page(request, session, replace(_asked(request), editing=True))


async def edit_again(request: Request, session: Session, form: Form, refusal: Refused) -> Response:
    """The letter as it is now, with the text that was refused in its fields."""
    typed = Typed(form.first("subject"), form.first("body"), str(refusal))
    return await page(request, session, Asked(draft=form.first("target"), editing=True), typed, refusal.code)


async def page(
    request: Request, session: Session, asked: Asked, typed: Typed | None = None, status: int = 200
) -> Response:
    listed = await _listed(request, session, asked)
    opened = await _opened(request, session, asked, listed or [])
    missing = [SILENT] if listed is None or (asked.draft and opened is None) else []
    async with begin(request, session) as tx:
        known = await _known(tx, session, listed, opened, typed)
        if opened is None and not asked.draft:
            known = await _with_first(tx, asked, known)
        view = drafts(asked, session, known)
        about = "" if asked.editing else ABOUT
        around = await frame(request, session, tx, "Drafts", "drafts", missing=missing, about=about, saves="/drafts")
    around = replace(around, status=leaving(session, known) or around.status)
    if listed is not None:
        around = around.counting(drafts=len(in_tab(known, "")))
    return HTMLResponse(render("drafts/page.html", frame=around, tabs=tabs(around.groups), view=view), status)


async def _with_first(tx: Tx, asked: Asked, known: Known) -> Known:
    """Beside a list, its first letter is shown."""
    first = next(iter(in_tab(known, asked.state)), None)
    return replace(known, letter=first, last_letter=await queries.last_letter(tx, first.facility_id) if first else None)


def _asked(request: Request) -> Asked:
    """What the address asks for; refuses a state or a draft that is none."""
    query = request.query_params
    state, draft = query.get("state", ""), request.path_params.get("draft", "")
    if state not in TABS:
        raise Refused(f"There is no list {state}; there are {', '.join(filter(None, TABS))}.", 400)
    try:
        several = tuple(str(UUID(each)) for each in query.getlist("id")[:MOST])
        return Asked(state, str(UUID(draft)) if draft else "", several=several if query.get("ask") == "send" else ())
    except ValueError as error:
        raise Refused("This address is not complete: a draft has a longer id.", 400) from error


async def _listed(request: Request, session: Session, asked: Asked) -> list[Draft] | None:
    """The drafts of the tabs with counts and of the one that is open; None if the notifier does not answer."""
    counted: list[DraftStatus] = [each for state in COUNTED for each in sorted(TABS[state][1])]
    other: list[DraftStatus] = [] if asked.state in COUNTED else sorted(TABS[asked.state][1])
    replies = await asyncio.gather(
        ask(request, Drafts(statuses=counted, rep=session.rep, limit=WAITING)),
        *([ask(request, Drafts(statuses=other, rep=session.rep, limit=MOST, latest=True))] if other else []),
    )
    known = [each for each in replies if each is not None]
    return [draft for reply in known for draft in reply] if len(known) == len(replies) else None


async def _opened(request: Request, session: Session, asked: Asked, listed: Sequence[Draft]) -> Draft | None:
    """The letter that is open; refuses another rep's to a rep."""
    if not asked.draft:
        return None
    for each in listed:
        if str(each.draft_id) == asked.draft:
            return each
    try:
        draft = await ask(request, DraftDetails(draft_id=UUID(asked.draft)))
    except AskFailed as failed:
        raise Refused(str(failed), failed.code) from failed
    if draft and session.role == "rep" and draft.rep != session.rep:
        raise Refused("This letter belongs to another person.", 403)
    return draft


async def _known(
    tx: Tx, session: Session, listed: list[Draft] | None, opened: Draft | None, typed: Typed | None
) -> Known:
    waiting = await queries.waiting(tx, session.rep, MOST) if listed is None else None
    ids = {str(each.task_id) for each in (*(listed or ()), *filter(None, (opened,)))}
    ids |= {each.task for each in waiting or ()}
    return Known(
        drafts=listed or [],
        tasks=await queries.tasks(tx, ids),
        senders=await queries.senders(tx),
        figures=await queries.figures(tx, session.rep),
        now=tx.now,
        today=tx.today,
        zone=zone_of(session),
        letter=opened,
        last_letter=await queries.last_letter(tx, opened.facility_id) if opened else None,
        waiting=waiting,
        typed=typed,
    )


AGAIN = {"edit_draft": edit_again}
PAGES: Sequence[Page] = (
    Page("/drafts", SCREENS["drafts"], show),
    Page("/drafts/{draft}", SCREENS["drafts"], show),
    Page("/drafts/{draft}/edit", SCREENS["drafts"], edit),
)
