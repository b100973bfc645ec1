"""Is every page of the console accessible, quiet and within the screen?

Where there is no browser, these tests are skipped. `python -m tests.browser.pictures` takes pictures of the same pages.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import CHROMIUM, NARROW, WIDE, Opened, chromium, opened, served
from tests.browser.samples import SAMPLES

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")

SCREENS = {
    "wide and light": (WIDE, "light"),
    "narrow and dark": (NARROW, "dark"),
    "wide and dark": (WIDE, "dark"),
    "narrow and light": (NARROW, "light"),
}
LONG = os.environ.get("LONG") == "1"
"""Every page in every size and mode; otherwise a few, each in one."""
FIRST = ["worklist", "facility", "inbox", "drafts-letter", "facilities", "pipeline"]
CASES = [
    (screen, name)
    for screen_number, screen in enumerate(SCREENS)
    for name in SAMPLES
    if LONG or (name in FIRST and FIRST.index(name) % 2 == screen_number)
]
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
SMALL_CONTROLS = """() => Array.from(document.querySelectorAll(
    ".btn, .chip, .segments a, .tabs a, .field input, select, summary"))
  .filter(each => each.checkVisibility() && !each.matches(".link") && each.getBoundingClientRect().height < 40)
  .map(each => each.outerHTML.slice(0, 80))"""
"""Controls that a thumb misses."""


@pytest.fixture(scope="module")
def tabs() -> Iterator[tuple[dict[str, Opened], str]]:
    """A tab for each screen, and the address of the samples."""
    with served(SAMPLES) as address, chromium() as browser, ExitStack() as stack:
        screens = {screen for screen, _ in CASES}
        yield {each: stack.enter_context(opened(browser, *SCREENS[each])) for each in screens}, address


@pytest.mark.parametrize("screen, name", CASES)
def test_a_page_is_accessible_quiet_and_within_the_screen(
    tabs: tuple[dict[str, Opened], str], screen: str, name: str
) -> None:
    found = tabs[0][screen]
    found.complaints.clear()
    found.page.goto(f"{tabs[1]}/{name}")

    assert violations(found) == []
    assert found.complaints == []
    assert found.page.locator("h1").count() == 1
    assert found.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if screen.startswith("narrow"):
        assert found.page.evaluate(SMALL_CONTROLS) == []


def violations(found: Opened) -> list[str]:
    """The rules of WCAG 2.2 AA that the page breaks, with the element."""
    results = Axe().run(found.page, options=AXE)
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in results.response["violations"]]
