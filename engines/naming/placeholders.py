"""Does a cell for a person's name contain a placeholder instead?

A text counts as a placeholder as a whole, never in part: `Open` is a placeholder, Jane Open is a person. Words that
every trade uses are listed here; those of one trade come from its pack.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from engines.naming.offices import Offices

Placeholder = Literal["vacant", "unknown"]
"""`vacant`: the role is unfilled. `unknown`: the cell does not state who has the role."""


@lru_cache(maxsize=10_000)
def placeholder_in(name: str, offices: Offices) -> Placeholder | None:
    """The kind of placeholder in a cell; None if the cell may name a person."""
    text = unicodedata.normalize("NFKC", name).strip()
    if "@" in text or _ADDRESS.search(text) or len(re.sub(r"\D", "", text)) >= 7 or text.isdigit():
        return "unknown"
    if _SINCE.search(text):
        return "vacant"
    parts = [part for part in ASIDE.split(text) if part.strip(" .")]
    if (
        len(parts) > 1
        and any(kind_of(part, offices) == "vacant" for part in parts)
        and not _is_an_office(parts, offices)
    ):
        return "vacant"
    return kind_of(text, offices)


def kind_of(text: str, offices: Offices) -> Placeholder | None:
    """The kind of placeholder that a text is if it consists of placeholder words only; otherwise None."""
    if text.strip() in _CAPITALS or text.strip() in offices.capitals:
        return "unknown"
    given = _WORD.findall(_NOT_APPLICABLE.sub("none", text))
    words = ["office" if word in offices.abbreviations else word.casefold() for word in given]
    compact = "".join(words)
    if compact in _VACANT or compact in offices.folded_vacant:
        return "vacant"
    if compact in _ALONE or len(compact) < 2 or _FILLER.fullmatch(compact) or _TITLES.issuperset(words):
        return "unknown"
    unknown = [word for word in (*words, compact) if word in _UNKNOWN or word in offices.folded_words]
    if compact in unknown:
        return "unknown"
    if not all(
        word in _VACANT or word in unknown or word in _BESIDE or word in offices.folded_beside for word in words
    ):
        return None
    if any(word in _VACANT for word in words):
        return "vacant"
    return "unknown" if unknown else None


def _is_an_office(parts: list[str], offices: Offices) -> bool:
    """Whether the parts name an interim office: `Interim: Jane Moss` and `Jane Moss (Acting)` name a person."""
    words = {word for part in parts if kind_of(part, offices) == "vacant" for word in _WORD.findall(part.casefold())}
    return not words & _GONE


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GONE = _set(
    "vacent vaccant vacan vacante leave vacant vacancy vacated unfilled unstaffed unoccupied resigned retired"
    " terminated deceased departed left former formerly previously quit"
)
_VACANT = _GONE | _set(
    "assigned open opening interim acting tbd tba tbh tbn tbc tobedetermined tobeannounced tobehired tobenamed"
    " tobeappointed tobefilled tobeconfirmed determined announced hired hiring recruiting pending noone nobody"
    " searching search interviewing interviews recruitment awaiting advertised advertising posted soon"
)
_UNKNOWN = _set(
    "unkown unknwon number extension ext asst exec vp president ceo coo cfo officer trainee none null"
    " nil unknown unkn unnamed unspecified undisclosed undefined unassigned unavailable available applicable"
    " provided listed given known disclosed confidential withheld redacted private anonymous blank empty missing"
    " ditto same test tester testing dummy sample example demo fake placeholder asdf asdfgh qwerty qwertyuiop xyz"
    " abc foo bar foobar lorem ipsum firstname lastname fullname noname error ref delete deleted duplicate invalid"
    " admin administration director manager management supervisor owner"
    " operator staff reception receptionist desk office corporate executive coordinator personnel contact"
    " hr department filled resources regional facility mba username user"
    " notavailable notapplicable"
    " seeabove seebelow seewebsite website voicemail answering firstlast lastfirst somebody someone anybody anyone"
)
# Some of these are also given names or surnames, so they are placeholders only by themselves.
_ALONE = _set("na nan nul unk name")
_TITLES = _set("mr mrs ms miss dr")
# Words that count only beside a placeholder word: `position is currently vacant`, `to be hired`.
_BESIDE = _set(
    "present absence main operations training level a and as at at be been being business by call chief"
    " contract current currently date data do dept department first for from front full has have"
    " head home hr human i in info information is it last licensed line mailbox middle mr mrs ms"
    " name new no not now number of on or our out person phone please position post registered role seat see"
    " services since some still succession temp temporary the this time title to until use vice with yet your"
    " progress process under hire coming above below employee representative rep assistant associate general"
)
_CAPITALS = _set("HR CEO COO CFO")
_NOT_APPLICABLE = re.compile(r"(?i)\bn\s?[./]\s?a\b\.?")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
ASIDE = re.compile(r"[()\[\]:;/|–—]|\s-+\s|\s-|-\s")
_ADDRESS = re.compile(r"(?i)\bwww\.|https?:|\.(?:com|org|net)\b")
_SINCE = re.compile(r"(?i)^\W*(?:vacant|open|unfilled|tbd)\s+(?:as of|since|until|effective|from|due to)\b")
_FILLER = re.compile(r"(.)\1+|x+|z+")
