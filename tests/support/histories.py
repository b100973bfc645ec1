"""How does a test live through days of the sequencer without a database?

A `History` stores what the tables store, and carries out what commands and events do with the functions of the domain.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from engines.suppression.statements import Suppression
from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board, Decision, with_versions
from services.sequencer.domain.calendar import is_business_day, monday_of
from services.sequencer.domain.contacts import Sighting, incumbents
from services.sequencer.domain.enrollments import Cycle, Enrollment
from services.sequencer.domain.leads import Lead
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.plan.order import FIRST, LAST, ON_BUSINESS_DAYS
from services.sequencer.domain.plan.ownership import leave_chains, skip_calls_of_chain
from services.sequencer.domain.reps import Leave, Team, team_of
from services.sequencer.domain.resting import Letter, Rests, address_key, rests_of
from services.sequencer.domain.signals import Signal, is_open
from services.sequencer.domain.suppression import by_mark
from services.sequencer.domain.task_rules import Past
from services.sequencer.domain.tasks import BY, BY_RULE, Task
from tests.support.following import an_account

REPS = ("ann", "bob", "cleo")
CHAINS = {"A": "MOSS", "B": "MOSS", "C": "ROSE", "D": "ROSE"}
FACILITIES = tuple("ABCDEFGHIJ")
START = date(2026, 6, 24)
"""A Wednesday; 3 July, a Friday, is a holiday."""
SHARED = "office@example.org"
"""The address of more than one person."""


def a_sighting(facility_id: str, role: str, on: date, name: str = "Ada Moss", **more: str | None) -> Sighting:
    cells: dict[str, str | None] = {"direct_phone": "(518) 555-0111", "email": f"{role}@{facility_id}.example"}
    return Sighting(role, name, "website", on, facility_id, None, **cells | more)


@dataclass(frozen=True)
class LetterOf:
    """The letter of a task."""

    task_id: UUID
    letter: Letter


class Tables:
    """What is stored. Every stored change has a higher version."""

    def __init__(self, book: Playbook) -> None:
        self.book = book
        self.today = START
        self.team: Team = team_of(REPS)
        self.accounts: dict[str, Account] = {}
        self.leads: dict[UUID, Lead] = {}
        self.enrollments: dict[UUID, Enrollment] = {}
        self.tasks: dict[UUID, Task] = {}
        self.signals: dict[str, Signal] = {}
        self.sightings: list[Sighting] = []
        self.suppressions: dict[str, Suppression] = {}
        for n, each in enumerate(FACILITIES):
            self.accounts[each] = an_account(each, (1, 2, 1, 2, 99)[n % 5], str(90 - n), chain=CHAINS.get(each))
            address = SHARED if each in "EF" else f"administrator@{each}.example"
            known = [a_sighting(each, "administrator", START, email=address), a_sighting(each, "don", START, "Bo Reed")]
            self.sightings += known[: (2, 2, 0, 1)[n % 4]]

    @property
    def is_business_day(self) -> bool:
        return is_business_day(self.today, self.book.closed)

    @property
    def open(self) -> list[Enrollment]:
        return [each for each in self.enrollments.values() if each.is_open]

    @property
    def worklist(self) -> list[Task]:
        due = (each for each in self.tasks.values() if each.status == "due" and each.due_on <= self.today)
        return sorted(due, key=lambda each: (each.due_on, each.tier, -each.score, each.facility_id, each.task_id))

    @property
    def done_today(self) -> list[Task]:
        """What people did today; research that ended because a contact was found is no touch."""
        done = [each for each in self.tasks.values() if (each.status, each.done_on) == ("done", self.today)]
        return [each for each in done if each.done_by != BY]

    @property
    def rests(self) -> Rests:
        return rests_of(
            (each.letter for each in self.letters()), self.book.sequences, self.book.capacity.letters_per_person
        )

    def letters_to(self, address: str) -> list[date]:
        """The days on which letters were sent to an address."""
        sent = (each.letter for each in self.letters() if each.letter.sent)
        return [each.on for each in sent if address_key(each.address) == address_key(address)]

    def letters(self) -> Iterable[LetterOf]:
        for task in self.tasks.values():
            sent = task.status == "done"
            if task.channel == "email" and task.person and (sent or task.is_open):
                each = self.enrollments.get(task.enrollment_id) if task.enrollment_id else None
                on = (task.done_on or self.today) if sent else max(task.due_on, self.today)
                covers, sequence = (each.covers, each.sequence) if each else ([task.facility_id], None)
                letter = Letter(task.person["email"], covers, sequence, task.step_no, on, sent)
                yield LetterOf(task.task_id, letter)

    def opened(self, facility_ids: Iterable[str]) -> list[Enrollment]:
        return [each for each in self.open if not set(facility_ids).isdisjoint((each.facility_id, *each.covers))]

    def board(self) -> Board:
        """The board of the plan of a day."""
        week = monday_of(self.today)
        completed = ("completed", self.today)
        enrolled = [
            each
            for each in self.enrollments.values()
            if each.is_open or (each.started_on or date.min) >= week or (each.status, each.ended_on) == completed
        ]
        ids = {key for each in enrolled if each.is_open for key in (each.facility_id, *each.covers)}
        ids |= {each.facility_id for each in self.leads.values() if each.closed_on is None}
        ids |= {each.facility_id for each in self.signals.values() if is_open(each, self.today)}
        ids |= {each.facility_id for each in self.tasks.values() if each.enrollment_id is None and each.is_open}
        ids |= {key for key, each in self.accounts.items() if each.tier in self.book.tiers}
        return replace(
            self.board_of(ids, enrolled),
            leads=dict(self.leads),
            last_starts=self._last_starts(),
            last_cycles=self._last_cycles(),
            past_signals=self._signals(lambda each: not is_open(each, self.today)),
            past_tasks=self._past_tasks(),
            done_today=Counter(each.rep for each in self.done_today),
        )

    def _past_tasks(self) -> dict[tuple[str, str], Past]:
        ended = [each for each in self.tasks.values() if each.kind in BY_RULE and not each.is_open]
        by_series: dict[tuple[str, str], list[Task]] = defaultdict(list)
        for each in ended:
            by_series[each.facility_id, each.key.rpartition("|")[0]].append(each)
        return {
            key: Past(len(tasks), max((each.done_on for each in tasks if each.done_on), default=None))
            for key, tasks in by_series.items()
        }

    def board_of(self, facility_ids: Iterable[str], enrolled: Sequence[Enrollment] | None = None) -> Board:
        """The board of some accounts and of what covers them."""
        enrolled = self.opened(facility_ids) if enrolled is None else enrolled
        opened = [each for each in enrolled if each.is_open]
        ids = set(facility_ids) | {key for each in opened for key in (each.facility_id, *each.covers)}
        of = {each.enrollment_id for each in opened}
        tasks = [
            each
            for each in self.tasks.values()
            if each.enrollment_id in of or (not each.enrollment_id and each.is_open and each.facility_id in ids)
        ]
        return Board(
            self.today,
            self.book.roles,
            self.team,
            accounts={key: self.accounts[key] for key in sorted(ids)},
            leads={key: each for key, each in self.leads.items() if each.facility_id in ids},
            enrollments={each.enrollment_id: each for each in enrolled},
            tasks={each.task_id: each for each in tasks},
            signals=self._signals(lambda each: is_open(each, self.today) and each.facility_id in ids),
            incumbents=incumbents(self.book.roles, self.sightings),
            suppressions=by_mark(each for each in self.suppressions.values() if not each.lifted),
            rests=self.rests,
        )

    def _signals(self, wanted: Callable[[Signal], bool]) -> dict[str, list[Signal]]:
        found: dict[str, list[Signal]] = {}
        for each in sorted(self.signals.values(), key=lambda each: each.signal_id):
            if wanted(each):
                found.setdefault(each.facility_id, []).append(each)
        return found

    def _last_starts(self) -> dict[tuple[str, str], date]:
        starts: dict[tuple[str, str], date] = {}
        for each in self.enrollments.values():
            for key in each.covers if each.started_on and not each.is_open else ():
                starts[key, each.sequence] = max(
                    each.started_on or date.min, starts.get((key, each.sequence), date.min)
                )
        return starts

    def _last_cycles(self) -> dict[tuple[str, str], Cycle]:
        ordered = sorted(self.enrollments.values(), key=lambda each: each.cycle)
        return {(each.subject, each.sequence): Cycle(each.enrollment_id, each.cycle) for each in ordered}

    def decide(self, board: Board, *decisions: Decision) -> Board:
        """Apply decisions, and store the differences."""
        for decision in decisions:
            board = with_versions(board, decision(board, self.book))
            self.store(board)
        return board

    def store(self, board: Board) -> None:
        """A state that differs from the stored one is a later version; the rank of an account needs none."""
        self.accounts.update(board.accounts)
        for enrollment in board.enrollments.values():
            _grows(self.enrollments.get(enrollment.enrollment_id), enrollment)
        for task in board.tasks.values():
            _grows(self.tasks.get(task.task_id), task)
        for lead in board.leads.values():
            before = self.leads.get(lead.lead_id)
            _grows(before and replace(before, refreshed_on=lead.refreshed_on), lead)
        self.enrollments.update(board.enrollments)
        self.tasks.update(board.tasks)
        self.leads.update(board.leads)

    def plan(self) -> None:
        """The plan of a day."""
        worked = ON_BUSINESS_DAYS if self.is_business_day else ()
        self.decide(self.board(), *FIRST, *worked, *LAST)

    def follow(self) -> None:
        """Apply suppressions and contacts at once."""
        board = self.board_of({each.facility_id for each in self.tasks.values() if not each.enrollment_id}, self.open)
        self.decide(board, follow_contacts)

    def score(self, facility_id: str, tier: int, score: int) -> None:
        self.accounts[facility_id] = replace(self.accounts[facility_id], tier=tier, score=Decimal(score))

    def sell_to(self, facility_id: str, chain: str | None) -> None:
        """A listing with another chain is decided on at once."""
        if self.accounts[facility_id].chain == chain:
            return
        self.accounts[facility_id] = replace(self.accounts[facility_id], chain=chain)
        self.decide(self.board_of([facility_id]), leave_chains, skip_calls_of_chain([facility_id]))

    def list(self, facility_id: str, listed: bool) -> None:
        self.accounts[facility_id] = replace(self.accounts[facility_id], listed=listed)

    def leave(self, leave: Leave) -> None:
        others = (each for each in self.team.leaves if (each.rep, each.from_on) != (leave.rep, leave.from_on))
        self.team = replace(self.team, leaves=(*others, leave))


def _grows(before: Enrollment | Task | Lead | None, after: Enrollment | Task | Lead) -> None:
    if before is not None and before != after:
        assert after.version > before.version, (before, after)


def later(day: date, days: int) -> date:
    return day + timedelta(days=days)
