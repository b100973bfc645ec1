"""Which published datasets are polled, when, and when is a vintage of one suspicious?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Literal
from zlib import crc32

from engines.datasets.headings import letters

CATALOGUES = ("pdc", "data_api")
MOST_UNREADABLE = Decimal("0.01")
"""The share of the rows that may have no readable account key."""
MOST_LISTED = 5
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Checks:
    """What the publisher's next vintage will not exceed if it is sound; shares are between 0 and 1."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    least_rows: int = 1
    rows_changed: Decimal = Decimal("0.1")
    """The share by which the number of rows may rise or fall."""
    facilities_missing: Decimal = Decimal("0.05")
    """The share of the facilities of the last vintage that may be missing."""
    facilities_changed: Decimal = Decimal("0.2")
    """Of a registry: the share of the facilities whose name or place may have changed."""

    def __post_init__(self) -> None:
        if self.least_rows < 1:
            raise ValueError("least_rows is at least 1")
        for name in ("rows_changed", "facilities_missing", "facilities_changed"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a share between 0 and 1")


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset of a catalogue, and what it is imported as."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    name: str
    title: str
    catalogue: Literal["pdc", "data_api"]
    id: str
    imports: Literal["facilities", "quality", "facts", "aliases"]
    complete: str | None = None
    """The state, or `US`, that a registry is complete for: facilities that it lacks are delisted."""
    state: str | None = None
    """Only rows of this state are imported."""
    after: tuple[str, ...] = ()
    """Datasets that come first. This one is asked for again whenever one of them was imported."""
    checks: Checks = Checks()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is not a name like quality-measures: lower case letters, digits, hyphens")
        if not re.fullmatch(r"[0-9A-Za-z-]{4,40}", self.id):
            raise ValueError(f"id {self.id!r} has other characters than letters, digits and hyphens")
        if self.complete and self.imports != "facilities":
            raise ValueError("complete is for a registry (imports: facilities)")
        if self.state and self.imports not in ("facilities", "aliases"):
            raise ValueError("state is for registries and aliases; other files are about facilities of any state")


@dataclass(frozen=True, slots=True)
class Poll:
    """The time of day at which catalogues are asked, in the deployment's time zone."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    at: time = time(5, 30)
    jitter_minutes: int = 45
    """Deployments and datasets ask up to so much later, each at another minute."""

    def __post_init__(self) -> None:
        if not 0 <= self.jitter_minutes <= 720:
            raise ValueError("jitter_minutes is between 0 and 720")

    def delay(self, name: str, on: date, deployment: str) -> timedelta:
        """How much later than `at` a dataset is asked for on a day."""
        share = crc32(f"{deployment} {name} {on}".encode()) / 0xFFFFFFFF
        return timedelta(seconds=round(60 * self.jitter_minutes * share))


@dataclass(frozen=True, slots=True)
class Published:
    """Section `datasets` of the pack."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    datasets: tuple[Dataset, ...]
    catalogues: Mapping[str, str] = field(default_factory=dict)
    """The address of each catalogue."""
    poll: Poll = Poll()

    def __post_init__(self) -> None:
        names = [each.name for each in self.datasets]
        for each in self.datasets:
            if names.count(each.name) > 1:
                raise ValueError(f"{each.name} is listed more than once")
            if each.catalogue not in self.catalogues:
                raise ValueError(f"catalogues has no {each.catalogue}, where {each.name} is")
            if unknown := [name for name in each.after if name not in names or name == each.name]:
                raise ValueError(f"{each.name} comes after {unknown[0]}, which is not another dataset")
        for name, url in self.catalogues.items():
            if name not in CATALOGUES:
                raise ValueError(f"catalogues.{name} is not one of {', '.join(CATALOGUES)}")
            if not re.fullmatch(r"https?://[^\s?#@]+[^\s?#@/]", url):
                raise ValueError(f"catalogues.{name} is not an address like https://HOST/path")

    def named(self, name: str) -> Dataset | None:
        return next((each for each in self.datasets if each.name == name), None)

    def following(self, name: str) -> list[str]:
        """The datasets that are asked for again after this one."""
        return [each.name for each in self.datasets if name in each.after]


@dataclass(frozen=True, slots=True)
class Survey:
    """What a downloaded file contains, before anything of it is imported."""

    header: Sequence[str]
    rows: int
    unreadable: int
    """The rows without a readable account key."""
    facilities: Mapping[str, int]
    """By account key: a number that differs if the name or place of the facility does, for a registry; else 0."""
    cut: str | None = None
    """Why the file may be truncated."""
    unknown: str | None = None
    """Why it cannot be imported as it is."""


def doubts(checks: Checks, found: Survey, before: Survey | None) -> list[str]:
    """Why a vintage is not imported before a person has looked at it; none for a sound one."""
    return list(_doubts(checks, found, before))


def _doubts(checks: Checks, found: Survey, before: Survey | None) -> Iterator[str]:
    if found.unknown:
        yield f"The file is {found.unknown}."
        return
    if found.cut:
        yield f"The file may be truncated: {found.cut}."
    if found.rows < checks.least_rows:
        yield f"It has {found.rows:,} rows; at least {checks.least_rows:,} are expected."
    if found.unreadable > MOST_UNREADABLE * found.rows:
        yield f"{found.unreadable:,} of {found.rows:,} rows have no readable account key."
    if before is None:
        return
    if gone := _gone(before.header, found.header):
        more = f" and {len(gone) - MOST_LISTED} more" if len(gone) > MOST_LISTED else ""
        yield f"Columns of the last vintage are missing: {', '.join(gone[:MOST_LISTED])}{more}."
    if before.rows and abs(found.rows - before.rows) > checks.rows_changed * before.rows:
        share = Decimal(found.rows - before.rows) / before.rows
        yield f"The last vintage had {before.rows:,} rows, and this one has {found.rows:,} ({share:+.0%})."
    yield from _doubts_about_facilities(checks, found.facilities, before.facilities)


def _doubts_about_facilities(checks: Checks, found: Mapping[str, int], before: Mapping[str, int]) -> Iterator[str]:
    missing = before.keys() - found.keys()
    if len(missing) > checks.facilities_missing * len(before):
        listed = ", ".join(sorted(missing)[:MOST_LISTED])
        yield f"{len(missing):,} of {len(before):,} facilities of the last vintage are missing ({listed}, ...)."
    both = before.keys() & found.keys()
    changed = sorted(each for each in both if before[each] != found[each])
    if len(changed) > checks.facilities_changed * len(both):
        listed = ", ".join(changed[:MOST_LISTED])
        yield f"The names or places of {len(changed):,} of {len(both):,} facilities have changed ({listed}, ...)."


def _gone(before: Sequence[str], found: Sequence[str]) -> list[str]:
    """The headings that a file lost; those that differ in punctuation only are the same."""
    present = set(map(letters, found))
    return [title for title in before if letters(title) not in present]
