"""Which facilities of a state have a given word, name, place or address?

The values of all tables are immutable tuples. So a copy for uncommitted changes copies only a few dictionaries, and
facilities are added or removed without affecting others. A batch rewrites each tuple once; otherwise a word in
thousands of names would cost thousands of copies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from engines.matching.facilities import Entry, Facility, FacilityForm
from engines.matching.names import NO_WORDS
from engines.matching.trade import Trade

Words = frozenset[str]
Found = tuple[Entry, ...]
Forms = tuple[FacilityForm, ...]
INITIALS: Final = (3, 4, 5)
"""The lengths of initials of a name: "LCC of Columbia" for a Life Care Center."""
REMEMBERED: Final = 10_000
"""The maximum number of unknown words per state."""
TYPO_LETTERS: Final = 5
"""The minimum length of a word that may be misspelled; one changed letter turns a shorter word into another one."""
LONGEST: Final = 60
"""The maximum length of a word that may be misspelled: the cost is quadratic in the length."""

Place: TypeAlias = tuple[str, Any, Entry | FacilityForm]
"""A table, a key, and a value."""


PARTS: Final = (
    "areas", "by_chain", "by_city", "by_city_word", "by_core", "by_house", "by_initials", "by_key", "by_phone",
    "by_typo", "by_word", "by_zip_word", "entries", "gone", "gone_keys", "possible", "prefixes",
)  # fmt: skip


class StateIndex:
    """The listed facilities of one state."""

    __slots__ = (*PARTS, "trade")

    def __init__(self, trade: Trade) -> None:
        self.trade = trade
        self.entries: dict[str, Entry] = {}
        self.gone: dict[str, Entry] = {}
        """Facilities that are no longer listed."""
        self.gone_keys: dict[Words, Found] = {}
        self.by_key: dict[Words, Forms] = {}
        self.by_core: dict[Words, Forms] = {}
        self.by_word: dict[str, Forms] = {}
        self.by_city: dict[str, Found] = {}
        self.by_city_word: dict[tuple[str, str], Forms] = {}
        self.by_zip_word: dict[tuple[str, str], Forms] = {}
        self.by_house: dict[tuple[str, str], Found] = {}
        self.by_initials: dict[str, Forms] = {}
        self.by_phone: dict[str, Found] = {}
        self.by_chain: dict[Words, Found] = {}
        self.areas: dict[str, frozenset[str]] = {}
        self.by_typo: dict[str, tuple[str, ...]] = {}
        self.prefixes: dict[str, tuple[str, ...]] = {}
        self.possible: dict[str, frozenset[str]] = {}
        """A cache of the words that unknown words may stand for, cleared by every change."""

    def copied(self) -> StateIndex:
        copy = StateIndex(self.trade)
        for name in PARTS:
            setattr(copy, name, dict(getattr(self, name)))
        return copy

    def put(self, facilities: Iterable[Facility]) -> None:
        """Add or replace facilities; of duplicates, the last counts."""
        newest = {facility.facility_id: facility for facility in facilities}
        gone = [*self._removed(newest)]
        come = [place for facility in newest.values() for place in self._listed(Entry(facility, self.trade))]
        self._change(gone, come)

    def remove(self, facility_ids: Iterable[str]) -> None:
        """Remove facilities completely, except spellings of words, which then find nothing."""
        self._change(self._removed(facility_ids), ())

    def _removed(self, facility_ids: Iterable[str]) -> Iterator[Place]:
        for facility_id in facility_ids:
            gone, entry = self.gone.pop(facility_id, None), self.entries.pop(facility_id, None)
            if gone:
                yield from _places_of_gone(gone)
            if entry:
                self._forget(entry)
                yield from _places(entry)

    def _listed(self, entry: Entry) -> Iterable[Place]:
        if not entry.facility.listed:
            self.gone[entry.facility.facility_id] = entry
            return _places_of_gone(entry)
        self.entries[entry.facility.facility_id] = entry
        self._forget(entry)
        for word in entry.words:
            if word not in self.by_word:
                self._spell(word)
        return _places(entry)

    def _change(self, gone: Iterable[Place], come: Iterable[Place]) -> None:
        for name, removed in _by_table(gone).items():
            table = getattr(self, name)
            for key, those in removed.items():
                out = {id(found) for found in those}
                left = tuple([found for found in table[key] if id(found) not in out])
                if left:
                    table[key] = left
                else:
                    del table[key]
        for name, put in _by_table(come).items():
            table = getattr(self, name)
            for key, those in put.items():
                table[key] = (*table.get(key, ()), *those)

    def _forget(self, entry: Entry) -> None:
        """Clear the caches that a change of the facility affects."""
        self.areas.pop(entry.city, None)
        self.possible.clear()

    def _spell(self, word: str) -> None:
        for variant in {word, *shortened(word)}:
            known = self.by_typo.get(variant, ())
            if word not in known:
                self.by_typo[variant] = (*known, word)
        if len(word) > 3:
            known = self.prefixes.get(word[:3], ())
            if word not in known:
                self.prefixes[word[:3]] = (*known, word)

    def areas_of(self, city: str) -> frozenset[str]:
        """The first three digits of the ZIP codes of the facilities in a city."""
        known = self.areas.get(city)
        if known is None:
            there = self.by_city.get(city)
            if not there:
                return NO_WORDS
            known = self.areas[city] = frozenset([entry.zip[:3] for entry in there if entry.zip])
        return known

    def possible_words(self, word: str) -> frozenset[str]:
        """The words of this state that an unknown word may stand for: misspelled, or two written as one."""
        if len(word) > LONGEST:
            return NO_WORDS
        known = self.possible.get(word)
        if known is None:
            if len(self.possible) >= REMEMBERED:
                self.possible.clear()
            known = self.possible[word] = frozenset((*self._likely_words(word), *self._split(word)))
        return known

    def _split(self, word: str) -> tuple[str, ...]:
        for at in range(3, len(word) - 2):
            if word[:at] in self.by_word and word[at:] in self.by_word:
                return word[:at], word[at:]
        return ()

    def _likely_words(self, word: str) -> tuple[str, ...]:
        """The words with one letter added, removed or changed, or two letters swapped."""
        if len(word) < TYPO_LETTERS:
            return ()
        found: dict[str, None] = {}
        for variant in (word, *shortened(word)):
            for known in self.by_typo.get(variant, ()):
                if known in self.by_word:
                    found[known] = None
        return tuple(found)

    def completed(self, start: str) -> tuple[str, ...]:
        """The words of this state with this beginning, because sources truncate names at 36 or 50 characters."""
        return tuple(w for w in self.prefixes.get(start[:3], ()) if w.startswith(start) and w in self.by_word)


def shortened(word: str) -> list[str]:
    """All words that result from removing one letter."""
    return [word[:i] + word[i + 1 :] for i in range(len(word))] if len(word) >= TYPO_LETTERS else []


def _places(entry: Entry) -> Iterator[Place]:
    for form in entry.forms:
        yield from _places_of_form(form, entry)
    yield "by_city", entry.city, entry
    if entry.zip and entry.address.house:
        yield "by_house", (entry.zip, entry.address.house), entry
    if entry.phone:
        yield "by_phone", entry.phone, entry
    if entry.chain:
        yield "by_chain", entry.chain, entry


def _places_of_gone(entry: Entry) -> Iterator[Place]:
    for key in {form.words for form in entry.forms}:
        yield "gone_keys", key, entry


def _places_of_form(form: FacilityForm, entry: Entry) -> Iterator[Place]:
    yield "by_key", form.words, form
    if form.core:
        yield "by_core", form.core, form
    for word in form.words:
        yield "by_word", word, form
        yield "by_city_word", (entry.city, word), form
        if entry.zip:
            yield "by_zip_word", (entry.zip, word), form
    for initials in {form.initials[:most] for most in INITIALS}:
        if len(initials) >= INITIALS[0]:
            yield "by_initials", initials, form


def _by_table(places: Iterable[Place]) -> dict[str, dict[Any, list[Any]]]:
    """The values by table and key."""
    tables: dict[str, dict[Any, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for name, key, found in places:
        tables[name][key].append(found)
    return tables
