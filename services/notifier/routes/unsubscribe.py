"""How does the recipient of a letter end all letters, by one click? (RFC 8058)

A mail program sends a POST to the link of a letter. A person who opens the link gets a page with a button that does the
same; opening it changes nothing, because programs that check mail open every link. There are no cookies, no redirects,
no second question and no rate limit. The body is not read: a POST with the link of a letter means one thing.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from services.notifier.usecases import unsubscribing
from shared.http.backend import attempt, backend_of

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
"""Added to every response."""

NOT_OURS = "This link is incomplete, or not one of ours. Open it again from the e-mail, or answer the e-mail instead."

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body>
<h1>{title}</h1>
<p>{text}</p>
{form}</body>
</html>
"""
_FORM = """<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button type="submit">Unsubscribe</button>
</form>
"""


def _page(show: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Turn an error into a plain message, and add the headers."""

    @functools.wraps(show)
    async def respond(request: Request) -> Response:
        result = await attempt(request, functools.partial(show, request))
        if not isinstance(result, Response):
            status, content = result
            result = PlainTextResponse(content["message"], status)
            if "retry_after" in content:
                result.headers["Retry-After"] = str(content["retry_after"])
        result.headers.update(HEADERS)
        return result

    return respond


@_page
async def ask(request: Request) -> Response:
    """The page with the button."""
    async with backend_of(request).begin() as tx:
        letter = await unsubscribing.letter_of(tx, request.path_params["token"])
    if letter is None:
        return PlainTextResponse(NOT_OURS, 404)
    text = f"No further e-mail will be sent to {letter.to_email}."
    return HTMLResponse(_PAGE.format(title="Unsubscribe?", text=escape(text), form=_FORM))


@_page
async def unsubscribe(request: Request) -> Response:
    """End all letters to the recipient; repeated, it changes nothing."""
    async with backend_of(request).begin() as tx:
        letter = await unsubscribing.unsubscribe(tx, request.path_params["token"])
    if letter is None:
        return PlainTextResponse(NOT_OURS, 404)
    text = f"No further e-mail will be sent to {letter.to_email}."
    return HTMLResponse(_PAGE.format(title="Unsubscribed", text=escape(text), form=""))


ROUTES = [Route("/u/{token}", ask, methods=["GET"]), Route("/u/{token}", unsubscribe, methods=["POST"])]
