"""Which tasks do leads get for their stage, and clients from time to time? (R125, R126)

They are derived every morning: a lead in a stage that has tasks, and each active client, has the next task of each
rule. It waits for its day; the planner places it like a touch, within the slip of the pack, under the same caps. Only
what was promised to a person comes first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from engines.cadence.horizon import Horizon
from engines.cadence.leveling import Placement
from engines.cadence.touches import Run, Touch
from services.sequencer.domain.accounts import Account, rank
from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import roll
from services.sequencer.domain.identity import account_task_id
from services.sequencer.domain.leads import Lead
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.account_tasks import account_task, followed, person_of
from services.sequencer.domain.reach import why_no_recipient
from services.sequencer.domain.suppression import closed_place
from services.sequencer.domain.task_rules import Past, TaskRule, due_day
from services.sequencer.domain.tasks import Task, TaskKind, due_again, ended, is_planned, stage_series

CLIENT = "client"
"""What the keys of the tasks of clients begin with."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rule that applies to an account now, because of a lead or because it is a client."""

    account: Account
    lead: Lead | None
    rule: TaskRule
    series: str
    """What the keys of all its tasks begin with."""

    @property
    def kind(self) -> TaskKind:
        return "recurring" if self.rule.every else "stage"


def offer_stage_tasks(board: Board, book: Playbook) -> Board:
    """Give leads and clients the next task of each rule; one that waits moves with the day that it counts from."""
    tasks = [_task(board, book, each) for each in _wanted(board, book)]
    return board.having(tasks=filter(None, tasks))


def runs_of_tasks(board: Board, book: Playbook, horizon: Horizon) -> list[Run]:
    """The waiting tasks that can reach a person, as the planner places them: one of an account on a day, and no seat.

    The key of a run is the id of its first task; a touch has the number of its task.
    """
    opened = _opened(board)
    return [
        _run(board, book, horizon, tasks, opened.get(key, date.min)) for key, tasks in _waiting(board).items() if tasks
    ]


def place_tasks(board: Board, book: Playbook, today: Mapping[UUID, Placement]) -> Board:
    """Make the tasks due that are placed on today, and skip those that reach no person on their day (R189)."""
    placed = {
        tasks[place.step_no].task_id: place.worker
        for tasks in _waiting(board).values()
        if tasks and (place := today.get(tasks[0].task_id))
    }
    tasks = [_placed(board, task, placed.get(task.task_id)) for task in board.account_tasks if is_planned(task)]
    return board.having(tasks=filter(None, tasks))


def _wanted(board: Board, book: Playbook) -> Iterator[Wanted]:
    for lead in board.leads.values():
        stage = book.stages.with_tasks.get((lead.lead_source, lead.stage)) if lead.is_open else None
        account = board.accounts.get(lead.facility_id) if stage else None
        if stage and account and _may_be_touched(board, account):
            series = stage_series(lead.stage, lead.stage_since)
            yield from (Wanted(account, lead, rule, f"{series}{rule.key}") for rule in stage.tasks)
    if book.stages.clients:
        for account in board.accounts.values():
            if account.client and _may_be_touched(board, account):
                yield from (Wanted(account, None, rule, f"{CLIENT}|{rule.key}") for rule in book.stages.clients)


def _may_be_touched(board: Board, account: Account) -> bool:
    closed = closed_place(account.facility_id, account.chain, board.suppressions)
    return account.listed and account.owner is not None and not closed


def _task(board: Board, book: Playbook, each: Wanted) -> Task | None:
    """The next task of a rule, if it is new or if its day has changed; the day after the last one ended."""
    past = board.past_tasks.get((each.account.facility_id, each.series), Past())
    if (past.count and each.rule.every is None) or past.ended_on == board.today:
        return None
    key = f"{each.series}|{past.count + 1}"
    before = board.tasks.get(account_task_id(each.account.facility_id, each.kind, key))
    since = each.lead.stage_since if each.lead else None
    day = due_day(each.rule, since, past, each.account.last_contacted_on, book.closed)
    if before is None:
        return _new(board, book, each, key, roll(max(day or board.today, board.today), book.closed))
    is_later = day is not None and day > board.today and day != before.due_on
    return replace(before, due_on=day, version=before.version + 1) if day and is_later and is_planned(before) else None


def _new(board: Board, book: Playbook, each: Wanted, key: str, due_on: date) -> Task:
    account, rule = each.account, each.rule
    persona = rule.persona or board.roles.first
    since = f" {each.lead.stage.capitalize()} since {each.lead.stage_since}." if each.lead else ""
    task = account_task(
        account,
        each.kind,
        key,
        account.owner or "",
        rule.channel,
        persona,
        None,
        due_on,
        board.today,
        f"{rule.title}.{since}",
        rule.template,
    )
    waiting = replace(task, status="moved", lead_id=each.lead.lead_id if each.lead else None)
    return replace(followed(board, waiting), version=1)


def _waiting(board: Board) -> dict[str, list[Task]]:
    """The waiting tasks that can reach a person, by facility, in the order of their days."""
    found: dict[str, list[Task]] = defaultdict(list)
    for task in sorted(board.account_tasks, key=lambda task: (task.due_on, task.task_id)):
        if is_planned(task) and person_of(board, task):
            found[task.facility_id].append(task)
    return found


def _opened(board: Board) -> dict[str, date]:
    """The latest day of the other open touches of each account, after which its waiting tasks come."""
    found: dict[str, date] = {}
    for task in board.account_tasks:
        if task.channel != "research" and not is_planned(task):
            found[task.facility_id] = max(task.due_on, board.today, found.get(task.facility_id, date.min))
    return found


def _run(board: Board, book: Playbook, horizon: Horizon, tasks: Sequence[Task], opened: date) -> Run:
    account, owner = board.accounts[tasks[0].facility_id], tasks[0].rep
    days = [max(horizon.index(task.due_on), 0) for task in tasks]
    touches = [
        Touch(number, on, book.stages.slip_days, _letter(board, task))
        for number, (task, on) in enumerate(zip(tasks, days, strict=True))
    ]
    earliest = 0 if opened == date.min else horizon.index(opened + timedelta(days=1))
    return Run(
        str(tasks[0].task_id), owner, account.tier, rank(account), tuple(touches), max(earliest, 0), seated=False
    )


def _letter(board: Board, task: Task) -> str | None:
    person = person_of(board, task)
    return board.rests.key(person.email) if person and task.channel == "email" else None


def _placed(board: Board, task: Task, worker: str | None) -> Task | None:
    if worker is not None:
        absent = None if worker == task.rep else task.rep
        return replace(due_again(task), due_on=board.today, rep=worker, absent=absent)
    if task.due_on > board.today or person_of(board, task):
        return None
    people = board.people_at(task.facility_id, None)
    return ended(task, "skipped", why_no_recipient(people, task.persona, task.channel, False), board.today)
