"""How are sequences and the moves between their versions displayed?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from cli.printing.show import say, table

if TYPE_CHECKING:
    from shared.contracts.sequencer_sequences import Migration, MoveRow, SequenceDetails, SequenceRow, StepRow

LETTERS = {"call": "C", "email": "E", "linkedin": "L"}


def sequences(rows: Sequence[SequenceRow]) -> None:
    columns = ["sequence", "title", "version", "tiers", "days", "running", "on older versions"]
    table("Sequences", columns, map(_row, rows), right=["running", "on older versions"])
    for each in rows:
        if each.older and each.version:
            say(f"To move the {each.older}: `pipeline sequence migrate {each.name} --preview`")


def _row(each: SequenceRow) -> tuple[object, ...]:
    tiers, days = ", ".join(map(str, each.tiers)), " ".join(each.days)
    return each.name, each.title, each.version or "not in the pack", tiers, days, each.running, each.older


def details(found: SequenceDetails) -> None:
    """Print the steps with the days of a start now, a line of weeks, the rules and the versions."""
    which = "that of the pack" if found.current else "not that of the pack"
    say(f"{found.title} ({found.name}), version {found.version}, {which}")
    title = f"If it starts on {found.starts_on:%a} {found.starts_on}"
    table(title, ["n", "day", "on", "touch", "text", ""], map(_step, found.steps))
    say(f"  {_timeline(found.steps)}")
    for rule in found.rules:
        say(f"  {rule}")
    for each in found.versions:
        count = f"{each.running} running of {each.enrollments} enrollments"
        say(f"  Version {each.version}, since {each.first_seen_on}: {count}")


def _step(each: StepRow) -> tuple[object, ...]:
    more = ", ".join(filter(None, ("the last letter" if each.closing else None, each.window, each.condition)))
    return each.n, each.at, f"{each.on:%a} {each.on}", f"{each.channel} {each.persona}", each.template, more


def _timeline(steps: Sequence[StepRow]) -> str:
    """The business days from the first step to the last one, week by week."""
    letters = {each.on: LETTERS.get(each.channel, "?") for each in steps}
    first = steps[0].on
    text = ""
    for day in (first + timedelta(days=n) for n in range((steps[-1].on - first).days + 1)):
        text += " | " if day.weekday() == 0 and day != first else ""
        text += letters.get(day, "·") if day.weekday() < 5 else ""
    return f"{text}  (C call, E e-mail, L LinkedIn)"


def migration(found: Migration, preview: bool) -> None:
    """Print who goes on where, and who does not and why."""
    if not found.moves:
        say(f"Every running enrollment of {found.name} has version {found.version}.")
        return
    moving = [each for each in found.moves if each.why_not is None]
    if moving:
        columns = ["account", "has begun", "goes on at", "next touches", "skips"]
        table(f"{found.name}, to version {found.version}", columns, map(_move, moving))
    for each in found.moves:
        if each.why_not:
            say(f"{_account(each)} stays, after step {each.at_step}. {each.why_not}")
    staying = len(found.moves) - len(moving)
    if preview:
        say(f"{len(moving)} would move, {staying} would stay; nothing was changed.")
    else:
        say(f"{found.moved} moved, {staying} stayed.")


def _move(each: MoveRow) -> tuple[object, ...]:
    days = ", ".join(map(str, each.days[:3])) + (" ..." if len(each.days) > 3 else "")
    begun = f"step {each.at_step}" if each.at_step else "no step"
    passed = ", ".join(map(str, each.passed))
    return _account(each), begun, f"step {each.to_step}, {each.channel} {each.persona}", days, passed


def _account(each: MoveRow) -> str:
    state = ", paused" if each.status == "paused" else ""
    return f"{each.facility or each.facility_id} ({each.facility_id}{state})"
