"""Is the page of events accessible and within the screen, from a file and without scripts?"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from cli.generate.page import page, sections
from tests.browser.checks import found, violations
from tests.browser.pages import CHROMIUM, NARROW, WIDE, chromium, opened

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed")


LONG = os.environ.get("LONG") == "1"
"""All events, which takes a minute; otherwise one of each service, since all are written alike."""


def test_the_page_of_events_is_accessible_from_a_file_on_any_screen(tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    file.write_text(page([each if LONG else replace(each, events=each.events[-1:]) for each in sections()]))
    with chromium() as browser:
        for size, scheme in ((WIDE, "light"), (NARROW, "dark")):
            with opened(browser, size, scheme) as tab:
                requests: list[str] = []
                tab.page.on("request", lambda request: requests.append(request.url))  # noqa: B023  it is read here
                tab.page.goto(file.as_uri())

                assert violations(tab.page) == []
                assert found(tab.page, "wide") == []
                assert tab.complaints == []
                assert len(requests) == 1
