"""What did people of the team correct in what sources state about people at accounts?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

Person = tuple[str, str]
"""The subject and the key of the name of a person, as a source names them."""


@dataclass(frozen=True, slots=True)
class WrongDetail:
    """A number or an address that did not reach a person, according to a rep."""

    task_id: UUID
    person: str
    """The key of the person's name."""
    value: str
    flagged_on: date
    flagged_by: str


@dataclass(frozen=True, slots=True)
class Departure:
    """A person has left a facility or a chain, according to someone of the team."""

    subject: str
    person: str
    """The key of the person's name."""
    name: str
    left_on: date
    stated_by: str
    stated_on: date


@dataclass(frozen=True, slots=True)
class Merge:
    """Two names, at one place or two, are of the same person, according to someone of the team."""

    subject: str
    person: str
    name: str
    kept_subject: str
    kept_person: str
    kept_name: str
    merged_by: str
    merged_on: date

    @property
    def dropped(self) -> Person:
        return self.subject, self.person

    @property
    def kept(self) -> Person:
        return self.kept_subject, self.kept_person


@dataclass(frozen=True)
class Corrections:
    """All corrections. A merge is an alias of a person: what sources state is not rewritten."""

    wrong: Sequence[WrongDetail] = ()
    departures: Sequence[Departure] = ()
    merges: Sequence[Merge] = ()

    def same(self, person: Person) -> Person:
        """The person whose alias this one is, or this person."""
        return self._same.get(person, person)

    def left(self, subject: str, person: Person) -> date | None:
        """The day on which a person left a place."""
        return self._left.get((subject, person))

    def merge_of(self, one: Person, other: Person) -> Merge | None:
        """The merge that made two people one; of several, the one that was reported with these names."""
        if self.same(one) != self.same(other):
            return None
        merges = [*self._aliases(one), *self._aliases(other)]
        return next((each for each in merges if each.kept in (one, other)), merges[0] if merges else None)

    def _aliases(self, person: Person) -> list[Merge]:
        """The merges of a person, from the first one to the one into the person whose name is kept."""
        merged = {each.dropped: each for each in self.merges}
        found: list[Merge] = []
        while person in merged:
            found.append(merged[person])
            person = merged[person].kept
        return found

    @cached_property
    def names(self) -> Mapping[Person, Mapping[Person, str]]:
        """The merged people, each with all names."""
        found: dict[Person, dict[Person, str]] = {}
        for each in self.merges:
            group = found.setdefault(self.same(each.kept), {})
            group |= {each.kept: each.kept_name, each.dropped: each.name}
        return found

    @cached_property
    def flagged(self) -> Mapping[tuple[str, str], date]:
        """The days on which details were flagged as wrong, by the key of the name and the detail."""
        return {(each.person, each.value): each.flagged_on for each in self.wrong}

    @cached_property
    def _left(self) -> Mapping[tuple[str, Person], date]:
        return {(each.subject, self.same((each.subject, each.person))): each.left_on for each in self.departures}

    @cached_property
    def _same(self) -> Mapping[Person, Person]:
        kept = {each.dropped: each.kept for each in self.merges}
        return {each: _last(kept, each) for each in kept}


NO_CORRECTIONS = Corrections()


def _last(kept: Mapping[Person, Person], person: Person) -> Person:
    while person in kept:
        person = kept[person]
    return person
