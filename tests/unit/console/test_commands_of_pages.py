"""Does every form of every page fit the command that it gives?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import pytest

import services.console
from services.console.domain.forms import ENVELOPE, MAP
from services.console.domain.permissions import PERMISSIONS
from services.console.rendering.environment import render
from services.console.usecases.commands import COMMANDS
from services.console.usecases.doing_here import HERE
from shared.contracts import topology
from shared.contracts.requests import EVERY_SERVICE, Question
from shared.contracts.services import SERVICES
from tests.browser.samples import SAMPLES

CONTRACTS = "shared.contracts"
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


def subjects_of(request: type[Question[Any]]) -> set[str]:
    services = SERVICES if request.SERVICE == EVERY_SERVICE else [request.SERVICE]
    return {request.subject_at(service) for service in services}


def requests_of_pages() -> set[type[Question[Any]]]:
    """The requests to other services that a module of the console names."""
    names = [each.name for each in walk_packages(services.console.__path__, "services.console.")]
    modules = [import_module(each) for each in names if not each.endswith("__main__")]
    named = [each for module in modules for each in (*vars(module).values(), *_attributes(module))]
    found = {each for each in named if isinstance(each, type) and issubclass(each, Question)}
    return {each for each in found if getattr(each, "SERVICE", "console") != "console"}


def _attributes(module: ModuleType) -> Iterator[Any]:
    """What a module names by the contracts that it imports as a whole: `ingest.Sources`."""
    contracts = {n: each for n, each in vars(module).items() if getattr(each, "__name__", "").startswith(CONTRACTS)}
    for name, attribute in re.findall(r"\b(\w+)\.([A-Z]\w+)", Path(str(module.__file__)).read_text()):
        if name in contracts:
            yield getattr(contracts[name], attribute)


def test_the_console_may_send_exactly_what_its_pages_ask_and_command() -> None:
    requests = {each.command for each in COMMANDS.values()} | requests_of_pages()

    assert set(topology.ASKS["console"]) == {subject for each in requests for subject in subjects_of(each)}


def test_every_command_is_about_an_action_of_the_table() -> None:
    actions = {each.action for each in COMMANDS.values()} | {each.action for each in HERE.values()}

    assert actions <= set(PERMISSIONS)
    assert {each.undo for each in COMMANDS.values() if each.undo} <= set(COMMANDS)
    assert not set(COMMANDS) & set(HERE)
