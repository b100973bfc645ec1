"""What can be said with yes or no when an employer is compared with a facility?

Each sign is one bit, so that everything said is one number: what the same signs are worth is worked out once.
"""

from __future__ import annotations

_of_facility: list[str] = []
_of_asked: list[str] = []


def _sign(name: str, names: list[str] = _of_facility) -> int:
    names.append(name)
    return 1 << (len(names) - 1)


SAME_WORDS = _sign("same_words")
SAME_CORE = _sign("same_core")
CORE_WITHIN = _sign("core_within")
CORE_AROUND = _sign("core_around")
NO_CORE_SHARED = _sign("no_core_shared")
CORE_IS_CITY = _sign("core_is_city")
FIRST_WORD = _sign("first_word")
MARKS_CONFLICT = _sign("marks_conflict")
MARKS_EXTRA = _sign("marks_extra")

CITY_SAME = _sign("city_same")
CITY_OTHER = _sign("city_other")
CITY_NEAR = _sign("city_near")
CITY_NAMED = _sign("city_named")
CITY_NAMED_UNBORNE = _sign("city_named_unborne")
ONLY_IN_CITY = _sign("only_in_city")
CORE_SAME_CITY = _sign("core_same_city")
SAME_WORDS_NO_CITY = _sign("same_words_no_city")
SAME_CORE_NO_CITY = _sign("same_core_no_city")

ZIP_SAME = _sign("zip_same")
ZIP_FAR = _sign("zip_far")
HOUSE_SAME = _sign("house_same")
HOUSE_OTHER = _sign("house_other")
STREET_SAME = _sign("street_same")
PHONE_SAME = _sign("phone_same")
PLACE_SAME_WEAK_NAME = _sign("place_same_weak_name")

LEGAL = _sign("legal")
FORMER = _sign("former")
DBA = _sign("dba")
CHAIN_IN_CITY = _sign("chain_in_city")
CHAIN_ELSEWHERE = _sign("chain_elsewhere")
PARENT_UNBORNE = _sign("parent_unborne")

SIGNS = tuple(_of_facility)
OF_KIND = {"legal": LEGAL, "former": FORMER, "dba": DBA}

NONE = _sign("none", _of_asked)
NONE_OF_TRADE = {
    kind: _sign(f"none_{kind}", _of_asked) for kind in ("assisted", "senior", "at_home", "clinic", "business")
}
NONE_PARENT = _sign("none_parent", _of_asked)
NONE_OWN_TRADE = _sign("none_own_trade", _of_asked)
NONE_CITY_BLANK = _sign("none_city_blank", _of_asked)
NONE_CITY_UNKNOWN = _sign("none_city_unknown", _of_asked)
NONE_PLACE_UNKNOWN = _sign("none_place_unknown", _of_asked)
NONE_HAS_PLACE = _sign("none_has_place", _of_asked)

NONE_SIGNS = tuple(_of_asked)


def are_said(signs: int, names: tuple[str, ...]) -> list[float]:
    """One or nought for each name, as the weights are fitted to."""
    return [float(signs >> place & 1) for place in range(len(names))]
