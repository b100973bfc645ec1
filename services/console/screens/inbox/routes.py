"""The signal inbox: a person says which account an employer is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.screens.inbox import queries
from services.console.screens.inbox.building import inbox
from services.console.screens.inbox.known import MOST, TABS, Asked, Known, opened_group, opened_match
from services.console.screens.pages import Page
from services.console.store import team
from services.console.usecases.asking import asked as ask
from services.console.usecases.framing import MISSING, frame, zone_of
from services.console.usecases.seeing import begin
from shared.contracts.matcher import Inbox, InboxGroup, MatchesToJudge, Precision, Verdicts
from shared.contracts.refusals import Refused
from shared.storage.database import Tx

ABOUT = "posting,signal,alias"
WAITING = 500
"""The groups that are counted at most."""
FOUND = 8


async def show(request: Request, session: Session) -> Response:
    asked = _asked(request)
    waiting, dismissed, matches, precision, verdicts = await asyncio.gather(
        ask(request, Inbox(limit=WAITING)),
        ask(request, Inbox(dismissed=True, limit=MOST)) if asked.state == "dismissed" else _nothing(),
        ask(request, MatchesToJudge(limit=MOST)) if asked.state == "judge" else _nothing(),
        ask(request, Precision()),
        ask(request, Verdicts()),
    )
    missing = [] if waiting is not None else [MISSING.format(what="The list", verb="is", service="the matcher")]
    async with begin(request, session) as tx:
        groups = waiting if waiting is not None else await _known_groups(tx)
        known = Known(
            groups={"": groups, "dismissed": dismissed or []}.get(asked.state, []),
            waiting=groups,
            today=tx.today,
            zone=zone_of(session),
            matches=matches or [],
            precision=precision,
            verdicts=verdicts or [],
            live=waiting is not None,
        )
        known = await _with_read_models(tx, asked, known)
        view = inbox(asked, session, known)
        around = await frame(
            request, session, tx, "Signal inbox", "inbox", missing=missing, about=ABOUT, saves="/inbox"
        )
    page = render("inbox/page.html", frame=around, tabs=tabs(around.groups), view=view)
    return HTMLResponse(page)


async def _nothing() -> None:
    return None


def _asked(request: Request) -> Asked:
    """What the address asks for; refuses a list that there is none of."""
    query = request.query_params
    state = query.get("state", "").replace("waiting", "")
    if state not in TABS:
        raise Refused(f"There is no list {state}; there are waiting, {', '.join(filter(None, TABS))}.", 400)
    return Asked(state, request.path_params.get("key", ""), query.get("find", "").strip()[:100])


async def _known_groups(tx: Tx) -> list[InboxGroup]:
    """The groups as read models know them, for as long as the matcher does not answer."""
    return [
        InboxGroup.model_validate(
            {
                **row["data"],
                **row,
                "version": 0,
                "waiting_since": tx.today,
                "last_seen_on": tx.today,
            }
        )
        for row in await queries.waiting(tx, MOST)
    ]


async def _with_read_models(tx: Tx, asked: Asked, known: Known) -> Known:
    """With the accounts that it may be, its postings, and what was decided."""
    group = None if asked.state == "judge" else opened_group(asked, known)
    match = opened_match(asked, known) if asked.state == "judge" else None
    opened = group or match
    found = await queries.search(tx, asked.find, opened.state, FOUND) if opened and asked.find else []
    accounts = await queries.accounts(tx, [each.facility_id for each in opened.candidates]) if opened else {}
    return replace(
        known,
        accounts={**accounts, **{each.facility_id: each for each in found}},
        found=found,
        postings=await queries.postings_of_group(tx, group.key)
        if group
        else await queries.postings_of_employer(tx, match.employer_name, match.city)
        if match
        else [],
        decided=await queries.decided(tx, MOST) if asked.state == "decided" else [],
        reps=await team.names(tx) if asked.state == "decided" else {},
    )


PAGES: Sequence[Page] = (
    Page("/inbox", SCREENS["inbox"], show),
    Page("/inbox/{key}", SCREENS["inbox"], show),
)
