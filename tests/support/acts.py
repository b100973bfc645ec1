"""What can happen on a day of the sequencer: the acts of people, and facts of other services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engines.suppression.statements import ALL, Scope, Statement, allowed, suppressed
from services.sequencer.domain.board import Board
from services.sequencer.domain.marks import person_marks, place_marks
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.covering import cover_absent
from services.sequencer.domain.plan.leaving import hand_over_from, successors
from services.sequencer.domain.reps import Leave, Rep
from services.sequencer.domain.signals import Signal
from tests.support.acts_of_imports import Importing
from tests.support.histories import CHAINS, FACILITIES, REPS, SHARED, a_sighting, later

CHANNELS = ("call", "email", "linkedin", ALL)


class History(Importing):
    """Days with acts. An act has three numbers, which choose among what is possible now."""

    def __init__(self, book: Playbook) -> None:
        super().__init__(book)
        self._last: Callable[[], None] = lambda: None

    def act(self, what: str, a: int, b: int, c: int) -> None:
        if what != "repeat":
            self._last = lambda: getattr(self, f"on_{what}")(a, b, c)
        self._last()

    # Days

    def next_day(self) -> None:
        self.today = later(self.today, 1)
        self.outcomes = {}

    def on_day(self, a: int, b: int, c: int) -> None:
        """A day on which no person works, after up to two days on which the service was down."""
        for _ in range(a % 4 // 3 * 2 + 1):
            self.next_day()
        self.plan()

    def on_days(self, a: int, b: int, c: int) -> None:
        """Some days on which all or most of the work is done."""
        for _ in range(a // 2 + 1):
            self.next_day()
            self.plan()
            self.work(len(self.worklist) - (b == 0), c // 9)

    # The team

    def on_away(self, a: int, b: int, c: int) -> None:
        from_on = later(self.today, b % 4)
        cover = (*REPS, None)[c % 4]
        members = self.team.members(self.today)
        leave = Leave(REPS[a % 3], from_on, later(from_on, b), None if cover == REPS[a % 3] else cover)
        overlaps = any(
            each.rep == leave.rep and each.from_on <= leave.to_on and leave.from_on <= each.to_on
            for each in self.team.leaves
        )
        if leave.rep in members and (leave.cover is None or leave.cover in members) and not overlaps:
            self.leave(leave)
            self.cover()

    def on_back(self, a: int, b: int, c: int) -> None:
        leave = self.team.leave(REPS[a % 3], self.today)
        if leave:
            self.leave(replace(leave, to_on=later(self.today, -1), version=leave.version + 1))
            self.cover()

    def cover(self) -> None:
        self.decide(self.board_of({t.facility_id for t in self.tasks.values() if t.is_open}, self.open), cover_absent)

    def on_leave_team(self, a: int, b: int, c: int) -> None:
        rep, members = REPS[a % 3], self.team.members(self.today)
        others = [each for each in members if each != rep]
        if rep in members and others:
            owners = successors(self.all_accounts(), rep, (*others, None)[b % (len(others) + 1)], self.book)
            self.team = replace(self.team, reps=tuple(self._left(each, rep) for each in self.team.reps))
            self.decide(self.all_accounts(), hand_over_from(rep, owners), cover_absent)

    def on_join(self, a: int, b: int, c: int) -> None:
        """A rep who left joins the team again."""
        rep = REPS[a % 3]
        if rep not in self.team.members(self.today):
            self.team = replace(self.team, reps=tuple(self._joined(each, rep) for each in self.team.reps))

    def _joined(self, each: Rep, rep: str) -> Rep:
        again = replace(each, joined_on=self.today, left_on=None, version=each.version + 1)
        return again if each.rep == rep else each

    def all_accounts(self) -> Board:
        return replace(self.board(), accounts=dict(self.accounts))

    def _left(self, each: Rep, rep: str) -> Rep:
        return replace(each, left_on=self.today, version=each.version + 1) if each.rep == rep else each

    # Facts

    def on_signal(self, a: int, b: int, c: int) -> None:
        facility_id, role = FACILITIES[a], ("mds_coordinator", "qm", "pdpm_rac")[b % 3]
        key = f"{facility_id}-{role}-{b // 3}"
        first = self.signals[key].first_seen_on if key in self.signals else self.today
        expires_on = later(self.today, c * 5 - 1)
        self.signals[key] = Signal(facility_id, key, role, role, first, self.today, expires_on, c % 5, False)

    def on_score(self, a: int, b: int, c: int) -> None:
        self.score(FACILITIES[a], (1, 2, 3)[b % 3], 50 + c)

    def on_list(self, a: int, b: int, c: int) -> None:
        self.list(FACILITIES[a], b % 3 > 0)

    def on_sell(self, a: int, b: int, c: int) -> None:
        self.sell_to(FACILITIES[a], (CHAINS.get(FACILITIES[a]), "MOSS", "ROSE", None)[b % 4])

    def on_contact(self, a: int, b: int, c: int) -> None:
        role, name = ("administrator", "don")[b % 2], ("Ada Moss", "Cy Lane", "Vacant")[c % 3]
        cells: dict[str, str | None] = {}
        if b > 5:
            cells = {"email": SHARED, "direct_phone": None}
        self.sightings.append(a_sighting(FACILITIES[a], role, self.today, name, **cells))
        self.follow()

    def on_stop(self, a: int, b: int, c: int) -> None:
        self._suppress(a, b, c, stop=True)

    def on_allow(self, a: int, b: int, c: int) -> None:
        self._suppress(a, b, c, stop=False)

    def _suppress(self, a: int, b: int, c: int, stop: bool) -> None:
        key = FACILITIES[a]
        person = self.board_of([key]).people_at(key, None).get(("administrator", "don")[b % 2])
        target, marks = f"facility:{key}", place_marks(key, None)
        scope: Scope = "facility"
        if b > 3 and person:
            scope, target = "person", f"person:{key}/{person.name}"
            marks = person_marks(self.book.roles, f"facility:{key}", person.name, person.email)
        statement = Statement(scope, target, target, marks, [CHANNELS[c % 4]], "asked", "test", "ann", self.today)
        known = self.suppressions.get(target)
        if stop:
            self.suppressions[target] = suppressed(known, statement)
            self.follow()
        elif known and not known.lifted:
            self.suppressions[target] = allowed(known, statement)


ACTS = ("repeat", *(name.removeprefix("on_") for name in dir(History) if name.startswith("on_")))
"""A `repeat` does the last act again."""
