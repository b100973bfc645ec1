"""Are pages shown only to people who have signed in, and forms accepted only from their own pages?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import escape
from typing import Any, cast

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from shared.contracts.refusals import Refused
from shared.http.backend import Backend
from shared.http.html_surface import (
    COOKIE,
    HEADERS,
    TOKEN_FIELD,
    TOKEN_HEADER,
    HtmlSurface,
    begin_session,
    csrf_token,
    end_session,
)
from shared.http.rates import Rates
from shared.storage.database import DatabaseUnavailable, Tx

SITE = "https://console.example"


class Site:
    """A small console: a page with a form, a page that fails, and sign-in and sign-out without passwords."""

    def __init__(self) -> None:
        self.sessions: dict[str, str] = {}
        self.notes: list[str] = []
        self.starting = ""
        self.database_failed = False
        surface = HtmlSurface(self._find, self.error_page)
        routes = [
            Route("/worklist", surface.page(self.worklist), methods=["GET", "POST"]),
            Route("/refused", surface.page(self.refused)),
            Route("/broken", surface.page(self.broken)),
            Route("/sign-in", surface.open_page(self.sign_in), methods=["GET", "POST"]),
            Route("/sign-out", surface.page(self.sign_out), methods=["POST"]),
        ]
        self.app = Starlette(routes=routes)
        self.app.state.backend = Backend(
            "console", self._begin, cast("Any", None), Rates(20, 100), lambda: self.starting, dict, cast("Any", None)
        )

    async def error_page(self, request: Request, user: str | None, status: int, message: str) -> str:
        return f"<h1>{status}</h1>{escape(message)} for {user}"

    async def worklist(self, request: Request, user: str) -> Response:
        if request.method == "POST":
            self.notes.append(user)
        return HTMLResponse(f"the worklist of {user}")

    async def refused(self, request: Request, user: str) -> Response:
        raise Refused("<script>no</script>", 409)

    async def broken(self, request: Request, user: str) -> Response:
        raise ValueError("a secret")

    async def sign_in(self, request: Request) -> Response:
        response = RedirectResponse("/worklist", 303)
        if request.method == "POST":
            self.sessions[begin_session(request, response)] = "ann"
        return response

    async def sign_out(self, request: Request, user: str) -> Response:
        self.sessions.clear()
        response = RedirectResponse("/sign-in", 303)
        end_session(request, response)
        return response

    async def _find(self, token_hash: str, tx: Tx) -> str | None:
        return self.sessions.get(token_hash)

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[Tx]:
        if self.database_failed:
            raise DatabaseUnavailable("no connection")
        yield cast("Tx", None)

    def browser(self, site: str = SITE) -> AsyncClient:
        return AsyncClient(transport=ASGITransport(self.app), base_url=site)


@asynccontextmanager
async def signed_in(site: Site, at: str = SITE) -> AsyncIterator[AsyncClient]:
    async with site.browser(at) as browser:
        await browser.post("/sign-in", headers={"Origin": at})
        yield browser


async def test_a_page_is_shown_to_the_owner_of_the_session() -> None:
    async with signed_in(Site()) as browser:
        response = await browser.get("/worklist")

    assert (response.status_code, response.text) == (200, "the worklist of ann")


async def test_others_sign_in_first_and_return_to_the_page() -> None:
    async with Site().browser() as browser:
        page = await browser.get("/worklist?tier=1&rep=ann")
        part = await browser.get("/worklist", headers={"HX-Request": "true"})
        shown = {"HX-Request": "true", "HX-Current-URL": f"{SITE}/worklist?tier=1"}
        form = await browser.post("/worklist", headers={**shown, "Origin": SITE})
        odd = await browser.get("/worklist", headers={**shown, "HX-Current-URL": "http://[x"})

    assert page.status_code == 303
    assert page.headers["location"] == "/sign-in?next=/worklist%3Ftier%3D1%26rep%3Dann"
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/sign-in")
    assert (form.status_code, form.headers["hx-redirect"]) == (401, "/sign-in?next=/worklist%3Ftier%3D1")
    assert odd.headers["hx-redirect"] == "/sign-in"


async def test_an_ended_session_requires_a_new_sign_in() -> None:
    site = Site()
    async with signed_in(site) as browser:
        site.sessions.clear()

        assert (await browser.get("/worklist")).status_code == 303


async def test_the_cookie_is_not_available_to_scripts_other_hosts_or_plain_http() -> None:
    async with Site().browser() as browser:
        cookie = (await browser.post("/sign-in", headers={"Origin": SITE})).headers["set-cookie"]

    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_a_session_on_localhost_works_without_https() -> None:
    site = Site()
    async with signed_in(site, "http://127.0.0.1:8080") as browser:
        assert (await browser.get("/worklist")).status_code == 200


async def test_signing_out_deletes_the_cookie() -> None:
    site = Site()
    async with signed_in(site) as browser:
        token = browser.cookies[COOKIE]
        await browser.post("/sign-out", headers={"Origin": SITE, TOKEN_HEADER: csrf_token(token)})

        assert COOKIE not in browser.cookies


@pytest.mark.parametrize("sent_in", ["form", "header"])
async def test_a_form_of_the_same_site_is_accepted(sent_in: str) -> None:
    site = Site()
    async with signed_in(site) as browser:
        token = csrf_token(browser.cookies[COOKIE])
        form, headers = ({TOKEN_FIELD: token}, {}) if sent_in == "form" else ({}, {TOKEN_HEADER: token})
        response = await browser.post("/worklist", data=form, headers={"Origin": SITE, **headers})

    assert (response.status_code, site.notes) == (200, ["ann"])


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://console.example", "https://console.example.evil", "null", None]
)
async def test_a_form_of_another_origin_is_refused(origin: str | None) -> None:
    site = Site()
    async with signed_in(site) as browser:
        headers = {TOKEN_HEADER: csrf_token(browser.cookies[COOKIE])} | ({"Origin": origin} if origin else {})
        response = await browser.post("/worklist", headers=headers)
        again = await browser.post("/sign-in", headers={"Origin": origin} if origin else {})

    assert (response.status_code, again.status_code, site.notes) == (403, 403, [])


async def test_a_form_without_the_token_of_its_session_is_refused() -> None:
    site = Site()
    async with signed_in(site) as browser:
        without = await browser.post("/worklist", headers={"Origin": SITE})
        other = await browser.post("/worklist", headers={"Origin": SITE}, data={TOKEN_FIELD: csrf_token("another")})

    assert (without.status_code, other.status_code, site.notes) == (403, 403, [])


async def test_every_response_forbids_foreign_scripts_and_frames() -> None:
    async with signed_in(Site()) as browser:
        responses = [await browser.get(path) for path in ("/worklist", "/refused", "/broken", "/sign-in")]

    for response in responses:
        assert {name: response.headers[name] for name in HEADERS} == HEADERS


async def test_errors_are_pages_that_reveal_nothing() -> None:
    site = Site()
    async with signed_in(site) as browser:
        refused, broken = await browser.get("/refused"), await browser.get("/broken")
        site.database_failed = True
        unavailable = await browser.get("/worklist")
        site.starting = "it is starting and waiting for NATS"
        starting = await browser.get("/worklist")

    assert (refused.status_code, refused.text) == (409, "<h1>409</h1>&lt;script&gt;no&lt;/script&gt; for ann")
    assert broken.status_code == 500
    assert "secret" not in broken.text
    assert (unavailable.status_code, unavailable.headers["retry-after"]) == (503, "5")
    assert starting.status_code == 503
    assert "waiting for NATS" in starting.text
