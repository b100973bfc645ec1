"""Which facilities are currently listed, and which one does an employer resolve to?

The directory is updated facility by facility: one that is listed, renamed or closed is added to or removed from the
index of its state, and nothing else is rebuilt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from typing import Final, TypeVar

from engines.matching.engine import Answer, Ranked, answer
from engines.matching.facilities import Employer, Facility
from engines.matching.index import StateIndex
from engines.matching.model import Model
from engines.matching.suspects import Suspects
from engines.matching.trade import Trade

T = TypeVar("T")

REMEMBERED: Final = 50_000
FORGOTTEN: Final = 5_000
"""The number of entries that are removed at once when the limit is exceeded."""


class Directory:
    """All facilities of a trade, by key and by state."""

    def __init__(self, trade: Trade) -> None:
        self.trade = trade
        self.facilities: dict[str, Facility] = {}
        self.states: dict[str, StateIndex] = {}
        self.suspects = Suspects(trade)
        self._nowhere = StateIndex(trade)
        self._borrowed: set[str] = set()

    def replace(self, facilities: Iterable[Facility]) -> None:
        """Add or replace facilities; cheapest in one call."""
        left: dict[str, list[str]] = defaultdict(list)
        states: dict[str, list[Facility]] = defaultdict(list)
        for facility in {each.facility_id: each for each in facilities}.values():
            before = self.facilities.get(facility.facility_id)
            self.suspects.put(facility, before)
            if before and before.state != facility.state:
                left[before.state].append(facility.facility_id)
            states[facility.state].append(facility)
            self.facilities[facility.facility_id] = facility
        for state, facility_ids in left.items():
            self._own(state).remove(facility_ids)
        for state, those in states.items():
            self._own(state).put(those)

    def overlaid(self) -> Directory:
        """A copy for uncommitted changes, which shares each state's index until that state changes."""
        copy = Directory(self.trade)
        copy.facilities = dict(self.facilities)
        copy.states = dict(self.states)
        copy.suspects = self.suspects.copied()
        copy._borrowed = set(self.states)
        return copy

    def of_state(self, state: str) -> StateIndex:
        return self.states.get(state) or self._nowhere

    def _own(self, state: str) -> StateIndex:
        if state in self._borrowed:
            self.states[state] = self.states[state].copied()
            self._borrowed.discard(state)
        return self.states.setdefault(state, StateIndex(self.trade))


def resolved(employer: Employer, directory: Directory, model: Model, accept_at: float) -> Answer:
    """Resolve an employer by a stated key first, then by name and place if its state is known."""
    stated = by_facility_id(employer, directory) if employer.facility_id else None
    if stated:
        return stated
    if not employer.state:
        return Answer("none", 0.0, "model", "no_state")
    found = answer(employer, directory.of_state(employer.state), model, accept_at)
    if found.decision == "auto" and _is_given_away(found.candidates[0], directory):
        return found._replace(decision="queue", method="model", reason="suspect_alias")
    return found


def _is_given_away(best: Ranked, directory: Directory) -> bool:
    """Whether the match is by exactly a name from a file that is likely the name of another organization."""
    form = best.form
    if form.kind == "name" or form.words != best.query.words:
        return False
    return directory.suspects.is_suspect(form, directory.facilities)


def by_facility_id(employer: Employer, directory: Directory) -> Answer | None:
    """A stated key is accepted if a facility has it, unless the state contradicts it."""
    facility = directory.facilities.get((employer.facility_id or "").strip().upper())
    if not facility:
        return None
    if not facility.listed:
        return Answer("queue", 0.0, "facility_id", "delisted")
    if employer.state and employer.state != facility.state:
        return Answer("queue", 0.5, "facility_id", "id_conflict", facility_id=facility.facility_id)
    return Answer("auto", 1.0, "facility_id", "facility_id", facility_id=facility.facility_id)


class AnswerCache(dict[Employer, T]):
    """A cache of answers, because postings repeat employers. The oldest are removed first.

    Many are removed at once: to find its oldest entry, a dictionary scans all removed entries before it, which took
    longer than computing an answer.
    """

    def keep(self, employer: Employer, given: T) -> T:
        if len(self) >= REMEMBERED:
            for oldest in list(islice(self, FORGOTTEN)):
                del self[oldest]
        self[employer] = given
        return given
