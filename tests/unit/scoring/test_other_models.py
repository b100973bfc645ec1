"""Can the grammar express the models of the other sources, band by band?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.scoring.formula import Scored, score
from engines.scoring.inputs import Fact, Inputs, gather
from engines.scoring.kinds import BandsFactor, MapFactor
from engines.scoring.model import Model
from engines.scoring.pack import model_in, policy_in
from engines.scoring.tiers import Candidate, Record, calibrate, in_force, tier_of

PACKS = Path(__file__).parents[2] / "fixtures" / "packs"
SHIPPED = Path(__file__).parents[3] / "packs"
DAY = date(2026, 7, 1)
CCN = "335001"

REFERRAL = model_in(SHIPPED / "referral-partner")
HEALTH_SYSTEM = model_in(PACKS / "health-system")
CLINIC = model_in(SHIPPED / "clinic")
ABM = model_in(PACKS / "abm")
MODELS = {model.name: model for model in (REFERRAL, HEALTH_SYSTEM, CLINIC, ABM)}


def known(**values: str) -> Inputs:
    facts = [Fact(CCN, name, DAY, value) for name, value in values.items()]
    return gather({CCN: "NY"}, facts, [], [])[0]


def points(model: Model, factor: str, **values: str) -> str:
    return of(score(known(**values), DAY, model), factor)


def of(scored: Scored, factor: str) -> str:
    return str(next(line.points for line in scored.breakdown if line.factor == factor))


@pytest.mark.parametrize(
    "model,factor,field,cases",
    [
        # R89
        (REFERRAL, "providers", "providers", "0=0 1=5 2=5 3=10 5=10 6=15 10=15 11=20 20=20 21=25 400=25"),
        # R90; unknown is 0
        (REFERRAL, "bh_gap", "bh_gap", "full=35 Full=35 partial=20 none=5 other=0"),
        # R92
        (REFERRAL, "volume", "monthly_volume", "0=3 499=3 500=7 1000=7 1001=11 2000=11 2001=15"),
        # R113, R114, R115
        (HEALTH_SYSTEM, "company_size", "beds", "24=0 25=8 99=8 100=15 499=15 500=20 2000=20"),
        (HEALTH_SYSTEM, "company_size", "account_type", "clinic=5 group=5 hospital=0"),
        (HEALTH_SYSTEM, "technology", "ehr", "Epic=15 cerner=15 athenahealth=10 legacy=3 unknown=1"),
        (HEALTH_SYSTEM, "budget", "it_budget", "0=1 1=5 499999=5 500000=10 1000000=10 1000001=15"),
        # ICF
        (CLINIC, "segment", "segments", "primary_care=25 urgent_care|home_health=20 urgent_care=20 specialty=5"),
        (CLINIC, "segment", "segments", "behavioral_health=25 home_health=20"),
        (CLINIC, "scale", "num_clinicians_proxy", "0=0 1=3 4=3 5=6 19=6 20=10 49=10 50=12"),
        (CLINIC, "scale", "num_locations", "1=2 2=2 3=4 4=4 5=6 9=6 10=8"),
        (CLINIC, "emr_friction", "emr_vendor", "Canvas=15 athenahealth=13 Greenway_Health_LLC=13 Epic=6 Homegrown=9"),
        (CLINIC, "coding_complexity", "num_services", "1=0 2=7 3=7 4=10"),
        (CLINIC, "roi_readiness", "review_count", "24=0 25=3 99=3 100=6 199=6 200=10"),
        # the 100-point model
        (ABM, "company", "segment", "Large Hospital Systems=30 Regional Networks=20 Academic Medical Centers=25 X=10"),
        (ABM, "technology", "systems", "EHR=5 EHR|ERP|Coding|Denials|Analytics=25 fax=0"),
        (ABM, "financial", "revenue", "0=5 100000000=12 1000000000=12 1000000001=20"),
        (ABM, "timing", "timeline", "Immediate (0-3 months)=10 Near-term (3-6 months)=6 Long-term (12+ months)=1"),
        (ABM, "timing", "timeline", "Medium-term (6-12 months)=3 whenever=0"),
    ],
)
def test_every_band_has_its_points(model: Model, factor: str, field: str, cases: str) -> None:
    expected = dict(case.rsplit("=", 1) for case in _cases(cases))

    assert {value: points(model, factor, **{field: value}) for value in expected} == expected


def _cases(text: str) -> list[str]:
    """Cases end with `=points`; a value may contain blanks."""
    found, words = [], list[str]()
    for word in text.split(" "):
        words.append(word)
        if word.rpartition("=")[2].isdigit() and "=" in word:
            found.append(" ".join(words))
            words = []
    return found


@pytest.mark.parametrize(
    "plans,expected",
    [
        ("Aetna", "2.1"),
        ("aetna|CIGNA", "4.2"),
        ("Aetna|Cigna|Humana", "6.2"),  # 6.25, half to even
        (
            "|".join(["Aetna", "Anthem", "Cigna", "Humana", "Medicaid", "Medicare", "Optum", "Centene", "Kaiser"]),
            "16.7",
        ),
        ("Kaiser", "0"),
    ],
)
def test_networks_count_in_proportion_to_one_decimal_r91(plans: str, expected: str) -> None:
    assert points(REFERRAL, "networks", networks=plans) == expected


def test_unknown_values_have_the_points_that_the_source_defines() -> None:
    found = score(known(), DAY, REFERRAL)

    assert [str(line.points) for line in found.breakdown if line.weight] == ["0", "0", "0", "0"]
    assert of(score(known(), DAY, HEALTH_SYSTEM), "technology") == "1"
    assert of(score(known(), DAY, HEALTH_SYSTEM), "budget") == "1"
    assert not any(line.known for line in score(known(), DAY, HEALTH_SYSTEM).breakdown)


def engaged(*events: tuple[str, date, str]) -> Inputs:
    return gather({CCN: None}, [Fact(CCN, name, on, count) for name, on, count in events], [], [])[0]


@pytest.mark.parametrize(
    "events,expected",
    [
        ([("executive_meetings", DAY, "1")], "10"),
        ([("demos", DAY, "1"), ("downloads", DAY, "1"), ("visits", DAY, "3")], "16"),
        ([("demos", date(2026, 4, 3), "1")], "8"),  # 89 days ago
        ([("demos", date(2026, 4, 2), "1")], "4"),  # 90 days ago: half
        ([("demos", date(2026, 1, 2), "1")], "0"),  # 180 days ago
        ([("demos", DAY, "5")], "30"),  # the cap (K14)
        ([("demos", date(2026, 7, 2), "1")], "0"),  # in the future
    ],
)
def test_engagement_adds_up_ages_and_is_capped_r116(events: list[tuple[str, date, str]], expected: str) -> None:
    assert of(score(engaged(*events), DAY, HEALTH_SYSTEM), "engagement") == expected


def test_an_aging_event_sets_the_date_of_the_next_recheck() -> None:
    found = score(engaged(("demos", date(2026, 6, 1), "1")), DAY, HEALTH_SYSTEM)

    assert found.recheck_on == date(2026, 8, 30)


def test_the_hot_tier_requires_repeated_engagement_r117_k14() -> None:
    best = {"beds": "800", "ehr": "Epic", "it_budget": "2000000"}
    once = known(**best, executive_meetings="1", demos="1", downloads="1", visits="1")
    again = known(**best, executive_meetings="2", demos="1", downloads="1", visits="1")
    record, lowest = in_force(policy_in(PACKS / "health-system"), None), policy_in(PACKS / "health-system").lowest

    scores = [score(one, DAY, HEALTH_SYSTEM).score for one in (once, again)]

    assert scores == [Decimal("74.0"), Decimal("80.0")]
    assert [tier_of(CCN, found, record, lowest) for found in scores] == [2, 1]


@pytest.mark.parametrize("name,most", [("partner_v1.0", 100), ("health-system", 80), ("icf_v1.0", 100), ("abm", 100)])
def test_a_model_computes_its_highest_score(name: str, most: int) -> None:
    assert MODELS[name].most == most


def test_a_multiplier_without_states_applies_everywhere_up_to_its_maximum() -> None:
    full = score(known(segment="Large Hospital Systems", strategic_fit="7"), DAY, ABM)

    assert (full.multiplier, full.score) == (Decimal("1.1"), Decimal("33.0"))


@given(st.integers(0, 3000), st.sampled_from(["full", "partial", "none"]), st.integers(0, 5000))
def test_a_point_model_adds_up_exactly(providers: int, gap: str, volume: int) -> None:
    found = score(known(providers=str(providers), bh_gap=gap, monthly_volume=str(volume)), DAY, REFERRAL)

    assert found.score == sum(line.points for line in found.breakdown)
    assert all(line.points == int(line.points) for line in found.breakdown)


def a_cohort(*scores: int) -> list[Candidate]:
    return [Candidate(f"{335000 + n}", Decimal(value)) for n, value in enumerate(scores)]


@pytest.mark.parametrize("score_of,tier", [("70", 1), ("69.9", 2), ("50", 2), ("49.9", 3)])
def test_fixed_cuts_do_not_depend_on_the_cohort_r93(score_of: str, tier: int) -> None:
    policy = policy_in(SHIPPED / "referral-partner")
    calibrated = Record(DAY, {1: Decimal(1)}, Decimal(2), {CCN: 1})

    assert tier_of(CCN, Decimal(score_of), in_force(policy, calibrated), policy.lowest) == tier


def test_a_quota_excludes_a_tie_if_the_minimum_is_met_and_includes_it_otherwise_r161() -> None:
    policy = policy_in(PACKS / "abm")
    excluded = calibrate(a_cohort(*range(100, 40, -1), *[40] * 60, *[39] * 500), None, policy, DAY)
    included = calibrate(a_cohort(*[50] * 130, *[39] * 500), None, policy, DAY)

    assert (excluded.record.cuts[1], excluded.sizes[1]) == (Decimal(41), 60)
    assert (included.record.cuts[1], included.sizes[1]) == (Decimal(50), 130)


def test_a_quota_fills_every_place_without_ties_and_includes_all_of_a_small_cohort() -> None:
    policy = policy_in(PACKS / "abm")
    many = [Candidate(f"{n:06}", Decimal(n) / 40) for n in range(4000)]
    few = calibrate(a_cohort(9, 8, 7), None, policy, DAY)

    assert dict(calibrate(many, None, policy, DAY).sizes) == {1: 100, 2: 400, 3: 2000, 4: 1500}
    assert few.sizes[1] == 3


def test_every_value_of_every_band_and_map_is_in_the_table_above() -> None:
    defined = {
        (model.name, factor.factor, value)
        for model in MODELS.values()
        for factor in model.factors
        if isinstance(factor, BandsFactor | MapFactor)
        for value in _values(factor)
    }
    table = next(mark for mark in test_every_band_has_its_points.pytestmark).args[1]  # type: ignore[attr-defined]
    tested = {
        (model.name, factor, Decimal(case.rpartition("=")[2]))
        for model, factor, _, cases in table
        for case in _cases(cases)
    }

    assert defined <= tested


def _values(factor: BandsFactor | MapFactor) -> list[Decimal]:
    return [band.value for band in factor.bands] if isinstance(factor, BandsFactor) else list(factor.values.values())
