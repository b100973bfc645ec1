"""What is left of an employer's name when spelling, abbreviation and legal form no longer matter?"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ABBREVIATIONS = {
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
    "one": "1",
    "two": "2",
    "three": "3",
}
LEGAL_FORMS = frozenset("llc inc incorporated lp llp lllp corp corporation ltd limited pllc pc co company plc".split())
STOP_WORDS = frozenset("the and of at for a an in by to on".split())
_ALSO_KNOWN = re.compile(r"\s*(?:\bd\s*[/.]?\s*b\s*[/.]?\s*a\b\.?|\b(?:a\s*/\s*k|f\s*/\s*k|t)\s*/\s*a\b)\s*:?\s*", re.I)
_DASH = re.compile(r"\s+[-–|/]+\s+")
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
_APOSTROPHES = re.compile(r"['’`´]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=65_536)
def normalise(name: str) -> str:
    """The words of a name in their order, folded, spelt out and without legal form: what the blend compares (R14)."""
    return " ".join(_spelt_out(_merged_initials(_words(name))))


def key_of(normalised: str) -> str:
    """The words without order or repetition, so that "Center for Nursing" and "Nursing Center" are one name."""
    return " ".join(sorted(set(normalised.split())))


def forms_of(name: str) -> tuple[str, ...]:
    """A name and, where it says "A d/b/a B" or carries a remark in brackets, its parts; normalised, best first."""
    parts = [name, *_ALSO_KNOWN.split(name), _BRACKETS.sub(" ", name)]
    normalised = (normalise(part) for part in parts)
    return tuple(dict.fromkeys(form for form in normalised if form))


def forms_of_employer(name: str) -> tuple[str, ...]:
    """As `forms_of`, and what stands last in "Chain - Facility", where it has at least two words.

    The first part is left alone: "Village - Green" is not the Village (six of the errors measured).
    """
    last = _DASH.split(name)[-1]
    parts = forms_of(last) if len(normalise(last).split()) > 1 else ()
    return tuple(dict.fromkeys([*forms_of(name), *parts]))


def core_of(normalised: str, generic: frozenset[str]) -> str:
    """The words that tell a name from others of its trade, without order."""
    return " ".join(sorted(set(normalised.split()) - generic))


def place_of(city: str | None) -> str:
    """A city as it can be compared; empty when unknown."""
    return normalise(city) if city else ""


def has_phrase(normalised: str, phrase: str) -> bool:
    """Whether the words of the phrase stand in the name, as words and next to each other."""
    return f" {phrase} " in f" {normalised} "


def trigrams(normalised: str) -> frozenset[str]:
    """As pg_trgm takes them: of every word, with two blanks before it and one behind."""
    padded = (f"  {word} " for word in normalised.split())
    return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))


def _words(name: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = _NOT_WORD.sub(" ", _APOSTROPHES.sub("", folded).replace("&", " and "))
    return [word for word in plain.split() if word not in STOP_WORDS]


def _merged_initials(words: list[str]) -> list[str]:
    """ "S & L Birchwood" and "S&L Birchwood", "L.L.C." and "LLC" are the same."""
    merged: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            merged.append(run)
            run = ""
        if word:
            merged.append(word)
    return merged


def _spelt_out(words: list[str]) -> list[str]:
    spelt = " ".join(ABBREVIATIONS.get(word, word) for word in words if word not in LEGAL_FORMS)
    joined = spelt.replace("health care", "healthcare").replace("sub acute", "subacute")
    return [_singular(word) for word in joined.split()]


def _singular(word: str) -> str:
    plural = len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word
