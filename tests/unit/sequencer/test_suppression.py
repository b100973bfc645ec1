"""Who must not be contacted, and how does an enrollment go on? (R85)"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engines.datasets.crm import CONTACTS, renamed
from engines.suppression.statements import Scope, Statement, Suppression, allowed, suppressed
from services.sequencer.domain.contacts import Sighting
from services.sequencer.domain.lists import Reject, channels_in, channels_of
from services.sequencer.domain.marks import extended, person_marks, place_marks, task_marks
from services.sequencer.domain.outcomes import no_contact
from services.sequencer.domain.pack import NoContact
from services.sequencer.domain.reach import Contact, missing, recipient, why_no_recipient, why_unreachable
from services.sequencer.domain.sequences import Step
from services.sequencer.domain.suppression import by_mark, closed_place, why_not, with_suppressions
from services.sequencer.settings import playbook
from tests.support.sequencing import ROLES, people

JULY = date(2026, 7, 1)
ADA = Contact("administrator", "Ada Moss", "(518) 555-0111", "ada@mail.moss.example")
DON = Contact("don", "Ben Fern", "(518) 555-0122", "ben@moss.example")


def a_statement(scope: Scope, target: str, marks: list[str], *channels: str) -> Statement:
    return Statement(scope, target, target, marks, list(channels) or ["all"], "asked us to", "a call", "ann", JULY)


def a_suppression(scope: Scope, target: str, marks: list[str], *channels: str) -> Suppression:
    return suppressed(None, a_statement(scope, target, marks, *channels))


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
def test_an_email_is_suppressed_by_any_mark_of_the_person_or_their_organization(marks: list[str]) -> None:
    in_force = by_mark([a_suppression("facility", "335001", marks)])

    assert why_not(in_force, task_marks(ROLES, "335001", "Moss  Care", ADA, "email"), "email")


@pytest.mark.parametrize(
    "marks",
    [["facility:335002"], ["chain:MOSS"], ["domain:oss.example"], ["name:facility:335002/ada moss"]],
)
def test_a_suppression_of_others_stops_nothing(marks: list[str]) -> None:
    in_force = by_mark([a_suppression("facility", "335002", marks)])

    assert not why_not(in_force, task_marks(ROLES, "335001", "MOSS CARE", ADA, "email"), "email")


def test_a_suppression_stops_its_channels_and_one_of_all_channels_also_new_ones() -> None:
    mail, everything = (
        a_suppression("facility", "335001", ["facility:335001"], "email"),
        a_suppression("facility", "1", ["facility:335001"]),
    )

    assert (mail.stops("email"), mail.stops("call")) == (True, False)
    assert everything.stops("a channel of tomorrow")


def test_channels_are_added_and_removed_one_by_one() -> None:
    mail = a_suppression("facility", "335001", ["facility:335001"], "email")

    both = suppressed(mail, a_statement("facility", "335001", [], "call"))
    every = suppressed(both, a_statement("facility", "335001", [], "linkedin"))
    written = allowed(every, a_statement("facility", "335001", [], "email"))
    free = allowed(written, a_statement("facility", "335001", [], "all"))

    assert [each.channels for each in (mail, both, every, written, free)] == [
        ["email"],
        ["call", "email"],
        ["all"],
        ["call", "linkedin"],
        [],
    ]
    assert [each.version for each in (mail, both, every, written, free)] == [1, 2, 3, 4, 5]
    assert free.lifted


def test_a_channel_that_stays_suppressed_keeps_its_reason() -> None:
    everything = a_suppression("facility", "335001", ["facility:335001"])
    yes = replace(a_statement("facility", "335001", [], "email"), reason="called us", stated_by="bob")

    left, lifted = allowed(everything, yes), allowed(everything, replace(yes, channels=["all"]))

    assert (left.channels, left.reason, left.stated_by) == (["call", "linkedin"], "asked us to", "ann")
    assert (lifted.channels, lifted.reason, lifted.stated_by) == ([], "called us", "bob")


@pytest.mark.parametrize("spelled", ["Ada Moss", "MOSS, ADA", "Ada B. Moss, RN, LNHA", "Ms.  ada moss"])
def test_a_person_has_the_same_mark_in_every_spelling_of_the_name(spelled: str) -> None:
    assert person_marks(ROLES, "facility:335001", spelled, None) == ["name:facility:335001/ada moss"]


def test_a_person_is_recognized_elsewhere_by_address_by_number_and_by_marks_found_there() -> None:
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


def test_a_successor_with_a_suppressed_mailbox_can_be_called_but_not_emailed() -> None:
    marks = person_marks(ROLES, "facility:335001", "Ada Moss", "administrator@moss.example")
    successor = Contact("administrator", "Rex Fern", "(518) 555-0199", "administrator@moss.example")

    in_force = by_mark(
        [a_suppression("person", "ada", extended(ROLES, marks, [seen("Rex Fern", email="administrator@moss.example")]))]
    )

    assert why_not(in_force, task_marks(ROLES, "335001", None, successor, "email"), "email")
    assert not why_not(in_force, task_marks(ROLES, "335001", None, successor, "call"), "call")


def test_a_placeholder_has_no_marks() -> None:
    assert person_marks(ROLES, "facility:335001", "Vacant", "don@moss.example") == []


def test_a_step_goes_to_the_other_person_if_one_is_suppressed_and_is_skipped_if_both_are() -> None:
    marks = person_marks(ROLES, "facility:335001", "Ben Fern", None)
    one = with_suppressions(people(DON, ADA), "335001", None, by_mark([a_suppression("person", "ben", marks, "email")]))
    both = with_suppressions(
        one, "335001", None, by_mark([a_suppression("facility", "335001", ["facility:335001"], "email")])
    )

    found = recipient(one, "don", "email", chain=False)
    assert found
    assert found.name == "Ada Moss"
    assert recipient(one, "don", "call", chain=False) == one.get("don")
    assert recipient(both, "don", "email", chain=False) is None
    assert why_no_recipient(both, "don", "email", chain=False).startswith("Do not contact 335001 by email: asked us to")


CALL, MAIL = Step(1, "call", "administrator", day=1), Step(2, "email", "don", "intro-don", day=2)


def test_an_enrollment_ends_if_all_recipients_are_suppressed_but_not_if_one_is_unknown() -> None:
    everything = by_mark([a_suppression("person", "ada", person_marks(ROLES, "facility:335001", "Ada Moss", None))])
    alone = with_suppressions(people(ADA), "335001", None, everything)
    with_don = with_suppressions(people(ADA, DON), "335001", None, everything)

    assert why_unreachable(alone, {}, [CALL, MAIL], blocked=False, chain=False)
    assert not why_unreachable(with_don, {}, [CALL, MAIL], blocked=False, chain=False)
    assert not why_unreachable(people(), {}, [CALL, MAIL], blocked=False, chain=False)


def test_only_calls_matter_at_the_gate_and_a_suppressed_person_is_not_researched() -> None:
    calls = by_mark([a_suppression("person", "ada", person_marks(ROLES, "facility:335001", "Ada Moss", None), "call")])
    ada = with_suppressions(people(ADA), "335001", None, calls)
    everybody = by_mark([a_suppression("facility", "1", ["facility:335001"], "call")])
    both = with_suppressions(people(ADA, DON), "335001", None, everybody)

    assert missing(ada, False, "call", ()) == ["direct phone of the DON"]
    assert not why_unreachable(ada, {}, [CALL], blocked=True, chain=False)
    assert why_unreachable(both, {}, [CALL, MAIL], blocked=True, chain=False)
    assert missing(both, False, "call", ()), "a gate that cannot open is not open"


def test_a_facility_is_closed_by_its_suppression_or_its_chains_but_not_by_that_of_one_channel() -> None:
    chain, mail = (
        a_suppression("chain", "MOSS", ["chain:MOSS"]),
        a_suppression("facility", "335002", ["facility:335002"], "email"),
    )
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
def test_a_column_of_a_contact_list_has_the_suppressed_channels(cell: str | None, channels: list[str]) -> None:
    assert channels_of(cell) == channels


def test_columns_of_crm_systems_stop_one_channel() -> None:
    assert renamed(["do_not_call", "email_opt_out"], CONTACTS, {}) == ["do_not_call", "do_not_email"]
    assert channels_in(None, "TRUE", "FALSE") == ["call"]
    assert channels_in("linkedin", "0", "1") == ["email", "linkedin"]
    assert channels_in("yes", "TRUE", None) == ["all"]
    assert channels_in(None, None, None) == []


def test_another_value_in_that_column_is_refused() -> None:
    with pytest.raises(Reject, match="do_not_email 'perhaps' is not yes, no or one of"):
        channels_in(None, None, "perhaps")
    with pytest.raises(Reject, match="do_not_contact 'perhaps' is not yes, no or one of"):
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
def test_the_reason_of_a_loss_suppresses_by_the_phrases_of_the_pack(reason: str, channels: list[str]) -> None:
    assert no_contact(reason, playbook().outcomes.no_contact) == channels


def test_a_rule_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="phrases"):
        NoContact()
