"""Which employer is in a query of the Reconciliation Service API, and which values are invalid?

Clients send the content of their cells: texts, numbers, reconciled cells (an `id` and a `name`), and lists of these. An
invalid value is left out and reported, and the query is processed with the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from math import isfinite
from typing import Any

from engines.datasets import phones
from engines.datasets.account_key import AccountKey
from engines.datasets.headings import letters
from engines.datasets.states import state_of
from engines.datasets.text import plain
from engines.matching.facilities import Employer
from engines.matching.registry import NO_NAME

PROPERTIES = {
    "city": "City",
    "state": "State",
    "zip": "ZIP code",
    "address": "Street address",
    "phone": "Telephone number",
    "title": "Job title",
}
"""Properties of a query besides the name and the account key."""
DECISIVE = frozenset({"city", "state", "facility_id"})
"""If one of these is given but invalid, no candidate is a match: the facility may be in another place."""
LONGEST = 300
"""Characters of a text. No name or address in a registry has more than half as many."""
LIMIT = 5
"""The default number of candidates."""
MAX_NOTES = 8
SHOWN = 60

_ZIP = re.compile(r"(\d{3,5})|(\d{4,5})[- ]?\d{4}")
_EMPTY_DECIMALS = re.compile(r"(\d+)\.0+")


class Unreadable(ValueError):
    """A query is invalid; the message states why."""


@dataclass(frozen=True, slots=True)
class Query:
    """The employer, the number of candidates, and notes on what was left out."""

    employer: Employer
    limit: int
    notes: tuple[str, ...]
    is_complete: bool
    """Whether all decisive properties that were given are valid."""


@dataclass(slots=True)
class _Parts:
    """The parts of a query that were read so far."""

    key: AccountKey
    texts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    is_complete: bool = True

    @property
    def key_properties(self) -> list[str]:
        return list(properties(self.key))

    def reader(self, pid: str) -> Callable[[str], str]:
        return _READERS.get(pid) or partial(_facility_id, self.key)

    def note(self, pid: str, reason: str) -> None:
        self.is_complete = self.is_complete and pid not in DECISIVE
        if len(self.notes) < MAX_NOTES:
            self.notes.append(f"`{self.key.column if pid == 'facility_id' else pid}` {reason}.")


def properties(key: AccountKey) -> dict[str, str]:
    """The title of each property, by its name."""
    return PROPERTIES | {key.column: key.title}


def read(query: object, key: AccountKey) -> Query:
    """Raises `Unreadable` for an invalid query."""
    if not isinstance(query, Mapping):
        raise Unreadable("a query is an object with `query` and, optionally, `properties`")
    name, parts = _name(query.get("query")), _Parts(key)
    for pid, values in _by_pid(query.get("properties"), parts).items():
        _read_property(pid, values, parts)
    limit = _limit(query.get("limit"), parts)
    _split_city(parts)
    texts = {pid: parts.texts.get(pid) for pid in (*PROPERTIES, "facility_id")}
    return Query(Employer(name, **texts), limit, tuple(parts.notes), parts.is_complete)


def _name(given: object) -> str:
    if given is None:
        return ""
    value = next(_listed(given), "")
    try:
        return next(iter(_texts("query", value)), "")
    except ValueError as error:
        raise Unreadable(f"`query` {error}") from None


def _by_pid(properties: object, parts: _Parts) -> dict[str, list[Any]]:
    """The values of each known property, by either form of its name."""
    if properties is None:
        return {}
    if not isinstance(properties, list) or not all(
        isinstance(each, Mapping) and isinstance(each.get("pid"), str) for each in properties
    ):
        raise Unreadable("`properties` is a list of objects with `pid` and `v`")
    found: dict[str, list[Any]] = {}
    pids = _pids(parts.key)
    for each in properties:
        pid = pids.get(letters(each["pid"][:SHOWN]))
        if pid:
            found.setdefault(pid, []).extend(_listed(each.get("v")))
        else:
            parts.note(each["pid"][:SHOWN], f"is not a known property; these are: {', '.join(parts.key_properties)}")
    return found


@cache
def _pids(key: AccountKey) -> dict[str, str]:
    pids = {letters(form): pid for pid, name in PROPERTIES.items() for form in (pid, name)}
    return pids | {letters(form): "facility_id" for form in (key.column, key.title, "facility_id")}


def _listed(value: object) -> Iterator[Any]:
    yield from value if isinstance(value, list) else [value]


def _read_property(pid: str, values: list[Any], parts: _Parts) -> None:
    """Read the first valid value of a property; note invalid values, and that there are others."""
    found: dict[str, None] = {}
    for value in values:
        try:
            texts = [text for text in _texts(pid, value) if letters(text) not in NO_NAME]
            if texts:
                found[_first_valid(parts.reader(pid), texts)] = None
        except ValueError as error:
            parts.note(pid, str(error))
    if found:
        parts.texts[pid] = next(iter(found))
    if len(found) > 1:
        parts.note(pid, f"has several values, of which only the first is read: {parts.texts[pid]!r}")


def _first_valid(reader: Callable[[str], str], texts: list[str]) -> str:
    """The first valid text of at least one. Raises `ValueError` for the first text if all are invalid."""
    reasons = []
    for text in texts:
        try:
            return reader(text)
        except ValueError as error:
            reasons.append(str(error))
    raise ValueError(reasons[0])


def _texts(pid: str, value: object) -> Iterator[str]:
    """The texts of a value, most likely first.

    A reconciled cell has a name and an id of another service. The name comes first, except for facilities.
    """
    if isinstance(value, Mapping):
        if value and value.keys().isdisjoint(("id", "name")):
            raise ValueError("is an object without `id` and `name`")
        for key in ("id", "name") if pid == "facility_id" else ("name", "id"):
            if value.get(key) is not None:
                yield _text(value[key])
    elif value is not None:
        yield _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"must be a text, not {_shown(value)}")
    too_long = isinstance(value, int) and value.bit_length() > 4 * LONGEST  # Python refuses to write it
    if too_long or (isinstance(value, float) and not isfinite(value)):
        raise ValueError("is not a plausible number")
    text = str(value)
    if len(text) > LONGEST:
        raise ValueError(f"has {len(text):,} characters; at most {LONGEST} are accepted")
    number = _EMPTY_DECIMALS.fullmatch(text)
    return number[1] if number else plain(text)


def _shown(value: object) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= SHOWN else f"{value[:SHOWN]}...")
    return {bool: str(value).lower(), list: "a list", dict: "an object"}.get(type(value), "something else")


def _state(text: str) -> str:
    code = state_of(text)
    if not code:
        raise ValueError(f"{_shown(text)} is not a state; write NY or New York")
    return code


def _zip(text: str) -> str:
    """Five digits; a leading zero that a spreadsheet dropped is restored."""
    found = _ZIP.fullmatch(text.strip(" -"))
    if not found:
        raise ValueError(f"{_shown(text)} is not a ZIP code; write five digits, such as 12207")
    return (found[1] or found[2]).zfill(5)


def _phone(text: str) -> str:
    number = phones.without_extension(text)
    if len(phones.digits_of(number)) < phones.DIGITS:
        raise ValueError(f"{_shown(text)} is not a telephone number of ten digits")
    return number


def _facility_id(key: AccountKey, text: str) -> str:
    facility_id = key.repaired(text)
    if not facility_id:
        raise ValueError(key.problem(text).removeprefix(f"{key.name} "))
    return facility_id


def _limit(given: object, parts: _Parts) -> int:
    if given is None or given == "":
        return LIMIT
    try:
        number = float(given) if isinstance(given, str | int | float) and not isinstance(given, bool) else float("nan")
    except (ValueError, OverflowError):
        number = float("nan")
    if number != number:
        parts.note("limit", f"{_shown(given)} is not a number")
        return LIMIT
    return int(max(1, min(number, LIMIT)))


def _split_city(parts: _Parts) -> None:
    """Split "Utica, NY" into a city and its state, unless another state is given."""
    city, _, last = parts.texts.get("city", "").rpartition(",")
    state = state_of(last) if city else None
    if state and parts.texts.setdefault("state", state) == state:
        parts.texts["city"] = city.strip()


_READERS: dict[str, Callable[[str], str]] = {
    "city": str,
    "state": _state,
    "zip": _zip,
    "address": str,
    "phone": _phone,
    "title": str,
}
