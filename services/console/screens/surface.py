"""Which pages does the console have, and at which address?"""

from __future__ import annotations

import asyncio
import functools
import gzip
import mimetypes
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.environment import content, names
from services.console.screens.access import routes as access
from services.console.screens.capacity import routes as capacity
from services.console.screens.discovery import routes as discovery
from services.console.screens.doing import routes as doing
from services.console.screens.drafts import routes as drafts
from services.console.screens.events import routes as events
from services.console.screens.facilities import routes as facilities
from services.console.screens.facility import routes as facility
from services.console.screens.figures import routes as figures
from services.console.screens.finding import routes as finding
from services.console.screens.funnel import routes as funnel
from services.console.screens.health import routes as health
from services.console.screens.inbox import routes as inbox
from services.console.screens.live import routes as live
from services.console.screens.pages import Show, routes_of, surface
from services.console.screens.pipeline import routes as pipeline
from services.console.screens.playbooks import routes as playbooks
from services.console.screens.scores import routes as scores
from services.console.screens.sequences import routes as sequences
from services.console.screens.settings import routes as own_settings
from services.console.screens.worklist import routes as worklist
from shared.contracts.refusals import Refused
from shared.http.html_surface import HEADERS, ONLY_TLS

PAGES = (
    *live.PAGES,
    *worklist.PAGES,
    *inbox.PAGES,
    *drafts.PAGES,
    *facilities.PAGES,
    *facility.PAGES,
    *discovery.PAGES,
    *pipeline.PAGES,
    *sequences.PAGES,
    *capacity.PAGES,
    *playbooks.PAGES,
    *events.PAGES,
    *finding.PAGES,
    *own_settings.PAGES,
    *health.PAGES,
    *funnel.PAGES,
    *scores.PAGES,
    *figures.PAGES,
)
"""Every page about something that a role may see or not."""
MOST_BYTES = 200_000
"""Of a form."""
BODY_SECONDS = 20.0
"""In which a form must have arrived."""
HOMES = (("/worklist", "touches"), ("/settings/users", "administration"), ("/settings/me", "oneself"))
"""Where people begin: the first of these that their role may see."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
TEXTS = (".css", ".js", ".svg")
FOREVER = "public, max-age=31536000, immutable"
NOT_HERE = "The console is used at the address that PIPELINE_CONSOLE_URL states; without it, only on its own machine."


def routes() -> list[BaseRoute]:
    known = [
        Route("/static/{name}", static),
        *access.ROUTES,
        *doing.routes(drafts.AGAIN),
        *routes_of(PAGES),
        Route("/", surface.page(home)),
    ]
    other = Route("/{path:path}", surface.page(_missing(known)), methods=METHODS)
    return [Mount("", app=AtItsAddress(Router([*known, other]), settings.deployed().url))]


async def home(request: Request, session: Session) -> Response:
    """The first page that the person may see."""
    return RedirectResponse(next(path for path, action in HOMES if session.can_see(action)), 303)


def _missing(known: Sequence[Route]) -> Show:
    async def missing(request: Request, session: Session) -> Response:
        if any(route.matches(request.scope)[0] is Match.PARTIAL for route in known):
            raise Refused(f"This address does not accept {request.method}.", 405)
        raise Refused("The thing may have ended, or the link is incomplete.", 404)

    return missing


async def static(request: Request) -> Response:
    """A file of the pages; its address changes with its content."""
    name = request.path_params["name"]
    if name not in names():
        return PlainTextResponse("There is no such file.", 404)
    caching = FOREVER if request.query_params.get("v") or name.endswith(".woff2") else "no-cache"
    headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
    if name.endswith(TEXTS) and "gzip" in request.headers.get("Accept-Encoding", ""):
        kind = mimetypes.guess_type(name)[0]
        return Response(packed(name), headers={**headers, "Content-Encoding": "gzip"}, media_type=kind)
    return Response(content(name), headers=headers, media_type=mimetypes.guess_type(name)[0])


@functools.cache
def packed(name: str) -> bytes:
    """A static file, compressed."""
    return gzip.compress(content(name), mtime=0)


class AtItsAddress:
    """Serves pages as at the public address, whatever `Host` a request states, with headers that every response has.

    Cookies, origins and redirects follow from that address. Without one, only names of this machine are served, so that
    no other site can point its own name here.
    """

    def __init__(self, app: ASGIApp, public_url: str | None) -> None:
        self._app = app
        self._public = urlsplit(public_url) if public_url else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        send = with_headers(send, secure=self._public is not None and self._public.scheme == "https")
        if self._public is None and not is_this_machine(host):
            await PlainTextResponse(NOT_HERE, 421)(scope, receive, send)
            return
        if self._public is not None:
            headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
            headers.append((b"host", self._public.netloc.encode()))
            scope = {**scope, "scheme": self._public.scheme, "headers": headers}
        try:
            await self._app(scope, limited(receive), send)
        except HTTPException as refused:  # of the router
            await PlainTextResponse(refused.detail, refused.status_code, refused.headers)(scope, receive, send)


def is_this_machine(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def with_headers(send: Send, *, secure: bool) -> Send:
    """Adds the headers to what is sent, also to what the router itself refuses."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if secure:
                headers["Strict-Transport-Security"] = ONLY_TLS
        await send(message)

    return sent


def limited(receive: Receive, seconds: float = BODY_SECONDS) -> Receive:
    """The same body; refuses one that is too long, or takes too long, before all of it has arrived."""
    received, complete, ends = 0, False, asyncio.get_running_loop().time() + seconds

    async def counted() -> Message:
        nonlocal received, complete
        try:
            async with asyncio.timeout_at(None if complete else ends):
                message = await receive()
        except TimeoutError:
            raise Refused(f"This form did not arrive within {seconds:.0f} seconds.", 408) from None
        received += len(message.get("body", b""))
        complete = not message.get("more_body", False)
        if received > MOST_BYTES:
            raise Refused(f"A form can have at most {MOST_BYTES:,} bytes.", 413)
        return message

    return counted
