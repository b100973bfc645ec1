"""Does every page keep what all pages promise: one heading, safe forms, and texts from outside that stay texts?"""

from __future__ import annotations

import dataclasses
import re

import pytest

from services.console.rendering.environment import render
from services.console.screens.capacity.routes import ABOUT as ABOUT_CAPACITY
from shared.contracts.topology import CONSUMES, owner_of
from tests.browser.samples import SAMPLES
from tests.browser.samples.frames import Sample

HOSTILE = "\"'><script>x</script>\u202e=cmd"
POST = re.compile(r"<form method=\"post\" action=\"(/do/[a-z_.]+)\".*?</form>", re.DOTALL)


def html(sample: Sample) -> str:
    return render(sample.template, **sample.context)


def hostile(value: object) -> object:
    """The same view, with every text of several words made hostile."""
    if isinstance(value, str):
        return value + HOSTILE if " " in value else value
    if isinstance(value, tuple):
        return tuple(hostile(each) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {each.name: hostile(getattr(value, each.name)) for each in dataclasses.fields(value)}
        return dataclasses.replace(value, **changed)
    return value


@pytest.mark.parametrize("name", SAMPLES)
def test_line_6_a_page_has_one_heading_and_no_inline_code(name: str) -> None:
    text = html(SAMPLES[name])

    assert text.count("<h1") == 1
    assert not re.search(r"\sstyle=|<script>|\son[a-z]+=|javascript:", text)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_command_has_a_token_and_an_id_of_its_own(name: str) -> None:
    forms = [match[0] for match in POST.finditer(html(SAMPLES[name]))]
    ids = [re.findall(r'name="command_id" value="([0-9a-f]{32})"', form) for form in forms]

    assert all('name="csrf" value=' in form and 'name="back" value=' in form for form in forms)
    assert all(len(each) == 1 for each in ids)
    assert len({each[0] for each in ids}) == len(forms)


@pytest.mark.parametrize("name", SAMPLES)
def test_line_7_a_hostile_text_stays_a_text(name: str) -> None:
    sample = SAMPLES[name]
    text = html(Sample(sample.template, {key: hostile(value) for key, value in sample.context.items()}))

    assert HOSTILE not in text
    assert "<script>x" not in text


@pytest.mark.parametrize("name", SAMPLES)
def test_ids_are_unique(name: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', html(SAMPLES[name]))

    assert sorted({each for each in ids if ids.count(each) > 1}) == []


def test_capacity_is_loaded_again_after_all_that_the_plan_follows_from() -> None:
    learned = [event for event in CONSUMES["sequencer"] if owner_of(event) not in ("notifier", "courier")]
    decided = {"account", "contact", "enrollment", "lead", "rep", "suppression", "task"}

    assert decided | {event.SUBJECT.partition(".")[0] for event in learned} <= set(ABOUT_CAPACITY.split(","))


def test_leave_begins_and_ends_today_unless_another_day_is_chosen() -> None:
    text = html(SAMPLES["capacity"])

    for name in ("from_on", "to_on"):
        assert f'name="{name}" type="date" value="2026-11-23"' in text
