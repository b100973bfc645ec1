"""How are reps and their leaves displayed?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from cli.printing.show import say, table

if TYPE_CHECKING:
    from shared.contracts.sequencer_replies import TaskDetails
    from shared.contracts.sequencer_reps import (
        ChangedLeave,
        HandedOver,
        LeaveRow,
        Owned,
        RepDetails,
        RepRow,
        SharedAccounts,
    )


def team(reps: Sequence[RepRow]) -> None:
    rows = [
        (each.rep, each.name, each.email, each.phone, _hours(each), ", ".join(each.territories) or "all", _state(each))
        for each in reps
    ]
    table("Reps", ["rep", "name", "e-mail", "phone", "hours", "territories", ""], rows)


def rep(row: RepRow, title: str) -> None:
    facts = (f"{row.name} ({row.rep})", row.email, row.phone, _hours(row), ", ".join(row.territories), _state(row))
    say(f"{title}: {', '.join(filter(None, facts))}.")


def details(found: RepDetails) -> None:
    rep(found, "Rep")
    say(f"  Owns {_owned(found.owned)}.")
    for each in found.leaves:
        say(f"  Away {_days(each)}.")


def leave(answer: ChangedLeave) -> None:
    found = answer.leave
    say(f"{found.rep} is away {_days(found)}.")
    _tasks(answer.tasks)
    _waits(answer)


def back(answer: ChangedLeave) -> None:
    found = answer.leave
    if found.to_on < found.from_on:
        say(f"{found.rep} is at work on {found.from_on} after all.")
    else:
        say(f"{found.rep} is away until {found.to_on} only.")
    _tasks(answer.tasks)
    _waits(answer)


def left(answer: HandedOver) -> None:
    say(f"{answer.rep.name} ({answer.rep.rep}) left the team on {answer.rep.left_on}.")
    for name, owned in answer.to.items():
        say(f"  {name} takes over {_owned(owned)}.")
    for name in answer.not_covered:
        say(f"{name} has no cover any more; `pipeline rep away {name}` names another one.")


def share(answer: SharedAccounts) -> None:
    for name, count in answer.accounts.items():
        say(f"{answer.rep} gets {count} accounts of {name}.")
    if not answer.accounts:
        say(f"{answer.rep} has a share already; nothing was changed.")


def _owned(owned: Owned) -> str:
    return (
        f"{owned.accounts} accounts, {owned.leads} open leads, {owned.enrollments} open enrollments"
        f" and {owned.tasks} open tasks"
    )


def _tasks(tasks: Iterable[TaskDetails]) -> None:
    for each in tasks:
        short = str(each.task_id)[:8]
        say(f"  {each.rep} on {each.due_on}: {each.channel} {each.persona} at {each.facility_id} [{short}]")


def _waits(answer: ChangedLeave) -> None:
    for name, days in answer.waits.items():
        say(f"On {_span(days)} no one works for {name}: the tasks wait. `pipeline rep away` names a cover.")


def _span(days: Sequence[date]) -> str:
    return str(days[0]) if len(days) == 1 else f"{len(days)} business days from {days[0]} to {days[-1]}"


def _days(found: LeaveRow) -> str:
    return f"from {found.from_on} to {found.to_on}, " + (f"covered by {found.cover}" if found.cover else "not covered")


def _hours(row: RepRow) -> str:
    return f"{row.from_hour.isoformat('minutes')}-{row.to_hour.isoformat('minutes')} {row.timezone}"


def _state(row: RepRow) -> str:
    if row.left_on:
        return f"left on {row.left_on}"
    if not row.leave:
        return "at work"
    today = "" if row.doer == row.rep else f"; today {row.doer or 'no one'} does the tasks"
    return f"away {_days(row.leave)}{today}"
