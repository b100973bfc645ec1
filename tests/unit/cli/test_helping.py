"""Does the help of every command explain its parameters?"""

from __future__ import annotations

import pytest

from tests.support.commands import every_command

COMMANDS = every_command()


@pytest.mark.parametrize("name", [n for n, each in COMMANDS.items() if any(p.required for p in each.params)])
def test_the_help_of_a_command_with_required_parameters_has_an_example(name: str) -> None:
    assert f"Example: pipeline {name} " in COMMANDS[name].help


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_uses_the_packs_name_of_the_account_key(name: str) -> None:
    words = [COMMANDS[name].help, *(text for each in COMMANDS[name].params for text in (each.help, each.metavar))]

    assert not any("{key" in text or "facility_id" in text for text in words if text)


@pytest.mark.parametrize(
    "name", ["worklist", "done", "skip", "drafts", "outcome", "alias list", "source list", "key list", "dead list"]
)
def test_what_people_read_every_day_is_also_available_as_json(name: str) -> None:
    assert any("--json" in parameter.opts for parameter in COMMANDS[name].params)
