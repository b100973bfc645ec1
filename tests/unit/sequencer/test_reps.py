"""Who is in the team, who works on a day, and who does the tasks of a rep who is away?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sequencer.domain.reps import Leave, Rep, Team, team_of
from tests.support.following import an_account, owners_of

JULY = date(2026, 7, 1)
ANN_BOB_CLEO = team_of(("ann", "bob", "cleo")).reps


def july(day: int) -> date:
    return date(2026, 7, day)


def away(rep: str, from_day: int, to_day: int, cover: str | None = None) -> Leave:
    return Leave(rep, july(from_day), july(to_day), cover)


def a_team(*leaves: Leave) -> Team:
    return Team(ANN_BOB_CLEO, leaves)


def test_a_rep_is_in_the_team_from_the_day_of_joining_until_the_day_of_leaving() -> None:
    team = Team((Rep("ann", "Ann", joined_on=july(6)), Rep("bob", "Bob", left_on=july(8))))

    assert [team.members(july(day)) for day in (3, 6, 7, 8)] == [("bob",), ("ann", "bob"), ("ann", "bob"), ("ann",)]


def test_a_rep_does_not_work_on_a_day_of_leave_including_the_first_and_the_last() -> None:
    team = a_team(away("ann", 6, 8))

    assert [team.is_away("ann", july(day)) for day in (5, 6, 8, 9)] == [False, True, True, False]
    assert (team.working(july(6)), team.members(july(6))) == (("bob", "cleo"), ("ann", "bob", "cleo"))


@pytest.mark.parametrize(
    "leaves, doer",
    [
        ([], "ann"),
        ([away("ann", 6, 8, "bob")], "bob"),
        ([away("ann", 6, 8)], None),
        ([away("ann", 6, 8, "bob"), away("bob", 7, 7, "cleo")], "cleo"),
        ([away("ann", 6, 8, "bob"), away("bob", 7, 7)], None),
        ([away("ann", 6, 8, "bob"), away("bob", 7, 7, "ann")], None),
        ([away("ann", 6, 8, "dora")], None),
    ],
    ids=["at work", "covered", "not covered", "cover of the cover", "no cover is left", "a ring", "unknown cover"],
)
def test_the_tasks_of_an_absent_rep_are_those_of_the_cover(leaves: list[Leave], doer: str | None) -> None:
    assert a_team(*leaves).doer("ann", july(7)) == doer


def test_a_rep_who_left_the_team_does_not_cover_for_others() -> None:
    team = Team((*team_of(("ann",)).reps, Rep("bob", "Bob", left_on=july(7))), (away("ann", 6, 8, "bob"),))

    assert [team.doer("ann", july(day)) for day in (6, 7, 9)] == ["bob", None, "ann"]


def test_a_leave_that_was_taken_back_before_it_began_includes_no_day() -> None:
    team = a_team(away("ann", 6, 5, "bob"))

    assert [team.doer("ann", july(day)) for day in (5, 6, 7)] == ["ann", "ann", "ann"]


def test_tasks_without_a_cover_wait_until_the_day_after_the_leave() -> None:
    assert a_team(away("ann", 6, 8), away("ann", 9, 10)).back_on("ann", july(6)) == july(11)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ann", "bob", "cleo"]),
            st.integers(0, 20),
            st.integers(0, 10),
            st.sampled_from([None, "ann", "bob", "cleo"]),
        )
    )
)
def test_the_rep_who_does_the_tasks_of_another_works_that_day(given: list[tuple[str, int, int, str | None]]) -> None:
    leaves = [
        Leave(rep, JULY + timedelta(days=first), JULY + timedelta(days=first + days), cover)
        for rep, first, days, cover in given
    ]
    team = a_team(*leaves)

    for day in (JULY + timedelta(days=n) for n in range(32)):
        for rep in ("ann", "bob", "cleo"):
            doer = team.doer(rep, day)
            assert doer is None or doer in team.working(day)
            assert (doer == rep) == (not team.is_away(rep, day))


def test_accounts_of_a_rep_who_left_get_an_owner_in_the_team() -> None:
    given = [an_account(f"{n}", owner="ann") for n in range(4)] + [an_account("4", owner="bob")]

    assert owners_of(given, "bob", "cleo") == {"0": "cleo", "1": "bob", "2": "cleo", "3": "bob"}


def test_nothing_is_assigned_while_the_team_is_empty() -> None:
    assert owners_of([an_account()]) == {}
