"""Which words of names and addresses mean the same in every trade, and how much does a word tell?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

RARE: Final = 850
"""What a word tells that stands in hardly any name; in hundredths of a nat, as -log of the share of facilities that
bear it. Whole numbers, because their sum does not depend on the order in which a set gives its words."""

ABBREVIATIONS: Final = {
    "acct": "account",
    "ave": "avenue",
    "blvd": "boulevard",
    "centre": "center",
    "cnt": "center",
    "cntr": "center",
    "ctr": "center",
    "cty": "county",
    "cmnty": "community",
    "comm": "community",
    "comms": "community",
    "e": "east",
    "ext": "extended",
    "fac": "facility",
    "facil": "facility",
    "ft": "fort",
    "gdn": "garden",
    "gdns": "garden",
    "hm": "home",
    "hts": "height",
    "lvng": "living",
    "mem": "memorial",
    "meml": "memorial",
    "mnr": "manor",
    "mt": "mount",
    "mtn": "mountain",
    "n": "north",
    "no": "north",
    "pk": "park",
    "pt": "point",
    "rd": "road",
    "reg": "regional",
    "s": "south",
    "spgs": "spring",
    "st": "saint",
    "ste": "saint",
    "svc": "service",
    "svcs": "service",
    "terr": "terrace",
    "va": "veteran",
    "vlg": "village",
    "vly": "valley",
    "w": "west",
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "one": "1",
    "two": "2",
    "three": "3",
}
LEGAL_FORMS: Final = frozenset(
    "llc inc incorporated lp llp lllp corp corporation ltd limited pllc pc co company plc".split()
)
STOP_WORDS: Final = frozenset("the and of at for a an in by to on".split())

GENERIC: Final = frozenset(
    """service system operating operation operator acquisition holding group management associate association
    enterprise propco opco op opc consulting department dept""".split()
)
"""What firms of any trade are called: these tell no two apart. The trade's own words are added to them."""

FRAMES: Final = frozenset(
    """street saint avenue road boulevard drive lane way court place highway parkway circle route terrace pike suite
    hwy dr ln ct pl pkwy cir rt rte pi n s e w north south east west st rd ave blvd""".split()
)
"""Words of an address that every second address has."""

MARKS: Final = frozenset("north south east west northwest southwest northeast southeast upper lower central".split())

PUBLIC: Final = frozenset({"city", "county", "state", "town", "commonwealth", "department"})
FIRMS: Final = frozenset({"bank", "insurance", "university", "college", "district", "board", "authority"})
BILLERS: Final = frozenset(
    """bank staffing accounting accountant payroll cpa pharmacy insurance trust consulting consultant mortgage
    advertising""".split()
)
"""Who bills, pays, lends or hires out; a facility may bear such a word in its own name or city's."""


def weight_of(words: Iterable[str], weights: dict[str, int]) -> int:
    total = 0
    for word in words:
        total += weights.get(word, RARE)
    return total
