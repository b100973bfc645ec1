"""How are the day's tasks and the open drafts displayed?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.printing.show import say, table

if TYPE_CHECKING:
    from shared.contracts.notifier import Draft
    from shared.contracts.sequencer_replies import DayOfWork, WorklistTask
    from shared.contracts.sequencer_touches import RecordedTask


def worklist(day: DayOfWork) -> None:
    """Print the tasks of a day, or the reason why there are none and the next day with tasks."""
    if not day.tasks:
        _empty(day)
        return
    rows = [
        (
            task.rank,
            f"{task.facility_display_name}, {task.city} ({task.facility_id})",
            _tier(task),
            task.score,
            _task(task),
            task.reason,
        )
        for task in day.tasks
    ]
    table(f"Worklist of {day.on}", ["rank", "facility", "tier", "score", "task", "reason"], rows, ["rank", "score"])


def _empty(day: DayOfWork) -> None:
    say(f"Nothing is due on {day.on}. {day.why.text if day.why else ''}")
    if day.next_on and day.next_on != day.on:
        say(f"The next task is expected on {day.next_on}; enrollments may begin on {day.next_plan_on}.")
    elif not day.next_on:
        say(f"No enrollment is expected to continue; the next plan is on {day.next_plan_on}.")


def _tier(task: WorklistTask) -> str:
    """Today's tier, with that of the day on which the enrollment was planned."""
    planned = task.tier_at_planning
    return f"{task.tier} (was {planned} at planning)" if planned != task.tier else str(task.tier)


def _task(task: WorklistTask) -> str:
    overdue = f", due {task.due_on}, overdue" if task.overdue else ""
    given, usual = task.person, task.person_display_name
    person = "" if not given else f" {given}" if usual in (None, given) else f" {usual} (given as {given})"
    absent = f" for {task.absent}" if task.absent else ""
    return f"{task.channel} {task.persona}{person} [{task.short_id}] {task.rep}{absent}{overdue}"


def ended(task: RecordedTask) -> None:
    """Print what was recorded for a task, and by whom."""
    whom = " ".join(filter(None, (task.channel, task.persona, task.person)))
    where = ", ".join(filter(None, (task.facility, task.city)))
    which = f"step {task.step_no}" if task.kind in ("step", "research") else task.kind.replace("_", "-")
    what = f"{which}, {whom} at {where} ({task.facility_id})" if where else which
    outcome = f": {task.title}" if task.title else ""
    outcome += f" ({task.note})" if task.note else ""
    if not task.changed:
        say(f"{_state(task, 'already ')}; nothing was changed: {what}{outcome}.")
    elif task.done_by:
        say(f"{_state(task)} by {task.done_by}: {what}{outcome}.")
    else:
        say(f"{_state(task)}: {what}{outcome}.")
    for sentence in task.followed:
        say(sentence)
    if task.changed and task.sounds_like_no:
        options = "".join(f" --channel {channel}" for channel in task.sounds_like_no if channel != "all")
        command = f"pipeline contact stop {task.facility_id} {task.persona}{options} --reason ..."
        say(f"If that was a refusal, record it: `{command}`.")
    if task.opens_gate:
        say(f"To unblock the enrollment, use `pipeline import contacts`: {task.opens_gate}.")


def _state(task: RecordedTask, already: str = "") -> str:
    if already:
        since = f" by {task.done_by} on {task.done_on}" if task.done_by else f", due {task.due_on}, for {task.rep}"
        return f"It was {task.status}{since} already"
    return {
        "moved": f"Moved to {task.due_on}",
        "due": f"Due on {task.due_on}, for {task.rep}",
    }.get(task.status, task.status.capitalize())


def drafts(found: Sequence[Draft], rep: str | None) -> None:
    for draft in found:
        facts, task = draft.facts, str(draft.task_id)[:8]
        place = ", ".join(filter(None, (facts.get("facility"), facts.get("city"))))
        whom = facts.get("person") or facts.get("persona") or "no named person"
        say(f"--- [{task}] {draft.channel} to {whom} at {place} ({draft.facility_id}), for {draft.rep} to send")
        say(f"To: {draft.to_email or 'by hand'}")
        say(f"{draft.subject or ''}\n\n{draft.body or ''}\n")
    if found:
        say("The task is in brackets: once you have sent a draft, record it with `pipeline done TASK`.")
    else:
        say(f"There are no drafts{f' for {rep}' if rep else ''}.")
