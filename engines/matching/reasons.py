"""What speaks against accepting the likeliest facility unseen, whatever its probability?"""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz

from engines.matching import signs as said
from engines.matching.asking import Asked
from engines.matching.facilities import Entry, FacilityForm, Form
from engines.matching.features import NUMBERS, Compared
from engines.matching.index import StateIndex
from engines.matching.words import FOREIGN, GENERIC, OWN_TRADE

HOSPITAL_WORDS: Final = frozenset({"hospital", "infirmary", "sanitarium"})
SYSTEM_ENDS: Final = (" health", "health service", "health corporation", "health network", "health authority")
PARENT_WORDS: Final = HOSPITAL_WORDS | {"health", "healthcare", "medical"}
"""Without one of these a name is no hospital's and no health system's."""
HOUSES: Final = frozenset("center home manor village house place living lodge villa terrace court community".split())
PUBLIC: Final = frozenset({"city", "county", "state", "town", "commonwealth", "department"})
FIRMS: Final = frozenset({"bank", "insurance", "university", "college", "district", "board", "authority"})
SISTERS: Final = FOREIGN["at_home"] | FOREIGN["clinic"] | FOREIGN["business"]
SISTER_PHRASES: Final = ("home care", "home health", "adult day", "day care")
SYSTEMS: Final = ("medical center", "health system", "healthcare system", "health network", "health care system")
TITLE_WORDS: Final = ("snf", "skilled nursing", "nursing home", "long term care", "ltc", "nursing facility")
"""That it is an MDS job says nothing of where it is: hospitals have such jobs too."""
SURE_TRADE: Final = frozenset({"nursing", "skilled", "snf", "convalescent"})
MOSTLY: Final = 0.85
RATIO: Final = NUMBERS.index("ratio")
ALIKE: Final = 0.8
TELLING: Final = 60
"""How much of the letters of two names, and of their telling words in hundredths, may pass for typos: of the labelled
rows at the right address that were doubted, all 181 that are as alike as this mean the facility."""
UNSURE_KINDS: Final = frozenset({"legal", "dba", "former"})


def doubt_about(asked: Asked, found: Compared, index: StateIndex) -> str:
    """A reason code, or nothing."""
    doubt = _another_kind(asked, found) or _another_name(asked, found)
    if doubt or found.signs & said.DOOR_SAME:
        return doubt
    return _several(asked, found, index) or _a_firm(asked, found) or _elsewhere(asked, found, index)


def _another_kind(asked: Asked, found: Compared) -> str:
    """A hospital, a health system, or another trade under the same roof."""
    mine, form = found.asked, found.form
    if not says_snf(asked):
        at_its_door, same_name = found.signs & said.DOOR_SAME, mine.words == form.words
        if is_parent(asked) and not (at_its_door and same_name and form.kind == "name"):
            return "hospital_parent"
        if not same_name and not at_its_door and (is_system(asked) or is_unit_of_hospital(asked, form)):
            return "hospital_parent"
    if asked.foreign and not is_of_trade(mine) and any(not words <= form.words for _, words in asked.foreign):
        return "other_trade"
    if form.kind != "name" and is_sister_service(asked) and not is_borne(asked, found.entry):
        return "other_trade"
    return ""


def _another_name(asked: Asked, found: Compared) -> str:
    """Another number or direction; less than the telling words, and no place; or the place without the name."""
    signs, mine = found.signs, found.asked
    at_its_door = signs & said.DOOR_SAME
    if mine.marks and mine.marks - found.form.marks - found.entry.city_words - asked.city_words and not at_its_door:
        return "ambiguous"
    if not asked.city and mine.words < found.form.core and not signs & (said.DOOR_SAME | said.ZIP_SAME):
        return "unknown_name"
    if at_its_door or signs & said.ZIP_SAME:
        alike = signs & said.SAME_CORE or found.asked_covered >= MOSTLY or not mine.words.isdisjoint(SURE_TRADE)
        return "" if alike or is_misspelt(found) else "same_address"
    return ""


def is_misspelt(found: Compared) -> bool:
    """Whether the names are alike letter by letter, and their telling words by themselves, too: two names that end in
    "health and rehabilitation center" are alike by that alone."""
    return (
        found.numbers[RATIO] > ALIKE
        and fuzz.ratio(_telling(found.asked), _telling(found.form), score_cutoff=TELLING) > TELLING
    )


def _telling(form: Form) -> str:
    return " ".join([word for word in form.parts if word not in GENERIC])


def _several(asked: Asked, found: Compared, index: StateIndex) -> str:
    """A name that several bear."""
    form = found.form
    sharing = index.by_key.get(form.words, ())
    if len(sharing) < 2 or found.asked.words != form.words:
        return ""
    if form.kind in UNSURE_KINDS:
        return "shared_alias"
    return "ambiguous" if not asked.city or sum(other.city == form.city for other in sharing) > 1 else ""


def _a_firm(asked: Asked, found: Compared) -> str:
    own_name = found.form.kind == "name" and found.form.words == found.asked.words
    return "other_trade" if not own_name and not is_of_trade(found.asked) and is_public_or_firm(asked) else ""


def _elsewhere(asked: Asked, found: Compared, index: StateIndex) -> str:
    """A chain with other facilities; or a place that speaks against it."""
    signs, mine, form, entry = found.signs, found.asked, found.form, found.entry
    if signs & said.CHAIN_ELSEWHERE and mine.core - asked.city_words <= entry.chain | GENERIC:
        own = form.kind == "name" and signs & said.SAME_CORE and len(index.by_key.get(form.words, ())) == 1
        if not own or _others_of_chain(asked, entry, index):
            return "chain_only"
    far = signs & said.CITY_OTHER and not signs & (said.CITY_NEAR | said.ZIP_SAME)
    believed = signs & said.SAME_CORE and asked.city not in index.by_city and form.kind != "legal"
    return "city_conflict" if far and not believed else ""


def _others_of_chain(asked: Asked, entry: Entry, index: StateIndex) -> bool:
    """Whether another of the chain is in the city asked for, or anywhere in the state where none was."""
    members = index.by_chain.get(entry.chain, ())
    there = [other for other in members if not asked.city or other.city == asked.city]
    return len(there) > 1 and not (asked.named and entry.city in asked.named)


def is_parent(asked: Asked) -> bool:
    """A hospital or a health system by its own words; "convalescent hospital" is what California calls a facility."""
    form = asked.form
    if PARENT_WORDS.isdisjoint(form.words) or is_of_trade(form):
        return False
    return (
        not HOSPITAL_WORDS.isdisjoint(form.words)
        or _says(form, SYSTEMS)
        or (form.text.endswith(SYSTEM_ENDS) and form.words.isdisjoint(HOUSES))
    )


def is_system(asked: Asked) -> bool:
    """ "Larch Healthcare" is a facility's firm as often as a health system: only its exact name is believed."""
    form = asked.form
    return form.text.endswith("healthcare") and not form.words & (OWN_TRADE | HOUSES)


def is_unit_of_hospital(asked: Asked, form: FacilityForm) -> bool:
    """Whether a hospital's name is met by words that are as much the hospital's, but for "convalescent hospital"."""
    borne = not form.words.isdisjoint(HOSPITAL_WORDS) and "convalescent" not in form.words
    return borne and not is_of_trade(asked.form) and asked.form.words.isdisjoint(HOUSES)


def _says(form: Form, phrases: tuple[str, ...]) -> bool:
    for phrase in phrases:  # noqa: SIM110  `any` would take three times as long
        if phrase in form.text:
            return True
    return False


def is_of_trade(form: Form) -> bool:
    return not form.words.isdisjoint(OWN_TRADE)


def is_public_or_firm(asked: Asked) -> bool:
    form = asked.form
    return form.first in PUBLIC or not form.words.isdisjoint(FIRMS)


def is_sister_service(asked: Asked) -> bool:
    """Care at home or by the day, a clinic, or a firm: often under a facility's legal name."""
    form = asked.form
    return not form.words.isdisjoint(SISTERS) or _says(form, SISTER_PHRASES)


def is_borne(asked: Asked, entry: Entry) -> bool:
    """Whether the registry calls the facility so itself."""
    own = entry.forms[0]
    return asked.form.words & SISTERS <= own.words and not any(
        phrase in asked.form.text and phrase not in own.text for phrase in SISTER_PHRASES
    )


def says_snf(asked: Asked) -> bool:
    if not asked.employer.title:
        return False
    title = asked.employer.title.lower()
    return any(word in title for word in TITLE_WORDS)


def why_unlikely(asked: Asked, index: StateIndex, found: bool) -> str:
    if index.gone_keys and any(form.words in index.gone_keys for form in asked.forms):
        return "delisted"
    if is_parent(asked):
        return "hospital_parent"
    if asked.foreign:
        return "other_trade"
    if asked.form.core in index.by_chain:
        return "chain_only"
    return "unknown_name" if found else "no_candidate"
