"""Which outcomes can a touch have, and what follows from them?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engines.packs import section
from engines.suppression.statements import Statement, suppressed
from services.sequencer.domain.identity import account_task_id
from services.sequencer.domain.leads import new_lead
from services.sequencer.domain.marks import person_marks
from services.sequencer.domain.plan.account_tasks import end_account_tasks, follow_up_task, resume_tasks
from services.sequencer.domain.plan.ending import withdraw
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.suppression import by_mark
from services.sequencer.domain.tasks import Task
from services.sequencer.domain.touches import FollowUp, Touches, TouchOutcome
from services.sequencer.settings import closed_days
from tests.support.following import a_task, an_account
from tests.unit.sequencer.test_plan import BOOK, PLAN, THURSDAY, a_board, after, seen

PACK = section("touches", Touches)
MONDAY = date(2026, 7, 6)
SENT = (TouchOutcome("sent", "sent"),)


def outcomes(**channels: tuple[TouchOutcome, ...]) -> Touches:
    return Touches(dict.fromkeys(("call", "email", "linkedin", "research"), SENT) | channels)  # type: ignore[operator]


def a_follow_up() -> Task:
    """What follows the first call of A, on a Thursday before a holiday."""
    touch = replace(a_task(person={"role": "administrator", "name": "Ada Moss"}), note="has two open seats")
    outcome = PACK.of("call")["interested"]
    return follow_up_task(an_account(owner="rep-2"), touch, outcome, PACK, THURSDAY, closed_days())


def test_the_outcomes_of_a_channel_have_ids_titles_and_effects() -> None:
    effects = {outcome.id: outcome.then for outcome in PACK.outcomes["call"] if outcome.then != "none"}

    same = {each: each for each in ("interested", "meeting", "callback", "not_interested")}
    assert effects == same | {"wrong_number": "wrong_contact"}
    assert PACK.title("call", "left_voicemail") == "left a voicemail"
    assert PACK.title("call", "on leave") == "on leave"


def test_a_channel_with_one_outcome_needs_none_to_be_named() -> None:
    chosen = PACK.chosen("email", None)

    assert chosen
    assert chosen.id == "sent"
    assert PACK.chosen("call", None) is None
    assert PACK.chosen("email", "reached") is None


@pytest.mark.parametrize(
    "channels, fault",
    [
        ({"call": ()}, "outcomes of call are missing"),
        ({"call": SENT * 2}, "each outcome of call needs its own id"),
    ],
)
def test_the_outcomes_of_a_pack_are_checked(channels: dict[str, tuple[TouchOutcome, ...]], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        outcomes(**channels)


@pytest.mark.parametrize("word", ["Left voicemail", "", "9", "a" * 41])
def test_the_id_of_an_outcome_is_a_word(word: str) -> None:
    with pytest.raises(ValueError, match="id is a word"):
        TouchOutcome(word, "title")


def test_a_follow_up_is_on_a_later_day() -> None:
    with pytest.raises(ValueError, match="at least 1 business day"):
        FollowUp(after=0)


def test_interest_is_followed_by_a_call_of_the_same_person_on_the_next_business_day() -> None:
    task = a_follow_up()

    assert (task.kind, task.channel, task.due_on, task.status, task.rep) == (
        "follow_up", "call", MONDAY, "moved", "rep-2",
    )  # fmt: skip
    assert task.person
    assert task.person["name"] == "Ada Moss"
    assert task.reason == "Wants to hear more, by call on 2026-07-02 (has two open seats)."
    assert (task.task_id, task.enrollment_id) == (account_task_id("A", "follow_up", task.key), None)


def test_a_follow_up_falls_due_on_its_day() -> None:
    board = a_board(an_account(), known=(seen("A"),)).having(tasks=[a_follow_up()])

    [waiting] = after(board, resume_tasks).account_tasks
    [due] = after(replace(board, today=MONDAY), resume_tasks).account_tasks

    assert (waiting.status, due.status, due.version) == ("moved", "due", 2)


def test_the_tasks_of_an_account_end_with_its_lead() -> None:
    board = a_board(an_account(), known=(seen("A"),)).having(tasks=[a_follow_up()])
    raised = new_lead(an_account(), (), THURSDAY, BOOK.stages)
    lost = replace(raised, closed_on=THURSDAY, closed_reason="too small")

    assert [task.status for task in after(board, end_account_tasks).account_tasks] == ["moved"]
    for ended in (
        after(board.having(leads=[lost]), end_account_tasks),
        after(board.having(accounts=[an_account(client=True)]), end_account_tasks),
        after(board.having(accounts=[an_account(listed=False)]), end_account_tasks),
    ):
        [task] = ended.tasks.values()
        assert (task.status, task.done_by, task.version) == ("canceled", "sequencer", 2)


def test_a_follow_up_of_a_person_who_must_not_be_called_is_skipped() -> None:
    marks = person_marks(a_board().roles, "facility:A", "Ada Moss", None)
    no = Statement("person", "p", "Ada Moss", marks, ["call"], "asked us to", "a call", "ann", THURSDAY)
    board = a_board(an_account(), known=(seen("A"),)).having(tasks=[a_follow_up()])

    stopped = after(replace(board, suppressions=by_mark([suppressed(None, no)])), follow_contacts)

    [task] = stopped.tasks.values()
    assert (task.status, task.outcome) == ("skipped", "Do not contact Ada Moss by call: asked us to (ann, 2026-07-02).")


def test_a_follow_up_addresses_the_person_as_last_known() -> None:
    board = a_board(an_account(), known=(seen("A", "(518) 555-0122"),)).having(tasks=[a_follow_up()])

    [task] = after(board, follow_contacts).tasks.values()
    again = after(board, follow_contacts, follow_contacts)

    assert task.person
    assert task.person["direct_phone"] == "(518) 555-0122"
    assert (task.version, task.status) == (2, "moved")
    assert list(again.tasks.values()) == [task]


def test_what_ends_with_its_enrollment_is_canceled() -> None:
    board = after(a_board(an_account(), known=(seen("A"),)), *PLAN, withdraw("A", "Touch: wants to hear more."))

    [enrollment], [task] = board.enrollments.values(), board.tasks.values()
    assert (enrollment.status, enrollment.reason) == ("stopped", "Touch: wants to hear more.")
    assert (task.status, task.outcome) == ("canceled", "Touch: wants to hear more.")
