"""Who is the recipient of a task, and when is the gate closed?"""

from dataclasses import replace

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
from services.sequencer.domain.roles import ContactRole
from services.sequencer.domain.sequences import Step
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
    assert (not missing(known, chain, "call", ())) is is_open


def test_a_closed_gate_lists_what_is_missing() -> None:
    assert missing(people(), False, "call", ()) == ["direct phone of the Administrator", "direct phone of the DON"]
    assert missing(people(), True, "call", ())[0] == "direct phone of the Regional contact"


def test_what_opens_a_gate_is_described_in_a_few_words() -> None:
    assert opens_gate(ROLES, False, "call") == "a direct phone of the Administrator or DON"
    assert opens_gate(ROLES, True, "call") == "a direct phone of the Regional contact, Administrator or DON"


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

    assert research_request(None, people(), "(518) 555-0100", "call") == (
        "Find the Administrator's direct phone; main number (518) 555-0100"
    )
    assert research_request("MOSS", named, None, "call") == (
        "Find the direct phone of MOSS's Regional contact, or the Administrator's direct phone (Ada Moss);"
        " main number unknown"
    )
    assert research_request(None, people(Contact("administrator", "Administrator")), None, "call") == (
        "Find the Administrator's direct phone; main number unknown"
    )


WRITE = Step(1, "email", "administrator", day=1)


@pytest.mark.parametrize(
    "known, is_open",
    [
        (people(), False),
        (people(Contact("administrator", "Ada")), False),
        (people(Contact("don", "Dora", None, "dora@example.org")), True),
        (people(Contact("administrator", "Ada", CALLABLE)), False),
        (people(Contact("administrator", "Ada", None, "ada@example.org", resting="rests")), False),
    ],
)
def test_a_gate_for_any_channel_opens_once_a_step_reaches_a_person(known: People, is_open: bool) -> None:
    wanted = missing(known, False, "any", [WRITE])

    assert (not wanted) is is_open
    assert is_open or wanted[0] == "direct phone or e-mail address of the Administrator"


def test_a_person_who_rests_gets_no_letter_but_may_be_called() -> None:
    ada = Contact("administrator", "Ada", CALLABLE, "ada@example.org", resting="Ada rests until 2026-08-01.")
    dora = Contact("don", "Dora", None, "dora@example.org")

    assert recipient(people(ada, dora), "administrator", "email", chain=False) == dora
    assert recipient(people(ada), "administrator", "call", chain=False) == ada
    assert why_no_recipient(people(ada), "administrator", "email", chain=False) == "Ada rests until 2026-08-01."


WIDER = replace(ROLES, roles=(*ROLES.roles, ContactRole("adon", "Assistant DON", persona="don")))


def test_a_role_stands_in_for_its_persona_first_and_opens_no_gate() -> None:  # R58, R47
    alone = People(WIDER, {"adon": Contact("adon", "Eve Oak", "1", "eve@example.org")})
    both = People(WIDER, {**alone.by_role, "administrator": Contact("administrator", "Ada Moss", "2")})

    assert WIDER.order("don", chain=False) == ("don", "adon", "administrator")
    assert WIDER.order("administrator", chain=True) == ("regional", "administrator", "don", "adon")
    assert recipient(both, "don", "call", False) == alone.get("adon")
    assert missing(alone, False, "call", ()) == ["direct phone of the Administrator", "direct phone of the DON"]


@pytest.mark.parametrize("persona", ["chef", "regional", "adon"])
def test_a_persona_is_a_role_of_a_facility_that_steps_address(persona: str) -> None:
    with pytest.raises(ValueError, match=f"persona {persona} is not a role of a facility"):
        replace(ROLES, roles=(*ROLES.roles, ContactRole("adon", "Assistant DON", persona=persona)))
