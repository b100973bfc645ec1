"""What do the rows of a list of reps change, and what does taking it back restore?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, time
from typing import Any
from zoneinfo import available_timezones

from engines.datasets.emails import address_of
from engines.datasets.phones import national
from engines.datasets.text import quoted
from services.sequencer.domain.importing.cells import cleaned
from services.sequencer.domain.importing.changes import Change, RowChange, differences
from services.sequencer.domain.importing.undoing import Kept, put_back
from services.sequencer.domain.lists import Reject
from services.sequencer.domain.reps import Rep, Team

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
ALL = "all"
"""What a cell states for a rep who works all territories."""
_HOURS = re.compile(r"(\d{1,2})(?::(\d\d))? ?- ?(\d{1,2})(?::(\d\d))?")


@dataclass(slots=True)
class PlannedReps:
    """What the rows would do: the reps before (None for a new one) and after, what changes, and the rejects."""

    reps: dict[str, tuple[Rep | None, Rep]] = field(default_factory=dict)
    changes: list[RowChange] = field(default_factory=list)
    rejects: list[tuple[int, str]] = field(default_factory=list)


def plan_reps(
    team: Team,
    rows: Iterable[tuple[int, Mapping[str, str | None]]],
    today: date,
    zone: str,
    territories: Sequence[str] = (),
) -> PlannedReps:
    """The reps after the rows; a rep who is new joins the team today, in the zone of the pack."""
    planned = PlannedReps()
    for line, row in rows:
        try:
            cells = cleaned(row)
            key = _id_in(cells, team)
            if key in planned.reps:
                raise Reject(f"rep {key} is in an earlier line; leave one of the two out")
            before = team.get(key)
            after = _with_cells(before or _joining(key, cells, today, zone), cells, today, territories)
        except Reject as reject:
            planned.rejects.append((line, str(reject)))
            continue
        planned.reps[key] = before, after
        if fields := differences(_values(before), _values(after)):
            planned.changes.append(RowChange(line, key, before is None, fields))
    return planned


def changed_reps(planned: PlannedReps) -> list[tuple[Rep | None, Rep]]:
    """The reps that are new or changed, each in its next version."""
    found = ((before, after) for before, after in planned.reps.values() if before != after)
    return [(before, replace(after, version=before.version + 1 if before else 1)) for before, after in found]


def rep_back(now: Rep, change: Change, owns: bool, today: date) -> tuple[Rep, list[Kept]]:
    """A rep without what a list changed: one whom it added leaves the team, unless the rep owns something."""
    if change.before:
        back, since = put_back(now, change.before, change.after)
        kept = [Kept("rep", now.rep, f"changed since: {', '.join(since)}")] if since else []
        return (replace(back, version=now.version + 1) if back != now else now), kept
    if owns:
        return now, [Kept("rep", now.rep, f"owns accounts or tasks; `pipeline rep left {now.rep} --spread` hands over")]
    if replace(now, version=change.after.version) != change.after:
        return now, [Kept("rep", now.rep, "was changed since")]
    return replace(now, left_on=today, version=now.version + 1), []


def _id_in(cells: Mapping[str, str], team: Team) -> str:
    """The id of a rep: as stated, that of a rep with the e-mail address, or one from the name."""
    if key := cells.get("rep"):
        if not _ID.fullmatch(key):
            raise Reject(f"rep {quoted(key)} is not a short id; write letters and digits, such as ann")
        return key
    address = address_of(cells.get("email"))
    known = next((each.rep for each in team.reps if address and each.email == address), None)
    made = re.sub(r"[^a-z0-9]+", ".", cells.get("name", "").casefold()).strip(".")[:40]
    if not known and not made:
        raise Reject("rep is missing; write a short id, such as ann")
    return known or made


def _joining(key: str, cells: Mapping[str, str], today: date, zone: str) -> Rep:
    if "name" not in cells:
        raise Reject(f"name is missing: {key} is new, and texts are signed with the name")
    return Rep(key, cells["name"], timezone=zone, joined_on=today)


def _with_cells(rep: Rep, cells: Mapping[str, str], today: date, territories: Sequence[str]) -> Rep:
    if not rep.is_in_team(today):
        raise Reject(f"rep {rep.rep} left the team on {rep.left_on}; `pipeline rep add {rep.rep}` adds them again")
    address, number = address_of(cells.get("email")), national(cells.get("phone"))
    if "email" in cells and not address:
        raise Reject(f"email {quoted(cells['email'])} is not an e-mail address")
    if "phone" in cells and not number:
        raise Reject(f"phone {quoted(cells['phone'])} is not a telephone number")
    zone = cells.get("timezone", rep.timezone)
    if zone not in available_timezones():
        raise Reject(f"timezone {quoted(zone)} is not an IANA time zone; write America/New_York")
    first, last = _hours(cells["hours"]) if "hours" in cells else (rep.from_hour, rep.to_hour)
    found = replace(rep, name=cells.get("name", rep.name), email=address or rep.email, phone=number or rep.phone)
    works = _territories(cells["territories"], territories) if "territories" in cells else rep.territories
    return replace(found, from_hour=first, to_hour=last, timezone=zone, territories=works)


def _territories(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """The territories in `North; South`; `all` of them are none in particular."""
    if text.strip().casefold() == ALL:
        return ()
    named = list(dict.fromkeys(each.strip() for each in re.split("[;|]", text) if each.strip()))
    for each in named:
        if each not in known:
            raise Reject(f"territories: {quoted(each)} is not one of {', '.join(known)}; separate several by `;`")
    return tuple(named)


def _hours(text: str) -> tuple[time, time]:
    found = _HOURS.fullmatch(text)
    numbers = [int(each or 0) for each in found.groups()] if found else [24, 0, 24, 0]
    first, last = numbers[:2], numbers[2:]
    if first >= last or max(first[0], last[0]) > 23 or max(first[1], last[1]) > 59:
        raise Reject(f"hours {quoted(text)} are not working hours; write them as 8:30-17")
    return time(first[0], first[1]), time(last[0], last[1])


def _values(rep: Rep | None) -> dict[str, Any]:
    if rep is None:
        return {}
    values = {name: value for name, value in asdict(rep).items() if value is not None}
    hours = f"{str(rep.from_hour)[:5]}-{str(rep.to_hour)[:5]}"
    named = {name: values[name] for name in ("name", "email", "phone", "timezone") if name in values}
    return named | {"hours": hours, "territories": "; ".join(rep.territories) or ALL}
