"""Letters that people sent off, and the other calls outside that services make."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from services.console.domain.addresses import address_of
from services.console.domain.sessions import Session
from services.console.rendering.shapes import Choice, slice_of
from services.console.rendering.sheets import streamed
from services.console.screens.pages import Page
from services.console.screens.settings.around import section_page, sections_of
from services.console.screens.settings.deliveries.building import STATES, delivery, outside
from services.console.screens.settings.deliveries.view import Deliveries, Delivery
from services.console.store import accounts, team
from services.console.usecases.addresses import page_of
from services.console.usecases.asking import asked
from services.console.usecases.auditing import record
from services.console.usecases.framing import zone_of
from services.console.usecases.seeing import begin, refuse_unseen
from shared.clock import local_text
from shared.contracts import notifier_sending as notifier
from shared.contracts.kernel import Status
from shared.contracts.refusals import Refused
from shared.contracts.services import SERVICES
from shared.storage.database import Tx

HERE = "/settings/deliveries"
ROWS = 50
MOST = 5_000
"""Letters in a file, the latest."""
ABOUT = "email"
HEADINGS = ("account", "to", "state", "answer", "tries", "next try", "sent off by", "sent off", "left")
SILENT = "Letters are not shown: the notifier does not answer."


async def show(request: Request, session: Session) -> Response:
    state, number = _state(request), page_of(request)
    question = notifier.Deliveries(state=state, limit=ROWS, offset=(number - 1) * ROWS)
    found, statuses = await asyncio.gather(
        asked(request, question), asyncio.gather(*(asked(request, Status(), name) for name in SERVICES))
    )
    by_state = found.by_state if found else {}
    total = by_state.get(state, 0) if state else sum(by_state.values())
    known = [(name, status) for name, status in zip(SERVICES, statuses, strict=True) if status]
    async with begin(request, session) as tx:
        rows = await _rows(tx, found)
        view = Deliveries(
            sections=sections_of(session, "deliveries"),
            states=tuple(
                Choice(title, HERE if each == state else _href(each), each == state, by_state.get(each, 0))
                for each, (title, _) in STATES.items()
                if by_state.get(each) or each == state
            ),
            rows=rows,
            slice=slice_of(number, ROWS, total, lambda page: _href(state, page=page)),
            outside=tuple(each for name, status in known for each in outside(name, status)),
            answered=found is not None,
            stopped=found.stopped or "" if found else "",
            change=session.can("administration"),
            csv=_href(state, f"{HERE}.csv") if session.can("exports") and found else "",
        )
        missing = [] if found else [SILENT]
        return await section_page(
            request, session, tx, "settings/deliveries/page.html", view, about=ABOUT, missing=missing
        )


async def export(request: Request, session: Session) -> Response:
    """The same rows, without people; that is recorded as well."""
    refuse_unseen(session, "exports")
    found = await asked(request, notifier.Deliveries(state=_state(request), limit=MOST))
    if found is None:
        raise Refused(SILENT, 503)
    zone = zone_of(session)
    async with begin(request, session) as tx:
        rows = await _rows(tx, found)
        await record(tx, session, "export_deliveries", "", {"rows": len(rows)})
    cells = [
        (r.account, r.role, r.state, r.answer, r.tries or "", local_text(r.next_try, zone) if r.next_try else "", r.by,
            local_text(r.approved, zone), local_text(r.sent, zone) if r.sent else "")
        for r in rows
    ]  # fmt: skip
    return streamed("deliveries.csv", HEADINGS, cells)


async def _rows(tx: Tx, found: notifier.FoundDeliveries | None) -> tuple[Delivery, ...]:
    letters = found.deliveries if found else []
    names, known = await team.names(tx), await accounts.names(tx, [each.facility_id for each in letters])
    return tuple(delivery(each, known, names) for each in letters)


def _state(request: Request) -> notifier.LetterState | None:
    text = request.query_params.get("state", "")
    state: notifier.LetterState | None = next((each for each in get_args(notifier.LetterState) if each == text), None)
    if text and state is None:
        raise Refused("This address is not complete.", 400)
    return state


def _href(state: str | None, path: str = HERE, page: int = 1) -> str:
    return address_of(path, {"state": state, "page": page if page > 1 else ""})


PAGES: Sequence[Page] = (Page(HERE, "administration", show), Page(f"{HERE}.csv", "administration", export))
