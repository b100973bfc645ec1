"""Does every page with the demo's data keep to WCAG, and does it say when it is behind? It takes minutes: LONG=1."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.checks import found, violations
from tests.browser.pages import CHROMIUM, NARROW, WIDE, chromium
from tests.browser.working import Working, reachable, working

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed"),
    pytest.mark.skipif(os.environ.get("LONG") != "1", reason="it takes minutes: LONG=1 make test TESTS=tests/browser"),
]


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Working]:
    with chromium() as browser, working(tmp_path_factory.mktemp("console"), browser) as running:
        yield running


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_line_27_no_page_with_real_data_breaks_a_rule_of_wcag(
    console: Working, size: tuple[int, int], scheme: str
) -> None:
    broken = dict[str, list[str]]()
    for role in ("manager", "operations"):
        with console.tab(role, size, scheme) as tab:
            for path in reachable(tab.page, console.url, queries=False):
                broken[f"{role} {path}"] = violations(tab.page) + found(tab.page, "wide")
                if size == NARROW:
                    broken[f"{role} {path}"] += found(tab.page, "low")

    assert len(broken) > 40
    assert {path: problems for path, problems in broken.items() if problems} == {}


def test_line_25_a_page_turns_amber_within_35_seconds_of_silence(console: Working) -> None:
    with console.tab("manager") as tab:
        tab.page.goto(f"{console.url}/worklist")
        expect(tab.page.locator(".fresh-live")).to_be_visible()
        with console.paused("nats"):
            expect(tab.page.locator(".fresh-behind")).to_be_visible(timeout=35_000)
