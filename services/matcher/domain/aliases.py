"""Which facility and which other names are in a row of a file?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from engines.datasets.account_key import AccountKey
from engines.datasets.facts import FurtherNames, Headings, day
from engines.datasets.headings import letters
from engines.datasets.limits import too_long
from engines.datasets.states import state_of
from engines.datasets.text import plain, quoted
from engines.datasets.values import text_of
from engines.matching.facilities import Facility, OtherName
from engines.matching.registry import NO_NAME
from engines.matching.trade import Trade

STATED = "facilityid"
"""A heading that is accepted in addition to the pack's own one."""
KINDS = frozenset({"legal", "dba", "former"})


class Unreadable(ValueError):
    """A row cannot be read; the message states why."""


def read(row: Mapping[str, object], headings: Headings, trade: Trade) -> tuple[str, list[OtherName]]:
    """The account key and the names, from the columns of the pack, or `name` and `kind`. Raises `Unreadable`."""
    key, names = headings.key, headings.names
    cells = {letters(title): _text(cell) for title, cell in row.items()}
    facility_id = (cells.get(letters(key.column)) or cells.get(STATED, "")).upper()
    if not key.matches(facility_id):
        raise Unreadable(key.problem(facility_id))
    is_dated = any(cells.get(letters(title)) for title in names.as_of)
    kind = cells.get("kind", "").lower() or ("former" if is_dated else "dba")
    if kind not in KINDS:
        raise Unreadable(f"kind {quoted(kind)} is not one of {', '.join(sorted(KINDS))}")
    found = [OtherName(cells[title], each) for title, each in names.kinds.items() if title in cells]
    found += [OtherName(cells["name"], kind)] if "name" in cells else []
    if not found:
        raise Unreadable(f"no name is given: fill {', '.join(names.columns)} or name")
    if long := next(filter(None, (too_long(other.kind, other.name) for other in found)), None):
        raise Unreadable(long)
    return facility_id, [other for other in found if trade.normalize(other.name) and letters(other.name) not in NO_NAME]


def stated_in(row: Mapping[str, object], key: AccountKey) -> str:
    """The account key in a row, valid or not; empty if there is none."""
    columns = letters(key.column), STATED
    return next((str(cell or "").strip().upper() for title, cell in row.items() if letters(title) in columns), "")


def state_in(row: Mapping[str, object], names: FurtherNames) -> str | None:
    """The state of the facility in a row."""
    columns = {letters(title) for title in names.state}
    found = (state_of(_text(cell)) for title, cell in row.items() if letters(title) in columns)
    return next(filter(None, found), None)


def day_in(row: Mapping[str, object], names: FurtherNames) -> date | None:
    """The date of a row. Raises `Unreadable`."""
    columns = {letters(title) for title in names.as_of}
    for title, cell in row.items():
        if letters(title) in columns and _text(cell):
            try:
                return day(_text(cell))
            except ValueError as error:
                raise Unreadable(f"{title} {error}") from None
    return None


def new_names(
    facility: Facility, found: list[OtherName], trade: Trade, withdrawn: Iterable[str] = ()
) -> list[OtherName]:
    """The names without existing and withdrawn ones, in any spelling."""
    existing = {trade.normalize(name) for name in (facility.name, *(one.name for one in facility.names), *withdrawn)}
    new = {trade.normalize(other.name): other for other in reversed(found)}
    return [other for text, other in new.items() if text not in existing]


def _text(cell: object) -> str:
    """The cell on one line, without markup. Raises `Unreadable`."""
    try:
        return "" if cell is None else plain(text_of(cell))
    except ValueError as error:
        raise Unreadable(f"a cell {error}") from None
