"""Who is not to be contacted, and how is one of them recognized?

A suppression knows its people and places by marks: `facility:335001`, `chain:MOSS CARE`, `domain:example.com`,
`name:facility:335001/ada moss`, `address:ada@example.com`. It stops a touch on its channels where the two share a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from engines.naming.nobody import nobody
from engines.naming.people import called
from services.sequencer.domain.contacts import Reject, Sighting, chain_key, name_key
from services.sequencer.domain.identity import suppression_id
from services.sequencer.domain.reach import Contact, People

Scope = Literal["person", "facility", "chain", "domain"]

ALL = "all"
CHANNELS = ("call", "email", "linkedin")

_SPELLINGS = {
    **dict.fromkeys(("yes", "y", "true", "1", "x", "dnc", "do not contact", "opted out", "opt out"), ALL),
    **dict.fromkeys(("no", "n", "false", "0"), "no"),
    **dict.fromkeys(("phone", "calls", "do not call", "no calls"), "call"),
    **dict.fromkeys(("e mail", "mail", "do not email", "do not e mail", "no email", "unsubscribed"), "email"),
}

# What stands beside a name and is shared by strangers.
_TITLES = frozenset("mr mrs ms miss dr rn lpn lnha nha bsn msn don jr sr ii iii".split())


@dataclass(frozen=True, slots=True)
class Suppression:
    """Do not contact: whom, by which channels, and who said so last. Without channels it is lifted."""

    suppression_id: UUID
    scope: Scope
    target: str
    version: int
    channels: list[str]
    marks: list[str]
    label: str
    reason: str
    source: str
    said_by: str
    said_on: date

    @property
    def lifted(self) -> bool:
        return not self.channels

    def stops(self, channel: str) -> bool:
        return ALL in self.channels or channel in self.channels

    def __str__(self) -> str:
        by = "" if ALL in self.channels else f" by {' or '.join(self.channels)}"
        return f"Do not contact {self.label}{by}: {self.reason} ({self.said_by}, {self.said_on})."


Standing = Mapping[str, list[Suppression]]
"""The suppressions in force, by each of their marks."""


def by_mark(suppressions: Iterable[Suppression]) -> Standing:
    found: dict[str, list[Suppression]] = {}
    for each in sorted(suppressions, key=lambda s: (s.scope, s.target)):
        for mark in each.marks:
            found.setdefault(mark, []).append(each)
    return found


def why_not(standing: Standing, marks: Iterable[str], channel: str) -> Suppression | None:
    """The suppression that stops a touch with these marks on this channel; None lets it be."""
    return next((each for mark in marks for each in standing.get(mark, []) if each.stops(channel)), None)


def channels_of(cell: str | None) -> list[str]:
    """What a contact list says under `do_not_contact`: yes or no, or channels; raises `Reject`."""
    words = (" ".join(word.replace("-", " ").split()) for word in re.split("[;,]", (cell or "").casefold()))
    given = {_SPELLINGS.get(word, word) for word in words} - {""}
    if given <= {"no"}:
        return []
    if unknown := given - {ALL, *CHANNELS}:
        raise Reject(f"do_not_contact {', '.join(sorted(unknown))!r} is neither yes or no nor {', '.join(CHANNELS)}")
    return _together(given)


# --- marks ---------------------------------------------------------------------------------------------------


LONGEST_MARK = 600
"""Characters of one, which an index must take. Whoever is alike that far is taken for one, and left alone."""


def _mark(kind: str, value: str) -> str:
    return f"{kind}:{value}"[:LONGEST_MARK]


def place_marks(facility_id: str, chain: str | None) -> list[str]:
    return [_mark("facility", facility_id), *chain_marks(chain)]


def chain_marks(chain: str | None) -> list[str]:
    key = chain_key(chain)
    return [_mark("chain", key)] if key else []


def domain_marks(address: str | None) -> list[str]:
    """The domain of an address and those above it: who says no for example.com speaks for mail.example.com."""
    labels = address.rpartition("@")[2].split(".") if address else []
    return [f"domain:{'.'.join(labels[at:])}" for at in range(len(labels) - 1)]


def person_marks(subject: str, name: str, address: str | None) -> list[str]:
    """Of whom a contact list names; `Vacant` is nobody and bears no mark."""
    if nobody(name):
        return []
    return [_mark("name", person_of(subject, name)), *([_mark("address", address)] if address else [])]


def person_of(subject: str, name: str) -> str:
    """Somebody at a place, however lists spell them: `SMITH, JANE A., RN` is Jane Smith."""
    return f"{subject}/{' '.join(_words(name)) or name_key(name)}"


def sighting_marks(sighting: Sighting) -> list[str]:
    """By what the person whom a contact list names is known; numbers tell persons, they stop no touch."""
    if nobody(sighting.name):
        return []
    phone = [_mark("phone", sighting.direct_phone)] if sighting.direct_phone else []
    return person_marks(sighting.subject, sighting.name, sighting.email) + phone


def touch_marks(facility_id: str, chain: str | None, contact: Contact | None, channel: str) -> list[str]:
    """By what a touch is recognized. An address that two people use stops e-mails to both and calls to one."""
    places = place_marks(facility_id, chain)
    if contact is None:
        return places
    subject = f"chain:{chain_key(chain)}" if contact.role == "regional" else f"facility:{facility_id}"
    person = person_marks(subject, contact.name, contact.email if channel == "email" else None)
    return places + person + domain_marks(contact.email)


def grown(marks: Iterable[str], sightings: Iterable[Sighting]) -> list[str]:
    """A person's marks, with those of the sightings that are of the same person.

    Somebody is known again by name at the same place, or by an address or a direct number together with a word of the
    name: an Administrator's mailbox that a successor took over makes the two no one person.
    """
    known = set(marks)
    before = -1
    while len(known) != before:
        before = len(known)
        for each in sightings:
            if same_person(known, sighting_marks(each)):
                known.update(sighting_marks(each))
    return sorted(known)


def same_person(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether marks are of one person; of an address or number alone, it is whoever has it."""
    one, other = set(some), set(others)
    shared = one & other
    if any(mark.startswith("name:") for mark in shared):
        return True
    words, theirs = _names(one), _names(other)
    return bool(shared) and (not words or not theirs or bool(words & theirs))


def _names(marks: Iterable[str]) -> set[str]:
    return {word for mark in marks if mark.startswith("name:") for word in _words(mark.rpartition("/")[2])}


def _words(name: str) -> list[str]:
    """The words of a name in their usual order, without titles, credentials and initials."""
    known = called(name)
    words = re.findall(r"\w{2,}", (known.full if known else name).casefold())
    return [word for word in words if word not in _TITLES]


# --- what is said --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Statement:
    """Somebody says that somebody is not to be contacted, or may be again."""

    scope: Scope
    target: str
    label: str
    marks: list[str]
    channels: list[str]
    reason: str
    source: str
    said_by: str
    said_on: date


def stopped(before: Suppression | None, said: Statement) -> Suppression:
    """What stands after somebody said no: the channels add up, the latest word is the reason."""
    channels = _together([*(before.channels if before else []), *said.channels])
    marks = sorted({*(before.marks if before else []), *said.marks})
    return _after(before, said, channels, marks)


def allowed(before: Suppression, said: Statement) -> Suppression:
    """What is left of a suppression once these channels are open again; of what is left the reason stays."""
    left = [] if ALL in said.channels else [each for each in _each(before.channels) if each not in said.channels]
    if left:
        return replace(before, version=before.version + 1, channels=_together(left))
    return _after(before, said, [], before.marks)


def since_allowed(said: Statement, allowed_since: Iterable[str]) -> Statement | None:
    """What is left of a no once channels were opened again later; None where that is nothing."""
    again = set(allowed_since)
    left = [] if ALL in again else [each for each in _each(said.channels) if each not in again]
    return replace(said, channels=_together(left)) if left else None


def _each(channels: Iterable[str]) -> list[str]:
    given = list(channels)
    return list(CHANNELS) if ALL in given else given


def _after(before: Suppression | None, said: Statement, channels: list[str], marks: list[str]) -> Suppression:
    if before:
        changed = replace(before, version=before.version + 1, channels=channels, marks=marks)
        return replace(changed, reason=said.reason, source=said.source, said_by=said.said_by, said_on=said.said_on)
    key = suppression_id(said.scope, said.target)
    words = (said.label, said.reason, said.source, said.said_by, said.said_on)
    return Suppression(key, said.scope, said.target, 1, channels, marks, *words)


def _together(channels: Iterable[str]) -> list[str]:
    given = set(channels)
    return [ALL] if ALL in given or given >= set(CHANNELS) else sorted(given)


# --- what follows --------------------------------------------------------------------------------------------


def obeying(people: People, facility_id: str, chain: str | None, standing: Standing) -> dict[str, Contact]:
    """People, each with the channels by which nobody may turn to them, and why."""
    return {role: replace(each, stopped=_stops(each, facility_id, chain, standing)) for role, each in people.items()}


def _stops(contact: Contact, facility_id: str, chain: str | None, standing: Standing) -> dict[str, str]:
    found = {each: why_not(standing, touch_marks(facility_id, chain, contact, each), each) for each in CHANNELS}
    return {channel: str(suppression) for channel, suppression in found.items() if suppression}


def closed_place(facility_id: str, chain: str | None, standing: Standing) -> str | None:
    """Why nobody at a facility may be contacted at all."""
    return next(
        (
            str(each)
            for mark in place_marks(facility_id, chain)
            for each in standing.get(mark, [])
            if ALL in each.channels
        ),
        None,
    )


def place_stops(facility_id: str, chain: str | None, standing: Standing) -> dict[str, str]:
    """By which channels nobody at a facility may be contacted, known or not, and why."""
    found = {each: why_not(standing, place_marks(facility_id, chain), each) for each in CHANNELS}
    return {channel: str(suppression) for channel, suppression in found.items() if suppression}
