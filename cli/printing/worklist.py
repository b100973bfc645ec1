"""How are the day's tasks and the open drafts displayed?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.printing.show import console, say

if TYPE_CHECKING:
    from datetime import time

    from shared.contracts.notifier import Draft
    from shared.contracts.sequencer_replies import DayOfWork, LastTouch, OutcomeChoice, WorklistTask
    from shared.contracts.sequencer_touches import RecordedTask
    from shared.contracts.sequencer_windows import TaskWindow


def worklist(day: DayOfWork) -> None:
    """Print the tasks of a day in two lines each, or the reason why there are none and the next day with tasks."""
    if not day.tasks:
        _empty(day)
        return
    say(f"Worklist of {day.on}: {len(day.tasks)} to do")
    for task in day.tasks:
        _row(task, f"{task.rank:>3}", _overdue(task))
    for channel in dict.fromkeys(task.channel for task in day.tasks):
        first = next(task for task in day.tasks if task.channel == channel)
        say(f"By {channel}: {_record(first)}")
    say(f"What to say, the last touch, and every command: `pipeline touch {day.tasks[0].rank}`")


def ahead(day: DayOfWork) -> None:
    """Print the tasks that are known to be due by a later day. They have ids and no ranks, which are today's."""
    if not day.tasks:
        _empty(day)
        return
    say(f"Due by {day.on}, as far as it is known now: {len(day.tasks)}")
    for task in day.tasks:
        _row(task, "   ", f", due {task.due_on}")
    say("`pipeline capacity --touches` has the steps of sequences that are planned until then.")


def _row(task: WorklistTask, rank: str, due: str) -> None:
    tail = f" ({task.facility_id}), Tier {_tier(task)}, {task.rep}{due} [{task.short_id}]"
    say(_cut(f"{rank}  {task.channel} {_whom(task)}{_number(task)}, {_named_place(task)}", tail))
    say(_cut(f"     {_limits(task)}{task.reason}"))


def _limits(task: WorklistTask) -> str:
    """The times of a task whose step has a window, in front of its reason."""
    window = task.window
    if window is None:
        return "At no time of the day. " if task.no_window else ""
    return f"{_times(window)}. " if window.limited else ""


def _times(window: TaskWindow) -> str:
    """The times of the rep, and those of the account if its clock differs."""
    here, there = (window.from_time, window.to_time), (window.there_from, window.there_to)
    return f"{_span(*here)} ({_span(*there)} there)" if here != there else _span(*here)


def _span(first: time, last: time) -> str:
    return f"{first.isoformat('minutes')}-{last.isoformat('minutes')}"


def touch(task: WorklistTask, draft: Draft | None) -> None:
    """Print all about a touch: who, why, what to say, what came of the last one, and the commands to record it."""
    say(f"{task.rank:>3}  {task.channel} {_whom(task)}, {_place(task)} [{task.short_id}]")
    for label, text in _about(task, draft):
        if text:
            say(f"     {label}: {text}")
    if draft and draft.body:
        say(f"     {'Say' if task.channel == 'call' else 'Text'}:")
        say("\n".join(f"       {each}" if each else "" for each in draft.body.splitlines()))
    if draft and task.channel == "email":
        _say_commands("stop" if draft.status == "approved" else "send", _sending(task, draft))
    _say_commands("record", _commands(task))


def _say_commands(verb: str, commands: list[tuple[str, str]]) -> None:
    if commands:
        say(f"     To {verb} it:")
    for command, meaning in commands:
        say(f"       {command}" + (f"   ({meaning})" if meaning else ""))


def _about(task: WorklistTask, draft: Draft | None) -> list[tuple[str, str | None]]:
    numbers = [f"{task.person_phone} direct" if task.person_phone else None, f"{task.main_phone} main"]
    if not task.main_phone:
        numbers.pop()
    return [
        ("For", f"{task.rep}, Tier {_tier(task)}, score {task.score}{_overdue(task)}"),
        ("When", _times(task.window) if task.window else task.no_window),
        ("Dial", "; ".join(filter(None, numbers)) if task.channel in ("call", "research") else None),
        ("To", (draft.to_email if draft else None) or task.person_email if task.channel == "email" else None),
        ("Why", task.reason),
        ("Last", _last(task.last) if task.last else "no touch yet"),
        ("Subject", draft.subject if draft else None),
        ("No text", draft.reason if draft and not draft.body else None),
        ("Letter", _state_of_letter(draft) if draft and draft.body and task.channel == "email" else None),
        ("Missing", draft.missing if draft else None),
    ]


def _last(last: LastTouch) -> str:
    note = f" ({last.note})" if last.note else ""
    return f"{last.touched_on}, {last.channel} {last.persona} by {last.rep}: {last.title or last.outcome}{note}"


def _state_of_letter(draft: Draft) -> str | None:
    """What became of a letter; None if it waits for a person."""
    state = {"draft": "", "approved": "sent off; it leaves soon"}.get(draft.status, draft.status)
    return ": ".join(filter(None, (state, draft.reason))) or None


def _sending(task: WorklistTask, draft: Draft) -> list[tuple[str, str]]:
    """The commands about the letter of a task: to send what was printed, or to take that back."""
    if draft.status == "approved":
        return [(f"pipeline draft unsend {task.rank}", "takes back that it was sent off")]
    if draft.status != "draft" or not draft.body or draft.missing:
        return []
    return [
        (f"pipeline draft send {task.rank}", "as you read it here; that completes the task once it has left"),
        (f"pipeline draft edit {task.rank}", "changes it first"),
    ]


_MORE = {
    "callback": " --on YYYY-MM-DD",
    "not_interested": " --confirm-loss",
    "out_of_office": " [--on YYYY-MM-DD]",
}
"""What an outcome with an effect needs besides its id."""


def _commands(task: WorklistTask) -> list[tuple[str, str]]:
    """Every command that records a touch, with its meaning."""
    done = f"pipeline done {task.rank}"
    default = _default(task)
    found = [
        (done if each == default else f"{done} --outcome {each.id}{_MORE.get(each.then, '')}", _meaning(each, task))
        for each in task.outcomes
    ]
    if task.channel == "research":
        found.insert(0, (_add_contact(task), "what you found; --email is possible, too"))
    return [
        *found,
        (f'pipeline skip {task.rank} --reason "..."', ""),
        (f"pipeline snooze {task.rank} --until YYYY-MM-DD", ""),
        (f"pipeline undo {task.rank}", "takes back, on the same day, that it was done, skipped or snoozed"),
    ]


def _meaning(outcome: OutcomeChoice, task: WorklistTask) -> str:
    if outcome.then == "not_interested":
        return f"{outcome.title}, so that the lead is lost; without --confirm-loss it goes on"
    return f"{outcome.title} by yourself" if task.channel == "email" and outcome == _default(task) else outcome.title


def _add_contact(task: WorklistTask | RecordedTask) -> str:
    return f'pipeline contact add {task.facility_id} {task.persona} --name "..." --phone "..."'


def _record(task: WorklistTask) -> str:
    if task.channel == "email":
        touch, send = f"`pipeline touch {task.rank}` shows it", f"`pipeline draft send {task.rank}` sends it"
        return f"{touch}, {send}; what you sent by yourself: `pipeline done {task.rank}`"
    if _default(task):
        return f"`pipeline done {task.rank}`"
    choices = "|".join(each.id for each in task.outcomes)
    return f"`pipeline done {task.rank} --outcome {choices}`"


def _default(task: WorklistTask) -> OutcomeChoice | None:
    """The outcome that need not be named."""
    plain = [each for each in task.outcomes if each.then == "none"]
    return plain[0] if len(plain) == 1 else None


def _whom(task: WorklistTask) -> str:
    given, usual = task.person, task.person_display_name
    role = task.persona_label or task.persona
    if not given or given == role:  # a pack may store no names
        return f"the {role}"
    return f"{given} ({role})" if usual in (None, given) else f"{usual} (given as {given}; {role})"


def _number(task: WorklistTask) -> str:
    if task.channel not in ("call", "research"):
        return ""
    number = task.person_phone or task.main_phone
    return f" {number}" if number else " (no number is known)"


def _place(task: WorklistTask) -> str:
    return f"{_named_place(task)} ({task.facility_id})"


def _named_place(task: WorklistTask) -> str:
    return f"{task.facility_display_name or task.facility}, {task.city}"


def _overdue(task: WorklistTask) -> str:
    return (f", due {task.due_on}, overdue" if task.overdue else "") + (f", {task.sla}" if task.sla else "")


def _cut(text: str, tail: str = "") -> str:
    """A text in one line of the terminal, with a tail that is complete."""
    width = max(console.width - len(tail), 1)
    return (text if len(text) <= width else f"{text[: width - 1].rstrip()}…") + tail


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


def ended(task: RecordedTask) -> None:
    """Print what was recorded for a task, and by whom."""
    whom = " ".join(filter(None, (task.channel, task.persona, task.person)))
    where = ", ".join(filter(None, (task.facility, task.city)))
    kind = "" if task.kind == task.channel else task.kind.replace("_", "-")
    which = f"step {task.step_no}" if task.kind == "step" else kind
    what = ", ".join(filter(None, (which, f"{whom} at {where} ({task.facility_id})" if where else ""))) or whom
    outcome = f": {task.title.removesuffix('.')}" if task.title else ""
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
        command = f"pipeline suppression add {task.facility_id} {task.persona}{options} --reason ..."
        say(f"If that was a refusal, record it: `{command}`.")
    if task.changed and task.answers:
        say(f"What comes back: `pipeline done {str(task.task_id)[:8]} --outcome {'|'.join(task.answers)}`.")
    if task.opens_gate and task.status == "done":
        say(f"The enrollment waits for {task.opens_gate}: `{_add_contact(task)}`.")


def _state(task: RecordedTask, already: str = "") -> str:
    if already and not task.done_by:
        return f"It is due on {task.due_on}, for {task.rep}, already"
    if already:
        return f"It was {task.status} by {task.done_by} on {task.done_on} already"
    return {
        "moved": f"Moved to {task.due_on}",
        "due": f"Due on {task.due_on}, for {task.rep}",
    }.get(task.status, task.status.capitalize())


def drafts(found: Sequence[Draft], rep: str | None) -> None:
    for draft in found:
        task = str(draft.task_id)[:8]
        place = ", ".join(filter(None, (draft.facility, draft.city)))
        whom = draft.person or draft.facts.get("persona") or "no named person"
        say(f"--- [{task}] {draft.channel} to {whom} at {place} ({draft.facility_id}), for {draft.rep} to send")
        if draft.missing:
            say(draft.missing)
        say(f"To: {draft.to_email or 'by hand'}")
        say(f"{draft.subject or ''}\n\n{draft.body or ''}\n")
    if found:
        say(
            "The task is in brackets: `pipeline draft send TASK` sends a letter that you have read; what you send by"
            " hand, record with `pipeline done TASK`."
        )
    else:
        say(f"There are no drafts{f' for {rep}' if rep else ''}.")
