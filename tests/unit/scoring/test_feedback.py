"""Are outcomes counted correctly by score, and is nothing concluded from too few?"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli.main import app
from engines.scoring.feedback import Decided, Model, feedback, next_version, wilson

MODEL = Model("icf_v1.0", lowest=3)


def leads(outcome: str, count: int, score: str = "45.0", points: str = "20") -> list[Decided]:
    return [Decided("335001", Decimal(score), outcome, {"qm_rating": Decimal(points)})] * count


@pytest.mark.parametrize(
    "good,counted,low,high",
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (0, 0, 0, 1)],
)
def test_the_interval_is_that_of_wilson_r78(good: int, counted: int, low: float, high: float) -> None:
    assert wilson(good, counted) == pytest.approx((low, high), abs=0.0001)


@given(st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_contains_the_share_and_is_within_zero_and_one(pair: tuple[int, int]) -> None:
    good, counted = pair
    low, high = wilson(good, counted)

    assert 0 <= low <= high <= 1
    assert counted == 0 or low - 1e-9 <= good / counted <= high + 1e-9


def test_below_the_minimum_outcomes_are_counted_without_advice() -> None:
    found = feedback([*leads("won", 29)], ["won"], MODEL)

    assert (found.advice, found.deciles[4].good) == ((), 29)
    assert found.refused == "29 leads are decided; nothing is concluded from fewer than 30."


def test_a_higher_weight_is_advised_for_a_factor_of_wins_and_a_lower_one_for_losses() -> None:
    wins = [*leads("won", 30), *leads("lost", 10), *leads("won", 5, points="0"), *leads("lost", 35, points="0")]
    reversed_outcomes = [
        Decided(one.facility_id, one.score, {"won": "lost", "lost": "won"}[one.outcome], one.points) for one in wins
    ]

    [up] = feedback(wins, ["won"], MODEL).advice
    [down] = feedback(reversed_outcomes, ["won"], MODEL).advice

    assert up == "qm_rating goes with better outcomes (30 of 40 against 5 of 40): consider a higher weight."
    assert "consider a lower weight" in down


def test_overlapping_intervals_give_no_advice() -> None:
    mixed = [*leads("won", 20), *leads("lost", 20), *leads("won", 15, points="0"), *leads("lost", 25, points="0")]

    found = feedback(mixed, ["won"], MODEL)

    assert (found.advice, found.refused) == ((), None)


def of_tier(tier: int, outcome: str, *names: str, **points: int) -> list[Decided]:
    given = {name: Decimal(value) for name, value in points.items()}
    return [Decided(name, Decimal(50), outcome, given, tier=tier) for name in names]


def test_wins_and_losses_say_what_validates_the_model_what_it_lacks_and_what_misfired_r78() -> None:
    decided = [
        *of_tier(1, "won", "a", "b", scale=16, denials=3),
        *of_tier(1, "lost", "c", scale=20, denials=15),
        *of_tier(1, "lost", "d", scale=16, denials=10),
        *of_tier(2, "lost", *(f"m{number}" for number in range(30)), scale=5),
        *of_tier(3, "won", "z", scale=2),
        *of_tier(3, "lost", "y", "x", scale=2),
    ]

    found = feedback(decided, ["won"], MODEL)

    assert [(each.text, each.leads) for each in found.findings] == [
        ("2 of 4 leads of Tier 1 won: this validates the model.", ("a", "b")),
        ("1 of 3 leads of Tier 3 won: the model lacks a feature that they have.", ("z",)),
        (
            "2 of 4 leads of Tier 1 not won: inspect denials, which gave them 12.5 points on average, and 3.0 to the"
            " others.",
            ("c", "d"),
        ),
    ]
    assert found.proposed == "icf_v1.1"


def test_a_model_that_is_right_needs_no_next_version() -> None:
    found = feedback([*of_tier(1, "won", *(f"a{number}" for number in range(30)), scale=16)], ["won"], MODEL)

    assert (found.proposed, [each.text for each in found.findings][1:]) == (
        None, ["0 of 0 leads of Tier 3 won.", "0 of 30 leads of Tier 1 not won."],
    )  # fmt: skip


@pytest.mark.parametrize(
    "lost,why",
    [
        (of_tier(1, "lost", *"cd", scale=5), "no factor gave them more points than the others"),
        (of_tier(2, "won", *"ab", scale=5), None),
    ],
)
def test_no_factor_is_blamed_without_a_reason(lost: list[Decided], why: str | None) -> None:
    decided = [*of_tier(1, "won", "a", scale=5), *lost, *of_tier(2, "lost", *map(str, range(30)))]

    assert feedback(decided, ["won"], MODEL).findings[2].text == (
        f"2 of 3 leads of Tier 1 not won: {why}." if why else "0 of 1 lead of Tier 1 not won."
    )


@pytest.mark.parametrize("name,following", [("icf_v1.0", "icf_v1.1"), ("icf_v1.9", "icf_v1.10"), ("fit", "fit_v2")])
def test_the_last_number_of_a_name_is_its_version_r79(name: str, following: str) -> None:
    assert next_version(name) == following


def test_a_score_of_100_belongs_to_the_highest_decile() -> None:
    assert feedback(leads("won", 1, score="100.0"), ["won"], MODEL).deciles[9].counted == 1


def test_an_open_lead_counts_only_if_meetings_are_the_good_outcome_r76() -> None:
    still_open, met_and_lost = leads("meeting", 3), [replace(one, met=True) for one in leads("lost", 2)]

    by_wins = feedback([*still_open, *met_and_lost], ["won"], MODEL)
    by_meetings = feedback([*still_open, *met_and_lost, *leads("lost", 1)], ["meeting"], MODEL)

    assert (by_wins.decided, by_wins.deciles[4].counted, by_wins.deciles[4].good) == (2, 2, 0)
    assert (by_meetings.decided, by_meetings.deciles[4].good) == (6, 5)


@pytest.mark.parametrize(
    "line,message",
    [
        ("335001,banana", "line 2: outcome 'banana' is not one of meeting, won, lost"),
        ("335001", "line 2: outcome '' is not one of meeting, won, lost"),
    ],
)
def test_an_invalid_row_of_outcomes_is_reported(tmp_path: Path, line: str, message: str) -> None:
    scores, outcomes = tmp_path / "s.csv", tmp_path / "o.csv"
    scores.write_text("ccn,score,tier,breakdown,multiplier\n335001,20.0,2,[],1\n")
    outcomes.write_text(f"ccn,outcome\n{line}\n")

    done = CliRunner().invoke(app, ["score", "feedback", "--scores", str(scores), "--outcomes", str(outcomes)])

    assert message in str(done.exception)


def test_the_command_joins_scores_with_outcomes(tmp_path: Path) -> None:
    scores, outcomes = tmp_path / "s.csv", tmp_path / "o.csv"
    scores.write_text(
        "ccn,score,tier,breakdown,multiplier\n"
        '335001,20.0,2,"[{""factor"": ""qm_rating"", ""weight"": 0.2, ""points"": 20}]",1\n'
    )
    outcomes.write_text("ccn,outcome\n335001 ,Won\n999999,lost\n")

    done = CliRunner().invoke(app, ["score", "feedback", "--scores", str(scores), "--outcomes", str(outcomes)])

    assert done.exit_code == 0, done.output
    assert "1 leads are decided; nothing is concluded from fewer than 30." in done.output
