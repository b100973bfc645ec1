"""Which rep gets an account by the rules of a pack, and why? (R121 to R123)"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.sequencer.domain.assignment import Assignment, Territory
from services.sequencer.domain.board import Board, with_versions
from services.sequencer.domain.owners import Assigned, Roster, assign, roster
from services.sequencer.domain.plan.leads import assign_owners
from services.sequencer.domain.plan.leaving import give_with_work, share_of, successors
from services.sequencer.domain.reps import Leave, Rep, Team
from services.sequencer.settings import playbook
from tests.support.following import a_task, an_account, an_enrollment
from tests.support.sequencing import ROLES

TODAY = date(2026, 7, 13)
REGIONS = Assignment(
    max_days_away=14,
    territories=(
        Territory("Northeast", tuple("NY NJ PA CT MA RI VT NH ME".split())),
        Territory("Southeast", tuple("FL GA SC NC VA WV KY TN AL MS LA AR".split())),
        Territory("Midwest", tuple("IL IN MI OH WI MN IA MO ND SD NE KS".split())),
        Territory("Southwest", tuple("TX NM AZ OK CO WY UT NV CA".split())),
        Territory("West", tuple("CA WA OR ID MT AK HI".split())),
    ),
    precedence=("West", "Southwest"),
    by_hand=("DE", "MD", "DC"),
)
"""The regions of R121, with the precedence of K16."""
TEAM = Team(
    (
        Rep("ann", "Ann", territories=("Northeast", "Southeast")),
        Rep("bob", "Bob", territories=("Northeast",)),
        Rep("cleo", "Cleo", territories=("West",)),
        Rep("dora", "Dora", joined_on=date(2026, 9, 1), territories=("Midwest",)),
    )
)


def given(state: str, team: Team = TEAM, rules: Assignment = REGIONS) -> Assigned:
    return assign([an_account(state=state)], roster(team, rules, TODAY))["A"]


@pytest.mark.parametrize(
    "state, owner, reason",
    [
        ("NY", "ann", "In Northeast, the rep with the fewest accounts of Tier 1."),
        ("GA", "ann", "The only rep of Southeast who is available."),
        ("CA", "cleo", "The only rep of West who is available."),
        ("TX", None, "No rep works Southwest."),
        ("OH", None, "No rep works Midwest."),
        ("DE", None, "No territory has DE."),
        ("DC", None, "No territory has DC."),
        ("", None, "No territory has an account without a state."),
    ],
)
def test_an_account_goes_to_a_rep_of_its_territory_or_waits(state: str, owner: str | None, reason: str) -> None:
    assert given(state) == Assigned(owner, reason)


def test_a_state_of_two_territories_without_precedence_is_not_guessed() -> None:  # K16
    undecided = replace(REGIONS, precedence=())

    assert given("CA", rules=undecided) == Assigned(None, "Southwest and West name CA, and none has precedence.")


def test_the_rest_of_the_states_is_a_territory_of_its_own() -> None:
    rules = replace(REGIONS, territories=(*REGIONS.territories, Territory("elsewhere", "rest")))
    team = Team((*TEAM.reps, Rep("eve", "Eve", territories=("elsewhere",))))

    assert [given(state, team, rules).owner for state in ("PR", "", "NY", "DE")] == ["eve", "eve", "ann", None]


def test_a_rep_without_territories_works_all_of_them() -> None:
    team = Team((Rep("eve", "Eve"),))

    assert [given(state, team).owner for state in ("NY", "TX", "DE")] == ["eve", "eve", None]


@pytest.mark.parametrize("last, owner", [(date(2026, 7, 26), "cleo"), (date(2026, 7, 27), None)])
def test_a_rep_who_is_away_for_longer_gets_no_new_account(last: date, owner: str | None) -> None:
    team = replace(
        TEAM, leaves=(Leave("cleo", date(2026, 7, 6), date(2026, 7, 20)), Leave("cleo", date(2026, 7, 21), last))
    )

    assert given("WA", team).owner == owner
    assert owner or given("WA", team).reason == "Every rep of West is away for more than 14 days."


def test_of_a_territory_the_rep_with_fewer_accounts_gets_the_next_one() -> None:
    accounts = [an_account("A", owner="ann"), an_account("B"), an_account("C", score="30"), an_account("D", tier=2)]

    found = assign(accounts, roster(TEAM, REGIONS, TODAY))

    assert {key: each.owner for key, each in found.items()} == {"B": "bob", "C": "ann", "D": "bob"}


def test_the_facilities_of_a_chain_stay_together_across_territories() -> None:
    accounts = [an_account("A", state="CA", chain="MOSS", owner="cleo"), an_account("B", state="NY", chain="MOSS")]

    assert assign(accounts, roster(TEAM, REGIONS, TODAY)) == {"B": Assigned("cleo", "The owner of MOSS.")}


def a_board(*states: str) -> Board:
    accounts = [an_account(str(n), state=state) for n, state in enumerate(states)]
    return Board(TODAY, ROLES, TEAM).having(accounts=accounts)


def test_an_account_that_waits_is_assigned_once_a_rule_finds_a_rep() -> None:
    book = replace(playbook(), assignment=REGIONS)
    board = with_versions(a_board("NY", "TX"), assign_owners(a_board("NY", "TX"), book))
    again = assign_owners(board, book)
    joined = assign_owners(replace(board, team=Team((*TEAM.reps, Rep("eve", "Eve", territories=("Southwest",))))), book)

    waiting = board.accounts["1"]
    assert (waiting.owner, waiting.owner_reason, waiting.owner_version) == (None, "No rep works Southwest.", 0)
    assert again == board
    assert joined.accounts["1"].owner == "eve"


def test_who_takes_over_is_of_the_territory_if_there_is_such_a_rep() -> None:
    book = replace(playbook(), assignment=REGIONS)
    accounts = [an_account("A", state="NY", owner="ann"), an_account("B", state="GA", owner="ann")]

    found = successors(Board(TODAY, ROLES, TEAM).having(accounts=accounts), "ann", None, book)

    assert found["A"].owner == "bob"
    assert (found["B"].owner in ("bob", "cleo"), found["B"].reason) == (True, "Took over from ann.")


def test_a_share_has_only_accounts_of_the_territories_of_the_rep() -> None:
    book = replace(playbook(), assignment=REGIONS)
    accounts = [an_account(str(n), state=("NY", "CA")[n % 2], owner="ann") for n in range(8)]
    board = Board(TODAY, ROLES, TEAM).having(accounts=accounts)

    assert set(share_of(board, "cleo", book)) <= {"1", "3", "5", "7"}
    assert share_of(board, "cleo", book)


def test_an_account_is_given_with_its_enrollment_and_its_tasks() -> None:
    board = a_board("TX").having(
        enrollments=[an_enrollment(facility_id="0", covers=["0"])], tasks=[a_task(facility_id="0")]
    )

    board = give_with_work({"0": Assigned("bob", "Given by ann.")})(board, playbook())

    [account], [enrollment], [task] = board.accounts.values(), board.enrollments.values(), board.tasks.values()
    assert (account.owner, account.owner_reason, enrollment.owner, task.rep) == ("bob", "Given by ann.", "bob", "bob")


@pytest.mark.parametrize(
    "change, problem",
    [
        ({"max_days_away": -1}, "max_days_away is at least 0"),
        ({"precedence": ("East",)}, "there is no territory 'East'"),
        ({"territories": REGIONS.territories * 2}, "'Northeast' occurs more than once"),
        ({"territories": (Territory("a", "rest"), Territory("b", "rest")), "precedence": ()}, "only one territory"),
    ],
)
def test_rules_that_contradict_themselves_are_refused(change: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        replace(REGIONS, **change)  # type: ignore[arg-type]


def test_the_pack_that_ships_assigns_by_load() -> None:
    crew = Roster(("ann", "bob"), playbook().assignment)

    found = assign([an_account(str(n), state=state) for n, state in enumerate(("NY", "CA", "PR", ""))], crew)

    assert [each.owner for each in found.values()] == ["ann", "bob", "ann", "bob"]
