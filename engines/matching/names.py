"""What is left of an employer's name when spelling, abbreviation and legal form no longer matter?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from sys import intern
from typing import Final, NamedTuple, TypeVar

from engines.matching.words import GENERIC, MARKS

K = TypeVar("K")
V = TypeVar("V")

ABBREVIATIONS: Final = {
    "acct": "account",
    "adlt": "adult",
    "ave": "avenue",
    "blvd": "boulevard",
    "centre": "center",
    "cnt": "center",
    "cntr": "center",
    "cr": "care",
    "ctr": "center",
    "cty": "county",
    "cmnty": "community",
    "comm": "community",
    "e": "east",
    "ext": "extended",
    "fac": "facility",
    "facil": "facility",
    "ft": "fort",
    "gdn": "garden",
    "gdns": "garden",
    "hcc": "healthcare center",
    "hcf": "healthcare facility",
    "hc": "healthcare",
    "hlth": "health",
    "hlthcr": "healthcare",
    "hlthcare": "healthcare",
    "hm": "home",
    "hosp": "hospital",
    "hts": "height",
    "ltc": "long term care",
    "lvng": "living",
    "mem": "memorial",
    "meml": "memorial",
    "mnr": "manor",
    "mt": "mount",
    "mtn": "mountain",
    "n": "north",
    "ncc": "nursing care center",
    "nh": "nursing home",
    "nr": "nursing rehabilitation",
    "nrc": "nursing rehabilitation center",
    "nrsg": "nursing",
    "nrsng": "nursing",
    "nsg": "nursing",
    "nsng": "nursing",
    "nurs": "nursing",
    "pk": "park",
    "pt": "point",
    "rd": "road",
    "reg": "regional",
    "rehab": "rehabilitation",
    "rhab": "rehabilitation",
    "rhb": "rehabilitation",
    "rehabilitative": "rehabilitation",
    "rehabilitaton": "rehabilitation",
    "rehabiliation": "rehabilitation",
    "res": "residential",
    "resid": "residential",
    "rhcf": "residential healthcare facility",
    "rhf": "residential healthcare facility",
    "s": "south",
    "skld": "skilled",
    "snf": "skilled nursing facility",
    "st": "saint",
    "ste": "saint",
    "svc": "service",
    "svcs": "service",
    "terr": "terrace",
    "vlg": "village",
    "w": "west",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "i": "1",
    "v": "5",
    "vi": "6",
    "ret": "retirement",
    "conv": "convalescent",
    "comms": "community",
    "vly": "valley",
    "spgs": "spring",
    "no": "north",
    "va": "veteran",
    "one": "1",
    "two": "2",
    "three": "3",
}
LEGAL_FORMS: Final = frozenset(
    "llc inc incorporated lp llp lllp corp corporation ltd limited pllc pc co company plc".split()
)
STOP_WORDS: Final = frozenset("the and of at for a an in by to on".split())
# Blanks around what these find are words' bounds anyhow. Beginning with any number of them, or leaving open where they
# belong, would take the square of a row of blanks.
_ALSO_KNOWN: Final = re.compile(r"\bd\s*(?:[/.]\s*)?b\s*(?:[/.]\s*)?a\b\.?|\b(?:a\s*/\s*k|f\s*/\s*k|t)\s*/\s*a\b", re.I)
_DASH: Final = re.compile(r"\s[-–|/]+\s")
_BRACKETS: Final = re.compile(r"[(\[][^)\]]*[)\]]")
_APOSTROPHES: Final = re.compile(r"[’`´]")
NO_WORDS: Final[frozenset[str]] = frozenset()
_TOGETHER: Final = frozenset({("health", "care"), ("sub", "acute")})
_FOLDED: Final = bytes(ord(chr(code).lower()) if chr(code).isalnum() else ord(" ") for code in range(128)) + b" " * 128
"""Small letters and digits, and a blank for every other sign."""


Words = tuple[str, ...]


def words_of(name: str) -> Words:
    """The words of a name in their order, folded, spelt out and without legal form."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name)).encode("ascii", "ignore").decode()
    spelt: list[str] = []
    initials = ""
    for word in name.encode().translate(_FOLDED, b"'").decode().split():
        known = _WRITTEN[word]
        if known is None:
            initials += word
        elif known:
            if initials:
                spelt += _INITIALS[initials]
                initials = ""
            spelt += known
    if initials:
        spelt += _INITIALS[initials]
    if ("care" in spelt and "health" in spelt) or "sub" in spelt:
        return _written_together(spelt)
    return tuple(spelt)


def normalise(name: str) -> str:
    """The words of a name as one text: what the blend compares (R14)."""
    return " ".join(words_of(name))


def _written_together(words: list[str]) -> Words:
    """What is written apart as often."""
    joined: list[str] = []
    for word in words:
        if joined and (joined[-1], word) in _TOGETHER:
            joined[-1] = intern(joined[-1] + word)
        else:
            joined.append(word)
    return tuple(joined)


def _spelt(word: str) -> Words:
    if word in LEGAL_FORMS:
        return ()
    return tuple([intern(_singular(each)) for each in ABBREVIATIONS.get(word, word).split()])


def _written(word: str) -> Words | None:
    """Nothing for a single letter, which may be one of several initials."""
    if len(word) == 1 and word.isalpha() and word not in STOP_WORDS:
        return None
    return () if word in STOP_WORDS else _spelt(word)


class Remembering(dict[K, V]):
    """What was worked out once: the same few thousand words and places come again and again."""

    def __init__(self, work_out: Callable[[K], V]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, key: K) -> V:
        value = self._work_out(key)
        if len(self) < LARGEST:
            self[key] = value
        return value


LARGEST: Final = 200_000
_WRITTEN: Final = Remembering(_written)
_INITIALS: Final = Remembering(_spelt)


def forms_of(name: str) -> tuple[Words, ...]:
    """A name and, where it says "A d/b/a B" or carries a remark in brackets, its parts; best first."""
    whole = words_of(name)
    if "dba" not in whole and "db" not in whole and "/" not in name and "(" not in name and "[" not in name:
        return (whole,) if whole else ()
    parts = [*_ALSO_KNOWN.split(name), _without_brackets(name)]
    return tuple(dict.fromkeys([form for form in (whole, *map(words_of, parts)) if form]))


def _without_brackets(name: str) -> str:
    """Looks no further than to the last that closes: of many that only open, each would be followed to the end."""
    end = max(name.rfind(")"), name.rfind("]")) + 1
    return _BRACKETS.sub(" ", name[:end]) + name[end:]


def forms_of_employer(name: str) -> tuple[Words, ...]:
    """As `forms_of`, and what stands last in "Chain - Facility", where it has at least two words.

    The first part is left alone: "Village - Green" is not the Village (six of the errors measured).
    """
    if "-" not in name and "/" not in name and "|" not in name and "–" not in name:
        return forms_of(name)
    forms = forms_of(name)
    if not (" -" in name or " /" in name or " |" in name or " –" in name) or not _DASH.search(name):
        return forms
    last = _DASH.split(name)[-1]
    parts = forms_of(last) if len(words_of(last)) > 1 else ()
    return tuple(dict.fromkeys([*forms, *parts]))


def core_of(name: str) -> frozenset[str]:
    """The words that tell a name from others of its trade."""
    return frozenset(words_of(name)) - GENERIC


def marks_of(words: frozenset[str]) -> frozenset[str]:
    """Numbers and directions: names that differ in these only are names of two facilities."""
    marks = NO_WORDS if words.isdisjoint(MARKS) else words & MARKS
    return marks if "".join(words).isalpha() else marks.union([word for word in words if word.isdigit()])


class Place(NamedTuple):
    """A city as it can be compared."""

    key: str
    """Whether it is written "Le Mars" or "LeMars"; empty when unknown. Interned: equal keys are one object."""
    words: frozenset[str]


def _place(city: str | None) -> Place:
    words = words_of(city) if city else ()
    return Place(intern("".join(words)), frozenset(words))


PLACES: Final = Remembering(_place)


def place_of(city: str | None) -> str:
    return PLACES[city].key


def words_of_place(city: str | None) -> frozenset[str]:
    return PLACES[city].words


def has_phrase(normalised: str, phrase: str) -> bool:
    """Whether the words of the phrase stand in the name, as words and next to each other."""
    return f" {phrase} " in f" {normalised} "


def trigrams(normalised: str) -> frozenset[str]:
    """As pg_trgm takes them: of every word, with two blanks before it and one behind."""
    padded = (f"  {word} " for word in normalised.split())
    return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))


def _singular(word: str) -> str:
    plural = len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word
