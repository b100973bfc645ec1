"""How does a service show pages to people who have signed in?

A session is a random token in a cookie of the browser; the service stores the token's hash and decides who it belongs
to. Every page has a strict content security policy, and a form is only accepted from the service's own pages.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import parse_qs, quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from shared.contracts.keys import hash_of
from shared.contracts.refusals import Refused
from shared.http.backend import attempt, backend_of
from shared.storage.database import Tx

S = TypeVar("S")

COOKIE = "__Host-session"
"""The prefix makes browsers accept it only from this host, over HTTPS."""
LOCAL_COOKIE = "session"
"""Over plain HTTP, as in development on one machine."""
CSRF_BYTES = 16
TOKEN_FIELD, TOKEN_HEADER = "csrf", "X-CSRF-Token"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Added to every response."""
ONLY_TLS = "max-age=31536000"
"""`Strict-Transport-Security` of what is served over HTTPS: for a year, browsers use nothing else for this host."""

Show = Callable[[Request, S], Awaitable[Response]]
"""Returns a page for the session that requests it; raises `Refused`."""


@dataclass(frozen=True, slots=True)
class HtmlSurface(Generic[S]):
    """Declares the pages of a service whose sessions are an `S`."""

    find_session: Callable[[str, Tx], Awaitable[S | None]]
    """The session with a token's hash, unless it has ended."""
    error_page: Callable[[Request, S | None, int, str], Awaitable[str]]
    """The HTML that shows a status and a message, also to people who have not signed in; it must escape the message."""
    sign_in: str = "/sign-in"

    def page(self, show: Show[S]) -> Callable[[Request], Awaitable[Response]]:
        """A page for people who have signed in; others are sent to the sign-in page first."""

        async def run(request: Request) -> Response:
            token = token_of(request)
            session = await self._session(request, token) if token else None
            if session is None:
                return self._to_sign_in(request)
            request.state.session = session
            await refuse_foreign(request, token)
            return await show(request, session)

        return self._endpoint(show, run)

    def open_page(self, show: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """A page without a session, such as the sign-in page."""

        async def run(request: Request) -> Response:
            await refuse_foreign(request, token="")
            return await show(request)

        return self._endpoint(show, run)

    async def _session(self, request: Request, token: str) -> S | None:
        async with backend_of(request).begin() as tx:
            return await self.find_session(hash_of(token), tx)

    def _to_sign_in(self, request: Request) -> Response:
        """The person returns to the page after signing in. For a part of a page, htmx loads the sign-in page."""
        if request.headers.get("HX-Request"):
            shown = _path_of(request.headers.get("HX-Current-URL", ""))
            return Response(status_code=401, headers={"HX-Redirect": self._back_to(shown)})
        return RedirectResponse(
            self._back_to(_path_of(str(request.url)) if request.method in SAFE_METHODS else ""), 303
        )

    def _back_to(self, page: str) -> str:
        return f"{self.sign_in}?next={quote(page)}" if page else self.sign_in

    def _endpoint(
        self, show: Callable[..., object], run: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        @functools.wraps(show)
        async def respond(request: Request) -> Response:
            result = await attempt(request, functools.partial(run, request))
            if not isinstance(result, Response):
                status, content = result
                session = getattr(request.state, "session", None)
                result = HTMLResponse(await self.error_page(request, session, status, content["message"]), status)
                if "retry_after" in content:
                    result.headers["Retry-After"] = str(content["retry_after"])
            result.headers.update(HEADERS)
            return result

        return respond


def _path_of(address: str) -> str:
    """The path and the query of an address; empty for what is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def begin_session(request: Request, response: Response) -> str:
    """Set the cookie of a new session; returns the hash of its token, to be stored."""
    token = secrets.token_urlsafe(32)
    secure = request.url.scheme == "https"
    name = COOKIE if secure else LOCAL_COOKIE
    response.set_cookie(name, token, path="/", secure=secure, httponly=True, samesite="lax")
    return hash_of(token)


def end_session(request: Request, response: Response) -> None:
    """Delete the cookie; the service ends the session itself."""
    secure = request.url.scheme == "https"
    response.delete_cookie(COOKIE if secure else LOCAL_COOKIE, path="/", secure=secure, httponly=True, samesite="lax")


def token_of(request: Request) -> str:
    """The session token of a request; empty without one."""
    return request.cookies.get(COOKIE if request.url.scheme == "https" else LOCAL_COOKIE, "")


def csrf_token(token: str) -> str:
    """What the forms of a session send along: derived from its token, which other sites can send but not read.

    It is masked by random bytes, another time by others, so that compressed pages reveal nothing by their length.
    """
    mask = secrets.token_bytes(CSRF_BYTES)
    return (mask + _masked(mask, _csrf(token))).hex()


def _csrf(token: str) -> bytes:
    return hmac.digest(token.encode(), b"csrf", hashlib.sha256)[:CSRF_BYTES]


def _masked(mask: bytes, text: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(mask, text, strict=True))


def _is_csrf(sent: str, token: str) -> bool:
    """Whether this is a token of the session's forms."""
    try:
        given = bytes.fromhex(sent)
        return hmac.compare_digest(_masked(given[:CSRF_BYTES], given[CSRF_BYTES:]), _csrf(token))
    except ValueError:
        return False


async def refuse_foreign(request: Request, token: str) -> None:
    """Refuse a change that does not come from a page of this service: of another origin, or without its token.

    Without a session there is no token to check (OWASP: verify the origin, and a token for each session).
    """
    if request.method in SAFE_METHODS:
        return
    if _origin_of(request) != (request.url.scheme, request.url.netloc):
        raise Refused("This form was not sent by a page of this service; open the page again and repeat it.", 403)
    if token and not _is_csrf(await _sent_token(request), token):
        raise Refused("This page belongs to a session that has ended; load it again and repeat it.", 403)


def _origin_of(request: Request) -> tuple[str, str]:
    """The scheme and host of the page that sent a request; empty if it names none."""
    try:
        origin = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", ""))
    except ValueError:
        return "", ""
    return origin.scheme, origin.netloc


async def _sent_token(request: Request) -> str:
    if TOKEN_HEADER in request.headers:
        return request.headers[TOKEN_HEADER]
    form = parse_qs((await request.body()).decode(errors="replace"))
    return form.get(TOKEN_FIELD, [""])[0]
