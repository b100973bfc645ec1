"""Does a cell that should name a person name anybody?

Whole forms are judged, never parts: `Open` names nobody, and Jane Open is somebody. Words that every trade has are
known here; a trade's own come from its pack.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from engines.naming.offices import Offices

Nobody = Literal["vacant", "unknown"]
"""`vacant`: the cell says that nobody holds the role; `unknown`: it says nothing about who does."""


@lru_cache(maxsize=10_000)
def nobody(name: str, offices: Offices) -> Nobody | None:
    """What a cell says that names nobody; None where it may name a person."""
    text = unicodedata.normalize("NFKC", name).strip()
    if "@" in text or _ADDRESS.search(text) or len(re.sub(r"\D", "", text)) >= 7 or text.isdigit():
        return "unknown"
    if _SINCE.search(text):
        return "vacant"
    parts = [part for part in _ASIDE.split(text) if part.strip(" .")]
    if len(parts) > 1 and any(says(part, offices) == "vacant" for part in parts) and not _is_an_office(parts, offices):
        return "vacant"
    return says(text, offices)


def says(text: str, offices: Offices) -> Nobody | None:
    """What a text says that consists of nothing but words that name nobody; None for any other."""
    if text.strip() in _CAPITALS or text.strip() in offices.capitals:
        return "unknown"
    given = _WORD.findall(_NOT_APPLICABLE.sub("none", text))
    words = ["office" if word in offices.abbreviations else word.casefold() for word in given]
    compact = "".join(words)
    if compact in _VACANT or compact in offices.known_vacant:
        return "vacant"
    if compact in _ALONE or len(compact) < 2 or _FILLER.fullmatch(compact) or _TITLES.issuperset(words):
        return "unknown"
    unknown = [word for word in (*words, compact) if word in _UNKNOWN or word in offices.known_words]
    if compact in unknown:
        return "unknown"
    if not all(word in _VACANT or word in unknown or word in _BESIDE or word in offices.known_beside for word in words):
        return None
    if any(word in _VACANT for word in words):
        return "vacant"
    return "unknown" if unknown else None


def _is_an_office(parts: list[str], offices: Offices) -> bool:
    """`Interim: Jane Moss` and `Jane Moss (Acting)` name whoever holds the role for now."""
    words = {word for part in parts if says(part, offices) == "vacant" for word in _WORD.findall(part.casefold())}
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
# Given names and surnames are among these, so that nothing may stand beside them.
_ALONE = _set("na nan nul unk name")
_TITLES = _set("mr mrs ms miss dr")
# Words that say nothing by themselves, beside one that does: `position is currently vacant`, `to be hired`.
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
_ASIDE = re.compile(r"[()\[\]:;/|–—]|\s-+\s|\s-|-\s")
_ADDRESS = re.compile(r"(?i)\bwww\.|https?:|\.(?:com|org|net)\b")
_SINCE = re.compile(r"(?i)^\W*(?:vacant|open|unfilled|tbd)\s+(?:as of|since|until|effective|from|due to)\b")
_FILLER = re.compile(r"(.)\1+|x+|z+")
