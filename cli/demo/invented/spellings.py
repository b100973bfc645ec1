"""How do job boards write the name of an employer?"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from cli.demo.invented.facilities import Facility
from cli.demo.invented.words import KINDS

_SHORT = {
    "Rehabilitation": ("Rehab",),
    "Nursing": ("Nsg", "Nrsg"),
    "Center": ("Ctr",),
    "Facility": ("Fac",),
    "and": ("&",),
    "Health Care": ("Healthcare", "HC"),
}


def spell(rng: Random, facility: Facility) -> str:
    """A spelling of this facility's name: usually similar, sometimes the operator's or chain's name instead."""
    return rng.choices(_STYLES, _WEIGHTS)[0](rng, facility)


def typo(rng: Random, name: str) -> str:
    """One typing error in one of the longer words."""
    words = name.split()
    at = rng.choice([number for number, word in enumerate(words) if len(word) > 4] or [0])
    words[at] = _slip(rng, words[at])
    return " ".join(words)


def _slip(rng: Random, word: str) -> str:
    at = rng.randrange(1, max(2, len(word) - 2))
    dropped, doubled = word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]
    swapped = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    return rng.choice((dropped, doubled, swapped))


def shorten(rng: Random, name: str) -> str:
    """Apply some of the usual abbreviations."""
    for long, shorts in _SHORT.items():
        if rng.random() < 0.7:
            name = re.sub(rf"\b{long}\b", rng.choice(shorts), name)
    return name


def _as_listed(rng: Random, facility: Facility) -> str:
    return facility.name


def _shouted(rng: Random, facility: Facility) -> str:
    return facility.name.upper()


def _mistyped(rng: Random, facility: Facility) -> str:
    return typo(rng, facility.name)


def _abbreviated(rng: Random, facility: Facility) -> str:
    return shorten(rng, facility.name)


def _bare(rng: Random, facility: Facility) -> str:
    kind = max((kind for kind in KINDS if facility.name.endswith(kind)), key=len)
    return facility.name.removesuffix(kind).strip()


def _with_article(rng: Random, facility: Facility) -> str:
    return f"The {facility.name}, {facility.town.name}"


def _legal(rng: Random, facility: Facility) -> str:
    return facility.legal_name


def _chain(rng: Random, facility: Facility) -> str:
    return facility.chain or facility.legal_name


def _chain_and_name(rng: Random, facility: Facility) -> str:
    return f"{facility.chain} - {facility.name}" if facility.chain else facility.name


_STYLES: tuple[Callable[[Random, Facility], str], ...] = (
    *(_as_listed, _shouted, _mistyped, _abbreviated, _bare),
    *(_with_article, _legal, _chain, _chain_and_name),
)
_WEIGHTS = (30, 9, 15, 15, 9, 3, 12, 4, 3)
