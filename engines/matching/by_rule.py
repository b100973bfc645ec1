"""Which facility does an employer resolve to by the source's rule, for a trade to which no weights were fitted?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from engines.matching.directory import Directory, by_facility_id
from engines.matching.facilities import Employer, Facility
from engines.matching.source_rule import ACCEPT_AT, SHOWN, TOKEN_SET, TRIGRAM, Likely, SourceRule
from engines.matching.trade import Trade

METHOD = "rule"
NAMESAKES = 50
"""So many facilities may have the best score, which is 1 in any city."""


class RuleAnswer(NamedTuple):
    """As the answer of the fitted engine, with a similarity in place of a probability."""

    decision: str
    confidence: float
    method: str
    reason: str
    candidates: tuple[Likely, ...] = ()
    facility_id: str | None = None
    """The facility of a stated key."""


class RuleDirectory:
    """The names of each state's facilities, prepared when an employer of the state is first resolved."""

    def __init__(self, trade: Trade) -> None:
        self.trade = trade
        self._states: dict[str, SourceRule] = {}

    def forget(self, states: Iterable[str]) -> None:
        """Prepare these states again, because their facilities changed."""
        for state in states:
            self._states.pop(state, None)

    def copied(self) -> RuleDirectory:
        """A copy for uncommitted changes, which shares what is prepared."""
        copy = RuleDirectory(self.trade)
        copy._states = dict(self._states)
        return copy

    def of_state(self, state: str, facilities: Iterable[Facility]) -> SourceRule:
        if state not in self._states:
            there = (facility for facility in facilities if facility.listed and facility.state == state)
            self._states[state] = SourceRule(there, self.trade)
        return self._states[state]


def resolved_by_rule(
    employer: Employer, directory: Directory, rules: RuleDirectory, accept_at: float = ACCEPT_AT
) -> RuleAnswer:
    """Resolve an employer by a stated key first, then by the similarity of names, if its state is known.

    The best facility is accepted with at least `accept_at`, unless another one is as similar. The score is at most 1;
    of several with 1, one in the employer's city is better, and one of exactly the name.
    """
    stated = by_facility_id(employer, directory) if employer.facility_id else None
    if stated:
        return RuleAnswer(
            stated.decision, stated.confidence, stated.method, stated.reason, facility_id=stated.facility_id
        )
    if not employer.state:
        return RuleAnswer("none", 0.0, METHOD, "no_state")
    if not rules.trade.normalize(employer.name):
        return RuleAnswer("none", 0.0, METHOD, "no_name")
    ranked = rules.of_state(employer.state, directory.facilities.values()).ranked(employer, NAMESAKES)
    found = tuple(sorted(ranked, key=_similarity, reverse=True)[:SHOWN])
    if not found or found[0].score <= 0:
        return RuleAnswer("none", 0.0, METHOD, "no_candidate")
    score = round(found[0].score, 4)
    if score < accept_at:
        return RuleAnswer("queue", score, METHOD, "unknown_name", found)
    if len(found) > 1 and _similarity(found[1]) == _similarity(found[0]):
        return RuleAnswer("queue", score, METHOD, "ambiguous", found)
    return RuleAnswer("auto", score, METHOD, "source_rule", found)


def _similarity(each: Likely) -> float:
    """The score, also above 1."""
    return round(TOKEN_SET * each.token_set + TRIGRAM * each.trigram + each.same_city, 4)
