"""Does every command that needs to be told something show how?"""

from __future__ import annotations

import pytest

from cli.client.following import known_subject
from tests.support.commands import every_command

COMMANDS = every_command()


@pytest.mark.parametrize("name", [n for n, each in COMMANDS.items() if any(p.required for p in each.params)])
def test_the_help_of_a_command_that_takes_something_has_an_example(name: str) -> None:
    assert f"Example: pipeline {name} " in COMMANDS[name].help


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_calls_the_key_of_a_facility_what_the_pack_calls_it(name: str) -> None:
    words = [COMMANDS[name].help, *(text for each in COMMANDS[name].params for text in (each.help, each.metavar))]

    assert not any("{key" in text or "facility_id" in text for text in words if text)


@pytest.mark.parametrize(
    "name", ["worklist", "done", "skip", "drafts", "outcome", "alias list", "source list", "key list", "dead list"]
)
def test_what_a_person_reads_every_day_a_program_can_read_too(name: str) -> None:
    assert any("--json" in parameter.opts for parameter in COMMANDS[name].params)


@pytest.mark.parametrize("beginning", [None, "", "posting.", "dead.", "task.due"])
def test_the_beginning_of_a_subject_is_followed(beginning: str | None) -> None:
    known_subject(beginning)


def test_a_subject_that_never_comes_is_not_waited_for() -> None:
    with pytest.raises(ValueError, match=r"No subject begins with 'postings'; there are .*posting\.seen"):
        known_subject("postings")
