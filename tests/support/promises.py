"""Which promises about the days of a sequence did a deployment break?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, pairwise

from cli.client.connection import pages
from cli.demo.days import is_business_day
from shared.contracts.sequencer import Enrollments, Tasks
from shared.contracts.sequencer_enrollments import EnrollmentRow
from shared.contracts.sequencer_replies import TaskRow
from shared.messaging.broker import Broker

TOUCHES = ("done", "skipped")


@dataclass(frozen=True)
class Rules:
    """The pack's limits, and the leaves of the reps."""

    most: int
    """Touches of the team on a day."""
    per_rep: int
    """Enrollments of tier 1 that run for one rep at the same time."""
    new_per_rep_and_week: int
    gap_days: dict[str, int]
    """By sequence: the days between its first touch and the last one of another enrollment."""
    steps: dict[str, int]
    leaves: Sequence[tuple[str, date, date]] = field(default_factory=tuple)


async def history(broker: Broker) -> tuple[list[TaskRow], list[EnrollmentRow]]:
    """All tasks and enrollments of a deployment."""
    tasks = [task async for page in pages(broker, Tasks(), ("task_id",)) for task in page]
    enrollments = [each async for page in pages(broker, Enrollments(), ("enrollment_id",)) for each in page]
    return tasks, enrollments


def broken(tasks: Sequence[TaskRow], enrollments: Sequence[EnrollmentRow], rules: Rules) -> list[str]:
    """A sentence for each promise that was broken; none if all hold."""
    worked = [task for task in tasks if task.status in TOUCHES and task.done_on and task.done_by != "sequencer"]
    # A step that a person skipped has touched no one.
    touches = [task for task in worked if task.kind != "research" and task.status == "done"]
    return [
        *_days(worked, rules),
        *_accounts(touches, {each.enrollment_id: each for each in enrollments}, rules),
        *_running(enrollments),
        *_tier_1([each for each in enrollments if each.tier == 1 and each.started_on], rules),
        *_steps(tasks, enrollments, rules),
    ]


def _days(worked: Iterable[TaskRow], rules: Rules) -> Iterator[str]:
    counts: Counter[date] = Counter()
    for task in worked:
        assert task.done_on
        counts[task.done_on] += 1
        if not is_business_day(task.done_on):
            yield f"{task.facility_id}: step {task.step_no} on {task.done_on:%a} {task.done_on}"
        for rep, first, last in rules.leaves:
            if task.rep == rep and first <= task.done_on <= last:
                yield f"{task.facility_id}: step {task.step_no} by {rep}, who was away, on {task.done_on}"
    yield from (f"{count} touches on {day}" for day, count in sorted(counts.items()) if count > rules.most)


def _accounts(touches: Iterable[TaskRow], enrollments: dict[object, EnrollmentRow], rules: Rules) -> Iterator[str]:
    by_account: dict[str, list[TaskRow]] = defaultdict(list)
    for task in touches:
        by_account[task.facility_id].append(task)
    for facility_id, its in by_account.items():
        for before, after in pairwise(sorted(its, key=lambda task: (task.done_on, task.step_no))):
            assert before.done_on
            assert after.done_on
            other = before.enrollment_id != after.enrollment_id and after.enrollment_id in enrollments
            gap = rules.gap_days[enrollments[after.enrollment_id].sequence] if other else 1
            if after.done_on - before.done_on < timedelta(days=gap):
                yield (
                    f"{facility_id}: {before.kind} {before.step_no} on {before.done_on}, then {after.kind}"
                    f" {after.step_no} on {after.done_on}, closer than {gap} days"
                )


def _running(enrollments: Iterable[EnrollmentRow]) -> Iterator[str]:
    """A chain's members may join later; so what they had before is compared by the facility of the touches only."""
    by_account: dict[str, list[EnrollmentRow]] = defaultdict(list)
    covered: Counter[str] = Counter()
    for each in enrollments:
        if each.started_on:
            by_account[each.facility_id].append(each)
            covered.update(each.covers if each.ended_on is None else [])
    yield from (f"{facility_id}: in {count} enrollments now" for facility_id, count in covered.items() if count > 1)
    for facility_id, its in by_account.items():
        for one, other in combinations(its, 2):
            if _overlap(one, other):
                yield f"{facility_id}: two enrollments run, since {one.started_on} and {other.started_on}"


def _overlap(one: EnrollmentRow, other: EnrollmentRow) -> bool:
    first, second = sorted((one, other), key=lambda each: (each.started_on or date.max, each.cycle))
    return first.ended_on is None or (second.started_on or date.max) < first.ended_on


def _tier_1(started: Sequence[EnrollmentRow], rules: Rules) -> Iterator[str]:
    weeks = Counter((each.owner, each.started_on.isocalendar()[:2]) for each in started if each.started_on)
    for (rep, week), count in weeks.items():
        if count > rules.new_per_rep_and_week:
            yield f"{count} new enrollments of tier 1 for {rep} in week {week}"
    for day in sorted({each.started_on for each in started if each.started_on}):
        running = Counter(each.owner for each in started if _runs(each, day))
        yield from (f"{count} run for {rep} on {day}" for rep, count in running.items() if count > rules.per_rep)


def _runs(each: EnrollmentRow, day: date) -> bool:
    return each.started_on is not None and each.started_on <= day and (each.ended_on is None or day < each.ended_on)


def _steps(tasks: Iterable[TaskRow], enrollments: Iterable[EnrollmentRow], rules: Rules) -> Iterator[str]:
    """Each step of a completed enrollment was done, or skipped for a reason."""
    done: dict[object, set[int]] = defaultdict(set)
    for task in tasks:
        if task.kind == "step" and (task.status == "done" or (task.status == "skipped" and task.reason)):
            done[task.enrollment_id].add(task.step_no)
    for each in enrollments:
        if each.status == "completed":
            missing = set(range(each.from_step, rules.steps[each.sequence] + 1)) - done[each.enrollment_id]
            if missing:
                yield f"{each.facility_id}: steps {sorted(missing)} of {each.sequence} were neither done nor skipped"
