"""What do statements change about the suppressions of addresses and domains? (R85)"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from engines.suppression.changes import BOUNCED, Cause, NoTarget, Stated, lifts, newest, stops
from engines.suppression.lists import Listed, Reject
from engines.suppression.statements import Suppression
from services.notifier.domain.suppressing import of_address, of_domain
from services.notifier.domain.suppression_list import read

JULY = date(2026, 7, 1)
ASKED = Cause("asked us to", "a call", "ann", JULY)
BOUNCE = Cause("user unknown", BOUNCED, "recipient", JULY, uuid4())


def after(*stated: Stated) -> dict[UUID, Suppression]:
    return {each.suppression_id: each for each in newest(stops({}, stated))}


def test_a_wish_concerns_the_mailbox_and_a_bounce_only_the_address_itself() -> None:
    wish, bounce = of_address("Ada+news@Example.com", ASKED), of_address("Ada+news@Example.com", BOUNCE)

    assert (wish.statement.target, wish.statement.channels) == ("ada@example.com", ["email"])
    assert (bounce.statement.target, bounce.message_id) == ("ada+news@example.com", BOUNCE.message_id)


def test_stating_the_same_again_changes_nothing() -> None:
    once = after(of_address("ada@example.com", ASKED))

    assert stops(once, [of_address("ADA+x@example.com", ASKED), of_address("ada@example.com", BOUNCE)]) == []


def test_a_wish_replaces_a_bounce_so_that_those_who_ignore_bounces_learn_of_it() -> None:
    bounced = after(of_address("ada@example.com", BOUNCE))

    [change] = stops(bounced, [of_address("ada@example.com", ASKED)])

    assert (change.after.version, change.after.source, change.after.channels) == (2, "a call", ["email"])


def test_two_statements_about_one_target_are_applied_in_their_order() -> None:
    calls, letters = of_domain("example.com", ["call"], ASKED), of_domain("@Example.com.", ["email"], ASKED)

    changes = stops({}, [calls, letters])

    assert [each.after.version for each in changes] == [1, 2]
    assert [each.channels for each in newest(changes)] == [["call", "email"]]
    assert after(of_domain("example.com", [], ASKED)).popitem()[1].channels == ["all"]


def test_a_lift_concerns_exactly_its_target_and_a_lifted_one_can_be_suppressed_again() -> None:
    existing = after(of_address("ada@example.com", ASKED), of_domain("example.com", [], ASKED))

    [change] = lifts(existing, [of_address("ada@example.com", ASKED), of_address("ben@example.com", ASKED)])
    lifted = existing | {change.after.suppression_id: change.after}

    assert (change.after.target, change.after.lifted, change.after.version) == ("ada@example.com", True, 2)
    assert lifts(lifted, [of_address("ada@example.com", ASKED)]) == []
    assert [each.after.version for each in stops(lifted, [of_address("ada@example.com", ASKED)])] == [3]


@pytest.mark.parametrize("text", ["", "a name", "two@example.com three@example.com", "a@b"])
def test_a_text_that_is_no_address_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(NoTarget, match=r"write it like ada@example\.com"):
        of_address(text, ASKED)


def row(**cells: Any) -> Any:
    empty = dict.fromkeys(("email", "domain", "scope", "target", "channels", "reason"))
    return SimpleNamespace(**({"line": 2} | empty | cells))


@pytest.mark.parametrize(
    "cells,why",
    [
        ({}, "neither an email nor a domain"),
        ({"email": "ada@example.com", "domain": "example.com"}, "both an email and a domain"),
        ({"scope": "domain"}, "nor a scope"),
        ({"scope": "chain", "target": "MOSS CARE", "email": "ada@example.com"}, "neither an email nor a domain"),
        ({"scope": "person", "target": "335001/ada moss"}, "pipeline suppression add"),
        ({"email": "ada at example.com"}, "is not an e-mail address"),
        ({"domain": "example"}, "is not a domain"),
        (
            {"domain": "example.com", "channels": "letter"},
            "channels: 'letter' is none of call, email, linkedin and all",
        ),
        ({"email": "ada@example.com", "channels": "all"}, "an address is suppressed for e-mail"),
    ],
)
def test_a_row_of_a_list_that_states_nothing_is_rejected_with_the_reason(cells: dict[str, str], why: str) -> None:
    rejected = read(row(**cells), ASKED)

    assert isinstance(rejected, Reject)
    assert why in rejected.reason


def test_a_row_names_its_target_in_a_column_of_its_own_or_by_its_scope() -> None:
    rows = [
        row(email="ada@example.com", scope="address"),
        row(scope="Address", target="ada@example.com"),
        row(scope="domain", target="example.com"),
    ]

    targets = [listed.stated.statement.target for each in rows if isinstance(listed := read(each, ASKED), Listed)]
    assert targets == ["ada@example.com", "ada@example.com", "example.com"]


def test_a_row_of_a_list_has_its_own_reason_or_that_of_the_list() -> None:
    own = read(row(email="'+ada@example.com", reason="left us in 2024"), ASKED)
    other = read(row(domain="example.com", channels="Call|email"), ASKED)

    assert isinstance(own, Listed)
    assert isinstance(other, Listed)
    assert (own.stated.statement.target, own.stated.statement.reason) == ("+ada@example.com", "left us in 2024")
    assert (other.stated.statement.channels, other.stated.statement.reason) == (["call", "email"], "asked us to")
