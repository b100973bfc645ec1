"""Which facilities of a state could be meant by a name, a place or an address?

Everything found by a key is an immutable tuple, so that a copy for what is not committed yet is a copy of a few
dictionaries, and a facility is put in or taken out without touching the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matching.facilities import Entry, Facility

Found = tuple[Entry, ...]
INITIALS = (3, 4, 5)
"""Letters that a name may be shortened to: "LCC of Columbia" for a Life Care Center."""
TYPO_LETTERS = 5
"""Shorter words are other words when a letter changes."""


class StateIndex:
    """The listed facilities of one state."""

    __slots__ = (
        "areas",
        "by_chain",
        "by_city",
        "by_city_word",
        "by_core",
        "by_house",
        "by_initials",
        "by_key",
        "by_phone",
        "by_typo",
        "by_word",
        "by_zip",
        "by_zip_word",
        "entries",
        "gone",
        "prefixes",
    )

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.gone: dict[str, frozenset[str]] = {}
        """Keys of the names of facilities that are no longer listed."""
        self.by_key: dict[str, Found] = {}
        self.by_core: dict[str, Found] = {}
        self.by_word: dict[str, Found] = {}
        self.by_city: dict[str, Found] = {}
        self.by_city_word: dict[tuple[str, str], Found] = {}
        self.by_zip: dict[str, Found] = {}
        self.by_zip_word: dict[tuple[str, str], Found] = {}
        self.by_house: dict[tuple[str, str], Found] = {}
        self.by_initials: dict[str, Found] = {}
        self.by_phone: dict[str, Found] = {}
        self.areas: dict[str, frozenset[str]] = {}
        self.by_chain: dict[str, Found] = {}
        self.by_typo: dict[str, tuple[str, ...]] = {}
        self.prefixes: dict[str, tuple[str, ...]] = {}

    def copied(self) -> StateIndex:
        copy = StateIndex()
        for name in self.__slots__:
            setattr(copy, name, dict(getattr(self, name)))
        return copy

    def put(self, facility: Facility) -> None:
        self.take(facility.ccn)
        entry = Entry(facility)
        if not facility.listed:
            self.gone[facility.ccn] = frozenset(form.key for form in entry.forms)
            return
        self.entries[facility.ccn] = entry
        self.areas.pop(entry.city, None)
        for table, key in self._places(entry):
            table[key] = (*table.get(key, ()), entry)
        for word in entry.words:
            if len(self.by_word[word]) == 1:
                self._spell(word)

    def take(self, ccn: str) -> None:
        """Without trace, but for the spellings of words that nobody bears any more, which then find nothing."""
        self.gone.pop(ccn, None)
        entry = self.entries.pop(ccn, None)
        if entry is None:
            return
        self.areas.pop(entry.city, None)
        for table, key in self._places(entry):
            left = tuple(other for other in table.get(key, ()) if other is not entry)
            if left:
                table[key] = left
            else:
                table.pop(key, None)

    def _places(self, entry: Entry) -> Iterator[tuple[dict[Any, Found], Any]]:
        for key in {form.key for form in entry.forms}:
            yield self.by_key, key
        for core in {" ".join(sorted(form.core)) for form in entry.forms if form.core}:
            yield self.by_core, core
        for initials in {form.initials[:most] for form in entry.forms for most in INITIALS}:
            if len(initials) >= INITIALS[0]:
                yield self.by_initials, initials
        for word in entry.words:
            yield self.by_word, word
            yield self.by_city_word, (entry.city, word)
            if entry.zip:
                yield self.by_zip_word, (entry.zip, word)
        yield self.by_city, entry.city
        if entry.zip:
            yield self.by_zip, entry.zip
            if entry.address.house:
                yield self.by_house, (entry.zip, entry.address.house)
        if entry.phone:
            yield self.by_phone, entry.phone
        if entry.chain:
            yield self.by_chain, " ".join(sorted(entry.chain))

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
        """The first three digits of the zips in that city, as far as facilities are known there."""
        if city not in self.areas:
            self.areas[city] = frozenset(entry.zip[:3] for entry in self.by_city.get(city, ()) if entry.zip)
        return self.areas[city]

    def likely_words(self, word: str) -> tuple[str, ...]:
        """Words of this state that an unknown word may be: one letter more, less or other, or two letters swapped."""
        if len(word) < TYPO_LETTERS:
            return ()
        found: dict[str, None] = {}
        for variant in (word, *shortened(word)):
            for known in self.by_typo.get(variant, ()):
                if known in self.by_word:
                    found[known] = None
        return tuple(found)

    def completed(self, start: str) -> tuple[str, ...]:
        """Words of this state that begin like this: names are cut at 36 or 50 characters."""
        return tuple(w for w in self.prefixes.get(start[:3], ()) if w.startswith(start) and w in self.by_word)


def shortened(word: str) -> list[str]:
    """The word without any one of its letters."""
    return [word[:i] + word[i + 1 :] for i in range(len(word))] if len(word) >= TYPO_LETTERS else []
