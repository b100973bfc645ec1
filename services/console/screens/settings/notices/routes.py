"""Who of our own people gets notices: all of them, one with what comes next, and the form of a new one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from engines.packs import calendar
from services.console.domain.sessions import Session
from services.console.rendering.shapes import Option
from services.console.screens.pages import Page
from services.console.screens.settings.around import section_page, sections_of
from services.console.screens.settings.notices import building, view
from services.console.screens.settings.notices.building import FORM, HERE, SHOW, href_of
from services.console.store import team
from services.console.usecases.asking import asked
from services.console.usecases.framing import words_of_pack, zone_of
from services.console.usecases.seeing import begin
from shared.contracts import courier_notices as courier
from shared.contracts.refusals import Refused

NAME: TypeAdapter[str] = TypeAdapter(courier.RecipientName)
SILENT = "Notices are not shown: the courier does not answer."
USUAL = ("hot", "sla", "worklist")
"""The kinds that a new recipient gets."""
MORNING = "08:00"


async def show(request: Request, session: Session) -> Response:
    answer = await asked(request, courier.Recipients())
    known, zone = answer or [], zone_of(session)
    async with begin(request, session) as tx:
        names = await team.names(tx)
        shown = view.Recipients(
            sections=sections_of(session, "notices"),
            sentence=building.sentence(known),
            rows=tuple(
                building.recipient(each, names, zone)
                for each in sorted(known, key=lambda each: (not building.needs_a_look(each), each.name))
            ),
            answered=answer is not None,
            change=session.can("notices"),
        )
        missing = [] if answer is not None else [SILENT]
        return await section_page(request, session, tx, "settings/notices/page.html", shown, missing=missing)


async def show_one(request: Request, session: Session) -> Response:
    name = _name(request.query_params.get("name", ""))
    found, previews = await asyncio.gather(
        asked(request, courier.NoticeDetails(name=name)), asked(request, courier.NoticePreview(name=name))
    )
    if found is None:
        raise Refused(SILENT, 503)
    zone, last = zone_of(session), found.last
    async with begin(request, session) as tx:
        shown = view.OneRecipient(
            sections=sections_of(session, "notices"),
            name=found.name,
            state=building.state(found, zone),
            gets=building.gets(found, await team.names(tx), words_of_pack(), zone),
            when=building.when(found),
            paused=found.paused_at is not None,
            change=session.can("notices"),
            last=building.notice(last) if last else None,
            pending=last is not None and last.kind == building.TEST and last.state == "waiting" and not last.error,
            next=tuple(map(building.following, previews or ())),
        )
        missing = [] if previews is not None else ["What comes next is not shown: the courier does not answer."]
        return await section_page(request, session, tx, "settings/notices/recipient.html", shown, missing=missing)


async def form(request: Request, session: Session) -> Response:
    """The form of a new recipient, or of one that is to get something else."""
    name = request.query_params.get("name", "")
    details = asked(request, courier.NoticeDetails(name=_name(name))) if name else _nothing()
    ways, found = await asyncio.gather(asked(request, courier.HowNoticesLeave()), details)
    if ways is None or (name and found is None):
        raise Refused(SILENT, 503)
    async with begin(request, session) as tx:
        reps = await team.reps(tx)
        offered = reps.present | ({found.rep: reps.names.get(found.rep, found.rep)} if found and found.rep else {})
        channels = list(dict.fromkeys([*ways.channels, *([found.slack] if found and found.slack else [])]))
        shown = view.Form(
            sections=sections_of(session, "notices"),
            name=found.name if found else "",
            back=href_of(found.name) if found else HERE,
            channels=tuple(Option(each, each) for each in channels),
            channel=(found.slack or "") if found else "",
            email=(found.email or "") if found else "",
            email_hint=building.accepted(ways.mail_domain),
            kinds=building.kinds(found.kinds if found else USUAL, words_of_pack()),
            reps=(Option("", "the whole team"), *(Option(rep, title) for rep, title in offered.items())),
            rep=(found.rep or "") if found else "",
            quiet_from=building.typed(found.quiet_from) if found else "",
            quiet_to=building.typed(found.quiet_to) if found else "",
            morning_at=building.typed(found.morning_at) if found else MORNING,
            timezone=found.timezone if found else calendar().timezone,
        )
        return await section_page(request, session, tx, "settings/notices/form.html", shown)


async def _nothing() -> None:
    return None


def _name(text: str) -> str:
    try:
        return NAME.validate_python(text.strip())
    except ValidationError:
        raise Refused("There is no such recipient.", 404) from None


PAGES: Sequence[Page] = (
    Page(HERE, "notices", show),
    Page(SHOW, "notices", show_one),
    Page(FORM, "notices", form),
)
