"""Does every form of every page fit the command that it gives?"""

from __future__ import annotations

import re

import pytest

from services.console.domain.forms import ENVELOPE, MAP
from services.console.domain.permissions import PERMISSIONS
from services.console.rendering.environment import render
from services.console.usecases.commands import COMMANDS
from services.console.usecases.doing_here import HERE
from tests.browser.samples import SAMPLES

FORM = re.compile(r'<form method="post" action="/do/([^"]*)".*?</form>', re.DOTALL)
FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\sname="([^"]+)"')


@pytest.mark.parametrize("name", SAMPLES)
def test_the_fields_of_a_form_are_those_of_its_command(name: str) -> None:
    sample = SAMPLES[name]
    for form in FORM.finditer(render(sample.template, **sample.context)):
        command = form[1]
        assert command in COMMANDS or command in HERE, command
        if command in COMMANDS:
            sent = {field.partition(MAP)[0] for field in FIELD.findall(form[0])} - ENVELOPE
            known = set(COMMANDS[command].command.model_fields)
            assert sent <= known, command


def test_every_command_is_about_an_action_of_the_table() -> None:
    actions = {each.action for each in COMMANDS.values()} | {each.action for each in HERE.values()}

    assert actions <= set(PERMISSIONS)
    assert {each.undo for each in COMMANDS.values() if each.undo} <= set(COMMANDS)
    assert not set(COMMANDS) & set(HERE)
