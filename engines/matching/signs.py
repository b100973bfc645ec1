"""Which yes-or-no features does the comparison of an employer with a facility have?

Each sign is one bit, so all signs are one integer, and the total weight of a combination is computed once.
"""

from __future__ import annotations

from typing import Final

_of_facility: list[str] = []
_of_none: list[str] = []


def _sign(name: str, names: list[str] = _of_facility) -> int:
    names.append(name)
    return 1 << (len(names) - 1)


SAME_CORE: Final = _sign("same_core")
CORE_WITHIN: Final = _sign("core_within")
CORE_AROUND: Final = _sign("core_around")
NO_CORE_SHARED: Final = _sign("no_core_shared")
CORE_IS_CITY: Final = _sign("core_is_city")
FIRST_WORD: Final = _sign("first_word")
MARKS_DIFFER: Final = _sign("marks_differ")

CITY_SAME: Final = _sign("city_same")
CITY_OTHER: Final = _sign("city_other")
CITY_NEAR: Final = _sign("city_near")
CITY_NAMED: Final = _sign("city_named")
ONLY_IN_CITY: Final = _sign("only_in_city")
SAME_CORE_NO_CITY: Final = _sign("same_core_no_city")

ZIP_SAME: Final = _sign("zip_same")
DOOR_SAME: Final = _sign("door_same")
HOUSE_OTHER: Final = _sign("house_other")
STREET_SAME: Final = _sign("street_same")
PLACE_SAME_WEAK_NAME: Final = _sign("place_same_weak_name")

LEGAL: Final = _sign("legal")
CHAIN_IN_CITY: Final = _sign("chain_in_city")
CHAIN_ELSEWHERE: Final = _sign("chain_elsewhere")

SIGNS: Final = tuple(_of_facility)

NONE: Final = _sign("none", _of_none)
NONE_OWN_TRADE: Final = _sign("none_own_trade", _of_none)
NONE_CITY_UNKNOWN: Final = _sign("none_city_unknown", _of_none)

NONE_SIGNS: Final = tuple(_of_none)
"""The signs that are the same in every trade; those of the trade's other kinds follow them."""


def sign_of_kind(place: int) -> int:
    """The sign of one of the other kinds of business."""
    return 1 << len(NONE_SIGNS) + place


def as_numbers(signs: int, names: tuple[str, ...]) -> list[float]:
    """1 or 0 for each name, as the fitting needs them."""
    return [float(signs >> place & 1) for place in range(len(names))]
