"""Whom we do not contact: the list, a file of it, and why about one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from services.console import settings
from services.console.domain.addresses import address_of
from services.console.domain.sessions import Session
from services.console.rendering.shapes import Choice, Option, slice_of
from services.console.rendering.sheets import streamed
from services.console.screens.pages import Page
from services.console.screens.settings.around import section_page, sections_of
from services.console.screens.settings.suppressions import queries
from services.console.screens.settings.suppressions.building import KINDS, OF_NOTIFIER, other, row, statement, unsent
from services.console.screens.settings.suppressions.queries import Asked, Row
from services.console.screens.settings.suppressions.view import Form, Scope, Suppressions, Why
from services.console.store import accounts, team
from services.console.usecases.addresses import page_of
from services.console.usecases.asking import found
from services.console.usecases.auditing import record
from services.console.usecases.seeing import begin, refuse_unseen
from shared.contracts.notifier_suppressions import WhySuppressed
from shared.contracts.refusals import Refused
from shared.contracts.sequencer import WhyContact

HERE = "/settings/suppressions"
ROWS = 50
MOST_UNSENT = 50
LONGEST_QUERY = 200
ABOUT = "suppression,address_suppression"
HEADINGS = ("kind", "who", "channels", "reason", "source", "by", "since")


async def show(request: Request, session: Session) -> Response:
    asked, number, people = asked_of(request, session), page_of(request), session.can_see("people")
    async with begin(request, session) as tx:
        counts, names = await queries.counts(tx, asked), await team.names(tx)
        rows = await queries.rows(tx, asked, ROWS, (number - 1) * ROWS)
        total = counts.get(asked.scope, 0) if asked.scope else sum(counts.values())
        view = Suppressions(
            sections=sections_of(session, "suppressions"),
            kinds=_kinds(asked, counts),
            mine=_mine(session, asked),
            rows=tuple(row(each, session, names) for each in rows),
            slice=slice_of(number, ROWS, total, lambda page: _href(asked, page=page)),
            query=asked.query,
            people=people,
            kept=tuple((name, value) for name, value in _filters(replace(asked, query="")).items()),
            narrowed=asked != Asked(),
            add=f"{HERE}?ask=address" if session.can("suppressions") else "",
            form=_form(request) if session.can("suppressions") else None,
            csv=_href(asked, f"{HERE}.csv") if session.can("exports", own=bool(asked.by)) else "",
        )
        return await section_page(request, session, tx, "settings/suppressions/page.html", view, about=ABOUT)


async def export(request: Request, session: Session) -> Response:
    """The rows of the list as CSV, which the audit log records; for a rep, those that the rep has added."""
    refuse_unseen(session, "exports")
    asked = asked_of(request, session)
    if not session.can("exports", own=False):
        asked = replace(asked, by=session.actor)
    async with begin(request, session) as tx:
        rows, names = await queries.rows(tx, asked, None), await team.names(tx)
        shown = [row(each, session, names) for each in rows]
        await record(tx, session, "export_suppressions", "", {"rows": len(shown)})
    cells = [(each.kind, each.target, each.channels, each.reason, each.source, each.by, each.since) for each in shown]
    return streamed("suppressions.csv", HEADINGS, cells)


async def show_why(request: Request, session: Session) -> Response:
    """One suppression: everything that was stated about it, and what it has stopped."""
    suppression_id, people = _id(request.path_params["suppression"]), session.can_see("people")
    async with begin(request, session) as tx:
        stored, names = await queries.one(tx, str(suppression_id)), await team.names(tx)
    if stored is None:
        raise Refused("There is no such suppression.", 404)
    answer = await found(request, _question(stored, suppression_id))
    refused = list(getattr(answer, "refused", ()))[:MOST_UNSENT]
    owner = "notifier" if stored.scope in OF_NOTIFIER else "sequencer"
    missing = [] if answer else [f"Only what was stated last is shown: the {owner} does not answer."]
    async with begin(request, session) as tx:
        known = await accounts.names(tx, [each.facility_id for each in refused])
        view = Why(
            sections=sections_of(session, "suppressions"),
            row=row(stored, session, names),
            ended=not stored.channels,
            others=tuple(
                other(each, people=people)
                for each in (answer.in_force if answer else ())
                if each.suppression_id != suppression_id
            ),
            statements=tuple(
                statement(each, names, people=people) for each in reversed(answer.statements if answer else ())
            ),
            unsent=tuple(unsent(each, known, people=people) for each in refused),
            people=people,
            answered=answer is not None,
        )
        return await section_page(
            request, session, tx, "settings/suppressions/why.html", view, about=ABOUT, missing=missing
        )


def asked_of(request: Request, session: Session) -> Asked:
    """What the address asks for; refuses what is none."""
    query = request.query_params
    kind, by = query.get("kind", ""), query.get("by", "")
    if kind not in ("", *KINDS) or by not in ("", "me"):
        raise Refused("This address is not complete.", 400)
    text = query.get("q", "").strip()[:LONGEST_QUERY] if session.can_see("people") else ""
    return Asked(kind, session.actor if by else "", text)


def _question(stored: Row, suppression_id: UUID) -> Any:
    kind = WhySuppressed if stored.scope in OF_NOTIFIER else WhyContact
    return kind(suppression_id=suppression_id)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("This is not the id of a suppression.", 404) from None


def _filters(asked: Asked) -> dict[str, str]:
    values = {"kind": asked.scope, "by": "me" if asked.by else "", "q": asked.query}
    return {name: value for name, value in values.items() if value}


def _href(asked: Asked, path: str = HERE, page: int = 1) -> str:
    return address_of(path, {**_filters(asked), "page": page if page > 1 else ""})


def _kinds(asked: Asked, counts: dict[str, int]) -> tuple[Choice, ...]:
    """Those that there are, and the one that the list is narrowed to."""
    return tuple(
        Choice(
            title,
            _href(replace(asked, scope="" if asked.scope == scope else scope)),
            asked.scope == scope,
            counts.get(scope, 0),
        )
        for scope, (_, title) in KINDS.items()
        if counts.get(scope) or asked.scope == scope
    )


def _mine(session: Session, asked: Asked) -> Choice | None:
    """Those that the person has added, for who may add some."""
    if not session.can("suppressions"):
        return None
    return Choice("Added by me", _href(replace(asked, by="" if asked.by else session.actor)), bool(asked.by))


def _form(request: Request) -> Form | None:
    """The dialog that the address asks for."""
    asked = request.query_params.get("ask")
    kind: Scope | None = next((each for each in get_args(Scope) if each == asked), None)
    if kind is None:
        return None
    given = {name: request.query_params.get(name, "")[:LONGEST_QUERY] for name in ("account", "role", "name")}
    return Form(
        kind,
        tuple(Choice(title, address_of(HERE, {"ask": key, **given}), key == kind) for key, (_, title) in KINDS.items()),
        tuple(Option(name, label) for name, label in settings.role_labels().items()),
        **given,
        back=f"/facilities/{quote(given['account'], safe='')}" if given["account"] else HERE,
    )


PAGES: Sequence[Page] = (
    Page(HERE, "suppressions", show),
    Page(f"{HERE}.csv", "suppressions", export),
    Page(f"{HERE}/{{suppression}}", "suppressions", show_why),
)
