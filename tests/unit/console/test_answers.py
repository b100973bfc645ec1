"""Does the answer of a command name what was changed?"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.console.usecases import answering
from services.console.usecases.answering import About
from shared.contracts.sequencer_accounts import GivenAccounts
from shared.contracts.sequencer_contacts import RecordedDeparture
from shared.contracts.sequencer_reps import ChangedLeave, LeaveRow

ABOUT = About("WILLOW BEND", {"ann": "Ann Achterberg", "bob": "Bob Moss"})
REFUSED: dict[str, list[str]] = {}


@pytest.mark.parametrize(
    "done, refused, stated",
    [
        (["A", "B"], REFUSED, "Skipped 2: A and B."),
        (["A", "B", "C", "D"], REFUSED, "Skipped 4: A, B and 2 more."),
        (["A"], {"It was done.": ["C", "D"]}, "Skipped 1: A. Not skipped: C and D. It was done."),
        ([], {"It was done.": ["C"]}, "Not skipped: C. It was done."),
    ],
)
def test_of_several_the_first_are_named_and_the_others_counted(
    done: list[str], refused: dict[str, list[str]], stated: str
) -> None:
    assert answering.several("Skipped", done, refused) == stated


def leave(cover: str | None, tasks: int) -> ChangedLeave:
    row = LeaveRow(
        leave_id=UUID(int=1), rep="ann", from_on=date(2026, 8, 31), to_on=date(2026, 9, 4), cover=cover, version=1
    )
    moved: Any = [None] * tasks
    return ChangedLeave.model_construct(leave=row, tasks=moved, waits={})


@pytest.mark.parametrize(
    "cover, tasks, follows",
    [
        (None, 0, ""),
        (None, 1, " 1 touch waits until then."),
        (None, 4, " 4 touches wait until then."),
        ("bob", 4, " Bob Moss does 4 touches instead."),
    ],
)
def test_a_leave_states_who_is_away_when_and_what_becomes_of_the_touches(
    cover: str | None, tasks: int, follows: str
) -> None:
    stated = answering.away(leave(cover, tasks), ABOUT)

    assert stated == f"Ann Achterberg is away from Mon 31 Aug to Fri 4 Sep.{follows}"


@pytest.mark.parametrize(
    "accounts, stated",
    [
        ([], "WILLOW BEND is Bob Moss's already."),
        (["1"], "WILLOW BEND went to Bob Moss, with 3 open tasks."),
        (["1", "2", "3"], "WILLOW BEND and 2 accounts of its chain went to Bob Moss, with 3 open tasks."),
    ],
)
def test_an_account_that_changes_hands_states_what_goes_with_it(accounts: list[str], stated: str) -> None:
    assert answering.given(GivenAccounts(rep="bob", accounts=accounts, enrollments=0, tasks=3), ABOUT) == stated


@pytest.mark.parametrize(
    "undo, stated", [(False, "Ada Moss has left Willow Bend."), (True, "Ada Moss is still at Willow Bend.")]
)
def test_a_departure_and_its_undo_name_the_person_and_the_account(undo: bool, stated: str) -> None:
    reply = RecordedDeparture(facility_id="1", name="Ada Moss", left_on=date(2026, 8, 31), changed=True, tasks=[])

    assert answering.departed(reply, About("Willow Bend", undo=undo)) == stated
    assert answering.back_again(reply) == {
        "command": "record_departure", "target": "1", "fields": {"who": "Ada Moss", "undo": "true"},
    }  # fmt: skip
