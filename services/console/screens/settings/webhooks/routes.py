"""The webhooks: how each is doing, one of them with its deliveries, and the form of a new one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import get_args

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.shapes import Option
from services.console.screens.pages import Page
from services.console.screens.settings.around import section_page, sections_of
from services.console.screens.settings.services.queries import known_events
from services.console.screens.settings.webhooks import building, queries, view
from services.console.screens.settings.webhooks.building import FORM, HERE, SHOW, href_of
from services.console.store import accounts, team
from services.console.usecases.asking import asked
from services.console.usecases.framing import zone_of
from services.console.usecases.seeing import begin
from shared.contracts import courier
from shared.contracts.refusals import Refused
from shared.contracts.requests import PAGE

ROWS = 50
NAME: TypeAdapter[str] = TypeAdapter(courier.WebhookName)
BEFORE: TypeAdapter[int] = TypeAdapter(courier.DeliveryNo)
SILENT = "Webhooks are not shown: the courier does not answer."
BEGINS = (Option("", "with events from now on"), Option("0", "with all that the log has"))


async def show(request: Request, session: Session) -> Response:
    answer = await asked(request, courier.Webhooks())
    known, zone = answer or [], zone_of(session)
    async with begin(request, session) as tx:
        names = await team.names(tx)
        shown = view.Webhooks(
            sections=sections_of(session, "webhooks"),
            sentence=building.sentence(known),
            rows=tuple(
                building.webhook(each, names, zone)
                for each in sorted(known, key=lambda each: (not building.needs_a_look(each), each.name))
            ),
            answered=answer is not None,
            change=session.can("administration"),
        )
        missing = [] if answer is not None else [SILENT]
        return await section_page(request, session, tx, "settings/webhooks/page.html", shown, missing=missing)


async def show_one(request: Request, session: Session) -> Response:
    name, state, before = _name(request.query_params.get("name", "")), _state(request), _before(request)
    states = ["waiting", "blocked"] if state == "waiting" else [state] if state else None
    page = courier.Deliveries.model_validate({"name": name, "states": states, "before": before, "limit": ROWS + 1})
    found, deliveries, tests = await asyncio.gather(
        asked(request, courier.WebhookDetails(name=name)),
        asked(request, page),
        asked(request, courier.Deliveries(name=name, before=0, limit=PAGE)),
    )
    if found is None:
        raise Refused(SILENT, 503)
    events = [each for each in deliveries or () if each.delivery > 0]
    rows, test = events[:ROWS], tests[-1] if tests else None
    zone = zone_of(session)
    async with begin(request, session) as tx:
        called = await accounts.names(tx, [each.key for each in rows])
        known = await known_events(tx, [each.event_id for each in rows])
        names = await team.names(tx)
        shown = view.OneWebhook(
            sections=sections_of(session, "webhooks"),
            name=found.name,
            state=building.state(found, zone),
            gets=building.gets(found, names, zone),
            doing=building.doing(found),
            paused=found.state == "paused",
            change=session.can("administration"),
            cursor=found.cursor,
            test=building.delivery(test, {}, ()) if test else None,
            pending=test is not None and test.state == "waiting" and not test.attempts and found.state != "paused",
            filters=building.filters(found, state),
            rows=tuple(building.delivery(each, called, known) for each in rows),
            first=href_of(name, state=state) if before is not None else "",
            older=href_of(name, state=state, before=str(rows[-1].delivery)) if len(events) > ROWS else "",
            narrowed=bool(state),
        )
        missing = [] if deliveries is not None else ["Deliveries are not shown: the courier does not answer."]
        return await section_page(request, session, tx, "settings/webhooks/webhook.html", shown, missing=missing)


async def form(request: Request, session: Session) -> Response:
    """The form of a new webhook, or of one that is to get something else."""
    name = request.query_params.get("name", "")
    found = await asked(request, courier.WebhookDetails(name=_name(name))) if name else None
    if name and found is None:
        raise Refused(SILENT, 503)
    async with begin(request, session) as tx:
        offered = {"owners": (await team.reps(tx)).present, "states": {each: each for each in await queries.states(tx)}}
        tiers = {str(each): f"Tier {each}" for each in sorted(settings.tiers().targets)}
        shown = view.Form(
            sections=sections_of(session, "webhooks"),
            name=found.name if found else "",
            back=href_of(found.name) if found else HERE,
            url=found.url if found else "",
            types=building.types(found.types if found else ()),
            tiers=building.checks(tiers, found.tiers if found else None),
            owners=building.checks(offered["owners"], found.owners if found else None),
            states=building.checks(offered["states"], found.states if found else None),
            ordered=found is not None and found.ordered,
            personal=found is not None and found.personal,
            begins=() if found else BEGINS,
        )
        return await section_page(request, session, tx, "settings/webhooks/form.html", shown)


def _name(text: str) -> str:
    try:
        return NAME.validate_python(text.strip())
    except ValidationError:
        raise Refused("There is no such webhook.", 404) from None


def _state(request: Request) -> str:
    state = request.query_params.get("state", "")
    if state and state not in get_args(courier.DeliveryState):
        raise Refused("This address is not complete.", 400)
    return state


def _before(request: Request) -> int | None:
    text = request.query_params.get("before", "")
    try:
        return BEFORE.validate_python(text) if text else None
    except ValidationError:
        raise Refused("This address is not complete.", 400) from None


PAGES: Sequence[Page] = (
    Page(HERE, "administration", show),
    Page(SHOW, "administration", show_one),
    Page(FORM, "administration", form),
)
