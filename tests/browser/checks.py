"""What is wrong with an open page? Each check returns what it finds."""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
}
CHECKS = Path(__file__).with_suffix(".js").read_text()


def found(page: Page, check: str) -> list[str]:
    """The beginnings of the elements that a check of `checks.js` finds."""
    elements: list[str] = page.evaluate(f"name => ({CHECKS})(name)", check)
    return elements


def violations(page: Page) -> list[str]:
    """The rules of WCAG 2.2 AA that the page breaks, with the element."""
    results = Axe().run(page, options=AXE)
    return [f"{each['id']}: {node['html'][:160]}" for each in results.response["violations"] for node in each["nodes"]]
