"""What is a facility's identity, as one row of a file states it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engines.datasets.facts import Statement
from engines.datasets.headings import letters

Kind = Literal["legal", "dba", "former"]
KINDS: tuple[Kind, ...] = ("legal", "dba", "former")


@dataclass(frozen=True, slots=True)
class OtherName:
    """Another name of a facility."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Identity:
    """The name and place of a facility, as the registry states them."""

    name: str
    other_names: tuple[OtherName, ...]
    address: str | None
    city: str
    state: str
    zip: str | None
    county: str | None
    phone: str | None
    chain: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A valid row."""

    line: int
    facility_id: str
    identity: Identity
    as_of: date
    facts: tuple[Statement, ...]
    warnings: tuple[str, ...] = ()
    """The cells that could not be read; the rest of the row is used."""


_NO_NAME = frozenset({"na", "none", "null", "notapplicable", "notavailable", "unknown"})


def distinct_names(name: str, others: Sequence[OtherName]) -> tuple[OtherName, ...]:
    """The other names, without blanks, placeholders such as "none", the name itself, and repetitions."""
    own, kept = letters(name), dict[str, OtherName]()
    for other in others:
        folded = letters(other.name)
        if folded and folded not in _NO_NAME and folded != own:
            kept.setdefault(folded, other)
    return tuple(kept.values())
