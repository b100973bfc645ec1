"""Which words does the invented data of every pack use?

Every invented name begins with a place that begins with X, Z or a Q without a u, so that none is the name of a real
account, group or person.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

_ONSETS = ("Qa", "Qe", "Qi", "Qo", "Xa", "Xe", "Xi", "Xo", "Xu", "Za", "Ze", "Zi", "Zo", "Zu")
_CORES = (
    *("lber", "mbro", "nder", "rlo", "spen", "vel", "tha", "gar", "ckle", "ften", "ppa", "dro", "ske", "nto"),
    *("shu", "wen", "bbi", "lka", "msu", "rgo", "tzi", "ffo", "xle", "chu"),
)
_ENDS = ("dale", "moor", "wick", "holm", "ford", "mere", "stead", "brook", "field", "ley", "garth", "combe")

FLORA = (
    *("Alder", "Aster", "Bayberry", "Birch", "Bluebell", "Bracken", "Briar", "Cedar", "Clover", "Cypress", "Elder"),
    *("Fern", "Foxglove", "Gentian", "Hawthorn", "Hazel", "Heather", "Hemlock", "Hickory", "Holly", "Iris", "Ivy"),
    *("Juniper", "Larch", "Laurel", "Lavender", "Lilac", "Linden", "Lupine", "Magnolia", "Mallow", "Maple"),
    *("Myrtle", "Oak", "Pine", "Poplar", "Primrose", "Rowan", "Sage", "Sorrel", "Spruce", "Sumac", "Tansy"),
    *("Thistle", "Thyme", "Verbena", "Violet", "Walnut", "Willow", "Yarrow"),
)

GIVEN_NAMES = (
    *("Ada", "Amir", "Beatriz", "Cal", "Dana", "Ebony", "Farid", "Greta", "Hugo", "Imani", "Jonas", "Keiko", "Lena"),
    *("Marta", "Nadia", "Omar", "Priya", "Ravi", "Sonia", "Tomas", "Ursula", "Viktor", "Wanda", "Yusuf"),
)

STREETS = ("Main Street", "Park Avenue", "Church Street", "River Road", "Hill Road", "Lake Avenue", "Union Street")


def places(rng: Random) -> list[str]:
    """All invented places in a seeded order; their first syllables differ, so that a typo never gives another place."""
    words = [onset + core + rng.choice(_ENDS) for onset in _ONSETS for core in _CORES]
    rng.shuffle(words)
    return words


def weighted(rng: Random, choices: Sequence[tuple[str, float]]) -> str:
    """One of the choices, drawn by weight."""
    return rng.choices([value for value, _ in choices], [weight for _, weight in choices])[0]


def phone(rng: Random, area_code: str) -> str:
    """A number of the range that is reserved for fiction, 555-0100 to 555-0199."""
    return f"{area_code}55501{rng.randrange(100):02d}"
