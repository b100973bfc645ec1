"""How are a facility and an employer represented for comparison?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from engines.datasets.phones import digits_of
from engines.matching.names import NO_WORDS, forms_of, marks_of
from engines.matching.signs import LEGAL
from engines.matching.trade import Trade
from engines.matching.words import FRAMES, weight_of


@dataclass(frozen=True, slots=True)
class OtherName:
    name: str
    kind: str
    """legal, dba, former, or alias (confirmed by a person)."""


@dataclass(frozen=True, slots=True)
class Facility:
    facility_id: str
    name: str
    city: str
    state: str
    chain: str | None = None
    listed: bool = True
    names: tuple[OtherName, ...] = ()
    """All further names, from the registry, from files and confirmed by people."""
    address: str | None = None
    zip: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Employer:
    """The employer of a posting, as the source states it."""

    name: str
    city: str | None = None
    state: str | None = None
    facility_id: str | None = None
    zip: str | None = None
    address: str | None = None
    phone: str | None = None
    title: str | None = None


class Form:
    """A name, prepared for comparison. A class with slots, because one is created for every lookup."""

    __slots__ = ("core", "first", "marks", "parts", "per_weight", "text", "weight", "words")

    def __init__(self, words: tuple[str, ...], trade: Trade) -> None:
        self.parts = words
        self.text = " ".join(words)
        self.first = words[0]
        self.words = frozenset(words)
        self.core = self.words - trade.generic
        """The words that distinguish it from other names of its trade."""
        self.marks = marks_of(self.words)
        self.weight = weight_of(self.words, trade.weights)
        self.per_weight = 1 / self.weight


class FacilityForm(Form):
    """One of the names of a facility; compared by identity."""

    __slots__ = ("city", "entry", "initials", "kind", "order", "sign")

    def __init__(self, words: tuple[str, ...], kind: str, entry: Entry) -> None:
        super().__init__(words, entry.trade)
        self.kind = kind
        self.sign = LEGAL if kind == "legal" else 0
        self.entry = entry
        self.city = entry.city
        self.order = f"{entry.facility.facility_id} {self.text}"
        self.initials = "".join([word[0] for word in words])


class Entry:
    """A listed facility in the index; one object per facility, compared by identity."""

    __slots__ = ("address", "chain", "city", "city_words", "facility", "forms", "phone", "trade", "words", "zip")

    def __init__(self, facility: Facility, trade: Trade) -> None:
        self.facility = facility
        self.trade = trade
        self.city, self.city_words = trade.places[facility.city]
        self.zip = (facility.zip or "")[:5]
        self.address = address_of(facility.address, trade)
        self.phone = digits_of(facility.phone)
        self.forms = tuple(_forms(facility, self))
        self.chain = trade.core_of(facility.chain) if facility.chain else NO_WORDS
        self.words = frozenset(word for form in self.forms for word in form.words)


@dataclass(frozen=True, slots=True)
class Address:
    house: str
    street: frozenset[str]


NO_ADDRESS: Final = Address("", NO_WORDS)


@lru_cache(maxsize=65_536)
def address_of(address: str | None, trade: Trade) -> Address:
    """The house number and the words of the street, without its kind ("Street", "Avenue")."""
    if not address:
        return NO_ADDRESS
    words = trade.words_of(address)
    house = words[0] if words and words[0][:1].isdigit() else ""
    street = frozenset(word for word in words[bool(house) :] if word not in FRAMES)
    return Address(house.split("-")[0], street)


def _forms(facility: Facility, entry: Entry) -> list[FacilityForm]:
    """The forms of all names, each set of words once, the name from the registry first."""
    forms: dict[frozenset[str], FacilityForm] = {}
    for named in (OtherName(facility.name, "name"), *facility.names):
        for words in forms_of(named.name, entry.trade):
            forms.setdefault(frozenset(words), FacilityForm(words, named.kind, entry))
    return list(forms.values())
