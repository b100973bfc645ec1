"""Who is the recipient of a task, and when is the gate closed?"""

import pytest

from services.sequencer.domain.reach import (
    Contact,
    People,
    missing,
    opens_gate,
    recipient,
    research_request,
    why_no_recipient,
)
from tests.support.sequencing import ROLES, people

CALLABLE = "(518) 555-0111"


@pytest.mark.parametrize(
    "known, chain, is_open",
    [
        (people(), False, False),
        (people(Contact("administrator", "Ada")), False, False),
        (people(Contact("administrator", "Ada", CALLABLE)), False, True),
        (people(Contact("don", "Dora", CALLABLE)), False, True),
        (people(Contact("don", "Dora", None, "dora@example.org")), False, False),
        (people(Contact("regional", "Rex", CALLABLE)), True, True),
        (people(Contact("administrator", "Ada", CALLABLE)), True, True),
        (people(Contact("regional", "Rex")), True, False),
    ],
)
def test_the_gate_opens_with_a_person_to_call(known: People, chain: bool, is_open: bool) -> None:  # R47
    assert (not missing(known, chain)) is is_open


def test_a_closed_gate_lists_what_is_missing() -> None:
    assert missing(people(), chain=False) == ["direct phone of the Administrator", "direct phone of the DON"]
    assert missing(people(), chain=True)[0] == "direct phone of the Regional contact"


def test_what_opens_a_gate_is_described_in_a_few_words() -> None:
    assert opens_gate(ROLES, chain=False) == "a direct phone of the Administrator or DON"
    assert opens_gate(ROLES, chain=True) == "a direct phone of the Regional contact, Administrator or DON"


def test_a_chain_is_contacted_at_the_regional_level_first() -> None:  # R44
    rex = Contact("regional", "Rex", None, "rex@example.org")
    ada = Contact("administrator", "Ada", CALLABLE, "ada@example.org")
    known = people(rex, ada)

    assert recipient(known, "administrator", "email", chain=True) == rex
    assert recipient(known, "administrator", "call", chain=True) == ada
    assert recipient(known, "administrator", "email", chain=False) == ada


def test_a_skipped_step_states_what_is_not_known() -> None:
    assert (
        why_no_recipient(people(), "don", "email", chain=False)
        == "No e-mail address is known of the DON or the Administrator."
    )


def test_a_research_task_states_which_number_to_find() -> None:
    named = people(Contact("administrator", "Ada Moss"))

    assert research_request(None, people(), "(518) 555-0100") == (
        "Find the Administrator's direct phone; main number (518) 555-0100"
    )
    assert research_request("MOSS", named, None) == (
        "Find the direct phone of MOSS's Regional contact, or the Administrator's direct phone (Ada Moss);"
        " main number unknown"
    )
