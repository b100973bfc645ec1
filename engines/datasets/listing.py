"""Who and where is a facility, as one row of a file says it?"""

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
    """A name that a facility also goes by."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Identity:
    """What the registry says of who and where a facility is."""

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
    """A good row."""

    line: int
    facility_id: str
    identity: Identity
    as_of: date
    facts: tuple[Statement, ...]
    doubts: tuple[str, ...] = ()
    """Cells that could not be taken; the rest of the row was."""


_NO_NAME = frozenset({"na", "none", "null", "notapplicable", "notavailable", "unknown"})


def distinct_names(name: str, others: Sequence[OtherName]) -> tuple[OtherName, ...]:
    """Without what is blank, a way of saying "none", the name itself, or said before."""
    own, kept = letters(name), dict[str, OtherName]()
    for other in others:
        folded = letters(other.name)
        if folded and folded not in _NO_NAME and folded != own:
            kept.setdefault(folded, other)
    return tuple(kept.values())
