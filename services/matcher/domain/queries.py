"""What does a query of the Reconciliation Service API say of an employer, and what of it cannot be read?

Clients send what stands in their cells: texts, numbers, cells reconciled before (an `id` and a `name`), and lists of
these where a row has several. A value that cannot be read is left out and said, and the rest is answered.
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
"""What a query may say beside the name and the account key."""
DECISIVE = frozenset({"city", "state", "facility_id"})
"""Where one of these is given and not read, a facility is no match: it may be the one of another place."""
LONGEST = 300
"""Characters of a text that is read; no name or address in a registry has more than half as many."""
LIMIT = 5
"""Candidates of a query that does not say how many."""
MOST_NOTES = 8
SHOWN = 60

_ZIP = re.compile(r"(\d{3,5})|(\d{4,5})[- ]?\d{4}")
_EMPTY_DECIMALS = re.compile(r"(\d+)\.0+")


class Unreadable(ValueError):
    """A query is not as the API wants it; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Query:
    """Who is asked for, how many candidates are wanted, and what was not read."""

    employer: Employer
    limit: int
    notes: tuple[str, ...]
    is_whole: bool
    """Whether everything was read that tells one facility from another."""


@dataclass(slots=True)
class _Said:
    """What was read so far."""

    key: AccountKey
    texts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    is_whole: bool = True

    @property
    def key_properties(self) -> list[str]:
        return list(properties(self.key))

    def reader(self, pid: str) -> Callable[[str], str]:
        return _READERS.get(pid) or partial(_facility_id, self.key)

    def note(self, pid: str, reason: str) -> None:
        self.is_whole = self.is_whole and pid not in DECISIVE
        if len(self.notes) < MOST_NOTES:
            self.notes.append(f"`{self.key.column if pid == 'facility_id' else pid}` {reason}.")


def properties(key: AccountKey) -> dict[str, str]:
    """What a query may say beside the name, by the name of each property."""
    return PROPERTIES | {key.column: key.title}


def read(query: object, key: AccountKey) -> Query:
    """Raises `Unreadable` where nothing can be made of it."""
    if not isinstance(query, Mapping):
        raise Unreadable("a query is an object with `query` and, if you like, `properties`")
    name, said = _name(query.get("query")), _Said(key)
    for pid, values in _by_pid(query.get("properties"), said).items():
        _take(pid, values, said)
    limit = _limit(query.get("limit"), said)
    _part_city(said)
    texts = {pid: said.texts.get(pid) for pid in (*PROPERTIES, "facility_id")}
    return Query(Employer(name, **texts), limit, tuple(said.notes), said.is_whole)


def _name(given: object) -> str:
    if given is None:
        return ""
    value = next(_listed(given), "")
    try:
        return next(iter(_texts("query", value)), "")
    except ValueError as error:
        raise Unreadable(f"`query` {error}") from None


def _by_pid(properties: object, said: _Said) -> dict[str, list[Any]]:
    """The values of each property that is known, in either spelling of its name."""
    if properties is None:
        return {}
    if not isinstance(properties, list) or not all(
        isinstance(each, Mapping) and isinstance(each.get("pid"), str) for each in properties
    ):
        raise Unreadable("`properties` is a list of objects with `pid` and `v`")
    found: dict[str, list[Any]] = {}
    pids = _pids(said.key)
    for each in properties:
        pid = pids.get(letters(each["pid"][:SHOWN]))
        if pid:
            found.setdefault(pid, []).extend(_listed(each.get("v")))
        else:
            said.note(each["pid"][:SHOWN], f"is no property that is read; {', '.join(said.key_properties)} are")
    return found


@cache
def _pids(key: AccountKey) -> dict[str, str]:
    pids = {letters(said): pid for pid, name in PROPERTIES.items() for said in (pid, name)}
    return pids | {letters(said): "facility_id" for said in (key.column, key.title, "facility_id")}


def _listed(value: object) -> Iterator[Any]:
    yield from value if isinstance(value, list) else [value]


def _take(pid: str, values: list[Any], said: _Said) -> None:
    """The first value that can be read; that there are others, or that one cannot be read, is said."""
    found: dict[str, None] = {}
    for value in values:
        try:
            texts = [text for text in _texts(pid, value) if letters(text) not in NO_NAME]
            if texts:
                found[_readable(said.reader(pid), texts)] = None
        except ValueError as error:
            said.note(pid, str(error))
    if found:
        said.texts[pid] = next(iter(found))
    if len(found) > 1:
        said.note(pid, f"has several values, of which only the first is read: {said.texts[pid]!r}")


def _readable(reader: Callable[[str], str], texts: list[str]) -> str:
    """The first of the texts, of which there is one at least, that can be read; raises what is wrong with the first."""
    reasons = []
    for text in texts:
        try:
            return reader(text)
        except ValueError as error:
            reasons.append(str(error))
    raise ValueError(reasons[0])


def _texts(pid: str, value: object) -> Iterator[str]:
    """What a value says, likeliest first: of a reconciled cell its name before its id, which is another service's,
    but of a facility its id, which is ours."""
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
        raise ValueError(f"is no text but {_shown(value)}")
    too_long = isinstance(value, int) and value.bit_length() > 4 * LONGEST  # Python refuses to write it
    if too_long or (isinstance(value, float) and not isfinite(value)):
        raise ValueError("is a number that nobody could have meant")
    text = str(value)
    if len(text) > LONGEST:
        raise ValueError(f"has {len(text):,} characters; at most {LONGEST} are read")
    whole = _EMPTY_DECIMALS.fullmatch(text)
    return whole[1] if whole else plain(text)


def _shown(value: object) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= SHOWN else f"{value[:SHOWN]}...")
    return {bool: str(value).lower(), list: "a list", dict: "an object"}.get(type(value), "something else")


def _state(text: str) -> str:
    code = state_of(text)
    if not code:
        raise ValueError(f"{_shown(text)} is no state; write NY or New York")
    return code


def _zip(text: str) -> str:
    """Five digits; a leading zero that a spreadsheet dropped is put back."""
    found = _ZIP.fullmatch(text.strip(" -"))
    if not found:
        raise ValueError(f"{_shown(text)} is no ZIP code; write five digits, such as 12207")
    return (found[1] or found[2]).zfill(5)


def _phone(text: str) -> str:
    number = phones.without_extension(text)
    if len(phones.digits_of(number)) < phones.DIGITS:
        raise ValueError(f"{_shown(text)} is no telephone number of ten digits")
    return number


def _facility_id(key: AccountKey, text: str) -> str:
    facility_id = key.repaired(text)
    if not facility_id:
        raise ValueError(key.problem(text).removeprefix(f"{key.name} "))
    return facility_id


def _limit(given: object, said: _Said) -> int:
    if given is None or given == "":
        return LIMIT
    try:
        number = float(given) if isinstance(given, str | int | float) and not isinstance(given, bool) else float("nan")
    except (ValueError, OverflowError):
        number = float("nan")
    if number != number:
        said.note("limit", f"{_shown(given)} is no number")
        return LIMIT
    return int(max(1, min(number, LIMIT)))


def _part_city(said: _Said) -> None:
    """ "Utica, NY" is a city and its state, unless another state is given."""
    city, _, last = said.texts.get("city", "").rpartition(",")
    state = state_of(last) if city else None
    if state and said.texts.setdefault("state", state) == state:
        said.texts["city"] = city.strip()


_READERS: dict[str, Callable[[str], str]] = {
    "city": str,
    "state": _state,
    "zip": _zip,
    "address": str,
    "phone": _phone,
    "title": str,
}
