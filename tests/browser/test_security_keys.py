"""Can a person add a security key and sign in with it, in a real browser with a virtual key?"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import BrowserContext, CDPSession, Page, async_playwright, expect

from shared.contracts.console import AuditLog
from shared.contracts.keys import hash_of
from shared.http.html_surface import LOCAL_COOKIE
from shared.http.server import Server
from tests.browser.pages import CHROMIUM
from tests.support.console import PASSWORD, Browser, Console, Services
from tests.support.running import run_service
from tests.support.servers import TestServers

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed"),
    pytest.mark.asyncio(loop_scope="module"),
]
KEY = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}


@dataclass(slots=True)
class Desk:
    """A person's browser with a virtual security key, at a console that is served at a name."""

    site: Console
    address: str
    context: BrowserContext
    page: Page
    keys: CDPSession
    key: str
    complaints: list[str]

    async def plug_in(self) -> None:
        added = await self.keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        self.key = added["authenticatorId"]

    async def begin(self, browser: Browser, name: str) -> None:
        """The session of this person, who has an authenticator app, in the browser."""
        await self.site.add(browser, name, "manager")
        await self.context.add_cookies([{"name": LOCAL_COOKIE, "value": browser.token, "url": self.address}])

    async def add_key(self, title: str, password: str = PASSWORD) -> None:
        await self.page.goto(f"{self.address}/settings/me")
        await self.page.get_by_label("Name of a security key").fill(title)
        await self.page.locator("#k-current").fill(password)
        await self.page.get_by_role("button", name="Add the key").click()

    async def give_password(self, name: str) -> None:
        await self.context.clear_cookies()
        await self.page.goto(f"{self.address}/sign-in?next=/settings/me")
        await self.page.get_by_label("Name or e-mail").fill(name)
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Continue").click()

    async def use_key(self) -> str:
        """Use the key; returns what the browser sent."""
        async with self.page.expect_request(lambda request: request.method == "POST") as sent:
            await self.page.get_by_role("button", name="Use the key").click()
        await self.page.wait_for_load_state()
        return parse_qs((await sent.value).post_data or "")["answer"][0]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(servers: TestServers) -> AsyncIterator[Desk]:
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://localhost:{listening.getsockname()[1]}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIPELINE_CONSOLE_URL", address)
        async with run_service("console", servers) as running, async_playwright() as playwright:
            site = Console(running, Services())
            server = Server(uvicorn.Config(site.app, log_level="error", lifespan="off"))
            serving = asyncio.create_task(server.serve([listening]))
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            context = await browser.new_context()
            page = await context.new_page()
            keys = await context.new_cdp_session(page)
            await keys.send("WebAuthn.enable")
            found = Desk(site, address, context, page, keys, "", [])
            page.on("console", lambda message: found.complaints.append(message.text))
            page.on("pageerror", lambda error: found.complaints.append(str(error)))
            yield found
            await browser.close()
            server.should_exit = True
            await serving


@pytest_asyncio.fixture(loop_scope="module")
async def helen(desk: Desk) -> AsyncIterator[Browser]:
    """A manager, whose browser has a new key that the console does not know."""
    await desk.site.empty()
    await desk.plug_in()
    async with desk.site.browser(desk.address) as browser:
        await desk.begin(browser, "helen")
        yield browser
    await desk.keys.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": desk.key})


async def test_a_key_replaces_the_code_until_it_is_removed(desk: Desk, helen: Browser) -> None:
    await desk.add_key("Key ring", "not my password")
    await expect(desk.page.locator("main")).to_contain_text("This is not your password.")
    desk.complaints.clear()  # the browser's own words for 422
    await desk.add_key("Key ring")
    await desk.page.get_by_role("button", name="Add the key").click()
    await expect(desk.page.locator("main")).to_contain_text("not used yet")
    await desk.give_password("helen")
    assert urlsplit(desk.page.url).path == "/sign-in/key"

    await desk.use_key()

    assert urlsplit(desk.page.url).path == "/settings/me"
    await expect(desk.page.locator("main")).to_contain_text("last used")
    assert desk.complaints == []
    await desk.page.get_by_role("button", name="Remove").click()
    await expect(desk.page.get_by_text("Key ring is removed.")).to_be_visible()
    await desk.give_password("helen")
    assert urlsplit(desk.page.url).path == "/sign-in/code"
    recorded = [row.action for row in await desk.site.running.ask(AuditLog())]
    assert [action for action in recorded if action.endswith("_key")] == ["remove_key", "add_key"]


async def test_an_answer_counts_once_and_only_in_the_session_that_was_asked(desk: Desk, helen: Browser) -> None:
    await desk.add_key("Key ring")
    await desk.page.get_by_role("button", name="Add the key").click()
    await desk.page.wait_for_url("**/settings/me")
    await desk.give_password("helen")
    answer = await desk.use_key()

    async with desk.site.browser(desk.address) as other:
        await other.post("/sign-in", {"name": "helen", "password": PASSWORD})
        await other.get("/sign-in/key")  # asks something else
        replayed = await other.post("/sign-in/key", {"answer": answer})
        assert (replayed.status_code, "This key was not accepted." in replayed.text) == (422, True)
        await desk.site.running.sql("UPDATE challenges SET content = '' WHERE browser <> ''")
        nothing_asked = await other.post("/sign-in/key", {"answer": answer})
        assert nothing_asked.status_code == 422
        assert (await other.get("/settings/me")).status_code == 303


async def test_a_copy_of_a_key_is_found_out_by_its_count(desk: Desk, helen: Browser) -> None:
    await desk.add_key("Key ring")
    await desk.page.get_by_role("button", name="Add the key").click()
    await desk.page.wait_for_url("**/settings/me")
    await desk.site.running.sql("UPDATE passkeys SET counter = 1000")
    await desk.give_password("helen")

    await desk.use_key()

    await expect(desk.page.get_by_role("alert")).to_contain_text("This key was not accepted.")
    assert not await desk.site.running.sql(
        "SELECT 1 FROM sessions WHERE verified AND token_hash <> %(own)s", own=hash_of(helen.token)
    )
