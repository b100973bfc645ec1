"""Are fields with several values, and those with values that the pack lists, read as they are stored?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engines.datasets.facts import FieldRule, canonical, read_facts

SEGMENTS = FieldRule("segments", "text", many=True, values=("primary_care", "behavioral_health", "urgent_care"))
GAP = FieldRule("bh_gap", "text", values=("full", "partial", "none"))
NETWORKS = FieldRule("networks", "text", many=True)


def read(rule: FieldRule, cell: str) -> tuple[list[str | None], list[str]]:
    facts, warnings = read_facts([(rule, 0, None)], [cell], "CL-1", date(2026, 7, 1))
    return [each.value for each in facts], warnings


@pytest.mark.parametrize(
    "rule, cell, value",
    [
        (SEGMENTS, "behavioral_health|primary_care", "behavioral_health|primary_care"),
        (SEGMENTS, " Primary Care ; BEHAVIORAL-HEALTH;primary_care|", "primary_care|behavioral_health"),
        (GAP, "Full", "full"),
        (GAP, "NONE.", "none"),
        (NETWORKS, "Aetna; Cigna |Aetna", "Aetna|Cigna"),
        (NETWORKS, "Blue Cross, of Ohio", "Blue Cross, of Ohio"),
    ],
)
def test_values_are_stored_once_each_in_their_order_as_the_pack_spells_them(
    rule: FieldRule, cell: str, value: str
) -> None:
    assert read(rule, cell) == ([value], [])
    assert canonical(rule, value) == value


@pytest.mark.parametrize(
    "rule, cell, values, warning",
    [
        (SEGMENTS, "primary_care|dental", ["primary_care"], "segments 'dental' is not one of primary_care, behav"),
        (
            SEGMENTS,
            "dental;optical",
            [],
            "segments 'dental' is not one of primary_care",
        ),
        (GAP, "full|none", [], "bh_gap 'full|none' is not one of full, partial, none"),
        (GAP, "???", [], "bh_gap '???' is not one of full, partial, none"),
        (NETWORKS, "x" * 201, [], "networks has 201 characters, and at most 200 are allowed"),
    ],
)
def test_a_value_that_the_pack_does_not_list_is_left_out_with_a_warning(
    rule: FieldRule, cell: str, values: list[str], warning: str
) -> None:
    found, [written] = read(rule, cell)

    assert found == values
    assert written.startswith(warning)
    with pytest.raises(ValueError, match=rule.name):
        canonical(rule, cell)


def test_a_cell_with_only_separators_states_nothing() -> None:
    assert read(NETWORKS, " | ; ") == ([], [])
    assert read(SEGMENTS, ";") == ([], [])


def test_a_warning_names_some_of_many_values() -> None:
    rule = FieldRule("plan", "text", values=tuple(f"plan {number}" for number in range(40)))

    [warning] = read(rule, "other")[1]

    assert warning.endswith("plan 10, plan 11 and 28 more")


@pytest.mark.parametrize(
    "wrong, problem",
    [
        ({"type": "integer", "many": True}, "many and values are for a field of type text"),
        ({"values": ("a|b",)}, "'a|b' cannot be one"),
        ({"values": ("--",)}, "'--' cannot be one"),
        ({"values": ("Primary care", "primary_care")}, "each differs from the others in its letters"),
    ],
)
def test_a_field_whose_values_cannot_be_distinguished_is_refused(wrong: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError) as refused:
        FieldRule(**{"name": "segments", "type": "text", **wrong})

    assert problem in str(refused.value)
