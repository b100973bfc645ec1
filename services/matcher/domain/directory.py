"""Which facilities exist, and what did people decide? A process's own copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from engines.matching.by_rule import RuleDirectory
from engines.matching.directory import AnswerCache
from engines.matching.directory import Directory as Index
from engines.matching.facilities import Employer, Facility, OtherName
from engines.matching.suspects import names_of
from engines.matching.trade import Trade

__all__ = ["Alias", "Directory", "Employer", "Facility", "Group", "OtherName", "Verdict", "group_of"]


@dataclass(frozen=True, slots=True)
class Group:
    """The postings that one decision of a person covers: a normalized employer in a place."""

    employer: str
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A person matched a group to this facility."""

    facility_id: str
    by: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person accepted no facility for a group."""

    reason: str
    by: str
    is_final: bool
    """The group is ignored from now on; otherwise it keeps waiting."""


def group_of(employer: Employer, trade: Trade) -> Group:
    name = trade.normalize(employer.name) or employer.name.strip().lower()
    return Group(name, trade.place_of(employer.city), employer.state or "")


def chain_of(chain: str, city: str | None, state: str, trade: Trade) -> Group:
    """A chain's presence in a city, whether or not the name ends with the city ("Heron Care of Troy")."""
    words = trade.core_of(trade.normalize(chain)) - trade.words_of_place(city)
    return Group(" ".join(sorted(words)), trade.place_of(city), state)


@dataclass(slots=True)
class Directory:
    """All facilities and the decisions of people. It changes only between batches."""

    index: Index
    version: int = 0
    aliases: dict[Group, Alias] = field(default_factory=dict)
    verdicts: dict[Group, Verdict] = field(default_factory=dict)
    chains: dict[Group, frozenset[str]] = field(default_factory=dict)
    """The ids of the listed facilities of a chain in a city."""
    decisions: AnswerCache[Any] = field(default_factory=AnswerCache)
    """A cache of decisions since the last change."""
    rules: RuleDirectory = field(init=False)

    def __post_init__(self) -> None:
        self.rules = RuleDirectory(self.index.trade)

    @property
    def trade(self) -> Trade:
        return self.index.trade

    @property
    def facilities(self) -> dict[str, Facility]:
        return self.index.facilities

    def replace(self, facilities: Iterable[Facility]) -> None:
        self.decisions.clear()
        newest = {facility.facility_id: facility for facility in facilities}
        for facility in newest.values():
            before = self.facilities.get(facility.facility_id)
            self.rules.forget({facility.state, before.state if before else facility.state})
            if before and before.chain:
                self._remove_from_chain(
                    chain_of(before.chain, before.city, before.state, self.trade), before.facility_id
                )
            if facility.chain and facility.listed:
                group = chain_of(facility.chain, facility.city, facility.state, self.trade)
                self.chains[group] = self.chains.get(group, frozenset()) | {facility.facility_id}
        self.index.replace(newest.values())

    def states_affected(self, facilities: Iterable[Facility]) -> set[str]:
        """The states in which employers may match another facility now.

        A name becomes a suspect in every state at once.
        """
        after, states, names = dict(self.facilities), set[str](), set[frozenset[str]]()
        suspects = self.index.suspects.copied()
        for facility in facilities:
            before = after.get(facility.facility_id)
            states |= {facility.state, before.state if before else facility.state}
            names |= names_of(facility, self.trade) | (names_of(before, self.trade) if before else frozenset())
            suspects.put(facility, before)
            after[facility.facility_id] = facility
        old, new = self.index.suspects.shared(names, self.facilities), suspects.shared(names, after)
        changed = [old.get(name) or new[name] for name in names if (name in old) != (name in new)]
        return states | {after[facility_id].state for facility_ids in changed for facility_id in facility_ids}

    def _remove_from_chain(self, chain: Group, facility_id: str) -> None:
        self.chains[chain] = self.chains.get(chain, frozenset()) - {facility_id}

    def decide(self, group: Group, alias: Alias | None = None, verdict: Verdict | None = None) -> None:
        """Replace the decision on a group; without an alias or a verdict, undo it."""
        self.decisions.clear()
        self.aliases.pop(group, None)
        self.verdicts.pop(group, None)
        if alias:
            self.aliases[group] = alias
        if verdict:
            self.verdicts[group] = verdict

    def overlaid(self) -> Directory:
        """A copy for uncommitted changes. It shares the index of each state until that state changes."""
        copy = Directory(
            self.index.overlaid(),
            self.version,
            dict(self.aliases),
            dict(self.verdicts),
            dict(self.chains),
        )
        copy.rules = self.rules.copied()
        return copy
