"""Which account comes first, and which accounts are one subject?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.sequencer.domain.accounts import Account, rank
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.subjects import joining, subjects
from tests.support.following import an_account, an_enrollment, owners_of


def order(*accounts: Account) -> list[str]:
    return [p.facility_id for p in sorted(accounts, key=rank)]


def test_the_tie_break_is_urgency_last_seen_measure_and_id() -> None:  # R32
    day = date(2026, 7, 1)
    tied = [
        an_account("F"),
        an_account("E"),
        an_account("D", measure=Decimal("0.1")),
        an_account("C", last_seen_on=day),
        an_account("B", urgency=0),
        an_account("A2", urgency=4),
    ]

    assert order(*tied) == ["A2", "B", "C", "D", "E", "F"]


def test_a_better_tier_comes_before_a_higher_score() -> None:
    assert order(an_account("A", 2, "60"), an_account("B", 1, "40"), an_account("C", 1, "41")) == ["C", "B", "A"]


def test_two_members_of_a_chain_are_one_subject_with_the_rank_of_the_best() -> None:  # R44
    found = subjects(
        [an_account("A", 2, "30", chain="MOSS"), an_account("B", 1, "50", chain="MOSS"), an_account("C", 1, "60")]
    )

    assert [(subject.best.facility_id, subject.covers, subject.chain) for subject in found] == [
        ("C", ["C"], None),
        ("B", ["B", "A"], "MOSS"),
    ]


def test_a_chain_is_one_however_its_name_is_written() -> None:
    [subject] = subjects([an_account("A", 1, chain="Moss  Group"), an_account("B", 2, chain="MOSS GROUP")])

    assert (subject.covers, subject.key) == (["A", "B"], "chain:MOSS GROUP")
    other = an_enrollment(subject=subject.key, chain="Moss Group", covers=["A", "B"], tier=2)
    assert joining([an_account("C", 2, chain="moss group")], [other]) == {UUID(int=1): ["C"]}


def test_a_single_member_of_a_chain_is_worked_by_itself() -> None:
    [subject] = subjects([an_account("A", chain="MOSS")])

    assert (subject.chain, subject.key) == (None, "A")


def of_chain(tier: int) -> Enrollment:
    return an_enrollment(subject="chain:MOSS", chain="MOSS", covers=["A", "B"], tier=tier)


def test_a_member_that_qualifies_later_joins_the_enrollment_of_its_chain() -> None:
    assert joining([an_account("C", 2, chain="MOSS")], [of_chain(2)]) == {UUID(int=1): ["C"]}


def test_a_member_of_a_better_tier_gets_its_own_enrollment() -> None:
    assert joining([an_account("C", 1, chain="MOSS")], [of_chain(2)]) == {}


def test_a_member_that_qualifies_later_joins_the_better_of_two_enrollments() -> None:
    better, nurture = replace(of_chain(1), enrollment_id=UUID(int=2)), of_chain(2)

    joined = [joining([an_account("C", 1, chain="MOSS")], opened) for opened in ([better, nurture], [nurture, better])]

    assert joined == [{UUID(int=2): ["C"]}] * 2


def test_owners_are_balanced_within_a_tier() -> None:
    owners = owners_of([an_account(f"{n:02}", 1 if n < 4 else 2, str(90 - n)) for n in range(10)], "ann", "bob")

    assert [owners[f"{n:02}"] for n in range(10)] == ["ann", "bob"] * 5


def test_members_of_one_chain_go_to_the_same_rep() -> None:
    given = [
        an_account("A", chain="MOSS"),
        an_account("B", chain="MOSS"),
        an_account("C"),
        an_account("D", 2, chain="MOSS"),
    ]

    owners = owners_of(given, "ann", "bob")

    assert owners == {"A": "ann", "B": "ann", "C": "bob", "D": "ann"}


def test_an_existing_owner_is_kept_and_counts_in_the_balance() -> None:
    owners = owners_of([an_account("A", owner="ann"), an_account("B"), an_account("C")], "ann", "bob")

    assert owners == {"B": "bob", "C": "ann"}


prospects = st.lists(
    st.builds(
        an_account,
        st.integers(0, 999).map(str),
        st.sampled_from([1, 2]),
        st.integers(0, 30).map(str),
        owner=st.sampled_from([None, "ann", "bob"]),
        chain=st.sampled_from([None, "MOSS", "FERN"]),
        urgency=st.none() | st.integers(0, 4),
    ),
    unique_by=lambda p: p.facility_id,
    max_size=30,
)


@given(prospects, st.randoms(use_true_random=False))
def test_the_order_of_prospects_does_not_matter(given: list[Account], random: Any) -> None:
    shuffled = random.sample(given, len(given))

    assert subjects(shuffled) == subjects(given)
    assert owners_of(shuffled, "ann", "bob") == owners_of(given, "ann", "bob")


@given(prospects)
def test_every_prospect_is_in_exactly_one_subject(given: list[Account]) -> None:
    assert sorted(facility_id for subject in subjects(given) for facility_id in subject.covers) == sorted(
        p.facility_id for p in given
    )
