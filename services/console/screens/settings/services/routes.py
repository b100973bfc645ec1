"""The services: how far each is, what it could not process, and the rebuild of the read models."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from services.console.domain.addresses import address_of
from services.console.domain.sessions import Session
from services.console.rendering.sheets import streamed
from services.console.screens.pages import Page
from services.console.screens.settings.around import section_page, sections_of
from services.console.screens.settings.services import queries
from services.console.screens.settings.services.building import dead, id_of, rebuild, sentence, service
from services.console.screens.settings.services.view import Dead, Services
from services.console.usecases.asking import asked
from services.console.usecases.auditing import record
from services.console.usecases.framing import zone_of
from services.console.usecases.seeing import begin, refuse_unseen
from shared.clock import local_text
from shared.contracts.kernel import DeadLetter, DeadLetters, ServiceStatus, Status
from shared.contracts.refusals import Refused
from shared.contracts.services import SERVICES
from shared.storage.database import Tx

HERE = "/settings/services"
ROWS = 50
"""Dead letters on a page."""
MOST = 2_000
"""Dead letters in a file."""
HEADINGS = ("service", "state", "events behind", "not published", "retrying", "dead", "up", "pack")
DEAD_HEADINGS = ("service", "number", "consumer", "subject", "error", "tries", "since")
Found = tuple[str, DeadLetter]


async def show(request: Request, session: Session) -> Response:
    after, statuses = _after(request), await _statuses(request)
    letters = await _letters(request, statuses, after, ROWS + 1)
    zone, change, exports = zone_of(session), session.can("administration"), session.can("exports")
    async with begin(request, session) as tx:
        rows = tuple(service(name, status, zone) for name, status in statuses.items())
        view = Services(
            sections=sections_of(session, "services"),
            sentence=sentence(rows),
            rows=rows,
            dead=await _shown(tx, letters[:ROWS]),
            dead_total=sum(each.dead for each in rows),
            rebuild=rebuild(await queries.rebuilding(tx), zone),
            change=change,
            ask_rebuild=change and request.query_params.get("ask") == "rebuild",
            next=_next(letters),
            csv=f"{HERE}.csv" if exports else "",
            dead_csv=f"{HERE}/dead.csv" if exports and letters else "",
        )
        return await section_page(request, session, tx, "settings/services/page.html", view)


async def export(request: Request, session: Session) -> Response:
    refuse_unseen(session, "exports")
    statuses, zone = await _statuses(request), zone_of(session)
    rows = [service(name, status, zone) for name, status in statuses.items()]
    async with begin(request, session) as tx:
        await record(tx, session, "export_services", "", {"rows": len(rows)})
    cells = [(r.name, r.state, r.lag, r.outbox, r.retrying, r.dead, r.up, r.pack) for r in rows]
    return streamed("services.csv", HEADINGS, cells)


async def export_dead(request: Request, session: Session) -> Response:
    refuse_unseen(session, "exports")
    letters, zone = await _letters(request, await _statuses(request), ("", 0), MOST), zone_of(session)
    async with begin(request, session) as tx:
        rows = await _shown(tx, letters)
        await record(tx, session, "export_dead_letters", "", {"rows": len(rows)})
    cells = [(r.service, r.number, r.consumer, r.subject, r.error, r.tries, local_text(r.at, zone)) for r in rows]
    return streamed("dead-letters.csv", DEAD_HEADINGS, cells)


async def _statuses(request: Request) -> dict[str, ServiceStatus | None]:
    """By service; None if it does not answer."""
    found = await asyncio.gather(*(asked(request, Status(), name) for name in SERVICES))
    return dict(zip(SERVICES, found, strict=True))


async def _letters(
    request: Request, statuses: Mapping[str, ServiceStatus | None], after: tuple[str, int], limit: int
) -> list[Found]:
    """The dead letters after one, by service, the oldest first."""
    found, (first, number) = list[Found](), after
    for name in SERVICES[SERVICES.index(first) if first else 0 :]:
        status = statuses[name]
        if status is None or not status.dead or len(found) >= limit:
            continue
        question = DeadLetters(after=number if name == first else None, limit=limit - len(found))
        found += [(name, each) for each in await asked(request, question, name) or ()]
    return found


async def _shown(tx: Tx, letters: Sequence[Found]) -> tuple[Dead, ...]:
    ids = [event_id for _, each in letters if (event_id := id_of(each))]
    known = await queries.known_events(tx, ids) if ids else set()
    return tuple(dead(name, each, known) for name, each in letters)


def _after(request: Request) -> tuple[str, int]:
    """The last dead letter of the page before: its service and its number."""
    text = request.query_params.get("after", "")
    name, _, number = text.partition("/")
    if text and (name not in SERVICES or not number.isdecimal() or len(number) > 18):
        raise Refused("This address is not complete.", 400)
    return name, int(number or 0)


def _next(letters: Sequence[Found]) -> str:
    if len(letters) <= ROWS:
        return ""
    name, last = letters[ROWS - 1]
    return address_of(HERE, {"after": f"{name}/{last.dead_no}"})


PAGES: Sequence[Page] = (
    Page(HERE, "administration", show),
    Page(f"{HERE}.csv", "administration", export),
    Page(f"{HERE}/dead.csv", "administration", export_dead),
)
