"""What is known of a facility, and of whoever posted, before they are compared?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from matching.names import core_of, forms_of, marks_of, normalise, place_of
from matching.words import FRAMES, GENERIC, weight_of


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
    address: str | None = None
    zip: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Employer:
    """Who posted, as the source says it."""

    name: str
    city: str | None = None
    state: str | None = None
    ccn: str | None = None
    zip: str | None = None
    address: str | None = None
    phone: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One name of one facility, in the shape in which names are compared."""

    text: str
    key: str
    kind: str
    words: frozenset[str]
    core: frozenset[str]
    """The words that tell it from others of its trade."""
    marks: frozenset[str]
    first: str
    initials: str
    weight: float
    per_weight: float
    """One by the weight."""


class Entry:
    """A listed facility as the index holds it; one object a facility, compared by identity."""

    __slots__ = ("address", "chain", "city", "city_words", "facility", "forms", "phone", "words", "zip")

    def __init__(self, facility: Facility) -> None:
        self.facility = facility
        self.city = place_of(facility.city)
        self.city_words = frozenset(normalise(facility.city).split())
        self.zip = (facility.zip or "")[:5]
        self.address = address_of(facility.address)
        self.phone = digits_of(facility.phone)
        self.forms = tuple(_forms(facility))
        self.chain = core_of(normalise(facility.chain)) if facility.chain else frozenset()
        self.words = frozenset(word for form in self.forms for word in form.words)


@dataclass(frozen=True, slots=True)
class Address:
    house: str
    street: frozenset[str]


NO_ADDRESS = Address("", frozenset())


@lru_cache(maxsize=65_536)
def address_of(address: str | None) -> Address:
    """House number and the words of the street, without its kind ("Street", "Avenue")."""
    if not address:
        return NO_ADDRESS
    words = normalise(address).split()
    house = words[0] if words and words[0][:1].isdigit() else ""
    street = frozenset(word for word in words[bool(house) :] if word not in FRAMES)
    return Address(house.split("-")[0], street)


_NOT_DIGIT = re.compile(r"\D+")


def digits_of(phone: str | None) -> str:
    return _NOT_DIGIT.sub("", phone)[-10:] if phone else ""


def form_of(text: str, kind: str) -> Form:
    words = text.split()
    each = frozenset(words)
    weight = max(0.1, sum(map(weight_of, each)))
    return Form(
        text=text,
        key=" ".join(sorted(each)),
        kind=kind,
        words=each,
        core=each - GENERIC,
        marks=marks_of(each),
        first=words[0],
        initials="".join(word[0] for word in words),
        weight=weight,
        per_weight=1 / weight,
    )


def _forms(facility: Facility) -> list[Form]:
    """The forms of all names, each set of words once, the facility's own name first."""
    kinds: dict[str, str] = {}
    for named in (OtherName(facility.name, "name"), *facility.names):
        for text in forms_of(named.name):
            kinds.setdefault(text, named.kind)
    forms: dict[str, Form] = {}
    for text, kind in kinds.items():
        form = form_of(text, kind)
        forms.setdefault(form.key, form)
    return list(forms.values())
