"""What speaks against accepting the likeliest facility unseen, whatever its probability?"""

from __future__ import annotations

from matching import signs as said
from matching.asking import Asked
from matching.facilities import Entry
from matching.features import Compared
from matching.index import StateIndex
from matching.words import FOREIGN, GENERIC, OWN_TRADE

HOSPITAL_WORDS = frozenset({"hospital", "infirmary", "sanitarium"})
SYSTEM_ENDS = (" health", "health service", "health corporation", "health network", "health authority")
HOUSES = frozenset("center home manor village house place living lodge villa terrace court community".split())
PUBLIC = frozenset({"city", "county", "state", "town", "commonwealth", "department"})
FIRMS = frozenset({"bank", "insurance", "university", "college", "district", "board", "authority"})
SISTERS = FOREIGN["at_home"] | FOREIGN["clinic"] | FOREIGN["business"]
SISTER_PHRASES = ("home care", "home health", "adult day", "day care")
SYSTEMS = ("medical center", "health system", "healthcare system", "health network", "health care system")
TITLE_WORDS = ("snf", "skilled nursing", "nursing home", "long term care", "ltc", "mds", "nursing facility")
SURE_TRADE = frozenset({"nursing", "skilled", "snf", "convalescent"})
MOSTLY = 0.85
UNSURE_KINDS = frozenset({"legal", "dba", "former"})


def doubt_about(asked: Asked, found: Compared, index: StateIndex) -> str:
    """A reason code, or nothing."""
    signs, mine, form, entry = found.signs, found.asked, found.form, found.entry
    at_its_door = signs & said.DOOR_SAME
    same_name = mine.words == form.words
    own_name = form.kind == "name" and same_name
    if not own_name and is_parent(asked) and not says_snf(asked):
        return "hospital_parent"
    if not same_name and not at_its_door and is_system(asked) and not says_snf(asked):
        return "hospital_parent"
    own_trade = not mine.words.isdisjoint(OWN_TRADE)
    if asked.foreign and not own_trade and any(not words <= form.words for _, words in asked.foreign):
        return "other_trade"
    if form.kind != "name" and is_sister_service(asked) and not is_borne(asked, entry):
        return "other_trade"
    if mine.marks - form.marks - entry.city_words - asked.city_words and not at_its_door:
        return "ambiguous"
    if at_its_door or signs & said.ZIP_SAME:
        alike = signs & said.SAME_CORE or found.asked_covered >= MOSTLY or not mine.words.isdisjoint(SURE_TRADE)
        if not alike:
            return "same_address"
    if at_its_door:
        return ""
    if same_name:
        sharing = index.by_key.get(form.words, ())
        if len(sharing) > 1:
            if form.kind in UNSURE_KINDS:
                return "shared_alias"
            if not asked.city or sum(other.city == form.city for other in sharing) > 1:
                return "ambiguous"
    if not own_name and not own_trade and is_public_or_firm(asked):
        return "other_trade"
    if signs & said.CHAIN_ELSEWHERE and mine.core - asked.city_words <= entry.chain | GENERIC:
        own = form.kind == "name" and signs & said.SAME_CORE and len(index.by_key.get(form.words, ())) == 1
        if not own or _others_of_chain(asked, entry, index):
            return "chain_only"
    far = signs & said.CITY_OTHER and not signs & (said.CITY_NEAR | said.ZIP_SAME)
    if far and not (signs & said.SAME_CORE and asked.city not in index.by_city):
        return "city_conflict"
    return ""


def _others_of_chain(asked: Asked, entry: Entry, index: StateIndex) -> bool:
    """Whether another of the chain is in the city asked for, or anywhere in the state where none was."""
    members = index.by_chain.get(entry.chain, ())
    there = [other for other in members if not asked.city or other.city == asked.city]
    return len(there) > 1 and not (asked.named and entry.city in asked.named)


def is_parent(asked: Asked) -> bool:
    """A hospital or a health system by its own words; "convalescent hospital" is what California calls a facility."""
    form = asked.form
    if form.words & OWN_TRADE:
        return False
    return (
        bool(form.words & HOSPITAL_WORDS)
        or any(phrase in form.text for phrase in SYSTEMS)
        or (form.text.endswith(SYSTEM_ENDS) and not form.words & HOUSES)
    )


def is_system(asked: Asked) -> bool:
    """ "Larch Healthcare" is a facility's firm as often as a health system: only its exact name is believed."""
    form = asked.form
    return form.text.endswith("healthcare") and not form.words & (OWN_TRADE | HOUSES)


def is_public_or_firm(asked: Asked) -> bool:
    form = asked.form
    return form.first in PUBLIC or bool(form.words & FIRMS)


def is_sister_service(asked: Asked) -> bool:
    """Care at home or by the day, a clinic, or a firm: often under a facility's legal name."""
    form = asked.form
    return bool(form.words & SISTERS) or any(phrase in form.text for phrase in SISTER_PHRASES)


def is_borne(asked: Asked, entry: Entry) -> bool:
    """Whether the registry calls the facility so itself."""
    own = entry.forms[0]
    return asked.form.words & SISTERS <= own.words and not any(
        phrase in asked.form.text and phrase not in own.text for phrase in SISTER_PHRASES
    )


def says_snf(asked: Asked) -> bool:
    title = (asked.employer.title or "").lower()
    return any(word in title for word in TITLE_WORDS)


def why_unlikely(asked: Asked, index: StateIndex, found: bool) -> str:
    if any(form.words in index.gone_keys for form in asked.forms):
        return "delisted"
    if is_parent(asked):
        return "hospital_parent"
    if asked.foreign:
        return "other_trade"
    if asked.form.core in index.by_chain:
        return "chain_only"
    return "unknown_name" if found else "no_candidate"
