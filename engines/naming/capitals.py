"""How is a name in capitals usually written?

Registries and rosters write names in capitals. A name that contains small letters is left unchanged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Spellings:
    """Words that a trade spells in its own way: `BMX`, `CareOne`. Raises `ValueError` if a word is listed twice."""

    words: tuple[str, ...] = ()
    clipped: tuple[str, ...] = ()
    """Words without a vowel that are not pronounced letter by letter: `Hlth`."""
    _usual: dict[str, str] = field(init=False, repr=False, compare=False)
    _clipped: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        usual = {word.upper(): word for word in self.words}
        counted = Counter(word.upper() for word in self.words)
        if twice := [word for word in self.words if counted[word.upper()] > 1]:
            raise ValueError(f"{', '.join(twice)}: the same word, listed more than once")
        object.__setattr__(self, "_usual", usual)
        object.__setattr__(self, "_clipped", frozenset(word.upper() for word in self.clipped))

    def usual(self, word: str) -> str | None:
        return self._usual.get(word.upper())

    def is_clipped(self, word: str) -> bool:
        return word in _CLIPPED or word in self._clipped


NONE = Spellings()


def in_capitals(text: str) -> bool:
    """Whether all letters of a text are capitals, and there is at least one."""
    return text.isupper()


def usual_case(name: str, spellings: Spellings = NONE) -> str:
    """The name of a place or company in its usual case: `OAK HILL BMX AT ST. MARY'S, LLC` becomes `Oak Hill BMX at
    St. Mary's, LLC`. A name that is not entirely in capitals is returned unchanged.
    """
    if not in_capitals(name):
        return name
    words = name.split(" ")
    return " ".join(_word_at(words, at, spellings) for at in range(len(words)))


def _word_at(words: list[str], at: int, spellings: Spellings) -> str:
    word, before = words[at], words[at - 1] if at else ""
    bare = word.strip(_EDGES)
    opens = not before or before[-1] in ",-–:/(" or word[:1] in "(-–\"'"
    if not opens and bare in _SMALL and at < len(words) - 1:
        return word.lower()
    if not opens and bare in _SPANISH and before not in _SMALL:
        return word.lower()
    if not opens and bare in _ARTICLES and before == "DE":
        return word.lower()
    if at and _is_state(word, bare, before, last=all(after.strip(_EDGES) in _FORMS for after in words[at + 1 :])):
        return word
    if not at and bare in _ROMAN and len(bare) > 1:
        return word.capitalize()
    spelled = spellings.usual(word) or _FIXED.get(bare) or _PART.sub(lambda part: usual_word(part[0], spellings), word)
    return _BETWEEN_HYPHENS.sub(lambda found: found[0].lower(), spelled)


def _is_state(word: str, bare: str, before: str, last: bool) -> bool:
    bracketed = word.startswith("(") and word.endswith(")")
    return (bare in _STATES and (last or bracketed)) or (
        bare in _AMBIGUOUS_STATES and (bracketed or (last and before.endswith(",")))
    )


def usual_word(word: str, spellings: Spellings = NONE) -> str:
    """A word in capitals, as it is usually written, regardless of its position in the name."""
    known = spellings.usual(word) or _EXCEPTIONS.get(word)
    if known:
        return known
    if word in _ROMAN or _INITIALS.fullmatch(word):
        return word
    if _ORDINAL.fullmatch(word):
        return word.lower()
    if any(character.isdigit() for character in word) or (not spellings.is_clipped(word) and not _VOWEL.search(word)):
        return _POSSESSIVE.sub(lambda found: found[0].lower(), word)
    return surname(word)


def surname(word: str) -> str:
    """A word in capitals as a surname: `MCDONALD`, `O'BRIEN`, `SMITH-JONES` and `MACARTHUR` get a second capital."""
    if "-" in word:
        return "-".join(surname(part) for part in word.split("-"))
    if found := _ELIDED.fullmatch(word):
        return f"{found[1].capitalize()}{found[2]}{surname(found[3])}"
    if word.startswith("MC") and len(word) > 4:
        return f"Mc{word[2:].capitalize()}"
    if word.rstrip("S").rstrip("'’") in _MAC:
        return f"Mac{word[3:].capitalize()}"
    return word.capitalize()


def _set(text: str) -> frozenset[str]:
    return frozenset(text.upper().split())


def _map(words: Iterable[str]) -> dict[str, str]:
    return {word.upper(): word for word in words}


_EDGES = ".,;:()\"'-–"
_SMALL = _set("of at the and in on for by to with or from an")
_SPANISH = _set("de du")
_ARTICLES = _set("la las los el")
# These are also words. They count as states only at the end of a name; ambiguous ones only there and after a comma.
_STATES = _set("CA CT GA IL IA AK WA WI VA PA AZ UT RI AR OH OK MI NE")
_AMBIGUOUS_STATES = _set("LA DE ME IN OR HI MA MO CO AL ID")
_FORMS = _set("LLC INC CORP LTD LP LLP PLLC CO")
_FIXED = {"D/B/A": "d/b/a", "DBA": "dba", "A/K/A": "a/k/a", "AKA": "aka", "C/O": "c/o", "F/K/A": "f/k/a"}
_EXCEPTIONS = _map(["USA", "US", "NY", "KY", "WY", "YMCA", "YWCA", "OpCo", "PropCo"])
_ROMAN = _set("I II III IV VI VII VIII IX XI XII XIII XIV XV XVI")
# A word without a vowel is an abbreviation that is pronounced letter by letter, except for these.
_CLIPPED = _set(
    "crt ct cts trt st ste mt ft dr mr mrs jr sr ln pk pkwy rd blvd sq twp ctr ctrs cntr cntrs cnt cnty cty snr"
    " svcs svc svs srvcs mgmt grp bldg vlg vlge hts hght vly grn grv lvg dept ltd hm hms pl pt prk rv frm cmnty"
    " cmty cvnt mthdst brnch ptr prs ms"
)
_VOWEL = re.compile(r"[AEIOUYÀ-ÖØ-Ý]")
_INITIALS = re.compile(r"(?:[A-Z]\.)+[A-Z]?")
_ORDINAL = re.compile(r"\d+(?:ST|ND|RD|TH)")
_POSSESSIVE = re.compile(r"(?<=['’])S$")
# A letter and an apostrophe belong to the next word (O'CONNOR, D'YOUVILLE); an S after one to the previous word.
_ELIDED = re.compile(r"([A-Z])(['’])([^\W\d_]{2,}.*)")
_BETWEEN_HYPHENS = re.compile(r"(?<=-)(?:Of|At|The|And|In|On|By|To)(?=-)")
_PART = re.compile(r"(?:[A-Z]\.){2,}[A-Z]?|[^\W_]+(?:['’][^\W_]+)*")
_MAC = _set(
    "MacArthur MacDonald MacDougall MacDougal MacGregor MacIntosh MacIntyre MacKenzie MacKay MacLean MacLeod"
    " MacMillan MacNeal MacNeil MacNeill MacPherson MacFarlane MacInnis MacAllister MacAlister MacNamara MacQueen"
    " MacRae MacLaren"
)
