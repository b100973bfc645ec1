"""What can be said with yes or no when an employer is compared with a facility?

Each sign is one bit, so that everything said is one number: what the same signs are worth is worked out once.
"""

from __future__ import annotations

_of_facility: list[str] = []
_of_asked: list[str] = []


def _sign(name: str, names: list[str] = _of_facility) -> int:
    names.append(name)
    return 1 << (len(names) - 1)


SAME_CORE = _sign("same_core")
CORE_WITHIN = _sign("core_within")
CORE_AROUND = _sign("core_around")
NO_CORE_SHARED = _sign("no_core_shared")
CORE_IS_CITY = _sign("core_is_city")
FIRST_WORD = _sign("first_word")
MARKS_DIFFER = _sign("marks_differ")

CITY_SAME = _sign("city_same")
CITY_OTHER = _sign("city_other")
CITY_NEAR = _sign("city_near")
CITY_NAMED = _sign("city_named")
ONLY_IN_CITY = _sign("only_in_city")
SAME_CORE_NO_CITY = _sign("same_core_no_city")

ZIP_SAME = _sign("zip_same")
DOOR_SAME = _sign("door_same")
HOUSE_OTHER = _sign("house_other")
STREET_SAME = _sign("street_same")
PLACE_SAME_WEAK_NAME = _sign("place_same_weak_name")

LEGAL = _sign("legal")
CHAIN_IN_CITY = _sign("chain_in_city")
CHAIN_ELSEWHERE = _sign("chain_elsewhere")

SIGNS = tuple(_of_facility)

NONE = _sign("none", _of_asked)
NONE_OF_TRADE = {kind: _sign(f"none_{kind}", _of_asked) for kind in ("assisted", "at_home", "clinic")}
NONE_OWN_TRADE = _sign("none_own_trade", _of_asked)
NONE_CITY_UNKNOWN = _sign("none_city_unknown", _of_asked)

NONE_SIGNS = tuple(_of_asked)


def are_said(signs: int, names: tuple[str, ...]) -> list[float]:
    """One or nought for each name, as the weights are fitted to."""
    return [float(signs >> place & 1) for place in range(len(names))]
