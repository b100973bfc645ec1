"""Find an account, a person, a chain or an action by whatever is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console import settings
from services.console.domain.filtering import Filter
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.filters import plural
from services.console.rendering.frame import Frame, Link, tabs
from services.console.screens.finding import queries
from services.console.screens.finding.view import Finding, Hit, Kind
from services.console.screens.pages import Page
from services.console.store import accounts, team
from services.console.usecases.framing import frame, words_of_pack
from services.console.usecases.sections import sections_for
from services.console.usecases.seeing import begin
from services.console.usecases.texts import place
from shared.storage.database import Tx

MOST = 8
LONGEST = 200


async def show(request: Request, session: Session) -> Response:
    query = request.query_params.get("q", "").strip()[:LONGEST]
    async with begin(request, session) as tx:
        around = replace(await frame(request, session, tx, "Find or do", ""), query=query)
        kinds = await _kinds(tx, session, around, query) if query else ()
    hint = (
        "Check the spelling, or type less of it."
        if query
        else f"A name, {around.words.number}, telephone number, person, chain, or what you want to do."
    )
    view = Finding(query, kinds, hint)
    return HTMLResponse(render("finding/page.html", frame=around, tabs=tabs(around.groups), view=view))


async def show_more(request: Request, session: Session) -> Response:
    """What the bar of a narrow screen has no room for."""
    async with begin(request, session) as tx:
        around = await frame(request, session, tx, "More", "more")
    return HTMLResponse(render("finding/more.html", frame=around, tabs=tabs(around.groups)))


async def _kinds(tx: Tx, session: Session, around: Frame, query: str) -> tuple[Kind, ...]:
    asked = Filter(query=query)
    patterns = asked.patterns()
    people = await queries.people(tx, patterns, MOST) if session.can_see("people") else []
    found = (
        await _accounts(tx, asked),
        Kind("People", tuple(map(_person, people))),
        Kind("Chains", tuple(map(_chain, await queries.chains(tx, patterns, MOST)))),
        Kind("Reps", reps(await team.reps(tx), query) if session.can_see("touches") else ()),
        Kind("Actions", (*actions(around, query), *more_actions(session, query))),
        Kind("Settings", sections(session, query)),
    )
    return tuple(kind for kind in found if kind.hits)


async def _accounts(tx: Tx, asked: Filter) -> Kind:
    rows = await accounts.rows(tx, asked, MOST + 1)
    hits = tuple(
        Hit(
            settings.usual_name(each.name or each.facility_id),
            " · ".join(filter(None, (place(each.city, each.state), each.facility_id, _tier(each.tier)))),
            f"/facilities/{each.facility_id}",
            "building-2",
        )
        for each in rows[:MOST]
    )
    return Kind(words_of_pack().accounts.capitalize(), hits, asked.href() if len(rows) > MOST else "")


def _tier(tier: int | None) -> str:
    return f"Tier {tier}" if tier else ""


def _person(each: queries.Person) -> Hit:
    role = settings.role_labels().get(each.role, each.role)
    return Hit(each.name, f"{role} · {settings.usual_name(each.account)}", f"/facilities/{each.facility_id}", "user")


def _chain(each: queries.Chain) -> Hit:
    words = words_of_pack()
    members = plural(each.members, words.account, words.accounts)
    return Hit(settings.usual_name(each.name), members, f"/chains/{quote(each.name, safe='')}", "users")


def actions(around: Frame, query: str) -> tuple[Hit, ...]:
    """The pages whose title contains each word."""
    words = query.lower().split()
    return tuple(
        _action(group.title if group.shown else "Go to", link)
        for group in around.groups
        for link in group.links
        if all(word in link.title.lower() for word in words)
    )


LEAVE = "capacity leave of a rep: away, absent, absence, ill, sick, vacation, cover"
"""What people call it."""


def more_actions(session: Session, query: str) -> tuple[Hit, ...]:
    """What has no entry of its own in the navigation."""
    found = session.can_see("schedules") and all(word in LEAVE for word in query.lower().split())
    hit = Hit("Capacity and leave", "how full the next days are, and who is away", "/capacity#leave", "gauge")
    return (hit,) if found else ()


def reps(those: team.Reps, query: str) -> tuple[Hit, ...]:
    """Those who are in the team, by their names."""
    words = query.lower().split()
    return tuple(
        Hit(name, "worklist of the day", f"/worklist?who={quote(rep, safe='')}", "user")
        for rep, name in those.present.items()
        if all(word in name.lower() for word in words)
    )[:MOST]


def sections(session: Session, query: str) -> tuple[Hit, ...]:
    """The sections of the settings whose title, or what they are for, contains each word."""
    words = query.lower().split()
    return tuple(
        Hit(each.title, each.what, each.href, "settings")
        for each in sections_for(session)
        if all(word in f"settings {each.title} {each.what}".lower() for word in words)
    )


def _action(group: str, link: Link) -> Hit:
    return Hit(link.title, group, link.href, link.icon, f"G {link.go.upper()}" if link.go else "")


PAGES: Sequence[Page] = (Page("/find", "accounts", show), Page("/more", "oneself", show_more))
