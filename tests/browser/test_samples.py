"""Is every page of the console accessible, quiet and within the screen?

Where there is no browser, these tests are skipped. `python -m tests.browser.pictures` takes pictures of the same pages.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.browser.checks import found, violations
from tests.browser.pages import CHROMIUM, NARROW, NARROWEST, WIDE, ZOOMED, Opened, chromium, opened, served, size_of
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
FIRST = ["worklist", "facility", "inbox", "drafts-letter", "facilities", "pipeline", "funnel"]
CASES = [
    (screen, name)
    for screen_number, screen in enumerate(SCREENS)
    for name in SAMPLES
    if LONG or (name in FIRST and FIRST.index(name) % 2 == screen_number)
]


@pytest.fixture(scope="module")
def tabs() -> Iterator[tuple[dict[str, Opened], str]]:
    """A tab for each screen, and the address of the samples."""
    with served(SAMPLES) as address, chromium() as browser, ExitStack() as stack:
        screens = {screen for screen, _ in CASES}
        yield {each: stack.enter_context(opened(browser, *SCREENS[each])) for each in screens}, address


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[1]}, {case[0]}")
def shown(tabs: tuple[dict[str, Opened], str], request: pytest.FixtureRequest) -> Opened:
    """A page, opened once for all of these tests."""
    screen, name = request.param
    tab = tabs[0][screen]
    tab.complaints.clear()
    tab.page.goto(f"{tabs[1]}/{name}")
    return tab


def test_line_5_the_browser_complains_of_nothing(shown: Opened) -> None:
    assert shown.complaints == []


def test_line_6_a_page_has_no_style_no_script_and_no_other_host(shown: Opened) -> None:
    assert found(shown.page, "foreign") == []


def test_line_27_a_page_breaks_no_rule_of_wcag(shown: Opened) -> None:
    assert violations(shown.page) == []
    assert shown.page.locator("h1").count() == 1


def test_line_28_a_page_is_within_the_screen(shown: Opened) -> None:
    own = size_of(shown.page)
    for width, height in (own, *((NARROWEST, ZOOMED) if own == NARROW else ())):
        shown.page.set_viewport_size({"width": width, "height": height})
        assert found(shown.page, "wide") == [], width
    shown.page.set_viewport_size({"width": own[0], "height": own[1]})


def test_line_29_a_thumb_hits_controls_and_rows(shown: Opened) -> None:
    """Links within text may be as low as WCAG 2.5.8 lets them, which line 27 checks."""
    if size_of(shown.page) == NARROW:
        assert found(shown.page, "low") == []


def test_line_32_nothing_moves_for_who_wants_no_motion(shown: Opened) -> None:
    assert found(shown.page, "moving") == []


def test_line_32_forced_colors_leave_the_focus_and_what_is_current_visible(shown: Opened) -> None:
    shown.page.emulate_media(forced_colors="active")
    assert found(shown.page, "alike") == []
    assert found(shown.page, "unfocused") == []
    shown.page.emulate_media(forced_colors="none")


def test_line_30_the_table_of_a_chart_has_the_lists_of_its_marks(shown: Opened) -> None:
    assert found(shown.page, "unlike") == []
