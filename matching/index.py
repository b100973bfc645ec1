"""Which facilities of a state could be meant by a name, a place or an address?

Everything found by a key is an immutable tuple, so that a copy for what is not committed yet is a copy of a few
dictionaries, and a facility is put in or taken out without touching the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matching.facilities import Entry, Facility, FacilityForm
from matching.names import NO_WORDS

Words = frozenset[str]
Found = tuple[Entry, ...]
Forms = tuple[FacilityForm, ...]
INITIALS = (3, 4, 5)
"""Letters that a name may be shortened to: "LCC of Columbia" for a Life Care Center."""
REMEMBERED = 10_000
"""Unknown words, a state."""
TYPO_LETTERS = 5
"""Shorter words are other words when a letter changes."""


class StateIndex:
    """The listed facilities of one state."""

    __slots__ = (
        "areas", "by_chain", "by_city", "by_city_word", "by_core", "by_house", "by_initials", "by_key", "by_phone",
        "by_typo", "by_word", "by_zip_word", "entries", "gone", "gone_keys", "meant", "prefixes",
    )  # fmt: skip

    def __init__(self) -> None:
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
        self.meant: dict[str, frozenset[str]] = {}
        """What unknown words may stand for, as far as somebody asked since the last change."""

    def copied(self) -> StateIndex:
        copy = StateIndex()
        for name in self.__slots__:
            setattr(copy, name, dict(getattr(self, name)))
        return copy

    def put(self, facility: Facility) -> None:
        self.take(facility.ccn)
        entry = Entry(facility)
        if not facility.listed:
            self.gone[facility.ccn] = entry
            for key in {form.words for form in entry.forms}:
                _add(self.gone_keys, key, entry)
            return
        self.entries[facility.ccn] = entry
        self._forget(entry)
        for table, key, found in self._places(entry):
            _add(table, key, found)
        for word in entry.words:
            if self.by_word[word][0].entry is entry:
                self._spell(word)

    def take(self, ccn: str) -> None:
        """Without trace, but for the spellings of words that nobody bears any more, which then find nothing."""
        gone = self.gone.pop(ccn, None)
        if gone:
            for key in {form.words for form in gone.forms}:
                _remove(self.gone_keys, key, gone)
        entry = self.entries.pop(ccn, None)
        if entry:
            self._forget(entry)
            for table, key, found in self._places(entry):
                _remove(table, key, found)

    def _forget(self, entry: Entry) -> None:
        """What was worked out while the facility was not there, or still was."""
        self.areas.pop(entry.city, None)
        self.meant.clear()

    def _places(self, entry: Entry) -> Iterator[tuple[dict[Any, Any], Any, Any]]:
        for form in entry.forms:
            yield from self._places_of_form(form, entry)
        yield self.by_city, entry.city, entry
        if entry.zip and entry.address.house:
            yield self.by_house, (entry.zip, entry.address.house), entry
        if entry.phone:
            yield self.by_phone, entry.phone, entry
        if entry.chain:
            yield self.by_chain, entry.chain, entry

    def _places_of_form(self, form: FacilityForm, entry: Entry) -> Iterator[tuple[dict[Any, Any], Any, Any]]:
        yield self.by_key, form.words, form
        if form.core:
            yield self.by_core, form.core, form
        for word in form.words:
            yield self.by_word, word, form
            yield self.by_city_word, (entry.city, word), form
            if entry.zip:
                yield self.by_zip_word, (entry.zip, word), form
        for initials in {form.initials[:most] for most in INITIALS}:
            if len(initials) >= INITIALS[0]:
                yield self.by_initials, initials, form

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
        known = self.areas.get(city)
        if known is None:
            there = self.by_city.get(city)
            if not there:
                return NO_WORDS
            known = self.areas[city] = frozenset([entry.zip[:3] for entry in there if entry.zip])
        return known

    def meant_by(self, word: str) -> frozenset[str]:
        """Words of this state that an unknown word may stand for: misspelt, or two written together."""
        known = self.meant.get(word)
        if known is None:
            if len(self.meant) >= REMEMBERED:
                self.meant.clear()
            known = self.meant[word] = frozenset((*self._likely_words(word), *self._split(word)))
        return known

    def _split(self, word: str) -> tuple[str, ...]:
        for at in range(3, len(word) - 2):
            if word[:at] in self.by_word and word[at:] in self.by_word:
                return word[:at], word[at:]
        return ()

    def _likely_words(self, word: str) -> tuple[str, ...]:
        """One letter more, less or other, or two letters swapped."""
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


def _add(table: dict[Any, Any], key: Any, found: Any) -> None:
    table[key] = (*table.get(key, ()), found)


def _remove(table: dict[Any, Any], key: Any, found: Any) -> None:
    left = tuple(other for other in table.get(key, ()) if other is not found)
    if left:
        table[key] = left
    else:
        table.pop(key, None)
