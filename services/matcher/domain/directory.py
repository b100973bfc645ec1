"""Which facilities are there, and what did people decide, as far as this process knows?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from matching.directory import Directory as Known
from matching.directory import Remembered
from matching.facilities import Employer, Facility, OtherName
from matching.names import normalise, place_of

__all__ = ["Alias", "Directory", "Employer", "Facility", "Group", "OtherName", "Verdict", "group_of"]


@dataclass(frozen=True, slots=True)
class Group:
    """What is identical as far as a person's decision goes: the employer as normalised, and where it is."""

    employer: str
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A person confirmed that a group means this facility."""

    ccn: str
    by: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person looked at a group and accepted no facility."""

    reason: str
    by: str
    is_final: bool
    """Nothing of this group is to be matched; otherwise it goes on waiting."""


def group_of(employer: Employer) -> Group:
    name = normalise(employer.name) or employer.name.strip().lower()
    return Group(name, place_of(employer.city), employer.state or "")


@dataclass(slots=True)
class Directory:
    """All facilities and what people decided; the one thing here that changes, and only between batches."""

    version: int = 0
    known: Known = field(default_factory=Known)
    aliases: dict[Group, Alias] = field(default_factory=dict)
    verdicts: dict[Group, Verdict] = field(default_factory=dict)
    answers: Remembered[Any] = field(default_factory=Remembered)
    """What was resolved since the last change."""

    @property
    def facilities(self) -> dict[str, Facility]:
        return self.known.facilities

    def replace(self, facilities: Iterable[Facility]) -> None:
        self.answers.clear()
        self.known.replace(facilities)

    def decide(self, group: Group, alias: Alias | None = None, verdict: Verdict | None = None) -> None:
        """A person's word on a group replaces the one before; neither alias nor verdict takes it back."""
        self.answers.clear()
        self.aliases.pop(group, None)
        self.verdicts.pop(group, None)
        if alias:
            self.aliases[group] = alias
        if verdict:
            self.verdicts[group] = verdict

    def overlaid(self) -> Directory:
        """A copy for what is not committed yet; it shares the index of each state until that state changes."""
        return Directory(self.version, self.known.overlaid(), dict(self.aliases), dict(self.verdicts))
