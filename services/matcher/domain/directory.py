"""Which facilities are there, and what did people decide, as far as this process knows?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from engines.matching.directory import AnswerCache
from engines.matching.directory import Directory as Known
from engines.matching.facilities import Employer, Facility, OtherName
from engines.matching.suspects import names_of
from engines.matching.trade import Trade

__all__ = ["Alias", "Directory", "Employer", "Facility", "Group", "OtherName", "Verdict", "group_of"]


@dataclass(frozen=True, slots=True)
class Group:
    """What is identical as far as a person's decision goes: the employer as normalized, and where it is."""

    employer: str
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A person confirmed that a group means this facility."""

    facility_id: str
    by: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person looked at a group and accepted no facility."""

    reason: str
    by: str
    is_final: bool
    """Nothing of this group is to be matched; otherwise it goes on waiting."""


def group_of(employer: Employer, trade: Trade) -> Group:
    name = trade.normalize(employer.name) or employer.name.strip().lower()
    return Group(name, trade.place_of(employer.city), employer.state or "")


def chain_of(chain: str, city: str | None, state: str, trade: Trade) -> Group:
    """A chain's presence in a city, whether or not the name ends with the city ("Heron Care of Troy")."""
    words = trade.core_of(trade.normalize(chain)) - trade.words_of_place(city)
    return Group(" ".join(sorted(words)), trade.place_of(city), state)


@dataclass(slots=True)
class Directory:
    """All facilities and what people decided; the one thing here that changes, and only between batches."""

    known: Known
    version: int = 0
    aliases: dict[Group, Alias] = field(default_factory=dict)
    verdicts: dict[Group, Verdict] = field(default_factory=dict)
    chains: dict[Group, frozenset[str]] = field(default_factory=dict)
    """CCNs of the listed facilities of a chain in a city."""
    answers: AnswerCache[Any] = field(default_factory=AnswerCache)
    """What was resolved since the last change."""

    @property
    def trade(self) -> Trade:
        return self.known.trade

    @property
    def facilities(self) -> dict[str, Facility]:
        return self.known.facilities

    def replace(self, facilities: Iterable[Facility]) -> None:
        self.answers.clear()
        newest = {facility.facility_id: facility for facility in facilities}
        for facility in newest.values():
            before = self.facilities.get(facility.facility_id)
            if before and before.chain:
                self._leave(chain_of(before.chain, before.city, before.state, self.trade), before.facility_id)
            if facility.chain and facility.listed:
                group = chain_of(facility.chain, facility.city, facility.state, self.trade)
                self.chains[group] = self.chains.get(group, frozenset()) | {facility.facility_id}
        self.known.replace(newest.values())

    def states_affected(self, facilities: Iterable[Facility]) -> set[str]:
        """Where employers may now mean another facility: a name that becomes a suspect is one in every state."""
        after, states, names = dict(self.facilities), set[str](), set[frozenset[str]]()
        suspects = self.known.suspects.copied()
        for facility in facilities:
            before = after.get(facility.facility_id)
            states |= {facility.state, before.state if before else facility.state}
            names |= names_of(facility, self.trade) | (names_of(before, self.trade) if before else frozenset())
            suspects.put(facility, before)
            after[facility.facility_id] = facility
        was, now = self.known.suspects.shared(names, self.facilities), suspects.shared(names, after)
        turned = [was.get(name) or now[name] for name in names if (name in was) != (name in now)]
        return states | {after[facility_id].state for bearers in turned for facility_id in bearers}

    def _leave(self, chain: Group, facility_id: str) -> None:
        self.chains[chain] = self.chains.get(chain, frozenset()) - {facility_id}

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
        return Directory(
            self.known.overlaid(),
            self.version,
            dict(self.aliases),
            dict(self.verdicts),
            dict(self.chains),
        )
