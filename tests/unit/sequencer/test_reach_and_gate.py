"""Whom does a task reach, and when is the gate shut?"""

import pytest

from services.sequencer.domain.reach import Contact, missing, opens_gate, recipient, research_request, unreachable

CALLABLE = "(518) 555-0111"


@pytest.mark.parametrize(
    "people, chain, is_open",
    [
        ({}, False, False),
        ({"administrator": Contact("administrator", "Ada")}, False, False),
        ({"administrator": Contact("administrator", "Ada", CALLABLE)}, False, True),
        ({"don": Contact("don", "Dora", CALLABLE)}, False, True),
        ({"don": Contact("don", "Dora", None, "dora@example.org")}, False, False),
        ({"regional": Contact("regional", "Rex", CALLABLE)}, True, True),
        ({"administrator": Contact("administrator", "Ada", CALLABLE)}, True, True),
        ({"regional": Contact("regional", "Rex")}, True, False),
    ],
)
def test_the_gate_opens_with_somebody_to_call(people: dict[str, Contact], chain: bool, is_open: bool) -> None:  # R47
    assert (not missing(people, chain)) is is_open


def test_a_shut_gate_names_what_is_missing() -> None:
    assert missing({}, chain=False) == ["direct phone of the Administrator", "direct phone of the DON"]
    assert missing({}, chain=True)[0] == "direct phone of the Regional contact"


def test_what_opens_a_gate_is_said_in_a_few_words() -> None:
    assert opens_gate(chain=False) == "a direct phone of the Administrator or DON"
    assert opens_gate(chain=True) == "a direct phone of the Regional contact, Administrator or DON"


def test_a_chain_is_approached_at_regional_level_first() -> None:  # R44
    people = {
        "regional": Contact("regional", "Rex", None, "rex@example.org"),
        "administrator": Contact("administrator", "Ada", CALLABLE, "ada@example.org"),
    }

    assert recipient(people, "administrator", "email", chain=True) == people["regional"]
    assert recipient(people, "administrator", "call", chain=True) == people["administrator"]
    assert recipient(people, "administrator", "email", chain=False) == people["administrator"]


def test_a_skipped_step_says_what_nobody_has() -> None:
    assert unreachable({}, "don", "email", chain=False) == "No e-mail address is known of the DON or the Administrator."


def test_a_research_task_says_whom_to_ring() -> None:
    named = {"administrator": Contact("administrator", "Ada Moss")}

    assert research_request(None, {}, "(518) 555-0100") == (
        "Find the Administrator's direct phone; main number (518) 555-0100"
    )
    assert research_request("MOSS", named, None) == (
        "Find the direct phone of MOSS's Regional contact, or the Administrator's direct phone (Ada Moss);"
        " main number unknown"
    )
