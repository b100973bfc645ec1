"""Which accounts and people rest, until when, and what wakes them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.sequencer.domain import sequences
from services.sequencer.domain.contacts import Sighting, person_named
from services.sequencer.domain.corrections import Corrections, Person
from services.sequencer.domain.pack import LetterCap
from services.sequencer.domain.signals import Signal


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was sent, or waits to be sent: to which address, for which facilities, as which step."""

    address: str
    covers: Sequence[str]
    sequence: str | None
    """Its version, or its name; None for a letter outside a sequence, such as one that was promised."""
    step_no: int
    on: date
    sent: bool = True
    """An open letter counts against the limit of letters, but its recipient does not rest because of it yet."""


@dataclass(frozen=True, slots=True)
class Rests:
    """Until when facilities and addresses rest after a closing letter, and the letters that each address got."""

    facilities: Mapping[str, date] = field(default_factory=dict)
    """The first day on which a facility may be worked again."""
    addresses: Mapping[str, date] = field(default_factory=dict)
    """The first day on which an address may get a letter again."""
    letters: Mapping[str, Sequence[date]] = field(default_factory=dict)
    """The days of the letters, by address, with the open ones."""
    same: Mapping[str, str] = field(default_factory=dict)
    """For the addresses of a person who has several: the one that all letters to the person count for."""

    def key(self, address: str | None) -> str:
        """The address that letters to an address count for."""
        return self.same.get(address_key(address), address_key(address))

    def why_no_letter(self, address: str | None, today: date) -> str | None:
        """Why an address gets no letter today, as a sentence."""
        until = self.addresses.get(self.key(address))
        return f"{address} rests until {until}: enough letters for now." if until and until > today else None


def address_key(address: str | None) -> str:
    return (address or "").strip().casefold()


def same_recipients(sightings: Iterable[Sighting], known: Corrections) -> dict[str, str]:
    """The addresses of people who have several, by merges or over time, each with the first one of its person."""
    people: dict[Person, set[str]] = {}
    for each in sightings:
        people.setdefault(known.same(person_named(each)), set()).add(address_key(each.email))
    joined: dict[str, str] = {}
    for addresses in (found for found in people.values() if len(found) > 1):
        firsts = {_first(joined, each) for each in addresses}
        joined |= dict.fromkeys(firsts, min(firsts))
    return {each: _first(joined, each) for each in joined}


def _first(joined: Mapping[str, str], address: str) -> str:
    while joined.get(address, address) != address:
        address = joined[address]
    return address


def rests_of(
    letters: Iterable[Letter],
    sequences: Mapping[str, sequences.Sequence],
    cap: LetterCap | None,
    same: Mapping[str, str] | None = None,
) -> Rests:
    """The rests that follow from all letters of the last time; `same` has the addresses of one person."""
    same = same or {}
    facilities: dict[str, date] = {}
    addresses: dict[str, date] = {}
    sent: dict[str, list[date]] = {}
    counted: dict[str, list[date]] = {}
    for letter in sorted(letters, key=lambda each: each.on):
        address, sequence = address_key(letter.address), sequences.get(letter.sequence or "")
        key = same.get(address, address)
        counted.setdefault(key, []).append(letter.on)
        if not letter.sent:
            continue
        sent.setdefault(key, []).append(letter.on)
        if sequence and sequence.rest_days and letter.step_no in sequence.closing:
            until = letter.on + timedelta(days=sequence.rest_days)
            addresses[key] = max(until, addresses.get(key, until))
            facilities |= {each: max(until, facilities.get(each, until)) for each in letter.covers}
    for key, days in sent.items():
        if cap and len(days) >= cap.max:
            until = days[-cap.max] + timedelta(days=cap.days)
            addresses[key] = max(until, addresses.get(key, until))
    return Rests(facilities, addresses, counted, same)


def wakes(signals: Iterable[Signal], since: date, today: date) -> bool:
    """Whether a signal that was first seen after a day wakes an account: a more urgent one, or one of another role."""
    seen = list(signals)
    before = [each for each in seen if each.first_seen_on <= since]
    roles, urgency = {each.role_family for each in before}, max((each.urgency for each in before), default=-1)
    new = (each for each in seen if each.first_seen_on > since and each.expires_on >= today)
    return any(each.role_family not in roles or each.urgency > urgency for each in new)
