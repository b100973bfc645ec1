"""Who is in the team, and what follows when a rep changes or is away?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from engines.datasets.emails import address_of
from engines.datasets.phones import national
from services.sequencer.domain.board import changed
from services.sequencer.domain.calendar import is_business_day
from services.sequencer.domain.plan.covering import cover_absent, sign_again
from services.sequencer.domain.reps import Leave, Rep, Team
from services.sequencer.domain.tasks import Task
from services.sequencer.settings import closed_days, playbook
from services.sequencer.store import board as boards
from services.sequencer.store import reps, tasks
from services.sequencer.usecases.announcing import rep_back, rep_changed
from services.sequencer.usecases.deciding import decide
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_replies import TaskDetails
from shared.contracts.sequencer_reps import ChangedLeave, LeaveRow, RepFields, RepRow
from shared.storage.database import Tx


def find(team: Team, rep: str) -> Rep:
    """Raises `Refused` for an unknown rep."""
    if found := team.get(rep):
        return found
    raise Refused(f"There is no rep {rep!r}; the reps are {', '.join(each.rep for each in team.reps)}.", 404)


def find_member(team: Team, rep: str, today: date) -> Rep:
    """Raises `Refused` for an unknown rep, and for one who left."""
    found = find(team, rep)
    if not found.is_in_team(today):
        raise Refused(
            f"{found.name} ({rep}) left the team on {found.left_on}; `pipeline rep add {rep}` adds them again.", 409
        )
    return found


def with_fields(rep: Rep, fields: RepFields) -> Rep:
    """The rep with the given fields. Raises `Refused` for an invalid one."""
    given: dict[str, Any] = fields.model_dump(include=set(RepFields.model_fields), exclude_none=True)
    if text := given.get("email"):
        given["email"] = address_of(text) or _refuse("email", text, "an e-mail address")
    if text := given.get("phone"):
        given["phone"] = national(text) or _refuse("phone", text, "a telephone number")
    if given.get("territories") is not None:
        given["territories"] = tuple(map(_territory, given["territories"]))
    values: dict[str, Any] = {name: None if value == "" else value for name, value in given.items()}
    found = replace(rep, **values)
    if found.from_hour >= found.to_hour:
        raise Refused(f"Working hours begin before they end; {found.from_hour} to {found.to_hour} do not.", 422)
    return found


def _territory(name: str) -> str:
    known = playbook().assignment.names
    if name not in known:
        raise Refused(
            f"The pack has no territory {name!r}; there are {', '.join(known)}.", 422, {"territories": "is not known"}
        )
    return name


def _refuse(field: str, text: str, wanted: str) -> str:
    raise Refused(f"{text!r} is not {wanted}.", 422, fields={field: f"is not {wanted}"})


async def store_reps(tx: Tx, changed: Iterable[tuple[Rep | None, Rep]]) -> None:
    """Store and publish reps, and sign anew the drafts of those whose signature changed; before and after of each."""
    pairs = list(changed)
    await reps.save(tx, (after for _, after in pairs))
    tx.emit(*(rep_changed(after) for _, after in pairs))
    signed = [after.rep for before, after in pairs if before and _signature(before) != _signature(after)]
    if signed:
        book = playbook()
        at = await tasks.facilities_with_due(tx, signed)
        await decide(tx, await boards.of_accounts(tx, book, at), book, *map(sign_again, signed))


def _signature(rep: Rep) -> tuple[str | None, ...]:
    return rep.name, rep.email, rep.phone


def row_of(team: Team, rep: Rep, today: date) -> RepRow:
    ahead = (each for each in team.leaves if each.rep == rep.rep and each.from_on <= each.to_on)
    leave = next(ahead, None)
    doer = team.doer(rep.rep, today) if rep.is_in_team(today) else None
    return RepRow.model_validate(asdict(rep) | {"leave": leave and leave_row(leave), "doer": doer})


def leave_row(leave: Leave) -> LeaveRow:
    return LeaveRow.model_validate(leave)


async def change_leave(tx: Tx, leave: Leave) -> ChangedLeave:
    """Store a leave, and plan the due tasks anew at once."""
    await reps.save_leave(tx, leave)
    moved = await cover(tx)
    return ChangedLeave(
        leave=leave_row(leave),
        tasks=[TaskDetails.model_validate(task) for task in moved],
        waits=_waits(await reps.load(tx), leave, tx.today),
    )


async def end_leaves(tx: Tx, team: Team, rep: str) -> None:
    """End the leaves of a rep who leaves the team, so that one who joins it again is at work."""
    for each in team.leaves:
        if each.rep == rep and each.from_on <= each.to_on:
            ended = replace(each, to_on=max(tx.today, each.from_on) - timedelta(days=1), version=each.version + 1)
            await reps.save_leave(tx, ended)
            tx.emit(rep_back(ended))


async def cover_restored(tx: Tx, team: Team) -> None:
    """Give what a person restored to covers, if its rep is away today."""
    if any(team.is_away(each, tx.today) for each in team.members(tx.today)):
        await cover(tx)


async def cover(tx: Tx) -> list[Task]:
    """Give the due tasks of absent reps to their covers, and back. Returns the changed tasks."""
    book = playbook()
    before = await boards.load_open(tx, book, lambda _: True)
    after = await decide(tx, before, book, cover_absent)
    return [task for _, task in changed(before.tasks, after.tasks)]


def _waits(team: Team, leave: Leave, today: date) -> dict[str, list[date]]:
    """For the rep of a leave, and for those whom the rep covers for."""
    first, closed = max(leave.from_on, today), closed_days()
    days = [first + timedelta(days=n) for n in range((leave.to_on - first).days + 1)]
    concerned = {leave.rep, *(each.rep for each in team.leaves if each.cover == leave.rep)}
    waits = {
        rep: [day for day in days if is_business_day(day, closed) and team.doer(rep, day) is None]
        for rep in sorted(concerned)
    }
    return {rep: found for rep, found in waits.items() if found}
