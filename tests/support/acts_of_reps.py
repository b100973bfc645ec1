"""What do people do on a day of the sequencer: touches, and outcomes of leads?"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from engines.suppression.statements import ALL
from services.sequencer.domain import leads
from services.sequencer.domain.calendar import business_days_after, next_business_day
from services.sequencer.domain.identity import lead_id
from services.sequencer.domain.leads import lead_source, new_lead, reopened
from services.sequencer.domain.outcomes import (
    ENDS,
    Before,
    Outcome,
    OutcomeKind,
    before,
    carried_out,
    is_repeated,
    outcome_of,
    undone,
)
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.account_tasks import (
    add_task,
    callback_task,
    end_account_tasks,
    follow_up_task,
)
from services.sequencer.domain.plan.covering import cover_absent
from services.sequencer.domain.plan.ending import withdraw
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.plan.leads import after, close_leads, engage, own_leads
from services.sequencer.domain.plan.order import RESTORED
from services.sequencer.domain.plan.pausing import pause
from services.sequencer.domain.stages import Phase
from services.sequencer.domain.tasks import PROMISED, Task, is_planned, latest_day, moved, with_end
from services.sequencer.domain.touches import TouchOutcome
from services.sequencer.settings import touches
from tests.support.histories import FACILITIES, Tables

CHANNELS = ("call", "email", "linkedin", ALL)


class Work(Tables):
    """The work of reps. An act has three numbers, which choose among what is possible now."""

    def __init__(self, book: Playbook) -> None:
        super().__init__(book)
        self.outcomes: dict[str, tuple[Outcome, Before]] = {}
        """The last outcome of each account that was recorded today."""

    # Touches

    def on_work(self, a: int, b: int, c: int) -> None:
        self.work(a + 1, b)

    def work(self, count: int, nth: int) -> None:
        for task in self.worklist[: count if self.is_business_day else 0]:
            if self.tasks[task.task_id].is_open:
                outcomes = touches().outcomes[task.channel]
                self.complete(self.tasks[task.task_id], outcomes[nth % len(outcomes)])

    def complete(self, task: Task, outcome: TouchOutcome) -> None:
        task = with_end(task, "done", outcome.id, task.rep, self.today)
        self.check_touch(task)
        self.keep(task)
        if task.channel != "research":
            covers = self.enrollments[task.enrollment_id].covers if task.enrollment_id else []
            for key in {task.facility_id, *covers}:
                self.accounts[key] = replace(self.accounts[key], last_contacted_on=self.today)
            self.decide(self.board_of({task.facility_id, *covers}), after("touch"))
        self.follow_up(task, outcome)

    def check_touch(self, task: Task) -> None:
        """What holds before a touch; the test overrides it."""

    def keep(self, task: Task) -> None:
        self.store(self.board_of([]).having(tasks=[task]))

    def follow_up(self, task: Task, outcome: TouchOutcome) -> None:
        key, pack = task.facility_id, touches()
        match outcome.then:
            case "interested":
                self.decide(self.board_of([key]), withdraw([key], "Interested."), engage([key]))
                account = self.accounts[key]
                self.add(follow_up_task(account, task, outcome, pack, self.today, self.book.closed))
            case "callback":
                on = business_days_after(self.today, 1 + len(task.facility_id + task.rep) % 6, self.book.closed)
                until = next_business_day(on, self.book.closed)
                self.decide(self.board_of([key]), pause(key, until, "A call was promised."))
                self.add(callback_task(self.accounts[key], task, pack, on, self.today))
            case "meeting":
                self.record(key, "meeting")
            case "not_interested":
                self.record(key, "lost")

    def add(self, task: Task) -> None:
        known = self.tasks.get(task.task_id)
        if known and known.is_open:
            return
        task = replace(task, version=known.version + 1) if known else task
        self.decide(self.board_of([task.facility_id]), add_task(task), cover_absent, follow_contacts)

    def on_skip(self, a: int, b: int, c: int) -> None:
        if task := self.some_task(a):
            self.keep(with_end(task, "skipped", "no time", task.rep, self.today))

    def on_snooze(self, a: int, b: int, c: int) -> None:
        """Beyond the slip of its tier, the sequence waits as well."""
        task = self.some_task(a)
        if task is None or (until := business_days_after(self.today, b + 1, self.book.closed)) == task.due_on:
            return
        waits = moved(task, until, "later", task.rep, self.today)
        pauses = [pause(task.facility_id, next_business_day(until, self.book.closed), "later")]
        if task.kind == "step" and task.tier in self.book.tiers:
            slip = self.book.rule(task.tier).slip_days
            pauses = (
                [pause(task.facility_id, until, "later")] if until > latest_day(task, slip, self.book.closed) else []
            )
            waits = replace(waits, planned_on=until) if pauses else waits
        elif task.kind not in PROMISED:
            pauses = []
        self.decide(
            self.board_of([task.facility_id]), lambda now, _: now.having(tasks=[waits]), *pauses, follow_contacts
        )

    def on_reassign(self, a: int, b: int, c: int) -> None:
        task, working = self.some_task(a), self.team.working(self.today)
        if task and working and (to := working[b % len(working)]) != task.rep:
            self.keep(replace(task, rep=to, absent=None, version=task.version + 1))

    def on_reply(self, a: int, b: int, c: int) -> None:
        """A person replies to a letter; one that the sequencer takes for unsent was sent."""
        letters = [each for each in self.tasks.values() if each.channel == "email" and each.person]
        letters = [each for each in letters if each.status == "done" or (each.is_open and not is_planned(each))]
        if letters and self.is_business_day:
            letter = sorted(letters, key=lambda each: each.task_id)[(a * 10 + b) % len(letters)]
            if letter.is_open:
                self.complete(letter, touches().plain("email"))
            self.follow_up(self.tasks[letter.task_id], TouchOutcome("replied", "replied", "interested"))

    def some_task(self, n: int) -> Task | None:
        opened = sorted((each for each in self.tasks.values() if each.is_open), key=lambda each: each.task_id)
        return opened[n % len(opened)] if opened else None

    # Outcomes of leads

    def on_win(self, a: int, b: int, c: int) -> None:
        self.record(FACILITIES[a], "won")

    def on_lose(self, a: int, b: int, c: int) -> None:
        self.record(FACILITIES[a], "lost")

    def on_meet(self, a: int, b: int, c: int) -> None:
        self.record(FACILITIES[a], "meeting")

    def record(self, facility_id: str, kind: OutcomeKind) -> None:
        account, board = self.accounts[facility_id], self.board_of([facility_id])
        lead = board.leads.get(lead_id(facility_id, lead_source(account.client)))
        if lead is None:
            lead = new_lead(account, (), self.today, self.book.stages)
            board = self.decide(board, lambda now, _: now.having(leads=[lead]))
        last = self.outcomes.get(facility_id)
        if lead.phase == kind or is_repeated(last[0] if last else None, lead, kind):
            return
        new = self.decide(board, *carried_out(lead.lead_id, kind, "a reason", "ann"))
        outcome = outcome_of(new.leads[lead.lead_id], kind, "a reason", "ann", self.today)
        self.outcomes[facility_id] = (outcome, before(lead.lead_id, board, new, []))

    def on_undo(self, a: int, b: int, c: int) -> None:
        """Take an outcome back, unless its lead has moved on since."""
        if not self.outcomes:
            return
        outcome, was = self.outcomes.pop(sorted(self.outcomes)[a % len(self.outcomes)])
        if self.leads[outcome.lead_id].version != outcome.version:
            return
        covered = {key for each in was.enrollments for key in (each.facility_id, *each.covers)}
        board = self.board_of({outcome.facility_id, *covered}).having(
            tasks=[self.tasks[each.task_id] for each in was.tasks]
        )
        known = {each.enrollment_id: self.enrollments[each.enrollment_id] for each in was.enrollments}
        board = replace(board, enrollments={**board.enrollments, **known})
        self.decide(board, undone(outcome, was), *RESTORED)

    def on_reopen(self, a: int, b: int, c: int) -> None:
        lead = self.leads.get(self.prospect(a))
        if lead and lead.phase == "lost" and not self.accounts[lead.facility_id].client:
            again = reopened(lead, self.book.stages, "ann", None, self.today)
            again = replace(again, from_step=b or None)
            self.decide(self.board_of([lead.facility_id]), lambda now, _: now.having(leads=[again]))

    def on_qualify(self, a: int, b: int, c: int) -> None:
        lead = self.leads.get(self.prospect(a))
        if lead and lead.is_open and not self.accounts[lead.facility_id].client:
            phases: tuple[Phase, ...] = ("qualified", "contacted")
            stage = self.book.stages.in_phase("signal", phases[b % 2])
            new = leads.moved(lead, stage, "ann", "a reason", self.today)
            ends = [withdraw([lead.facility_id], "Moved.")] if stage.phase == "qualified" else []
            self.decide(self.board_of([lead.facility_id]), lambda now, _: now.having(leads=[new]), *ends)

    def prospect(self, a: int) -> UUID:
        return lead_id(FACILITIES[a], "signal")

    def on_client(self, a: int, b: int, c: int) -> None:
        """A list names an active client."""
        key = FACILITIES[a]
        self.accounts[key] = replace(self.accounts[key], client=True, owner=self.accounts[key].owner or "ann")
        ends = withdraw([key], ENDS["won"])
        self.decide(self.board_of([key]), close_leads, own_leads, ends, end_account_tasks)
