"""What does the pack state for texts: about the sender, the facts that they may claim, and their rules?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from engines.drafting.checking import Rules
from engines.drafting.facts import one_line
from engines.drafting.language import names_in

LONGEST_NAME = 160
"""The maximum length of a name in the pack. A longer one is refused, never cut."""
LONGEST_PROSE = 1_000
"""The maximum length of the text or source of a claim in the pack. A longer one is refused, never cut."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a text may claim, where it is from, and until when and in which states it may."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    text: str
    source: str
    until: date | None = None
    states: tuple[str, ...] = ()
    """None: in all of them."""


@dataclass(frozen=True, slots=True)
class Record:
    """Facts from the evidence of a factor of the score: one for each named group of the pattern.

    A date is shown as its month, and is a fact for so many days.
    """

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    factor: str
    pattern: str
    source: str
    days: int
    anyone: bool = False
    """A text for anyone may state them, not only an e-mail to a person who is known by name."""

    def __post_init__(self) -> None:
        try:
            groups = re.compile(self.pattern).groupindex
        except re.error as error:
            raise ValueError(f"pattern is malformed: {error}") from error
        if not groups:
            raise ValueError("pattern needs a named group, as in (?P<stars>[12])")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(re.compile(self.pattern).groupindex)


@dataclass(frozen=True, slots=True)
class Days:
    """For how many days a text may refer to something."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    fresh: int = 7
    """A posting is fresh so long after it was first seen."""
    seen: int = 7
    """A posting is up so long after it was last seen."""
    reposted: int = 30
    closed: int = 30
    new: int = 90
    """A person is new in a role."""
    touch: int = 14
    """A voicemail or a talk."""


@dataclass(frozen=True, slots=True)
class Logged:
    """The outcomes of touches that a later text may refer to; all others are silent."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    voicemail: tuple[str, ...] = ()
    spoke: tuple[str, ...] = ()
    mailed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outreach:
    """Pack section `outreach`."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    company: str
    personas: dict[str, str]
    roles: dict[str, str]
    passages: dict[str, tuple[tuple[str, ...], ...]]
    rules: Rules = field(default_factory=Rules)
    postal: str | None = None
    """The postal address of the sender."""
    generic: tuple[str, ...] = ()
    """Words that the short name of a facility or a chain does not have at its end."""
    alone: tuple[str, ...] = ()
    """Words that are no name alone; with one of them, a short name is longer."""
    spoken: dict[str, str] = field(default_factory=dict)
    """How a text names a city, if not as its address."""
    claims: dict[str, Claim | None] = field(default_factory=dict)
    records: tuple[Record, ...] = ()
    drivers: tuple[str, ...] = ()
    """The factors that a text may cite as the main reasons of a score, the first of equals; without any, all."""
    days: Days = field(default_factory=Days)
    logged: Logged = field(default_factory=Logged)
    closing: tuple[str, ...] = ()
    """Templates of letters that say they are the last: nothing written later mentions the posting of their day."""

    def __post_init__(self) -> None:
        """Raises `ValueError` naming every text that is blank or too long, with its length and the limit."""
        names = {
            "company": self.company,
            **{f"personas.{role}": text for role, text in self.personas.items()},
            **{f"roles.{family}": text for family, text in self.roles.items()},
            **{f"spoken.{city}": text for city, text in self.spoken.items()},
        }
        if self.postal is not None:
            names["postal"] = self.postal
        prose = {f"claims.{name}.text": claim.text for name, claim in self.claims.items() if claim}
        prose |= {f"claims.{name}.source": claim.source for name, claim in self.claims.items() if claim}
        faults = [*_faults(names, LONGEST_NAME), *_faults(prose, LONGEST_PROSE)]
        if faults:
            raise ValueError("; ".join(faults))
        for name, groups in self.passages.items():
            for source in (source for group in groups for source in group):
                _check_language(f"passages.{name}", source)

    @property
    def own_names(self) -> list[str]:
        """The facts that only this pack has: its claims and records."""
        return [*self.claims, *(name for record in self.records for name in record.names)]


def _check_language(at: str, source: str) -> None:
    try:
        names_in(source)
    except ValueError as error:
        raise ValueError(f"{at} {error}") from error


def _faults(texts: Mapping[str, str], limit: int) -> Iterator[str]:
    for name, text in texts.items():
        if len(line := one_line(text)) > limit:
            yield f"{name} has {len(line)} characters, and at most {limit} are accepted; shorten it"
        elif not line:
            yield f"{name} is blank; give a text"


def without_article(role: str) -> str:
    """`an estimator` becomes `estimator`."""
    first, _, rest = role.partition(" ")
    return rest if rest and first.casefold() in ("a", "an", "the") else role


def listed(names: Iterable[str]) -> str:
    """`Albany`, `Albany and Troy`, `Albany, Troy and Utica`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
