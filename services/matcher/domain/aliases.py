"""Which further names does a row of a file give which facility?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from engines.datasets.account_key import AccountKey
from engines.datasets.facts import day
from engines.datasets.limits import too_long
from engines.datasets.states import state_of
from engines.datasets.text import plain, shown
from engines.datasets.values import text_of
from engines.matching.facilities import Facility, OtherName
from engines.matching.names import normalise

HEADINGS = {
    "organizationname": "legal",
    "legalbusinessname": "legal",
    "doingbusinessasname": "dba",
    "dbaname": "dba",
    "formername": "former",
    "providername": "former",
    "facilityname": "former",
}
"""Headings of SNF Enrollments as published, and the like, by the kind of name."""
DAYS = ("snapshot", "processingdate", "filedate", "asof")
"""Headings of the day of which a row speaks: of a registry of several days, older names become aliases."""
STATES = ("state", "providerstate", "enrollmentstate")
STATED = "facilityid"
"""Beside the pack's own heading for it."""
KINDS = frozenset({"legal", "dba", "former"})
NO_NAME = frozenset({"na", "none", "null", "notapplicable", "notavailable", "unknown"})
_SIGNS = re.compile(r"[\W_]+")


class Unreadable(ValueError):
    """A row cannot be taken; the message says why."""


def read(row: Mapping[str, object], key: AccountKey) -> tuple[str, list[OtherName]]:
    """The account key and its names: columns as in `HEADINGS`, or `name` and `kind`; raises `Unreadable`."""
    cells = {_letters(title): _text(cell) for title, cell in row.items()}
    facility_id = (cells.get(_letters(key.column)) or cells.get(STATED, "")).upper()
    if not key.matches(facility_id):
        raise Unreadable(key.problem(facility_id))
    kind = cells.get("kind", "").lower() or ("former" if any(cells.get(title) for title in DAYS) else "dba")
    if kind not in KINDS:
        raise Unreadable(f"kind {shown(kind)} is none of {', '.join(sorted(KINDS))}")
    found = [OtherName(cells[title], each) for title, each in HEADINGS.items() if title in cells]
    found += [OtherName(cells["name"], kind)] if "name" in cells else []
    if not found:
        raise Unreadable("no name is given: fill ORGANIZATION NAME, DOING BUSINESS AS NAME, former name or name")
    if long := next(filter(None, (too_long(other.kind, other.name) for other in found)), None):
        raise Unreadable(long)
    return facility_id, [other for other in found if normalise(other.name) and _letters(other.name) not in NO_NAME]


def stated_in(row: Mapping[str, object], key: AccountKey) -> str:
    """The facility that a row names, right or not; nothing where it names none."""
    columns = _letters(key.column), STATED
    return next((str(cell or "").strip().upper() for title, cell in row.items() if _letters(title) in columns), "")


def state_in(row: Mapping[str, object]) -> str | None:
    """The state of which a row says that the facility is in it."""
    found = (state_of(_text(cell)) for title, cell in row.items() if _letters(title) in STATES)
    return next(filter(None, found), None)


def day_in(row: Mapping[str, object]) -> date | None:
    """The day of which a row speaks; raises `Unreadable`."""
    for title, cell in row.items():
        if _letters(title) in DAYS and _text(cell):
            try:
                return day(_text(cell))
            except ValueError as error:
                raise Unreadable(f"{title} {error}") from None
    return None


def new_names(facility: Facility, found: list[OtherName], taken_away: Iterable[str] = ()) -> list[OtherName]:
    """Without those by which it is known already, and those a person took away, however they are spelt."""
    known = {normalise(name) for name in (facility.name, *(other.name for other in facility.names), *taken_away)}
    fresh = {normalise(other.name): other for other in reversed(found)}
    return [other for text, other in fresh.items() if text not in known]


def _text(cell: object) -> str:
    """As people read it, in one line; raises `Unreadable`."""
    try:
        return "" if cell is None else plain(text_of(cell))
    except ValueError as error:
        raise Unreadable(f"a cell {error}") from None


def _letters(text: str) -> str:
    return _SIGNS.sub("", text.casefold())
