"""Which facts can be known about a facility, and how is a cell of a dataset read as one?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from engines.datasets.account_key import AccountKey
from engines.datasets.files import EventRule, MeasureRule, ShareRule, SumRule, UnusableRule
from engines.datasets.headings import letters
from engines.datasets.limits import LIMITS, first_too_long
from engines.datasets.rosters import NO_ROSTERS, Rosters
from engines.datasets.text import plain, quoted


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A field of the pack: its values, and the headings under which registry files state it."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    name: str
    type: Literal["integer", "number", "date", "text"]
    least: Decimal | None = None
    most: Decimal | None = None
    headings: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    many: bool = False
    """Whether a cell may have several values, with `|` or `;` between them. They are stored with `|` between them."""
    values: tuple[str, ...] = ()
    """The only values, as they are stored; cells may have them in any case, with any signs."""

    def __post_init__(self) -> None:
        if (self.many or self.values) and self.type != "text":
            raise ValueError(f"{self.name}: many and values are for a field of type text")
        if wrong := [value for value in self.values if _SEVERAL.search(value) or not letters(value)]:
            raise ValueError(f"{self.name}: values: {wrong[0]!r} cannot be one; it has letters, and neither | nor ;")
        if len({letters(value) for value in self.values}) < len(self.values):
            raise ValueError(f"{self.name}: values: each differs from the others in its letters and digits")


_SEVERAL = re.compile(r"[|;]")


@dataclass(frozen=True, slots=True)
class FurtherNames:
    """The headings of files with further names of facilities, next to the account key, by the kind of name."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    title: str = "a file of further names"
    """The name of such a file for people."""
    legal: tuple[str, ...] = ()
    dba: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    as_of: tuple[str, ...] = ()
    """The day of a row: in a registry of several days, older names are former names."""

    @property
    def by_kind(self) -> dict[str, tuple[str, ...]]:
        return {"legal": self.legal, "dba": self.dba, "former": self.former}

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of name by normalized heading."""
        return {letters(title): kind for kind, titles in self.by_kind.items() for title in titles}

    @property
    def columns(self) -> list[str]:
        """The first heading of each kind."""
        return [titles[0] for titles in self.by_kind.values() if titles]


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings under which datasets state the identity of facilities and facts about them."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    key: AccountKey
    identity: dict[str, tuple[str, ...]]
    required: tuple[str, ...]
    facts: tuple[FieldRule, ...]
    events: tuple[EventRule, ...] = ()
    measures: tuple[MeasureRule, ...] = ()
    shares: tuple[ShareRule, ...] = ()
    sums: tuple[SumRule, ...] = ()
    unusable: tuple[UnusableRule, ...] = ()
    names: FurtherNames = FurtherNames()
    rosters: Rosters = NO_ROSTERS
    distinctive: tuple[str, ...] = ()
    """Every registry has at least one of these headings; a dataset that only names facilities has none."""
    most_delisted_share: Decimal = Decimal("0.05")
    """The share of the listed facilities of a place that a complete file may delist without confirmation."""

    def __post_init__(self) -> None:
        unknown = set(self.required) - self.identity.keys()
        if unknown:
            names = ", ".join(sorted(unknown))
            raise ValueError(f"required has {names}, but identity has no headings for it; the key is facility_id there")
        if bare := [name for name in self.key.made_of if not self.identity.get(name)]:
            raise ValueError(f"identity.{bare[0]} has no headings, and the key is made of it")
        if self.key.made_of and "facility_id" in self.required:
            raise ValueError("required has facility_id, which is made where a file has none; leave it out")

    @property
    def computed(self) -> tuple[MeasureRule | ShareRule | SumRule, ...]:
        """The files whose numbers are not in a column of each."""
        return *self.measures, *self.shares, *self.sums

    def fact(self, name: str) -> FieldRule | None:
        return next((rule for rule in self.facts if rule.name == name), None)


@dataclass(frozen=True, slots=True)
class Statement:
    """The value of one field of a facility at one date; None means explicitly unknown."""

    facility_id: str
    field: str
    value: str | None
    as_of: date


def canonical(rule: FieldRule, text: str) -> str:
    """The value in the form in which it is stored; raises `ValueError` with the problem."""
    if rule.type == "text":
        value, unknown = _picked(rule, text)
        if unknown:
            raise ValueError(unknown)
        return _short(rule, value)
    if rule.type == "date":
        return day(text).isoformat()
    return _number(rule, text)


def _picked(rule: FieldRule, text: str) -> tuple[str, str | None]:
    """The values in a text that the pack knows, and the problem with the others."""
    found = dict.fromkeys(each.strip() for each in _SEVERAL.split(text)) if rule.many else {text: None}
    if not rule.values:
        return "|".join(filter(None, found)), None
    known = {letters(value): value for value in rule.values}
    picked = dict.fromkeys(known[folded] for each in found if (folded := letters(each)) in known)
    unknown = [each for each in found if each and letters(each) not in known]
    problem = f"{rule.name} {quoted(unknown[0])} is not one of {_listed(rule.values)}" if unknown else None
    return "|".join(picked), problem


def _listed(values: Sequence[str]) -> str:
    more = len(values) - MOST_LISTED
    return ", ".join(values[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


MOST_LISTED = 12
"""Of the values of a field, in a message."""


def _short(rule: FieldRule, text: str) -> str:
    if len(text) > LIMITS["value"]:
        raise ValueError(f"{rule.name} has {len(text):,} characters, and at most {LIMITS['value']} are allowed")
    return text


_NUMBER = re.compile(r"-?\d{1,12}(\.\d{0,9})?")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def _number(rule: FieldRule, text: str) -> str:
    digits = text.replace("$", "").replace(",", "").strip()
    if not _NUMBER.fullmatch(digits):
        raise ValueError(f"{rule.name} {quoted(text)} is not a number")
    number = Decimal(digits)
    if rule.type == "integer" and number != number.to_integral_value():
        raise ValueError(f"{rule.name} {quoted(text)} is not an integer")
    if (rule.least is not None and number < rule.least) or (rule.most is not None and number > rule.most):
        raise ValueError(f"{rule.name} {quoted(text)} is not between {rule.least} and {rule.most}")
    return f"{number.normalize() + 0:f}"


def share(rule: FieldRule, part: str, whole: str) -> str | None:
    """A part of a whole, to four decimal places; None if a cell is empty or the whole is 0. Raises `ValueError`."""
    if not part.strip() or not whole.strip():
        return None
    counts = FieldRule(rule.name, "number", least=Decimal(0))
    of, total = Decimal(canonical(counts, part)), Decimal(canonical(counts, whole))
    return canonical(rule, f"{of / total:.4f}") if total else None


def read_facts(
    columns: Iterable[tuple[FieldRule, int, int | None]], cells: Sequence[str], facility_id: str, as_of: date
) -> tuple[list[Statement], list[str]]:
    """The facts that the cells of a row state, and a warning for each cell that cannot be read."""
    facts: list[Statement] = []
    warnings: list[str] = []
    for rule, place, footnote in columns:
        text = plain(cells[place])
        if text:
            try:
                value, unknown = _read(rule, text)
            except ValueError as error:
                value, unknown = "", str(error)
            if value:
                facts.append(Statement(facility_id, rule.name, value, as_of))
            if unknown:
                warnings.append(unknown)
        elif footnote is not None and cells[footnote].strip():
            facts.append(Statement(facility_id, rule.name, None, as_of))
    return facts, warnings


def _read(rule: FieldRule, text: str) -> tuple[str, str | None]:
    """The value of a cell, without those of several that the pack does not know, and the problem with them."""
    if rule.type != "text":
        return canonical(rule, text), None
    value, unknown = _picked(rule, text)
    return _short(rule, value), unknown


def day(text: str) -> date:
    """Parse a date as files write it, `2026-07-01` or `07/01/2026`; raises `ValueError`."""
    if len(text) > _LONGEST_DAY:
        raise ValueError(f"{quoted(text)} is not a date like 2026-07-01")
    return _day(text)


_LONGEST_DAY = 100


@lru_cache(maxsize=4_096)
def _day(text: str) -> date:
    text = text.strip()
    american = _AMERICAN.fullmatch(text)
    try:
        if american:
            month, of_month, year = map(int, american.groups())
            return _plausible(date(year, month, of_month))
        return _plausible(datetime.fromisoformat(text).date())
    except ValueError:
        raise ValueError(f"{text!r} is not a date like 2026-07-01") from None


def _plausible(value: date) -> date:
    if not 1960 <= value.year < 2200:
        raise ValueError
    return value


def fact_columns(headings: Headings) -> tuple[str, ...]:
    """The columns of a file of facts."""
    return headings.key.column, "field", "value", "as_of"


def read_fact(headings: Headings, cells: dict[str, str]) -> Statement:
    """Read a row of a file of facts; an empty value means unknown. Raises `ValueError` with the problem."""
    facility_id = headings.key.of(cells[headings.key.column])
    if long := first_too_long({name: cells[name].strip() for name in fact_columns(headings)}):
        raise ValueError(long)
    rule = headings.fact(cells["field"].strip())
    if rule is None:
        known = ", ".join(fact.name for fact in headings.facts)
        raise ValueError(f"field {quoted(cells['field'])} is unknown; the fields are {known}")
    value = plain(cells["value"])
    stated = canonical(rule, value) if value else ""
    return Statement(facility_id, rule.name, stated or None, day(cells["as_of"]))
