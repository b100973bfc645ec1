"""Do the promises of a working day hold in every state, whatever happens in whatever order?"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import is_business_day, monday_of
from services.sequencer.domain.marks import task_marks
from services.sequencer.domain.pack import LetterCap, Playbook, TouchCap
from services.sequencer.domain.reach import Contact
from services.sequencer.domain.sequences import After, Starts, Step, Wake, When
from services.sequencer.domain.stages import DECIDED
from services.sequencer.domain.suppression import by_mark, closed_place, why_not
from services.sequencer.domain.tasks import BY, Task, is_planned
from services.sequencer.settings import playbook
from tests.support.acts import ACTS, History
from tests.support.acts_of_undo import Touched
from tests.support.histories import FACILITIES

PACK = playbook()
EXAMPLES = int(os.environ.get("HISTORIES", "15"))
"""`HISTORIES=5000` tries that many histories; the default takes some seconds."""


def a_small_team(scope: str) -> Playbook:
    """Limits that a few facilities reach."""
    tiers = {
        1: replace(PACK.rule(1), per_rep=2, new_per_rep_and_week=1, blocked_per_rep=1),
        2: replace(PACK.rule(2), new_per_day=1, blocked_per_rep=1),
    }
    cap, letters = TouchCap(scope, 3), LetterCap(2, 20)  # type: ignore[arg-type]
    capacity = replace(PACK.capacity, tiers=tiers, touches_per_day=cap, letters_per_person=letters, research_per_day=1)
    return replace(PACK, capacity=capacity)


def business_days() -> Playbook:
    """Sequences with waits, conditions and start days."""
    nine, small = PACK.sequence(1), a_small_team("team")
    steps = (
        Step(1, "call", "administrator", "t", day=1),
        Step(2, "email", "don", "t", after=After(2, "business"), when=When(signal="open")),
        Step(3, "call", "don", "t", after=After(1, "calendar"), when=When(1, ("no_answer", "reached"))),
        Step(4, "email", "administrator", "t", after=After(4, "calendar"), when=When(has="call")),
        Step(5, "email", "don", "t", day=16, closing=True),
    )
    waits = replace(nine, steps=steps, wake=Wake(2, "t"), start_days=Starts(only=("tue", "thu")))
    nurture = replace(PACK.sequence(2), roll="previous_business_day", start_days=Starts(prefer=("wed",)))
    return replace(small, sequences={nine.name: waits, nurture.name: nurture})


BOOKS = {
    "pack": PACK,
    "small team": a_small_team("team"),
    "small rep": a_small_team("rep"),
    "business days": business_days(),
}


Act = tuple[str, int, int, int]


class Checked(History):
    """A history whose promises are checked after each act."""

    def __init__(self, book: Playbook) -> None:
        super().__init__(book)
        self.starts: Counter[tuple[int, str, date]] = Counter()
        self.touched: dict[str, date] = {}
        """When each facility was last touched by a sequence."""

    def plan(self) -> None:
        before = dict(self.tasks)
        running = {key for key, each in self.enrollments.items() if each.started_on}
        super().plan()
        self.check_plan([each for key, each in self.tasks.items() if key not in before or self._asked(before[key])])
        self.check_starts([key for key, each in self.enrollments.items() if each.started_on and key not in running])

    def on_day(self, a: int, b: int, c: int) -> None:
        """A second plan of the same day changes nothing."""
        super().on_day(a, b, c)
        once = self.board()
        super().plan()
        assert self.board() == once

    def _asked(self, before: Task) -> bool:
        now = self.tasks[before.task_id]
        again = before.kind == "research" and not before.is_open and now.is_open
        return again or (is_planned(before) and now.status == "due")

    def check_plan(self, new: list[Task]) -> None:
        offered = [each for each in new if each.is_open and not is_planned(each)]
        self.check_caps(offered)
        for task in self.worklist if self.is_business_day else []:
            assert not self.team.is_away(task.rep, self.today), "a rep who works has each due task"
        for task in offered:
            assert (task.due_on, self.is_business_day) == (self.today, True)
            others = [
                each
                for each in self.tasks.values()
                if each.facility_id == task.facility_id and each is not task and each.status == "due"
            ]
            assert not others, "an account has one touch on a day"
            if task.kind == "step":
                self.check_gap(task)
            if task.channel == "email" and task.person:
                assert not self.rests.why_no_letter(task.person["email"], self.today)

    def check_caps(self, offered: list[Task]) -> None:
        """People may put more on a day than a team can do; then the plan adds nothing."""
        cap = self.book.capacity.touches_per_day
        on_day = [*self.worklist, *self.done_today]
        by_rep = Counter(each.rep for each in on_day)
        added = Counter(each.rep for each in offered)
        if cap.scope == "team":
            assert by_rep.total() <= cap.max or not offered
        assert all(by_rep[rep] <= cap.max for rep in added)

    def check_gap(self, task: Task) -> None:
        assert task.enrollment_id
        each = self.enrollments[task.enrollment_id]
        last = self.touched.get(task.facility_id, date.min)
        gap = self.book.sequences[each.sequence].gap_days if task.step_no == each.from_step else 1
        assert task.due_on >= min(last, date.max - timedelta(gap)) + timedelta(days=gap), (task, last)
        self.check_wait(task, self.book.sequences[each.sequence].steps[task.step_no - 1])

    def check_wait(self, task: Task, step: Step) -> None:
        """A step after another one keeps its distance, however late that was."""
        of_same = (each for each in self.tasks.values() if each.enrollment_id == task.enrollment_id)
        others = (each for each in of_same if each.step_no not in (0, task.step_no) and each.done_on)
        # A step that cannot be done is passed over on the day of the next one.
        ended = [each.done_on for each in others if each.done_by != BY and each.done_on]
        if step.after and ended:
            between = [max(ended) + timedelta(days=n) for n in range(1, (task.due_on - max(ended)).days + 1)]
            counted = [day for day in between if step.after.of == "calendar" or is_business_day(day, self.book.closed)]
            assert len(counted) >= step.after.days

    def check_starts(self, keys: list[UUID]) -> None:
        for each in map(self.enrollments.__getitem__, keys):
            rule = self.book.rule(each.tier)
            self.starts[each.tier, each.owner, monday_of(self.today)] += 1
            self.starts[each.tier, "", self.today] += 1
            assert self.starts[each.tier, each.owner, monday_of(self.today)] <= (rule.new_per_rep_and_week or 99)
            assert self.starts[each.tier, "", self.today] <= (rule.new_per_day or 99)
            seats = [o for o in self.open if (o.tier, o.owner) == (each.tier, each.owner) and o.status != "blocked"]
            assert len(seats) <= (rule.per_rep or 99)

    def check_touch(self, task: Task) -> None:
        if task.enrollment_id and task.channel != "research":
            assert self.touched.get(task.facility_id, date.min) < self.today, "an account has one touch on a day"
            self.touched |= dict.fromkeys((task.facility_id, *self.enrollments[task.enrollment_id].covers), self.today)
        if task.channel == "email" and task.person:
            self.check_letters(task.person["email"])

    def forget(self, task: Task, made: Touched) -> None:
        """The accounts may be touched again today."""
        super().forget(task, made)
        covers = self.enrollments[task.enrollment_id].covers if task.enrollment_id else []
        for key in {task.facility_id, *covers} & {*self.touched}:
            self.touched[key] = max(made.contacted[key] or date.min, date.min)

    def check_letters(self, address: str) -> None:
        cap = self.book.capacity.letters_per_person
        sent = self.letters_to(address)
        assert cap
        assert sum(day > self.today - timedelta(days=cap.days) for day in sent) < cap.max

    def check(self) -> None:
        self.check_enrollments()
        for task in self.tasks.values():
            if task.is_open:
                assert is_business_day(task.due_on, self.book.closed)
                assert is_planned(task) or not self.why_stopped(task), task
                if task.enrollment_id:
                    assert self.enrollments[task.enrollment_id].is_open
            if task.enrollment_id and task.kind == "step":
                self.check_steps_before(task)

    def check_enrollments(self) -> None:
        covered = Counter(key for each in self.open for key in each.covers)
        assert all(count == 1 for count in covered.values()), covered
        enrolled = {*covered, *(each.facility_id for each in self.open)}
        prospects = {each.facility_id for each in self.leads.values() if each.is_open and each.lead_source == "signal"}
        clients = {key for key, each in self.accounts.items() if each.client}
        assert not clients & (enrolled | prospects), "an active client is no prospect"
        assert not [each for each in self.leads.values() if each.is_open and each.phase in DECIDED], "a win ends a lead"

    def check_steps_before(self, task: Task) -> None:
        """The steps before have ended; one that was not done has a reason."""
        of_same = (each for each in self.tasks.values() if each.enrollment_id == task.enrollment_id)
        steps = {each.step_no: each for each in of_same if each.kind == "step"}
        for n in range(self.enrollments[task.enrollment_id].from_step if task.enrollment_id else 1, task.step_no):
            assert not steps[n].is_open
            assert steps[n].outcome

    def why_stopped(self, task: Task) -> object:
        account = self.accounts[task.facility_id]
        in_force = by_mark(each for each in self.suppressions.values() if not each.lifted)
        if task.channel == "research":
            return closed_place(account.facility_id, account.chain, in_force)
        person = Contact(**task.person) if task.person else None
        marks = task_marks(self.book.roles, account.facility_id, account.chain, person, task.channel)
        return why_not(in_force, marks, task.channel)


WON_BEFORE_THE_LIST = [
    ("signal", 3, 0, 1),
    ("days", 2, 0, 0),
    ("day", 0, 0, 0),
    ("win", 3, 0, 0),
    ("import_accounts", 3, 2, 0),
    ("day", 0, 0, 0),
]
STOPPED_BEFORE_IT_WAS_MOVED = [("win", 2, 0, 0), ("stop", 2, 0, 0), ("days", 2, 0, 0), ("snooze", 0, 0, 0)]
TAKEN_BACK_BEFORE_IT_WAS_FOUND = [
    ("days", 2, 0, 0),
    ("take_back", 0, 0, 0),
    ("signal", 0, 0, 1),
    ("import_contacts", 2, 0, 0),
    ("days", 4, 0, 0),
]
PASSED_OVER_LATE = [
    ("day", 0, 0, 0),
    ("work", 0, 7, 0),
    ("days", 4, 0, 0),
    ("day", 3, 0, 0),
    ("days", 6, 1, 0),
    ("day", 0, 0, 0),
    ("day", 0, 0, 0),
    ("day", 3, 0, 0),
]
MEMBER_BECAME_A_CLIENT = [("day", 0, 0, 0), ("meet", 2, 0, 0), ("client", 3, 0, 0), ("undo", 0, 0, 0)]

numbers = st.integers(0, len(FACILITIES) - 1)
an_act = st.tuples(st.sampled_from((*ACTS, *("day", "days", "work", "undo_import") * 4)), numbers, numbers, numbers)


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS)
@settings(deadline=None, max_examples=EXAMPLES)
@given(acts=st.lists(an_act, max_size=40))
@example(acts=MEMBER_BECAME_A_CLIENT)
@example(acts=PASSED_OVER_LATE)
@example(acts=WON_BEFORE_THE_LIST)
@example(acts=STOPPED_BEFORE_IT_WAS_MOVED)
@example(acts=TAKEN_BACK_BEFORE_IT_WAS_FOUND)
def test_the_promises_of_a_day_hold_in_every_history(book: Playbook, acts: list[Act]) -> None:
    history = Checked(book)
    for act in acts:
        history.act(*act)
        history.check()


FACTS = ("signal", "score", "list", "sell")
facts = st.lists(st.tuples(st.sampled_from(FACTS), numbers, numbers, numbers), max_size=12)


@settings(deadline=None, max_examples=EXAMPLES)
@given(acts=st.lists(an_act, max_size=10), facts=facts, random=st.randoms(use_true_random=False))
def test_the_order_of_facts_between_two_plans_does_not_matter(
    acts: list[Act], facts: list[Act], random: Random
) -> None:
    facts = [*{(what, a): (what, a, b, c) for what, a, b, c in facts}.values()]
    boards: list[Board] = []
    for ordered in (facts, random.sample(facts, len(facts))):
        history = Checked(BOOKS["small team"])
        for act in (*acts, *ordered, ("days", 2, 0, 0)):
            history.act(*act)
        boards.append(history.board())
    assert boards[0] == boards[1]
