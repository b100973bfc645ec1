"""Who is not to be contacted, and what does that leave of an enrollment? (R85)"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.sequencer.domain.contacts import Sighting
from services.sequencer.domain.lists import Reject, channels_of
from services.sequencer.domain.marks import extended, person_marks, place_marks, task_marks
from services.sequencer.domain.outcomes import no_contact
from services.sequencer.domain.pack import NoContact, Step
from services.sequencer.domain.reach import Contact, missing, recipient, why_no_recipient, why_unreachable
from services.sequencer.domain.suppression import (
    Scope,
    Statement,
    Suppression,
    allowed,
    by_mark,
    closed_place,
    suppressed,
    why_not,
    with_suppressions,
)
from services.sequencer.settings import playbook
from tests.support.sequencing import ROLES, people

JULY = date(2026, 7, 1)
ADA = Contact("administrator", "Ada Moss", "(518) 555-0111", "ada@mail.moss.example")
DON = Contact("don", "Ben Fern", "(518) 555-0122", "ben@moss.example")


def said(scope: Scope, target: str, marks: list[str], *channels: str) -> Statement:
    return Statement(scope, target, target, marks, list(channels) or ["all"], "asked us to", "a call", "ann", JULY)


def no(scope: Scope, target: str, marks: list[str], *channels: str) -> Suppression:
    return suppressed(None, said(scope, target, marks, *channels))


def seen(name: str, facility_id: str = "335001", email: str | None = None, phone: str | None = None) -> Sighting:
    return Sighting("don", name, "website", JULY, facility_id=facility_id, email=email, direct_phone=phone)


@pytest.mark.parametrize(
    "marks",
    [
        ["facility:335001"],
        ["chain:MOSS CARE"],
        ["domain:moss.example"],
        ["domain:mail.moss.example"],
        ["address:ada@mail.moss.example"],
        ["name:facility:335001/ada moss"],
    ],
)
def test_an_email_is_stopped_by_a_no_for_the_person_and_for_everything_around(marks: list[str]) -> None:
    in_force = by_mark([no("facility", "335001", marks)])

    assert why_not(in_force, task_marks(ROLES, "335001", "Moss  Care", ADA, "email"), "email")


@pytest.mark.parametrize(
    "marks",
    [["facility:335002"], ["chain:MOSS"], ["domain:oss.example"], ["name:facility:335002/ada moss"]],
)
def test_a_no_for_somebody_else_stops_nothing(marks: list[str]) -> None:
    in_force = by_mark([no("facility", "335002", marks)])

    assert not why_not(in_force, task_marks(ROLES, "335001", "MOSS CARE", ADA, "email"), "email")


def test_a_no_holds_for_its_channels_and_all_of_them_for_any_later_one() -> None:
    mail, everything = no("facility", "335001", ["facility:335001"], "email"), no("facility", "1", ["facility:335001"])

    assert (mail.stops("email"), mail.stops("call")) == (True, False)
    assert everything.stops("a channel of tomorrow")


def test_channels_add_up_and_are_taken_back_one_by_one() -> None:
    mail = no("facility", "335001", ["facility:335001"], "email")

    both = suppressed(mail, said("facility", "335001", [], "call"))
    every = suppressed(both, said("facility", "335001", [], "linkedin"))
    written = allowed(every, said("facility", "335001", [], "email"))
    free = allowed(written, said("facility", "335001", [], "all"))

    assert [each.channels for each in (mail, both, every, written, free)] == [
        ["email"],
        ["call", "email"],
        ["all"],
        ["call", "linkedin"],
        [],
    ]
    assert [each.version for each in (mail, both, every, written, free)] == [1, 2, 3, 4, 5]
    assert free.lifted


def test_what_is_still_stopped_keeps_the_reason_for_which_it_was() -> None:
    everything = no("facility", "335001", ["facility:335001"])
    yes = replace(said("facility", "335001", [], "email"), reason="called us", stated_by="bob")

    left, lifted = allowed(everything, yes), allowed(everything, replace(yes, channels=["all"]))

    assert (left.channels, left.reason, left.stated_by) == (["call", "linkedin"], "asked us to", "ann")
    assert (lifted.channels, lifted.reason, lifted.stated_by) == ([], "called us", "bob")


@pytest.mark.parametrize("spelled", ["Ada Moss", "MOSS, ADA", "Ada B. Moss, RN, LNHA", "Ms.  ada moss"])
def test_a_person_is_known_however_a_list_spells_the_name(spelled: str) -> None:
    assert person_marks(ROLES, "facility:335001", spelled, None) == ["name:facility:335001/ada moss"]


def test_a_person_is_known_again_elsewhere_by_address_and_by_number_and_by_what_was_learned_there() -> None:
    marks = person_marks(ROLES, "facility:335001", "Ada Moss", "ada@moss.example")
    lists = [
        seen("A. Moss", "335009", "other@fern.example", "(518) 555-0111"),
        seen("Moss, Ada", "335002", "ada@moss.example", "(518) 555-0111"),
        seen("Ada Moss", "335003", "another.ada@moss.example"),
    ]

    assert extended(ROLES, marks, lists) == sorted(
        [
            "address:ada@moss.example",
            "address:other@fern.example",
            "name:facility:335001/ada moss",
            "name:facility:335002/ada moss",
            "name:facility:335009/moss",
            "phone:(518) 555-0111",
        ]
    )
    assert extended(ROLES, marks, reversed(lists)) == extended(ROLES, marks, lists)


def test_a_successor_with_the_same_mailbox_is_no_one_person_but_the_mailbox_stays_closed() -> None:
    marks = person_marks(ROLES, "facility:335001", "Ada Moss", "administrator@moss.example")
    successor = Contact("administrator", "Rex Fern", "(518) 555-0199", "administrator@moss.example")

    in_force = by_mark(
        [no("person", "ada", extended(ROLES, marks, [seen("Rex Fern", email="administrator@moss.example")]))]
    )

    assert why_not(in_force, task_marks(ROLES, "335001", None, successor, "email"), "email")
    assert not why_not(in_force, task_marks(ROLES, "335001", None, successor, "call"), "call")


def test_vacant_is_nobody_who_could_say_no() -> None:
    assert person_marks(ROLES, "facility:335001", "Vacant", "don@moss.example") == []


def test_a_step_goes_to_the_other_person_when_one_said_no_and_to_nobody_when_both_did() -> None:
    marks = person_marks(ROLES, "facility:335001", "Ben Fern", None)
    one = with_suppressions(people(DON, ADA), "335001", None, by_mark([no("person", "ben", marks, "email")]))
    both = with_suppressions(one, "335001", None, by_mark([no("facility", "335001", ["facility:335001"], "email")]))

    found = recipient(one, "don", "email", chain=False)
    assert found
    assert found.name == "Ada Moss"
    assert recipient(one, "don", "call", chain=False) == one.get("don")
    assert recipient(both, "don", "email", chain=False) is None
    assert why_no_recipient(both, "don", "email", chain=False).startswith("Do not contact 335001 by email: asked us to")


CALL, MAIL = Step(1, 1, "call", "administrator"), Step(2, 2, "email", "don", "intro-don")


def test_an_enrollment_ends_once_a_no_leaves_nobody_to_reach_and_not_while_somebody_is_only_unknown() -> None:
    everything = by_mark([no("person", "ada", person_marks(ROLES, "facility:335001", "Ada Moss", None))])
    alone = with_suppressions(people(ADA), "335001", None, everything)
    with_don = with_suppressions(people(ADA, DON), "335001", None, everything)

    assert why_unreachable(alone, {}, [CALL, MAIL], blocked=False, chain=False)
    assert not why_unreachable(with_don, {}, [CALL, MAIL], blocked=False, chain=False)
    assert not why_unreachable(people(), {}, [CALL, MAIL], blocked=False, chain=False)


def test_at_the_gate_it_is_calls_that_matter_and_the_one_who_said_no_is_not_looked_for() -> None:
    calls = by_mark([no("person", "ada", person_marks(ROLES, "facility:335001", "Ada Moss", None), "call")])
    ada = with_suppressions(people(ADA), "335001", None, calls)
    everybody = by_mark([no("facility", "1", ["facility:335001"], "call")])
    both = with_suppressions(people(ADA, DON), "335001", None, everybody)

    assert missing(ada, chain=False) == ["direct phone of the DON"]
    assert not why_unreachable(ada, {}, [CALL], blocked=True, chain=False)
    assert why_unreachable(both, {}, [CALL, MAIL], blocked=True, chain=False)
    assert missing(both, chain=False), "a gate that nobody can open is no open gate"


def test_a_facility_is_closed_by_its_own_no_and_by_its_chain_but_not_by_that_of_one_channel() -> None:
    chain, mail = no("chain", "MOSS", ["chain:MOSS"]), no("facility", "335002", ["facility:335002"], "email")
    in_force = by_mark([chain, mail])

    assert closed_place("335001", "moss", in_force)
    assert not closed_place("335001", None, in_force)
    assert not closed_place("335002", None, in_force)
    assert place_marks("335001", " Moss  care ") == ["facility:335001", "chain:MOSS CARE"]


@pytest.mark.parametrize(
    "cell,channels",
    [
        (None, []),
        ("", []),
        ("No", []),
        ("x", ["all"]),
        ("TRUE", ["all"]),
        ("email; phone", ["call", "email"]),
        ("DNC", ["all"]),
        ("Do  not contact", ["all"]),
        ("do-not-call", ["call"]),
        ("Do not e-mail", ["email"]),
    ],
)
def test_a_contact_list_says_no_in_a_column(cell: str | None, channels: list[str]) -> None:
    assert channels_of(cell) == channels


def test_a_column_that_says_neither_is_refused() -> None:
    with pytest.raises(Reject, match="do_not_contact 'perhaps' is neither yes or no"):
        channels_of("perhaps")


@pytest.mark.parametrize(
    "reason,channels",
    [
        ("No", ["all"]),
        ("Said no. Twice.", ["all"]),
        ("DON'T contact them again!", ["all"]),
        ("asked not to be contacted", ["all"]),
        ("on the do-not-call list", ["call"]),
        ("no more e-mails please", ["email"]),
        ("DNC", ["all"]),
        ("does not want to hear from us", ["all"]),
        ("asked us not to call", ["call"]),
        ("no budget", []),
        ("signed with another", []),
        ("said nothing", []),
    ],
)
def test_the_reason_of_a_loss_is_a_no_where_the_pack_says_so(reason: str, channels: list[str]) -> None:
    assert no_contact(reason, playbook().outcomes.no_contact) == channels


def test_a_rule_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="phrases"):
        NoContact()
