"""May two names be of the same person?"""

from __future__ import annotations

import re
from itertools import combinations

from engines.naming.offices import Offices
from engines.naming.people import parse_name

_TITLES = frozenset("mr mrs ms miss dr sister father rev brother".split())
_GENERATIONS = frozenset("jr sr ii iii iv".split())
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def alike(one: str, other: str, offices: Offices) -> bool:
    """Whether two names may be of the same person: `J. Moss` and `MOSS, JANE A., RN`, but not `Jane` and `John Moss`.

    An initial stands for every name that begins with it, a middle name may be missing, and a different generation
    (`Jr.`) is another person. A placeholder is like no name.
    """
    first, second = _words(one, offices), _words(other, offices)
    if not first or not second or not _same_generation(first, second):
        return False
    shorter, longer = sorted((_without(first), _without(second)), key=len)
    if len(shorter) < 2:
        return shorter == longer
    return sorted(shorter) == sorted(longer) or any(
        all(map(_fits, shorter, [longer[0], *middle, longer[-1]]))
        for middle in combinations(longer[1:-1], len(shorter) - 2)
    )


def _words(name: str, offices: Offices) -> list[str]:
    known = parse_name(name, offices)
    return [word for word in _WORD.findall(known.full.casefold()) if word not in _TITLES] if known else []


def _without(words: list[str]) -> list[str]:
    return [word for word in words if word not in _GENERATIONS]


def _same_generation(one: list[str], other: list[str]) -> bool:
    first, second = _GENERATIONS.intersection(one), _GENERATIONS.intersection(other)
    return not first or not second or first == second


def _fits(one: str, other: str) -> bool:
    """Whether two words are equal, or one is the initial of the other."""
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])
