"""Which words of names and addresses have the same meaning in every trade, and what is the weight of a word?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

RARE: Final = 850
"""The weight of a rare word, in hundredths of a nat: -log of the share of facilities with the word. Integers, because
their sum does not depend on the iteration order of a set."""

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
"""Words in names of firms of any trade, which do not distinguish them. The words of the trade are added to these."""

FRAMES: Final = frozenset(
    """street saint avenue road boulevard drive lane way court place highway parkway circle route terrace pike suite
    hwy dr ln ct pl pkwy cir rt rte pi n s e w north south east west st rd ave blvd""".split()
)
"""Frequent words of addresses."""

MARKS: Final = frozenset("north south east west northwest southwest northeast southeast upper lower central".split())

PUBLIC: Final = frozenset({"city", "county", "state", "town", "commonwealth", "department"})
FIRMS: Final = frozenset({"bank", "insurance", "university", "college", "district", "board", "authority"})
BILLERS: Final = frozenset(
    """bank staffing accounting accountant payroll cpa pharmacy insurance trust consulting consultant mortgage
    advertising""".split()
)
"""Firms that bill, pay, lend or hire out staff. A facility may have such a word in its own name or city."""


def weight_of(words: Iterable[str], weights: dict[str, int]) -> int:
    total = 0
    for word in words:
        total += weights.get(word, RARE)
    return total
