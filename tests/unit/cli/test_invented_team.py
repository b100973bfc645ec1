"""Are the invented reps the same in every run, and is one of them away?"""

from __future__ import annotations

from datetime import date

import pytest

from cli.demo.invented.team import invent_leave, invent_reps

FIRST, LAST = date(2026, 7, 1), date(2026, 8, 29)


def test_every_rep_has_a_name_an_address_and_a_number_of_fiction() -> None:
    ann, bob = invent_reps(1, ["rep-1", "rep-2"])

    assert [ann.rep, bob.rep] == ["rep-1", "rep-2"]
    assert ann.name != bob.name
    assert all(each.email and each.email.endswith(".example") for each in (ann, bob))
    assert all(each.phone and "55501" in each.phone for each in (ann, bob))


def test_the_same_seed_gives_the_same_reps() -> None:
    first, second, other = (invent_reps(seed, ["rep-1"])[0].name for seed in (1, 1, 2))

    assert first == second != other


def test_one_rep_is_away_for_five_business_days_and_covered_by_another() -> None:
    leave = invent_leave(["rep-1", "rep-2"], FIRST, LAST)

    assert leave
    assert (leave.rep, leave.cover) == ("rep-2", "rep-1")
    assert leave.from_on == date(2026, 8, 3)
    assert leave.to_on == date(2026, 8, 7)


@pytest.mark.parametrize("ids, last", [(["rep-1"], LAST), (["rep-1", "rep-2"], date(2026, 7, 10))])
def test_without_a_second_rep_or_enough_days_no_one_is_away(ids: list[str], last: date) -> None:
    assert invent_leave(ids, FIRST, last) is None
