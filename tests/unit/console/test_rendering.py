"""Are templates safe by themselves, and are vendored files those that their packages published?"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.console.rendering import filters
from services.console.rendering.environment import (
    PARTS,
    SCRIPTS,
    STATIC,
    TEMPLATES,
    asset,
    content,
    environment,
    new_id,
)
from tests.browser.samples.frames import frame

FILES = sorted(file for folder in TEMPLATES for file in folder.rglob("*.html"))
NAMES = [file.relative_to(folder).as_posix() for folder in TEMPLATES for file in sorted(folder.rglob("*.html"))]
VENDORED = json.loads((STATIC / "vendored.json").read_text())
OWN = {"console.css", "console.js", "icon.svg", "key.js", "vendored.json"}
BUDGET = 60_000


def test_every_vendored_file_is_the_published_one() -> None:
    assert {each["file"]: each["sha256"] for each in VENDORED} == {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in STATIC.iterdir() if file.name not in OWN
    }
    assert all(each["package"] and each["version"] and each["license"] and each["source"] for each in VENDORED)


def test_the_font_is_small() -> None:
    assert max(file.stat().st_size for file in STATIC.glob("*.woff2")) <= BUDGET


def test_the_own_scripts_are_short() -> None:
    assert sum(len((STATIC / name).read_text().splitlines()) for name in OWN if name.endswith(".js")) <= 200


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name: str) -> None:
    environment().get_template(name)


@pytest.mark.parametrize(
    "forbidden",
    [
        pytest.param(r"\sstyle\s*=", id="a style attribute"),
        pytest.param(r"<style", id="an inline style sheet"),
        pytest.param(r"<script(?![^>]*\ssrc=)", id="an inline script"),
        pytest.param(r"\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", id="an inline handler"),
        pytest.param(r"(?:src|href|action)\s*=\s*[\"']?\s*(?:[a-z]+:)?//", id="another host"),
        pytest.param(r"javascript:", id="a script as an address"),
        pytest.param(r"\|\s*safe\b|autoescape\s+false|Markup", id="text that is not escaped"),
    ],
)
def test_line_6_no_template_has(forbidden: str) -> None:
    found = [file.name for file in FILES if re.search(forbidden, file.read_text(), re.IGNORECASE)]

    assert found == []


def test_the_style_sheet_names_no_other_host_and_sets_no_size_below_12_pixels() -> None:
    sheet = (STATIC / "console.css").read_text()

    assert not re.search(r"https?:|url\(\s*[\"']?//|@import", sheet)
    assert [float(size) for size in re.findall(r"(?<![\d.])(\d*\.\d+)rem/", sheet) if float(size) < 0.6875] == []


def test_every_icon_that_a_template_or_a_module_names_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    named = {name for file in FILES for name in re.findall(r"\bicon\('([a-z0-9-]+)'", file.read_text())}

    assert named
    assert named <= sprite


def test_an_address_of_a_static_file_changes_with_its_content() -> None:
    digest = hashlib.sha256((STATIC / "console.js").read_bytes()).hexdigest()

    assert asset("console.js") == f"/static/console.js?v={digest[:12]}"


def test_every_form_has_its_own_command_id() -> None:
    assert new_id() != new_id()


def test_text_is_escaped() -> None:
    assert environment().from_string("{{ name }}").render(name="<script>") == "&lt;script&gt;"


def test_days_and_instants_are_written_as_people_say_them() -> None:
    noon = datetime(2026, 11, 24, 17, 5, 7, tzinfo=UTC)

    assert [filters.day(date(2026, 11, 4), form) for form in ("short", "week", "long", "year")] == [
        "4 Nov",
        "Wed 4 Nov",
        "Wednesday, 4 November",
        "4 Nov 2026",
    ]
    assert [filters.instant(noon, "America/New_York", form) for form in ("time", "exact", "full")] == [
        "12:05 pm",
        "12:05:07",
        "Tue 24 Nov, 12:05 pm",
    ]


def test_figures_are_written_as_people_read_them() -> None:
    assert filters.phone("+15185550142") == "(518) 555-0142"
    assert filters.phone("+4930123456") == "+4930123456"
    assert filters.money(18450.4) == "$18,450"
    assert filters.score(83.45) == "83.5"
    assert [filters.plural(count, "posting") for count in (0, 1, 2)] == ["0 postings", "1 posting", "2 postings"]
    assert filters.plural(1200, "facility", "facilities") == "1,200 facilities"
    assert filters.initials("Rosalind van der Achterberg") == "RA"
    assert filters.initials("") == ""
    assert [filters.share(1, 3), filters.share(1, 0), filters.share(5, 3)] == [33.33, 0.0, 100.0]


def test_the_scripts_of_a_page_are_one_file_of_at_most_45_kilobytes() -> None:
    assert len(gzip.compress(content(SCRIPTS))) <= 45_000
    assert all((STATIC / part).read_bytes() in content(SCRIPTS) for part in PARTS)


def test_a_page_keeps_its_stream_when_it_is_loaded_again_and_another_page_has_its_own() -> None:
    def hears(about: str, seen: str) -> str:
        stream = f"/stream?about={about}&facility=&seen={seen}"
        return replace(frame("Worklist", "worklist"), stream=stream).hears

    assert hears("task", "1") == hears("task", "2")
    assert hears("task", "1") != hears("lead", "1")
