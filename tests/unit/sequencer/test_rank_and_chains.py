"""Who comes first, and who is worked as one?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.sequencer.domain.chains import joining, units
from services.sequencer.domain.owners import assign
from services.sequencer.domain.rank import Prospect, rank
from services.sequencer.domain.runs import Run


def prospect(facility_id: str, tier: int = 1, score: str = "40.0", **more: Any) -> Prospect:
    return Prospect(facility_id, tier, Decimal(score), **more)


def order(*prospects: Prospect) -> list[str]:
    return [p.facility_id for p in sorted(prospects, key=rank)]


def test_the_tie_break_is_urgency_last_seen_anomaly_and_ccn() -> None:  # R32
    day = date(2026, 7, 1)
    tied = [
        prospect("F"),
        prospect("E"),
        prospect("D", measure=Decimal("0.1")),
        prospect("C", last_seen_on=day),
        prospect("B", urgency=0),
        prospect("A2", urgency=4),
    ]

    assert order(*tied) == ["A2", "B", "C", "D", "E", "F"]


def test_a_better_tier_comes_before_a_higher_score() -> None:
    assert order(prospect("A", 2, "60"), prospect("B", 1, "40"), prospect("C", 1, "41")) == ["C", "B", "A"]


def test_two_members_of_a_chain_are_one_unit_carried_by_the_best() -> None:  # R44
    found = units([prospect("A", 2, "30", chain="MOSS"), prospect("B", 1, "50", chain="MOSS"), prospect("C", 1, "60")])

    assert [(unit.best.facility_id, unit.covers, unit.chain) for unit in found] == [
        ("C", ["C"], None),
        ("B", ["B", "A"], "MOSS"),
    ]


def test_a_single_member_of_a_chain_is_worked_by_itself() -> None:
    [unit] = units([prospect("A", chain="MOSS")])

    assert (unit.chain, unit.subject) == (None, "A")


def a_run(chain: str | None, tier: int) -> Run:
    return Run(
        UUID(int=1), f"chain:{chain}", "A", chain, ["A", "B"], "s", 1, None, tier, "rep-1", "active",
        None, date(2026, 7, 1), None, [], None,
    )  # fmt: skip


def test_a_member_that_qualifies_later_joins_the_run_of_its_chain() -> None:
    assert joining([prospect("C", 2, chain="MOSS")], [a_run("MOSS", 2)]) == {UUID(int=1): ["C"]}


def test_a_member_of_a_better_tier_competes_for_a_run_of_its_own() -> None:
    assert joining([prospect("C", 1, chain="MOSS")], [a_run("MOSS", 2)]) == {}


def test_of_two_runs_of_a_chain_the_better_one_takes_the_member_that_qualifies_later() -> None:
    better, nurture = replace(a_run("MOSS", 1), enrollment_id=UUID(int=2)), a_run("MOSS", 2)

    joined = [joining([prospect("C", 1, chain="MOSS")], runs) for runs in ([better, nurture], [nurture, better])]

    assert joined == [{UUID(int=2): ["C"]}] * 2


def test_owners_are_balanced_within_a_tier() -> None:
    owners = assign([prospect(f"{n:02}", 1 if n < 4 else 2, str(90 - n)) for n in range(10)], ["ann", "bob"])

    assert [owners[f"{n:02}"] for n in range(10)] == ["ann", "bob"] * 5


def test_members_of_one_chain_go_to_the_same_rep() -> None:
    given = [prospect("A", chain="MOSS"), prospect("B", chain="MOSS"), prospect("C"), prospect("D", 2, chain="MOSS")]

    owners = assign(given, ["ann", "bob"])

    assert owners == {"A": "ann", "B": "ann", "C": "bob", "D": "ann"}


def test_an_owner_once_given_stays_and_counts() -> None:
    owners = assign([prospect("A", owner="ann"), prospect("B"), prospect("C")], ["ann", "bob"])

    assert owners == {"B": "bob", "C": "ann"}


prospects = st.lists(
    st.builds(
        Prospect,
        st.integers(0, 999).map(str),
        st.sampled_from([1, 2]),
        st.integers(0, 30).map(Decimal),
        st.sampled_from([None, "ann", "bob"]),
        st.sampled_from([None, "MOSS", "FERN"]),
        st.none() | st.integers(0, 4),
    ),
    unique_by=lambda p: p.facility_id,
    max_size=30,
)


@given(prospects, st.randoms(use_true_random=False))
def test_the_order_in_which_prospects_are_read_changes_nothing(given: list[Prospect], random: Any) -> None:
    shuffled = random.sample(given, len(given))

    assert units(shuffled) == units(given)
    assert assign(shuffled, ["ann", "bob"]) == assign(given, ["ann", "bob"])


@given(prospects)
def test_every_prospect_is_in_exactly_one_unit(given: list[Prospect]) -> None:
    assert sorted(facility_id for unit in units(given) for facility_id in unit.covers) == sorted(
        p.facility_id for p in given
    )
