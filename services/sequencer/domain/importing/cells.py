"""What does a cell of a file state? Every reader raises `Reject` with the column, the value and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from engines.datasets.account_key import AccountKey
from engines.datasets.limits import first_too_long
from engines.datasets.text import plain, quoted
from services.sequencer.domain.lists import Reject
from services.sequencer.domain.reps import Rep, Team


def cleaned(row: Mapping[str, str | None]) -> dict[str, str]:
    """The cells of a row that are not empty."""
    cells = {name: text for name, value in row.items() if value and (text := plain(value))}
    if long := first_too_long(cells):
        raise Reject(long)
    return cells


def day_in(cells: Mapping[str, str], column: str) -> date | None:
    """The day in a cell; the time after it, which CRM systems export, does not matter."""
    text = cells.get(column)
    if text is None:
        return None
    try:
        return date.fromisoformat(re.sub(r"(?<=\d)[T ]\d\d:\d\d.*$", "", text))
    except ValueError:
        raise Reject(f"{column} {quoted(text)} is not a date; write it as YYYY-MM-DD, such as 2026-07-01") from None


def coming_day_in(cells: Mapping[str, str], column: str, today: date) -> date | None:
    """The day in a cell, today or later."""
    day = day_in(cells, column)
    if day and day < today:
        raise Reject(f"{column} {day} is in the past; correct the year, or leave the cell empty")
    return day


def owner_in(cells: Mapping[str, str], team: Team, today: date) -> str | None:
    """The id of the rep whom a cell names by id, name or e-mail address."""
    text = cells.get("owner")
    if text is None:
        return None
    found = [each for each in team.reps if text.casefold() in _names(each)]
    members = [each for each in found if each.is_in_team(today)]
    if not found:
        known = ", ".join(team.members(today)) or "none"
        raise Reject(f"owner {quoted(text)} is not a rep; the reps are {known}; `pipeline rep add` adds one")
    if not members:
        [rep, *_] = found
        raise Reject(f"owner {quoted(text)} left the team on {rep.left_on}; name who owns the account now")
    if len(members) > 1:
        ids = " or ".join(each.rep for each in members)
        raise Reject(f"owner {quoted(text)} is the name of several reps; write {ids}")
    return members[0].rep


def _names(rep: Rep) -> set[str]:
    return {name.casefold() for name in (rep.rep, rep.name, rep.email) if name}


def ids_in(rows: Iterable[tuple[int, Mapping[str, str | None]]], key: AccountKey) -> set[str]:
    """The accounts that rows name."""
    named = (key.padded(plain(cell)) for _, row in rows if (cell := row.get("facility_id")))
    return {each for each in named if key.matches(each)}
