"""How does a test use the console's pages, without a browser?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pyotp
import pytest_asyncio
from httpx import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette

from services.console.domain.permissions import NEEDS_CODE
from services.console.screens.surface import routes
from services.console.usecases.sealing import open_sealed
from shared.clock import real_time
from shared.contracts.console import AddUser, NewLink, Role
from shared.contracts.courier_calendars import Calendars
from shared.contracts.keys import hash_of, new_key
from shared.contracts.requests import Question
from shared.http.backend import Backend
from shared.http.html_surface import LOCAL_COOKIE, csrf_token
from shared.http.rates import Rates
from tests.support.running import Running, run_service
from tests.support.servers import TestServers
from tests.support.statements import MOST, statements

SITE = "http://127.0.0.1:8084"
PASSWORD = "correct horse battery staple"
Replies = Callable[[Question[Any], str], Awaitable[Any]]


async def unexpected(request: Question[Any], service: str) -> Any:
    """No service is asked; only the page of oneself asks for one's calendar."""
    if isinstance(request, Calendars):
        return []
    raise AssertionError(f"{request.NAME} was not expected")


class Services:
    """What the console asks of other services, and what they reply."""

    def __init__(self, replies: Replies = unexpected) -> None:
        self.asked: list[Any] = []
        self.replies = replies

    async def ask(self, request: Question[Any], /, *, service: str = "") -> Any:
        self.asked.append(request)
        return await self.replies(request, service)


class Browser:
    """A browser with its cookies; forms are sent as pages of the console send them."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client

    @property
    def token(self) -> str:
        return self.client.cookies.get(LOCAL_COOKIE) or ""

    async def get(self, path: str) -> Response:
        """A page; none may need more than a few statements, whatever a test shows on it."""
        with statements() as sent:
            response = await self.client.get(path)
        assert response.is_redirect or len(sent) <= MOST, f"{path} needs {len(sent)} statements"
        return response

    async def post(
        self, path: str, fields: dict[str, Any] | None = None, origin: str = "", *, by_htmx: bool = False
    ) -> Response:
        sent = {"csrf": csrf_token(self.token), **(fields or {})}
        headers = {"Origin": origin or str(self.client.base_url).rstrip("/")} | (
            {"HX-Request": "true"} if by_htmx else {}
        )
        return await self.client.post(path, data=sent, headers=headers)

    async def choose(self, link: str, password: str = PASSWORD, again: str | None = None) -> Response:
        """Choose a password by a one-time link."""
        token = link.partition("token=")[2]
        return await self.post("/welcome", {"token": token, "password": password, "again": again or password})

    async def do(self, command: str, **fields: Any) -> Response:
        return await self.post(f"/do/{command}", {"command_id": uuid4().hex, "back": "/worklist", **fields})


class Console:
    """The console's pages on a running console, with other services that a test replaces."""

    def __init__(self, running: Running, services: Services) -> None:
        self.running = running
        self.services = services
        self.app = Starlette(routes=routes())
        self.app.state.backend = Backend(
            "console", running.app.begin, services.ask, Rates(1_000, 10_000), str, dict, running.app.database.notices
        )
        self.secrets: dict[str, str] = {}
        self.used = ""
        """The code that was used last to set up a second factor."""

    @asynccontextmanager
    async def browser(self, site: str = SITE) -> AsyncIterator[Browser]:
        async with AsyncClient(transport=ASGITransport(self.app), base_url=site) as client:
            yield Browser(client)

    async def link(self, name: str, role: Role | None = None, rep: str | None = None, **fields: Any) -> str:
        """The one-time link of a user, who is added if a role is given."""
        token = new_key()
        if role:
            await self.running.ask(
                AddUser(name=name, role=role, rep=rep, link_hash=hash_of(token), actor="ann", **fields)
            )
        else:
            await self.running.ask(NewLink(name=name, link_hash=hash_of(token), actor="ann", **fields))
        return f"/welcome?token={token}"

    async def add(self, browser: Browser, name: str, role: Role, rep: str | None = None) -> None:
        """Add a user, who signs in for the first time in this browser."""
        link = await self.link(name, role, rep)
        await browser.choose(link)
        if role in NEEDS_CODE:
            await self.set_up(browser, name)

    async def enter(self, browser: Browser, name: str, role: Role, rep: str | None = None) -> None:
        """A user with a session in this browser, without signing in."""
        token = new_key()
        await self.running.sql(
            """
            INSERT INTO users (name, role, rep, full_name, added_at)
            VALUES (%(name)s, %(role)s, %(rep)s, %(name)s, %(now)s)
            ON CONFLICT (name) DO UPDATE SET role = excluded.role, rep = excluded.rep
            """,
            name=name,
            role=role,
            rep=rep,
            now=self.running.app.clock.now(),
        )
        await self.running.sql(
            """
            INSERT INTO sessions (token_hash, session_id, name, begun_at, used_at, verified)
            VALUES (%(hash)s, %(id)s, %(name)s, %(now)s, %(now)s, true)
            """,
            hash=hash_of(token),
            id=uuid4(),
            name=name,
            now=real_time(),
        )
        browser.client.cookies.set(LOCAL_COOKIE, token, domain="127.0.0.1", path="/")

    async def empty(self) -> None:
        """No users, and nothing in the read models."""
        tables = "users, links, sessions, attempts, passkeys, challenges, views, results, states, facilities, log"
        await self.running.sql(f"TRUNCATE {tables}")
        await self.running.sql("ALTER TABLE audit DISABLE TRIGGER audit_is_append_only")
        await self.running.sql("TRUNCATE audit")
        await self.running.sql("ALTER TABLE audit ENABLE TRIGGER audit_is_append_only")

    async def set_up(self, browser: Browser, name: str) -> Response:
        """Set up the second factor as an authenticator app would."""
        [row] = await self.running.sql(
            "SELECT secret FROM sessions WHERE token_hash = %(hash)s", hash=hash_of(browser.token)
        )
        self.secrets[name] = open_sealed(row["secret"], name) or ""
        self.used = self.code(name)
        return await browser.post("/welcome/authenticator", {"code": self.used})

    def code(self, name: str, later: int = 0) -> str:
        """The code that a user's authenticator app shows."""
        return pyotp.TOTP(self.secrets[name]).at(real_time() + timedelta(seconds=later))

    async def wait(self, **time: float) -> None:
        """Let everything that ends with time be so much older, by the real time and by that of the simulation."""
        waited = timedelta(**time)
        await self.running.set_clock(self.running.app.clock.now() + waited)
        await self.running.sql(
            "UPDATE sessions SET begun_at = begun_at - %(waited)s, used_at = used_at - %(waited)s", waited=waited
        )
        await self.running.sql("UPDATE attempts SET failed_at = failed_at - %(waited)s", waited=waited)


# --- fixtures, which a module of tests gives the names `shared`, `site` and `browser` ------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def one_console(servers: TestServers) -> AsyncIterator[Running]:
    """A console for all tests of a module."""
    async with run_service("console", servers) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def empty_site(shared: Running) -> Console:
    """Its pages, while it has no users."""
    site = Console(shared, Services())
    await site.empty()
    return site


@pytest_asyncio.fixture(loop_scope="module")
async def one_browser(site: Console) -> AsyncIterator[Browser]:
    async with site.browser() as opened:
        yield opened
