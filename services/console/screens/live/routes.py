"""GET /stream: the events of an open page, as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.screens.pages import Page
from services.console.store import counting, sessions
from services.console.usecases.framing import viewed
from services.console.usecases.live import Live
from services.console.usecases.live import Page as OpenPage
from services.console.usecases.seeing import begin
from shared.contracts.refusals import Refused
from shared.http.backend import backend_of

BEAT_SECONDS = 4.0
"""How long a page hears nothing at most; a session that was revoked is noticed then."""
MOST_OPEN = 40
"""Pages of one session that hear what changes, in each process."""
TOGETHER_SECONDS = 0.3
"""Changes within this time are one message."""

live = Live()


async def stream(request: Request, session: Session) -> Response:
    """What concerns the page: `about` names the beginnings of subjects, `seen` the last event that it shows."""
    query = request.query_params
    about = frozenset(filter(None, query.get("about", "").split(",")))
    page = OpenPage(about, query.get("facility", ""), session.session_id)
    if live.count(session.session_id) >= MOST_OPEN:
        raise Refused("Too many of your pages are open; close some.", 429)
    events = _events(request, session, page, _id(query.get("seen", "")))

    async def following() -> AsyncIterator[str]:
        backend = backend_of(request)
        with live.opened(page, backend.notices, backend.stopping):
            async for event in events:
                yield event

    return StreamingResponse(following(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _events(request: Request, session: Session, page: OpenPage, seen: UUID | None) -> AsyncIterator[str]:
    """A message when something changed, and a beat otherwise, until the session or the process ends."""
    first = True
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(0.0 if first else BEAT_SECONDS):
                await page.woken.wait()
                await asyncio.sleep(TOGETHER_SECONDS)
        if page.ended:
            return
        async with begin(request, session) as tx:
            stored = await sessions.alive(tx, session.session_id)
            if stored is None:
                return
            missed = page.deaf and await counting.happened_since(tx, seen, sorted(page.about), page.facility)
            changes, first, seen = page.changes or int(missed), False, stored.seen
            page.changes, page.deaf = 0, False
            page.woken.clear()
            text = render("fresh.html", frame=viewed(request, session, tx), changes=changes)
        yield "data: " + text.replace("\n", "\ndata: ") + "\n\n"


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Refused("`seen` is not the id of an event.", 400) from None


PAGES = (Page("/stream", "accounts", stream),)
