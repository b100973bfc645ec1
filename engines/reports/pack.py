"""What are reports and playbooks? The grammar of `reports/*.yaml` and `playbooks/*.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from engines.drafting.language import names_in
from engines.drafting.templates import Template
from engines.packs import section_of
from engines.packs.layers import files_in

STRICT = {"extra": "forbid"}
Order = Literal["score_desc", "tier", "sla", "name"]
"""The highest score first; the best tier first; the longest overdue first; by name."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What an account must have: a bound of a number, or a value. What is unknown does not meet it."""

    __pydantic_config__ = STRICT

    field: str | None = None
    """A fact of the account, which a factor of the kind `fact` shows."""
    factor: str | None = None
    """The points of a factor of the score."""
    score: bool = False
    tier: bool = False
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    over: Decimal | None = None
    under: Decimal | None = None
    equals: str | None = None
    includes: str | None = None
    """One of the values of a field that has several."""

    def __post_init__(self) -> None:
        if sum(map(bool, (self.field, self.factor, self.score, self.tier))) != 1:
            raise ValueError("a condition is about one of field, factor, score and tier")
        bounds = (self.at_least, self.at_most, self.over, self.under)
        if all(bound is None for bound in (*bounds, self.equals, self.includes)):
            raise ValueError("a condition needs one of at_least, at_most, over, under, equals and includes")
        if not self.field and (self.equals is not None or self.includes is not None):
            raise ValueError("only a field has values for equals and includes; give a bound")


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of the scores: a horizontal bar for each account, colored by tier."""

    __pydantic_config__ = STRICT

    file: str
    title: str
    label: str
    """The text beside a bar."""

    def __post_init__(self) -> None:
        _be_file(self.file, ".png")
        _be_language("label", self.label)


@dataclass(frozen=True, slots=True)
class Report:
    """A list of accounts with its columns: a text over the facts of an account for each heading."""

    __pydantic_config__ = STRICT

    name: str
    title: str
    columns: Mapping[str, str]
    """By heading. A text that states an unknown fact is an empty cell."""
    where: tuple[Condition, ...] = ()
    """All of them hold for each account."""
    order: tuple[Order, ...] = ("score_desc", "name")
    file: str | None = None
    """None for a list that is only printed."""
    chart: Chart | None = None
    count: str | None = None
    """The fact by which accounts are counted below the list."""
    call_out: str | None = None
    """The fact that says who has accounts whose time is over; each is named below the list with them."""

    def __post_init__(self) -> None:
        if not self.columns or not all(heading.strip() for heading in self.columns):
            raise ValueError("columns must have a heading each, and there must be one")
        if self.file is not None:
            _be_file(self.file, ".csv")
        for heading, source in self.columns.items():
            _be_language(f"columns.{heading}", source)


@dataclass(frozen=True, slots=True)
class Playbook:
    """Accounts that are addressed alike: a filter, what the message is about, its letter, and its list."""

    __pydantic_config__ = STRICT

    name: str
    title: str
    where: tuple[Condition, ...]
    focus: str
    """What the message is about."""
    letter: str
    """The template of its e-mail."""
    cta: str
    """What the message asks for."""
    snippet: str
    """The passage that states in a few words why the account matters."""
    report: str
    """The list of its accounts."""
    situation: str | None = None
    """The fact that its version of the letter needs; the subjects are those of that version. None if it needs none."""

    def __post_init__(self) -> None:
        if not self.where:
            raise ValueError("where needs a condition")

    def subjects(self, letter: Template) -> tuple[str, ...]:
        """The subjects of the version of its letter that is for its situation."""
        needs = self.situation
        versions = (each for each in letter.versions if (needs in each.needs if needs else not each.needs))
        return tuple(subject for version in versions for subject in version.subjects)


def reports_in(folder: Path) -> dict[str, Report]:
    """The reports of the pack in a folder, by name; raises `PackInvalid`."""
    names = files_in(folder, "reports")
    return {name: section_of(folder, f"reports/{name}", Report) for name in names}


def playbooks_in(folder: Path) -> dict[str, Playbook]:
    """The playbooks of the pack in a folder, by name; raises `PackInvalid`."""
    return {name: section_of(folder, f"playbooks/{name}", Playbook) for name in files_in(folder, "playbooks")}


def in_words(where: Iterable[Condition], labels: Mapping[str, str] | None = None) -> str:
    """`segments includes home_health and number of locations at least 3`; `labels` has names of fields and factors."""
    return " and ".join(_in_words(each, labels or {}) for each in where)


def _in_words(one: Condition, labels: Mapping[str, str]) -> str:
    name = one.field or one.factor or ("score" if one.score else "tier")
    parts = ((words, getattr(one, key)) for key, words in _WORDS.items())
    return f"{labels.get(name, name)} " + " and ".join(
        f"{words} {bound}" for words, bound in parts if bound is not None
    )


_WORDS = {
    "equals": "is",
    "includes": "includes",
    "at_least": "at least",
    "at_most": "at most",
    "over": "over",
    "under": "under",
}


def _be_file(name: str, suffix: str) -> None:
    if not name.endswith(suffix) or name.startswith((".", "-")) or not set(name) <= _OF_FILES:
        raise ValueError(f"file {name!r} must be a plain file name that ends with {suffix}")


def _be_language(at: str, source: str) -> None:
    try:
        names_in(source)
    except ValueError as error:
        raise ValueError(f"{at} {error}") from error


_OF_FILES = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
