"""The keys of programs: who has one, and since when. A key itself is stored nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from services.console.domain.sessions import Session
from services.console.rendering.filters import plural
from services.console.rendering.shapes import Option
from services.console.rendering.sheets import streamed
from services.console.screens.pages import Page
from services.console.screens.settings.around import section_page, sections_of
from services.console.screens.settings.keys.view import Key, Keys
from services.console.usecases.asking import asked
from services.console.usecases.auditing import record
from services.console.usecases.creating_keys import KINDS
from services.console.usecases.framing import zone_of
from services.console.usecases.seeing import begin, refuse_unseen
from shared.clock import local_text

HERE = "/settings/keys"
HEADINGS = ("program", "for", "service", "since", "key since")


async def show(request: Request, session: Session) -> Response:
    rows, missing = await _keys(request)
    change = session.can("administration")
    asks = change and request.query_params.get("ask") == "create"
    view = Keys(
        sections=sections_of(session, "keys"),
        rows=rows,
        sentence=f"{plural(len(rows), 'key')}; each is shown once, and only its hash is stored.",
        change=change,
        kinds=tuple(Option(name, kind.title, kind.detail) for name, kind in KINDS.items()) if asks else (),
        csv=f"{HERE}.csv" if session.can("exports") else "",
    )
    async with begin(request, session) as tx:
        return await section_page(request, session, tx, "settings/keys/page.html", view, missing=missing)


async def export(request: Request, session: Session) -> Response:
    refuse_unseen(session, "exports")
    rows, zone = (await _keys(request))[0], zone_of(session)
    async with begin(request, session) as tx:
        await record(tx, session, "export_keys", "", {"rows": len(rows)})
    cells = [(r.name, r.kind, r.service, local_text(r.since, zone), local_text(r.changed, zone)) for r in rows]
    return streamed("keys.csv", HEADINGS, cells)


async def _keys(request: Request) -> tuple[tuple[Key, ...], list[str]]:
    """All keys, by kind and name; and which services do not answer."""
    kinds = tuple(KINDS.values())
    found = await asyncio.gather(*(asked(request, kind.question()) for kind in kinds))
    rows = tuple(
        Key(each.name, kind.title, kind.add.SERVICE, each.created_at, each.key_changed_at, kind.end)
        for kind, holders in zip(kinds, found, strict=True)
        for each in sorted(holders or (), key=lambda each: each.name)
    )
    silent = [kind.add.SERVICE for kind, holders in zip(kinds, found, strict=True) if holders is None]
    return rows, [f"Keys of the {name} are not shown: it does not answer." for name in silent]


PAGES: Sequence[Page] = (Page(HERE, "administration", show), Page(f"{HERE}.csv", "administration", export))
