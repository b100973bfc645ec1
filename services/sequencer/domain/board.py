"""What is a board, the input and output of decisions?

A decision is a function from one board to the next. The differences between two boards are what happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import is_
from typing import Any, TypeVar
from uuid import UUID

from services.sequencer.domain.accounts import Account, with_owner_version
from services.sequencer.domain.contacts import Incumbents, people_for
from services.sequencer.domain.enrollments import Cycle, Enrollment, EnrollmentStatus
from services.sequencer.domain.leads import Lead, lead_source, numbered
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.reach import People
from services.sequencer.domain.reps import Team
from services.sequencer.domain.resting import Rests
from services.sequencer.domain.roles import ContactRoles
from services.sequencer.domain.sequences import Sequence as Steps
from services.sequencer.domain.signals import Signal
from services.sequencer.domain.suppression import InForce, with_suppressions
from services.sequencer.domain.task_rules import Past
from services.sequencer.domain.tasks import PROMISED, Task

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Board:
    """The team; accounts, leads, enrollments and tasks by their ids; signals, contacts and suppressions."""

    today: date
    roles: ContactRoles
    team: Team = field(default_factory=Team)
    accounts: Mapping[str, Account] = field(default_factory=dict)
    leads: Mapping[UUID, Lead] = field(default_factory=dict)
    enrollments: Mapping[UUID, Enrollment] = field(default_factory=dict)
    """The open enrollments, those that were started this week, and those that were completed today."""
    tasks: Mapping[UUID, Task] = field(default_factory=dict)
    """Every task of the open enrollments, and the open tasks of accounts."""
    signals: Mapping[str, Sequence[Signal]] = field(default_factory=dict)
    """The open signals, by facility."""
    incumbents: Incumbents = field(default_factory=dict)
    suppressions: InForce = field(default_factory=dict)
    last_starts: Mapping[tuple[str, str], date] = field(default_factory=dict)
    """When a facility was last enrolled in each sequence, according to enrollments that are no longer open."""
    last_cycles: Mapping[tuple[str, str], Cycle] = field(default_factory=dict)
    """By subject and sequence."""
    past_signals: Mapping[str, Sequence[Signal]] = field(default_factory=dict)
    """The signals that are no longer open, by facility."""
    rests: Rests = field(default_factory=Rests)
    out_of_office: Mapping[str, date] = field(default_factory=dict)
    """Until when a person does not work, by address."""
    past_tasks: Mapping[tuple[str, str], Past] = field(default_factory=dict)
    """The tasks by rules of the pack that ended, by facility and by what their keys begin with."""
    done_today: Mapping[str, int] = field(default_factory=dict)
    """The touches that each rep has done today."""
    pinned: Mapping[str, Steps] = field(default_factory=dict)
    """The sequences that enrollments have started with, by version."""
    views: dict[object, tuple[tuple[object, ...], Any]] = field(default_factory=dict, compare=False, repr=False)
    """What was derived from parts of a board, with these parts. The next boards use it while they share the parts."""

    def having(
        self,
        *,
        accounts: Iterable[Account] = (),
        leads: Iterable[Lead] = (),
        enrollments: Iterable[Enrollment] = (),
        tasks: Iterable[Task] = (),
    ) -> Board:
        """The next board, in which these replace the ones with the same ids."""
        return replace(
            self,
            accounts=_merged(self.accounts, {each.facility_id: each for each in accounts}),
            leads=_merged(self.leads, {each.lead_id: each for each in leads}),
            enrollments=_merged(self.enrollments, {each.enrollment_id: self._next(each) for each in enrollments}),
            tasks=_merged(self.tasks, {each.task_id: each for each in tasks}),
        )

    def adding(self, enrollments: Iterable[Enrollment], tasks: Iterable[Task]) -> Board:
        """The board with more of what is stored, such as what has ended; these are no changes."""
        return replace(
            self,
            enrollments=_merged(self.enrollments, {each.enrollment_id: each for each in enrollments}),
            tasks=_merged(self.tasks, {each.task_id: each for each in tasks}),
        )

    def _next(self, enrollment: Enrollment) -> Enrollment:
        """The enrollment in its next version, if it differs from the one on the board."""
        before = self.enrollments.get(enrollment.enrollment_id)
        return before if before == enrollment else replace(enrollment, version=before.version + 1 if before else 1)

    def expecting(self, days: Mapping[str, date | None]) -> Board:
        """The next board, with the days of the next follow-up of facilities (R49)."""
        given = ((self.accounts[each], day) for each, day in days.items())
        changed = (replace(each, next_follow_up_on=day) for each, day in given if each.next_follow_up_on != day)
        return self.having(accounts=changed)

    def _view(self, name: object, parts: tuple[object, ...], derive: Callable[[], V]) -> V:
        """What `derive` makes of these parts of the board, once for all boards that share them."""
        found = self.views.get(name)
        if found is None or not all(map(is_, found[0], parts)):
            found = self.views[name] = parts, derive()
        derived: V = found[1]
        return derived

    @property
    def open(self) -> Sequence[Enrollment]:
        """Blocked and active enrollments, by tier and facility."""
        return self._view("open", (self.enrollments,), self._open)

    def _open(self) -> list[Enrollment]:
        found = (each for each in self.enrollments.values() if each.is_open)
        return sorted(found, key=lambda each: (each.tier, each.facility_id, each.enrollment_id))

    @property
    def active(self) -> Sequence[Enrollment]:
        return self._open_as("active")

    @property
    def paused(self) -> Sequence[Enrollment]:
        return self._open_as("paused")

    @property
    def blocked(self) -> Sequence[Enrollment]:
        return self._open_as("blocked")

    def _open_as(self, status: EnrollmentStatus) -> Sequence[Enrollment]:
        return self._view(status, (self.enrollments,), lambda: [each for each in self.open if each.status == status])

    def sequence(self, enrollment: Enrollment, book: Playbook) -> Steps | None:
        """The sequence of an enrollment, in the version that it started with; None if there is none any more."""
        return self.pinned.get(enrollment.sequence_version or "") or book.sequences.get(enrollment.sequence)

    def tasks_by_enrollment(self) -> Mapping[UUID, Sequence[Task]]:
        return self._view("tasks_by_enrollment", (self.tasks,), self._tasks_by_enrollment)

    def _tasks_by_enrollment(self) -> Mapping[UUID, list[Task]]:
        found: dict[UUID, list[Task]] = defaultdict(list)
        for task in self.tasks.values():
            if task.enrollment_id:
                found[task.enrollment_id].append(task)
        return found

    @property
    def account_tasks(self) -> Sequence[Task]:
        """The open tasks that belong to an account and to no enrollment."""
        return self._view("account_tasks", (self.tasks,), self._account_tasks)

    def _account_tasks(self) -> list[Task]:
        found = (task for task in self.tasks.values() if task.enrollment_id is None and task.is_open)
        return sorted(found, key=lambda task: (task.facility_id, task.due_on, task.task_id))

    @property
    def promised(self) -> Mapping[str, date]:
        """The day of the last open call or letter that was promised, by facility."""
        # Those of a facility are in the order of their days.
        return self._view(
            "promised",
            (self.tasks,),
            lambda: {task.facility_id: task.due_on for task in self.account_tasks if task.kind in PROMISED},
        )

    def is_lost(self, facility_id: str) -> bool:
        """Whether its lead was lost and no person has re-opened it."""
        lead = self.prospect_lead(facility_id)
        return lead is not None and lead.phase == "lost"

    def is_engaged(self, facility_id: str) -> bool:
        """Whether a person works its lead by hand now."""
        lead = self.prospect_lead(facility_id)
        return lead is not None and lead.is_engaged(self.today)

    def prospect_lead(self, facility_id: str) -> Lead | None:
        return self._view("prospect_leads", (self.leads,), self._prospect_leads).get(facility_id)

    def _prospect_leads(self) -> Mapping[str, Lead]:
        source = lead_source(client=False)
        return {lead.facility_id: lead for lead in self.leads.values() if lead.lead_source == source}

    def is_prospect(self, account: Account) -> bool:
        """Whether it may be enrolled: an active client never is (R45)."""
        if not account.listed or account.client:
            return False
        lead = self.prospect_lead(account.facility_id)
        return lead is None or not (lead.phase == "lost" or lead.is_engaged(self.today))

    def prospects(self, tiers: Sequence[int]) -> Sequence[Account]:
        """The prospects of these tiers, by facility id."""
        parts = (self.accounts, self.leads, self.today)
        return self._view(("prospects", *tiers), parts, lambda: self._prospects(tiers))

    def _prospects(self, tiers: Sequence[int]) -> list[Account]:
        found = (each for each in self.accounts.values() if each.tier in tiers and self.is_prospect(each))
        return sorted(found, key=lambda account: account.facility_id)

    def people(self, enrollment: Enrollment) -> People:
        """The people of an enrollment, each with their suppressed channels."""
        return self.people_at(enrollment.facility_id, enrollment.chain)

    def people_at(self, facility_id: str, chain: str | None) -> People:
        """The people of a facility, and of a chain if it is given, each with their suppressed channels."""
        parts = (self.today, self.roles, self.incumbents, self.suppressions, self.rests)
        known: dict[tuple[str, str | None, str | None], People] = self._view("people", parts, dict)
        of_chain = chain or self.accounts[facility_id].chain
        key = facility_id, chain, of_chain
        if key not in known:
            found = people_for(self.roles, self.incumbents, facility_id, chain)
            known[key] = self._with_rests(with_suppressions(found, facility_id, of_chain, self.suppressions))
        return known[key]

    def _with_rests(self, people: People) -> People:
        resting = {
            role: replace(contact, resting=why)
            for role, contact in people.by_role.items()
            if (why := self.rests.why_no_letter(contact.email, self.today))
        }
        return replace(people, by_role={**people.by_role, **resting}) if resting else people


Decision = Callable[[Board, Playbook], Board]


def with_versions(before: Board, after: Board) -> Board:
    """The board after a decision, in which each lead and owner whose published state changed has its next version."""
    leads = after.leads if after.leads is before.leads else numbered(before.leads, after.leads)
    owned = {
        old.facility_id: with_owner_version(old, new) for old, new in changed(before.accounts, after.accounts) if old
    }
    accounts = {**after.accounts, **owned} if owned else after.accounts
    return replace(after, leads=leads, accounts=accounts)


def _merged(before: Mapping[K, V], new: Mapping[K, V]) -> Mapping[K, V]:
    """The same mapping if nothing is new, so that a comparison of two boards is quick."""
    return {**before, **new} if new else before


def changed(before: Mapping[K, V], after: Mapping[K, V]) -> list[tuple[V | None, V]]:
    """The differences between two boards: the previous and the current value of each."""
    if before is after:
        return []
    pairs = ((before.get(key), value) for key, value in after.items())
    return [(old, new) for old, new in pairs if old is not new and old != new]
