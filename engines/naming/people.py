"""What is a person's full name, and which name belongs in a greeting?

`nameparser` classifies the words. This module adds what it does not cover: placeholders, offices and credentials of
the trade beside a name, the usual case of names in capitals, and word orders too uncertain to pick a given name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from nameparser import Lexicon, ParsedName, Parser

from engines.naming.capitals import surname
from engines.naming.offices import Offices
from engines.naming.placeholders import ASIDE, kind_of, placeholder_in


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name: `Jane A. Moss` in full, and `Jane` after "Dear"."""

    full: str
    greeting: str
    """The full name if the order of its words is uncertain."""


@lru_cache(maxsize=10_000)
def parse_name(name: str, offices: Offices, credentials: tuple[str, ...] = ()) -> PersonName | None:
    """Parse a cell, with the offices and credentials of the trade; returns None for a placeholder."""
    text = " ".join(unicodedata.normalize("NFKC", name).split())
    if placeholder_in(text, offices):
        return None
    alone = _without_offices(text, offices)
    if _SEVERAL.search(alone) or any(character.isdigit() for character in alone) or not _LATIN.fullmatch(alone):
        return PersonName(alone, alone)
    parsed = _parser(credentials).parse(alone)
    credentials_follow = "," in text or bool(parsed.suffix.strip(" .,") and not _generation(parsed.suffix))
    return _called(parsed, ordered="," in alone, followed=credentials_follow)


def _without_offices(text: str, offices: Offices) -> str:
    """Remove offices: `Jane Moss (Interim)`, `Acting: Jane Moss` and `Jane Moss, Manager` become `Jane Moss`."""
    parts = [part for part in ASIDE.split(text) if part.strip(" .")]
    kept = [part for part in parts if not kind_of(part, offices)]
    text = kept[0] if len(kept) == 1 < len(parts) else text
    family, *others = (part.strip() for part in text.split(","))
    others = [part for part in others if part and not kind_of(part, offices) and not _CREDENTIAL.fullmatch(part)]
    # A generation follows the given name, wherever the source puts it: Moss, Jr., John.
    others.sort(key=lambda part: part.strip(".").upper() in _GENERATIONS)
    return offices.leading.sub("", ", ".join([family, *others])).strip(" ,-–")


def _called(parsed: ParsedName, ordered: bool, followed: bool) -> PersonName:
    title = _title(parsed.title)
    given, middle, family = _usual(parsed)
    named = " ".join(filter(None, (given, middle, family)))
    shown = " ".join(filter(None, (title or ("" if given else parsed.title), named, _generation(parsed.suffix))))
    if not given or not family:
        return PersonName(shown, f"{title} {family or given}" if title else shown)
    if title in _RELIGIOUS:
        return PersonName(shown, f"{title} {given} {family}")
    if title or _DOCTOR.search(parsed.suffix):
        return PersonName(shown, f"{title or 'Dr.'} {family}")
    if not _is_sure(parsed, ordered, followed):
        return PersonName(shown, named)
    nickname = parsed.nickname
    return PersonName(shown, _recased(nickname) if nickname.isalpha() and len(nickname) > 1 else given)


def _is_sure(parsed: ParsedName, ordered: bool, followed: bool) -> bool:
    """Whether the parsed given name certainly is the complete given name.

    `ordered` is a name with a comma after the family name; `followed` one before credentials or an office, where a
    family name that came first would have its comma, too: `JANE MOSS LNHA`.
    """
    full = f"{parsed.given} {parsed.middle} {parsed.family}"
    typed = not (full.isupper() or full.islower())
    inner_initial = bool(parsed.middle) and _INITIAL.fullmatch(parsed.middle) is not None
    if _INITIAL.fullmatch(parsed.given) or _INITIAL.fullmatch(parsed.family):
        return False
    if parsed.given.casefold() in _FAMILY_FIRST and not ordered:
        return False
    if parsed.middle and not inner_initial and (parsed.given.casefold() in _DOUBLE or " " in parsed.middle):
        return False
    words = len(full.split())
    return ordered or inner_initial or (typed and words <= 4) or (followed and words == 2)


def _usual(parsed: ParsedName) -> tuple[str, str, str]:
    """Given, middle and family name in their usual case; names that contain small letters are left unchanged."""
    full = f"{parsed.given}{parsed.middle}{parsed.family}"
    if full.isupper() or full.islower():
        return _given(parsed.given), _given(parsed.middle), _family(parsed.family)
    in_capitals = parsed.family.isupper() and len(parsed.family) > 3
    return parsed.given, parsed.middle, _family(parsed.family) if in_capitals else parsed.family


def _given(text: str) -> str:
    return " ".join(
        word.upper()
        if _INITIAL.fullmatch(word) or not _VOWEL.search(word) or word.upper() in _LETTERS
        else _recased(word)
        for word in text.split()
    )


def _family(text: str) -> str:
    """`van der Berg` and `de la Cruz`, but `Van Buren` and `De Luca`, as most Americans with such names write them."""
    words = text.upper().split()
    particles = [word for word in words[:-1] if word in _PARTICLES]
    small = len(particles) > 1 or bool(set(particles) & _ALWAYS_SMALL)
    return " ".join(word.lower() if small and word in particles else _recased(word) for word in words)


def _recased(word: str) -> str:
    return surname(word.upper()) if word.isupper() or word.islower() else word


def _title(text: str) -> str:
    return _TITLES.get(text.casefold().rstrip("."), "")


def _generation(suffix: str) -> str:
    """The generation in a suffix (`Jr.`, `III`), the only part of it that belongs to the name."""
    words = (word.strip(".").upper() for word in re.split(r"[\s,]+", suffix))
    return next((_GENERATIONS[word] for word in words if word in _GENERATIONS), "")


@cache
def _parser(credentials: tuple[str, ...]) -> Parser:
    return Parser(lexicon=Lexicon.default().add(suffix_acronyms=set(credentials)))


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = {
    "mr": "Mr.",
    "mister": "Mr.",
    "mrs": "Mrs.",
    "ms": "Ms.",
    "miss": "Miss",
    "dr": "Dr.",
    "doctor": "Dr.",
    "prof": "Prof.",
    "professor": "Prof.",
    "rev": "Rev.",
    "reverend": "Rev.",
    "sister": "Sister",
    "sr": "Sister",
    "brother": "Brother",
    "father": "Father",
    "fr": "Father",
    "mother": "Mother",
    "rabbi": "Rabbi",
    "capt": "Capt.",
    "captain": "Capt.",
    "col": "Col.",
    "colonel": "Col.",
    "lt": "Lt.",
    "maj": "Maj.",
    "sgt": "Sgt.",
}
_RELIGIOUS = _set("Rev. Sister Brother Father Mother Rabbi")
_DOCTOR = re.compile(r"\b(?:M\.?D|D\.?O|Ph\.?D|DNP|Ed\.?D|DDS|PharmD|Psy\.?D)\b", re.IGNORECASE)
_GENERATIONS = {"JR": "Jr.", "SR": "Sr.", "II": "II", "III": "III", "IV": "IV", "V": "V"}
_PARTICLES = _set("VAN VON DER DEN DE DEL DELLA DELLO DI DA DOS DAS DU LA LAS LE LOS TER TEN ZU ZUR BIN AL")
_ALWAYS_SMALL = _set("VON DOS ZU ZUR BIN")
# First names that are often half of a double name; a person with a middle name beside one may go by both.
_DOUBLE = _set(
    "mary jo anna ann anne sue betty peggy billie bobbie bobby billy jimmy johnny john jean juan jose josé maria"
    " maría luis rose rosa sarah lee tammy terri donna linda barbara martha nancy ruth carol kim la de da"
)
# Family names that usually come first if the name was not reversed.
_FAMILY_FIRST = _set("nguyen tran pham huynh hoang phan dang bui duong trinh truong wang zhang huang zhao")
_LETTERS = _set("AJ CJ DJ EJ JJ JD JR KC KJ LJ MJ OJ PJ RJ TJ BJ")
_INITIAL = re.compile(r"(?:[^\W\d_]\.?\s?){1,3}(?<![^\W\d_]{2})")
# In a name in capitals, a word of three or more letters without a vowel is not a given name.
_CREDENTIAL = re.compile(r"[B-DF-HJ-NP-TV-XZ]{3,}")
_VOWEL = re.compile(r"[AEIOUYaeiouyÀ-ÖØ-Ýà-öø-ý]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff\s.,'`´\"()\-\u2010-\u201d]+")
_SEVERAL = re.compile(r"(?i)\s(?:and|or|&|\+)\s|[/;&+]")
