"""Which facilities are there, and under which names, seen from one state?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.matcher.domain.names import core_of, forms_of, key_of, place_of, trigrams


@dataclass(frozen=True, slots=True)
class OtherName:
    name: str
    kind: str
    """legal, dba, former, or alias: confirmed by a person."""


@dataclass(frozen=True, slots=True)
class Facility:
    ccn: str
    name: str
    city: str
    state: str
    chain: str | None = None
    listed: bool = True
    names: tuple[OtherName, ...] = ()
    """All names, the registry's own and confirmed ones included."""


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


@dataclass(frozen=True, slots=True)
class Form:
    """One name of one facility, in the shape in which names are compared."""

    ccn: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class StateIndex:
    """The listed facilities of one state, found by name, by trigram and by chain."""

    forms: tuple[Form, ...]
    texts: tuple[str, ...]
    sizes: tuple[int, ...]
    """Trigrams of each form."""
    by_key: Mapping[str, frozenset[str]]
    by_core: Mapping[str, frozenset[str]]
    by_trigram: Mapping[str, tuple[int, ...]]
    chains: Mapping[str, frozenset[str]]
    places: Mapping[str, str]
    """City of each CCN, comparable."""
    own: frozenset[str]
    """Keys of the names that the registry itself gives its facilities."""
    delisted: frozenset[str]
    """Keys of the names of facilities that are no longer listed."""


@dataclass(slots=True)
class Directory:
    """All facilities and what people decided; the one thing here that changes, and only between batches."""

    generic: frozenset[str] = frozenset()
    """Words that the trade shares."""
    version: int = 0
    facilities: dict[str, Facility] = field(default_factory=dict)
    aliases: dict[Group, Alias] = field(default_factory=dict)
    verdicts: dict[Group, Verdict] = field(default_factory=dict)
    indexes: dict[str, StateIndex] = field(default_factory=dict)
    answers: dict[Any, Any] = field(default_factory=dict)
    """What was resolved since the last change."""

    def replace(self, facilities: Iterable[Facility]) -> None:
        self.answers.clear()
        for facility in facilities:
            before = self.facilities.get(facility.ccn)
            for state in {facility.state, before.state if before else facility.state}:
                self.indexes.pop(state, None)
            self.facilities[facility.ccn] = facility

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
        """A copy for what is not committed yet; it shares the indexes until a state changes."""
        return Directory(
            self.generic,
            self.version,
            dict(self.facilities),
            dict(self.aliases),
            dict(self.verdicts),
            dict(self.indexes),
        )

    def of_state(self, state: str) -> StateIndex:
        if state not in self.indexes:
            self.indexes[state] = index_of(
                (each for each in self.facilities.values() if each.state == state), self.generic
            )
        return self.indexes[state]


def index_of(facilities: Iterable[Facility], generic: frozenset[str]) -> StateIndex:
    known = sorted(facilities, key=lambda facility: facility.ccn)
    ordered = [facility for facility in known if facility.listed]
    forms = tuple(form for facility in ordered for form in names_of(facility))
    grams = [trigrams(form.text) for form in forms]
    by_trigram: defaultdict[str, list[int]] = defaultdict(list)
    for number, form_grams in enumerate(grams):
        for gram in form_grams:
            by_trigram[gram].append(number)
    return StateIndex(
        forms=forms,
        texts=tuple(form.text for form in forms),
        sizes=tuple(len(form_grams) for form_grams in grams),
        by_key=_grouped((key_of(form.text), form.ccn) for form in forms),
        by_core=_grouped((core_of(form.text, generic), form.ccn) for form in forms),
        by_trigram={gram: tuple(numbers) for gram, numbers in by_trigram.items()},
        chains=_grouped(
            (key_of(form), facility.ccn) for facility in ordered for form in forms_of(facility.chain or "")
        ),
        places={facility.ccn: place_of(facility.city) for facility in ordered},
        own=frozenset(key_of(form.text) for form in forms if form.kind == "name"),
        delisted=frozenset(key_of(form.text) for each in known if not each.listed for form in names_of(each)),
    )


def names_of(facility: Facility) -> tuple[Form, ...]:
    """The forms of all names of a facility, each once, its own name first."""
    named = [OtherName(facility.name, "name"), *facility.names]
    kinds: dict[str, str] = {}
    for name in named:
        for text in forms_of(name.name):
            kinds.setdefault(text, name.kind)
    return tuple(Form(facility.ccn, text, kind) for text, kind in kinds.items())


def trigram_similarities(index: StateIndex, text: str) -> dict[int, float]:
    """Shared over all trigrams of both, of every form that shares any (the similarity of pg_trgm)."""
    grams = trigrams(text)
    shared: Counter[int] = Counter()
    for gram in grams:
        shared.update(index.by_trigram.get(gram, ()))
    return {number: count / (len(grams) + index.sizes[number] - count) for number, count in shared.items()}


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for key, ccn in pairs:
        groups[key].add(ccn)
    return {key: frozenset(ccns) for key, ccns in groups.items()}
