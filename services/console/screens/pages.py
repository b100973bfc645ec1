"""How is a page declared, and who is shown it?

Each screen lists its pages in `PAGES`; `screens/surface.py` serves them.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from services.console.domain.forms import Form
from services.console.domain.sessions import Session
from services.console.domain.waiting import sender_of
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.usecases.framing import frame
from services.console.usecases.seeing import begin, refuse_undone, refuse_unseen, session_of, with_token
from shared.contracts.refusals import Refused
from shared.http.backend import TooOften, backend_of
from shared.http.compressing import compressed
from shared.http.html_surface import SAFE_METHODS, HtmlSurface, token_of
from shared.storage.database import DatabaseUnavailable

Show = Callable[[Request, Session], Awaitable[Response]]
PRODUCT = "Facility Pipeline"
MOST_FIELDS = 1_000
COST = 5.0
"""Of a try to sign in, in requests."""

TITLES = {
    403: "Not allowed",
    404: "Nothing is at this address",
    409: "This has changed",
    413: "Too much at once",
    429: "Too fast",
    503: "Not available now",
    504: "Not confirmed",
}
PASSING = (429, 503, 504)
"""Errors that may be over at the next try."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page for people who have signed in, and the action of `PERMISSIONS` that it is about."""

    path: str
    action: str
    show: Show
    methods: tuple[str, ...] = ("GET",)


async def error_page(request: Request, session: Session | None, status: int, message: str) -> str:
    """A refusal has the navigation for those who have signed in; what failed on our side is shown without it."""
    if session is not None and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        with suppress(DatabaseUnavailable):
            return await _framed_error(request, with_token(request, session), status, message)
    return await door_error(request, session, status, message)


async def door_error(request: Request, session: object, status: int, message: str) -> str:
    """An error outside the frame."""
    return render(
        "door_error.html",
        title=_title(status),
        product=PRODUCT,
        status=status,
        message=message,
        again=_again(request, status),
        home="/" if token_of(request) else "/sign-in",
    )


async def _framed_error(request: Request, session: Session, status: int, message: str) -> str:
    async with begin(request, session) as tx:
        around = await frame(request, session, tx, _title(status), "")
    if request.method not in SAFE_METHODS:
        around = replace(around, path="/")  # commands return to a page
    return render(
        "error.html", frame=around, tabs=tabs(around.groups), status=status, title=around.title, message=message,
        again=_again(request, status),
    )  # fmt: skip


def _title(status: int) -> str:
    return TITLES.get(status, "This did not work")


def _again(request: Request, status: int) -> str:
    """The address of the same page, if it may be shown a little later."""
    if request.method not in SAFE_METHODS or status not in PASSING:
        return ""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def html(template: str, status: int = 200, **context: object) -> Response:
    """A page without the frame of the screens."""
    return HTMLResponse(render(template, product=PRODUCT, **context), status)


async def form_of(request: Request) -> Form:
    """What the request contains; refuses what no page sends."""
    try:
        text = (await request.body()).decode()
        return Form(parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise Refused(f"This form cannot be read: {error}", 400) from error


def charge(request: Request) -> None:
    """Limit the tries of secrets from one address, for all names together."""
    sender = sender_of(request.client.host if request.client else "")
    if wait := backend_of(request).rates.take(f"sign-in {sender}", time.monotonic(), COST):
        raise TooOften(wait)


surface: HtmlSurface[Session] = HtmlSurface(session_of, error_page)


def routes_of(pages: Sequence[Page]) -> list[Route]:
    return [Route(page.path, surface.page(_gated(page)), methods=list(page.methods)) for page in pages]


def _gated(page: Page) -> Show:
    """The page, for those who may see it; or do it, if something is sent."""

    async def show(request: Request, session: Session) -> Response:
        gate = refuse_unseen if request.method in ("GET", "HEAD") else refuse_undone
        gate(session, page.action)
        return compressed(request, await page.show(request, with_token(request, session)))

    return show
