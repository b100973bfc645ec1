"""What did people of the team correct in what sources state about people at accounts?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.sequencer.domain.contacts import Sighting, name_key


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
class Corrections:
    wrong: Sequence[WrongDetail] = ()
    departures: Sequence[Departure] = ()

    def left(self) -> Mapping[tuple[str, str], date]:
        """The day on which people left, by subject and person."""
        return {(each.subject, each.person): each.left_on for each in self.departures}


def without_wrong(sightings: Iterable[Sighting], wrong: Iterable[WrongDetail]) -> list[Sighting]:
    """Sightings without the details that were wrong later; a newer source that states one makes it count again."""
    known = {(each.person, each.value): each.flagged_on for each in wrong}
    return [_without_wrong(each, known) for each in sightings] if known else list(sightings)


def _without_wrong(each: Sighting, wrong: Mapping[tuple[str, str], date]) -> Sighting:
    def right(value: str | None) -> str | None:
        flagged_on = wrong.get((name_key(each.name), value or ""))
        return None if flagged_on and each.source_date <= flagged_on else value

    return replace(each, direct_phone=right(each.direct_phone), email=right(each.email))
