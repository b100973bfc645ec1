"""What does a registry file state, row by row?

Files are recognized by their headings, compared without case, blanks and punctuation. A cell that is absent, or empty
without a footnote, states nothing; an empty cell with a footnote states that the value is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from engines.datasets.facts import FieldRule, Headings, day, read_facts
from engines.datasets.headings import letters
from engines.datasets.key_columns import NO_STATE, KeyColumns, first, key_columns
from engines.datasets.limits import SHORTEST, too_long
from engines.datasets.listing import KINDS, Identity, Listing, OtherName, distinct_names
from engines.datasets.phones import spelled_alike
from engines.datasets.states import state_of
from engines.datasets.text import plain, quoted

IDENTITY = ("facility_id", "name", "city", "state", "address", "zip", "county", "phone", "chain", "as_of")
"""The fields of every row. The pack has their headings, possibly none."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A rejected row, and why. If its key is readable, the facility is not delisted."""

    line: int
    reason: str
    facility_id: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file."""

    keys: KeyColumns
    width: int
    identity: dict[str, tuple[int, ...]]
    facts: tuple[tuple[FieldRule, int, int | None], ...]

    def unread(self, header: Sequence[str]) -> list[str]:
        """The titles of the columns that nothing reads."""
        read = {place for places in self.identity.values() for place in places}
        read |= {place for _, at, footnote in self.facts for place in (at, footnote) if place is not None}
        return [title for place, title in enumerate(header) if place not in read and title.strip()]


class UnknownLayout(ValueError):
    """A file lacks required columns."""


def layout_of(headings: Headings, header: Sequence[str]) -> Layout:
    """Recognize a file by its header; raises `UnknownLayout` with the missing columns."""
    places = {letters(title): place for place, title in reversed(list(enumerate(header)))}
    identity = {name: _places(places, titles) for name, titles in headings.identity.items()}
    named = {"facility_id": headings.key.column}
    keys = key_columns(headings, header)
    identifying = () if keys else headings.key.made_of or ("facility_id",)
    needed = dict.fromkeys((*headings.required, *identifying))
    missing = [
        f"{named.get(name, name)} (as {' or '.join(headings.identity[name])})" for name in needed if not identity[name]
    ]
    if missing or keys is None:
        raise UnknownLayout(f"not a known registry layout: missing {'; '.join(missing)}")
    if headings.distinctive and not _places(places, headings.distinctive):
        raise UnknownLayout(
            f"not a registry: it has none of {', '.join(headings.distinctive)}; a registry has one of these"
        )
    facts = [(rule, _places(places, rule.headings), _places(places, rule.footnotes)) for rule in headings.facts]
    return Layout(
        keys,
        len(header),
        identity,
        tuple((rule, at[0], note[0] if note else None) for rule, at, note in facts if at),
    )


def _places(places: dict[str, int], titles: Sequence[str]) -> tuple[int, ...]:
    return tuple(places[letters(title)] for title in titles if letters(title) in places)


def read_row(layout: Layout, line: int, cells: Sequence[str], otherwise_as_of: date) -> Listing | Reject:
    """Read one row as a listing; returns a `Reject` if that is not possible."""
    if len(cells) != layout.width:
        problem = f"{len(cells)} cells where the header has {layout.width}"
        return Reject(line, problem, layout.keys.readable(cells))
    try:
        facility_id = layout.keys.of(cells)
    except ValueError as error:
        return Reject(line, str(error))
    key = layout.keys.key
    state = state_of(_cell(layout, cells, "state") or "")
    missing = [name for name in ("name", "city") if not _cell(layout, cells, name)]
    if missing or not state:
        stated = "" if missing else _cell(layout, cells, "state")
        if stated:
            return Reject(line, f"state {quoted(stated)} of {key.name} {facility_id} {NO_STATE}", facility_id)
        return Reject(line, f"{' and '.join(missing) or 'state'} missing for {key.name} {facility_id}", facility_id)
    if long := _too_long(layout, cells):
        return Reject(line, long, facility_id)
    try:
        stated = _cell(layout, cells, "as_of")
        as_of = day(stated) if stated else otherwise_as_of
    except ValueError as error:
        return Reject(line, f"processing date {error}", facility_id)
    facts, warnings = read_facts(layout.facts, cells, facility_id, as_of)
    return Listing(line, facility_id, _identity(layout, cells, state), as_of, tuple(facts), tuple(warnings))


def _too_long(layout: Layout, cells: Sequence[str]) -> str | None:
    longest = max(map(len, cells), default=0)
    if longest <= SHORTEST:
        return None
    texts = ((name, plain(cells[place])) for name, places in layout.identity.items() for place in places)
    return next(filter(None, (too_long(name, text) for name, text in texts)), None)


def _cell(layout: Layout, cells: Sequence[str], name: str) -> str | None:
    """The first cell of a field's columns that is not empty."""
    return first(cells, layout.identity[name]) or None


def _identity(layout: Layout, cells: Sequence[str], state: str) -> Identity:
    def cell(field: str) -> str | None:
        return _cell(layout, cells, field)

    name = cell("name") or ""
    return Identity(
        name=name,
        other_names=distinct_names(name, [OtherName(n, k) for k in KINDS for n in _all(layout, cells, k)]),
        address=cell("address"),
        city=cell("city") or "",
        state=state,
        zip=_zip(cell("zip")),
        county=cell("county"),
        phone=spelled_alike(cell("phone")),
        chain=cell("chain"),
    )


def _all(layout: Layout, cells: Sequence[str], kind: str) -> list[str]:
    return [plain(cells[place]) for place in layout.identity.get(kind, ())]


def _zip(text: str | None) -> str | None:
    """Five digits, or nine; a leading zero that a spreadsheet dropped is restored."""
    digits = re.sub(r"\D", "", text or "")
    if len(digits) == 9:
        return f"{digits[:5]}-{digits[5:]}"
    return digits.zfill(5) if len(digits) in (4, 5) else None


@dataclass(frozen=True, slots=True)
class Chunk:
    """The results of reading some rows of a file."""

    listings: tuple[Listing, ...]
    rejects: tuple[Reject, ...]
    skipped: int


def read_chunk(layout: Layout, rows: Iterable[tuple[int, Sequence[str]]], state: str | None, as_of: date) -> Chunk:
    """Read the rows of one state, or of all; `as_of` is the day of rows that do not state their own."""
    # The file of August 2021 ends with an empty line; rejecting it would prevent every delisting.
    numbered = [(line, row) for line, row in rows if any(map(str.strip, row))]
    wanted = [(line, row) for line, row in numbered if not _of_another_state(layout, row, state)]
    read = [read_row(layout, line, row, as_of) for line, row in wanted]
    return Chunk(
        listings=tuple(one for one in read if isinstance(one, Listing)),
        rejects=tuple(one for one in read if isinstance(one, Reject)),
        skipped=len(numbered) - len(wanted),
    )


def until(chunk: Chunk, latest: date) -> Chunk:
    """Reject rows with a later day, which would take precedence over everything until that day."""
    ahead = tuple(
        Reject(one.line, f"processing date {one.as_of} is in the future; check the year", one.facility_id)
        for one in chunk.listings
        if one.as_of > latest
    )
    kept = tuple(one for one in chunk.listings if one.as_of <= latest)
    return Chunk(kept, tuple(sorted((*chunk.rejects, *ahead), key=lambda reject: reject.line)), chunk.skipped)


def _of_another_state(layout: Layout, cells: Sequence[str], state: str | None) -> bool:
    if state is None or len(cells) != layout.width:
        return False
    stated = state_of(_cell(layout, cells, "state") or "")
    return stated is not None and stated != state


def without_repeats(chunk: Chunk, first_lines: dict[str, int]) -> Chunk:
    """Keep the first row of each facility, and reject its further rows."""
    again = tuple(
        Reject(one.line, f"{one.facility_id} is on line {first_lines[one.facility_id]} already", one.facility_id)
        for one in chunk.listings
        if first_lines[one.facility_id] != one.line
    )
    kept = tuple(one for one in chunk.listings if first_lines[one.facility_id] == one.line)
    return Chunk(kept, tuple(sorted((*chunk.rejects, *again), key=lambda reject: reject.line)), chunk.skipped)
