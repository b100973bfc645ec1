"""How does a person work with the keyboard alone?"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

STATUS = "#status .done"
CURRENT = ".due[aria-current]"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus."""
    for _ in range(80):
        if page.evaluate("selector => !!document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def go(page: Page, letter: str, title: str) -> None:
    page.keyboard.press("g")
    page.keyboard.press(letter)
    expect(page.locator("h1")).to_have_text(title)


def stated(page: Page, press: str) -> str:
    """What the page states once a key has given a command."""
    before = page.locator(STATUS).inner_text()
    page.keyboard.press(press)
    expect(page.locator(STATUS)).not_to_have_text(before or re.compile(r"^\s*$"))
    return page.locator(STATUS).inner_text()


def end_touch(page: Page) -> None:
    """End the first touch that no letter is leaving for, by its keys; the next one opens by itself."""
    while not page.locator(".outcomes, #found, .ending button:enabled").count():
        opened = page.url
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page).not_to_have_url(opened)
    current = page.locator(CURRENT).get_attribute("id")
    if page.locator(".outcomes").count():
        page.keyboard.press("2")
    else:
        page.keyboard.press("s")
        tab_to(page, "details[open] button")
        page.keyboard.press("Enter")
    expect(page.locator(f"{CURRENT}:not(#{current})")).to_have_count(1)
