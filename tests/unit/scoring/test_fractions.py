"""Do the scores of invented clinics and practices equal a second computation, in fractions, for 10,000 of each?

Without LONG=1, for 1,500. The second one reads no pack and shares no code with the first: it is the source's table,
written down again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from engines.scoring.formula import Scored, score
from engines.scoring.inputs import Fact, Inputs, Signal
from engines.scoring.model import Model
from engines.scoring.pack import model_in

DAY = date(2026, 7, 1)
EACH = 10_000 if os.environ.get("LONG") == "1" else 1_500
PACKS = Path(__file__).parents[3] / "packs"

SEGMENTS = {"primary_care": 25, "behavioral_health": 25, "home_health": 20, "urgent_care": 20, "specialty": 5}
VENDORS = {"athenahealth": 13, "NextGen": 13, "Elation": 15, "Epic": 6, "Homegrown": 9}
HIGH, MEDIUM = "CA FL GA NJ NY PA TX".split(), "AZ IL MI NC OH TN VA".split()
PLANS = [
    *("Aetna", "Anthem", "Blue Cross Blue Shield", "Cigna", "Humana", "Medicaid", "Medicare", "Oscar Health"),
    *("United Healthcare", "Optum", "Molina Healthcare", "Centene"),
]


def reached(number: int | None, *bands: tuple[int, int]) -> Fraction:
    """The points of the highest bound that a number reaches."""
    return Fraction(max((points for bound, points in bands if number is not None and number >= bound), default=0))


def posting(urgencies: list[int]) -> Fraction:
    return max((Fraction(1, 2) if each == 0 else Fraction(1) for each in urgencies), default=Fraction(0))


def a_clinic(chance: Random) -> dict[str, Any]:
    def number(most: int) -> int | None:
        return chance.choice([None, 0, 1, 2, 3, 4, 5, 9, 10, 19, 20, 24, 25, 49, 50, 99, 100, 199, 200, most])

    locations = number(300)
    return {
        "state": chance.choice([*HIGH, *MEDIUM, "WY", "DC", None]),
        "segments": chance.sample(list(SEGMENTS), chance.randint(0, 3)),
        "num_clinicians_proxy": number(5_000),
        "num_locations": locations or None,
        "emr_vendor": chance.choice([None, *VENDORS]),
        "num_services": number(12),
        "review_count": number(90_000),
        "medical_coder": [chance.randint(0, 4) for _ in range(chance.choice([0, 0, 1, 2]))],
        "denial_specialist": [chance.randint(0, 4) for _ in range(chance.choice([0, 0, 1, 2]))],
    }


def points_of_clinic(known: dict[str, Any]) -> dict[str, Fraction]:
    prior = 0 if known["state"] is None else 9 if known["state"] in HIGH else 6 if known["state"] in MEDIUM else 3
    return {
        "segment": Fraction(max((SEGMENTS[each] for each in known["segments"]), default=0)),
        "scale": reached(known["num_clinicians_proxy"], (1, 3), (5, 6), (20, 10), (50, 12))
        + reached(known["num_locations"], (1, 2), (3, 4), (5, 6), (10, 8)),
        "emr_friction": Fraction(VENDORS.get(known["emr_vendor"], 0)),
        "coding_complexity": reached(known["num_services"], (2, 7), (4, 10)) + 5 * posting(known["medical_coder"]),
        "denial_pressure": prior + 6 * posting(known["denial_specialist"]),
        "roi_readiness": reached(known["review_count"], (25, 3), (100, 6), (200, 10)),
    }


def a_practice(chance: Random) -> dict[str, Any]:
    return {
        "providers": chance.choice([None, 0, 1, 2, 3, 5, 6, 10, 11, 20, 21, 400]),
        "bh_gap": chance.choice([None, "full", "partial", "none", "other"]),
        "networks": chance.sample([*PLANS, "Kaiser", "Tricare"], chance.randint(0, 14)),
        "monthly_volume": chance.choice([None, 0, 499, 500, 1000, 1001, 2000, 2001, 90_000]),
    }


def points_of_practice(known: dict[str, Any]) -> dict[str, Fraction]:
    volume, shared = known["monthly_volume"], sum(each in PLANS for each in known["networks"])
    return {
        "providers": reached(known["providers"], (1, 5), (3, 10), (6, 15), (11, 20), (21, 25)),
        "bh_gap": Fraction({"full": 35, "partial": 20, "none": 5}.get(known["bh_gap"], 0)),
        "networks": Fraction(round(Fraction(25 * shared, 12) * 10), 10),
        "volume": Fraction(0) if volume is None else reached(volume, (0, 3), (500, 7), (1001, 11), (2001, 15)),
    }


def scored(known: dict[str, Any], model: Model, roles: tuple[str, ...] = ()) -> Scored:
    facts = {
        name: (Fact("1", name, DAY, "|".join(value) if isinstance(value, list) else str(value)),)
        for name, value in known.items()
        if name not in (*roles, "state") and value not in (None, [])
    }
    signals = [
        Signal("1", role, UUID(int=number), DAY, DAY + timedelta(1), urgency)
        for role in roles
        for number, urgency in enumerate(known[role])
    ]
    return score(Inputs("1", known.get("state"), facts, tuple(signals)), DAY, model)


def accounts(invented: Callable[[Random], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    chance = Random(20260701)
    return (invented(chance) for _ in range(EACH))


def exact(found: Scored) -> dict[str, Fraction]:
    return {line.factor: Fraction(line.points) for line in found.breakdown if line.weight}


def test_each_clinic_has_the_points_of_its_parts_and_their_estimate_to_the_last_digit() -> None:
    model, roles = model_in(PACKS / "clinic"), ("medical_coder", "denial_specialist")
    computable = 0
    for known in accounts(a_clinic):
        found, points = scored(known, model, roles), points_of_clinic(known)
        assert exact(found) == points, known
        assert Fraction(found.score) == sum(points.values()) <= 100, known
        [uplift] = [line for line in found.breakdown if line.factor == "uplift"]
        needs = (known["num_services"], known["num_clinicians_proxy"], known["emr_vendor"])
        assert uplift.known == (None not in needs), known
        if uplift.known:
            computable += 1
            percent = round(4 + 5 * points["coding_complexity"] / 15 + 3 * points["denial_pressure"] / 15)
            assert uplift.evidence == f"{percent} as of {DAY}", known
    assert computable > EACH / 2


def test_each_practice_has_the_points_of_its_four_dimensions_to_one_decimal() -> None:
    model = model_in(PACKS / "referral-partner")
    for known in accounts(a_practice):
        found, points = scored(known, model), points_of_practice(known)
        assert exact(found) == points, known
        assert Fraction(found.score) == sum(points.values()) <= 100, known
