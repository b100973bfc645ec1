"""What does a browser load for a page, when does it show it, and does the page move afterwards?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from shared.http.html_surface import LOCAL_COOKIE
from tests.benchmarks.console.visits import Visitor
from tests.browser.pages import CHROMIUM, WIDE

FIRST = "/worklist"
LATER = ("/inbox", "/drafts", "/pipeline", "/facilities", "/discovery", "/sequences", "/playbooks", "/events",
    "/dashboards/health", "/dashboards/funnel", "/dashboards/scores", "/settings/me")  # fmt: skip
LOADS = 5
OBSERVE = """
    window.seen = { lcp: 0, cls: 0 };
    const observe = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note))
        .observe({ type, buffered: true });
    observe("largest-contentful-paint", (each) => { seen.lcp = each.startTime; });
    observe("layout-shift", (each) => { if (!each.hadRecentInput) seen.cls += each.value; });
"""


@dataclass(frozen=True)
class Loaded:
    """The load of a page."""

    path: str
    kilobytes: float
    script_kilobytes: float
    requests: int
    lcp_s: float
    cls: float


async def loads(people: Mapping[str, Visitor]) -> tuple[Loaded, list[Loaded]]:
    """The first view of a browser without anything in its cache, and the others with what the first one left there."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        first = [await _fresh(browser, people["rep"]) for _ in range(LOADS)]
        context = await a_context(browser, people["manager"])
        await _load(context, people["manager"], FIRST)
        later = [await _load(context, people["manager"], path) for path in LATER]
        await browser.close()
    return sorted(first, key=lambda each: each.lcp_s)[LOADS // 2], later


async def a_context(browser: Browser, person: Visitor) -> BrowserContext:
    """A browser in which a person has signed in."""
    context = await browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]})
    await context.add_cookies([{"name": LOCAL_COOKIE, "value": person.token, "url": f"http://{person.host}"}])
    await context.add_init_script(OBSERVE)
    return context


async def _fresh(browser: Browser, person: Visitor) -> Loaded:
    context = await a_context(browser, person)
    found = await _load(context, person, FIRST)
    await context.close()
    return found


async def _load(context: BrowserContext, person: Visitor, path: str) -> Loaded:
    page = await context.new_page()
    transferred = await _listen(page)
    await page.goto(f"http://{person.host}{path}", wait_until="load")
    await page.wait_for_timeout(700)  # the stream has sent its first message, and late shifts have happened
    seen = await page.evaluate("seen")
    await page.close()
    sizes = [each["bytes"] for each in transferred.values()]
    scripts = sum(each["bytes"] for each in transferred.values() if each["type"] == "Script")
    return Loaded(path, round(sum(sizes) / 1000, 1), round(scripts / 1000, 1), len(sizes), round(seen["lcp"] / 1000, 3),
        round(seen["cls"], 4))  # fmt: skip


async def _listen(page: Page) -> dict[str, dict[str, Any]]:
    """By request: its type and the bytes that were transferred for it; what comes from the cache is none."""
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    found: dict[str, dict[str, Any]] = {}

    def requested(event: dict[str, Any]) -> None:
        found[event["requestId"]] = {"type": event.get("type", ""), "bytes": 0, "url": event["request"]["url"]}

    def cached(event: dict[str, Any]) -> None:
        found.pop(event["requestId"], None)

    def loaded(event: dict[str, Any]) -> None:
        if event["requestId"] in found:
            found[event["requestId"]]["bytes"] += int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", requested)

    def received(event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            found.pop(event["requestId"], None)

    session.on("Network.requestServedFromCache", cached)
    session.on("Network.responseReceived", received)
    session.on("Network.loadingFinished", loaded)
    return found
