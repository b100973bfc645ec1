"""What may a text state of an account to any reader?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engines.drafting.accounts import Account, Line, facts_of_account, facts_of_lines, reason_of
from engines.drafting.outreach import Claim, Outreach, Record

DAY = date(2026, 7, 1)
OUTREACH = Outreach(
    company="Spoke & Sons",
    personas={},
    roles={},
    passages={},
    generic=("shop",),
    claims={
        "proof": Claim("We true.", "a paper", until=DAY),
        "late": Claim("Old.", "a paper", date(2026, 6, 1)),
    },
    records=(
        Record("wheels", r"(?P<hiring>hiring)", "the boards", days=30, anyone=True),
        Record("wheels", r"(?P<named_only>hiring)", "the boards", days=30),
    ),
    drivers=("wheels", "frames", "paint"),
)


def scored(factor: str, points: str, evidence: str = "some") -> Line:
    return Line(factor, factor.title(), evidence, Decimal(points), known=True, weightless=False)


def stated(factor: str, evidence: str, known: bool = True) -> Line:
    return Line(factor, factor.title(), evidence, Decimal(0), known, weightless=True)


LINES = (
    scored("paint", "4", "three coats"),
    scored("frames", "15.50", "a|b as of 2026-06-01"),
    scored("wheels", "15.5", "wheels + hiring as of 2026-06-02"),
    scored("bells", "30"),
    scored("saddles", "0"),
    stated("brand", "Gear\nHub | East as of 2026-06-01"),
    stated("uplift", "unknown: not computable", known=False),
)
ACCOUNT = Account("1", "Cobble Bicycle Shop", "Madison", "WI", 2, Decimal("88.50"), LINES)


def test_what_is_known_and_weighs_nothing_is_a_fact_by_its_name_without_its_date() -> None:
    facts = facts_of_lines(LINES, OUTREACH)

    assert facts["brand"].value == "Gear Hub | East"
    assert facts["brand"].source == "the score, brand as of 2026-06-01"
    assert "uplift" not in facts


def test_the_drivers_are_the_three_with_most_points_of_those_that_the_pack_lists_in_its_order() -> None:
    facts = facts_of_lines(LINES, OUTREACH)

    assert facts["top_drivers"].value == "wheels: wheels + hiring|frames: a/b|paint: three coats"
    assert (facts["top_driver_1"].value, facts["top_driver_1_reason"].value) == ("wheels", "wheels + hiring")
    assert facts_of_lines(LINES, replace(OUTREACH, drivers=()))["top_driver_1"].value == "bells"


def test_an_account_without_points_has_no_driver() -> None:
    assert facts_of_lines([scored("wheels", "0"), stated("brand", "Hub")], OUTREACH).keys() == {"brand"}


def test_a_list_states_the_account_its_score_and_what_anyone_may_read() -> None:
    known = {name: fact.value for name, fact in facts_of_account(ACCOUNT, OUTREACH, {1: "First"}, DAY).items()}

    assert {name: known[name] for name in ("facility", "place", "city", "state", "company")} == {
        "facility": "Cobble Bicycle Shop", "place": "Cobble Bicycle", "city": "Madison", "state": "WI",
        "company": "Spoke & Sons",
    }  # fmt: skip
    assert (known["score"], known["tier"], known["tier_label"]) == ("88.5", "2", "Tier 2")
    assert (known["frames_points"], known["saddles_points"]) == ("15.5", "0")
    assert (known["proof"], known["hiring"]) == ("We true.", "hiring")
    assert not {"late", "named_only", "brand_points"} & known.keys()


@pytest.mark.parametrize("score,shown", [("91.0", "91"), ("100", "100"), ("0.0", "0"), ("88.5", "88.5")])
def test_a_score_is_written_as_short_as_it_can_be(score: str, shown: str) -> None:
    facts = facts_of_account(replace(ACCOUNT, score=Decimal(score)), OUTREACH, {2: "Second"}, DAY)

    assert (facts["score"].value, facts["tier_label"].value) == (shown, "Second")


def test_a_reason_loses_its_own_date_only() -> None:
    assert reason_of("closed as of 2026-01-01, open as of 2026-06-01") == "closed as of 2026-01-01, open"
