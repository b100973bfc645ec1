"""What does a rep see of the day's touches, and of the drafts that wait?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cli.printing.show import say, table

if TYPE_CHECKING:
    from shared.contracts.notifier import Draft


def worklist(day: dict[str, Any]) -> None:
    """The touches of a day; of an empty one the reason, and when there will be something."""
    if not day["tasks"]:
        _empty(day)
        return
    rows = [
        (
            task["rank"],
            f"{task['facility_display_name']}, {task['city']} ({task['facility_id']})",
            _tier(task),
            task["score"],
            _touch(task),
            task["reason"],
        )
        for task in day["tasks"]
    ]
    table(f"Worklist of {day['on']}", ["rank", "facility", "tier", "score", "touch", "reason"], rows, ["rank", "score"])


def _empty(day: dict[str, Any]) -> None:
    say(f"Nothing is due on {day['on']}. {day['why']['text']}")
    if day["next_on"] and day["next_on"] != day["on"]:
        say(f"The next touch is expected on {day['next_on']}; runs may begin on {day['next_plan_on']}.")
    elif not day["next_on"]:
        say(f"No run is expected to go on; the next plan is that of {day['next_plan_on']}.")


def _tier(task: dict[str, Any]) -> str:
    """Today's, beside that of the day on which the run was planned."""
    planned = task["tier_at_planning"]
    return f"{task['tier']} (was {planned} at planning)" if planned != task["tier"] else str(task["tier"])


def _touch(task: dict[str, Any]) -> str:
    overdue = f", due {task['due_on']}, overdue" if task["overdue"] else ""
    given, usual = task.get("person"), task.get("person_display_name")
    person = "" if not given else f" {given}" if usual in (None, given) else f" {usual} (given as {given})"
    return f"{task['channel']} {task['persona']}{person} [{str(task['task_id'])[:8]}] {task['rep']}{overdue}"


def ended(answer: dict[str, Any]) -> None:
    """What was recorded, of whom, and in whose name."""
    whom = " ".join(filter(None, (answer["channel"], answer["persona"], answer["person"])))
    where = ", ".join(filter(None, (answer["facility"], answer["city"])))
    what = (
        f"step {answer['step_no']}, {whom} at {where} ({answer['facility_id']})"
        if where
        else f"step {answer['step_no']}"
    )
    said = f": {answer['outcome']}" if answer["outcome"] else ""
    if answer["news"]:
        say(f"{answer['status'].capitalize()} by {answer['done_by']}: {what}{said}.")
    else:
        before = f"It was {answer['status']} by {answer['done_by']} on {answer['done_on']}"
        say(f"{before} already; nothing was changed: {what}{said}.")
    if answer["news"] and (channels := answer["sounds_like_no"]):
        options = "".join(f" --channel {channel}" for channel in channels if channel != "all")
        command = f"pipeline contact stop {answer['facility_id']} {answer['persona']}{options} --reason ..."
        say(f"If that was a no, keep it: `{command}`.")
    if answer["opens_gate"]:
        say(f"The gate opens with `pipeline import contacts`: {answer['opens_gate']}.")


def drafts(found: Sequence[Draft], rep: str | None) -> None:
    for draft in found:
        facts, task = draft.facts, str(draft.task_id)[:8]
        place = ", ".join(filter(None, (facts.get("facility"), facts.get("city"))))
        whom = facts.get("person") or facts.get("persona") or "nobody by name"
        say(f"--- [{task}] {draft.channel} to {whom} at {place} ({draft.facility_id}), for {draft.rep} to send")
        say(f"To: {draft.to_email or 'by hand'}")
        say(f"{draft.subject or ''}\n\n{draft.body or ''}\n")
    if found:
        say("In brackets is the touch: once you have sent a draft, `pipeline done TOUCH` says so.")
    else:
        say(f"No drafts wait{f' for {rep}' if rep else ''}.")
