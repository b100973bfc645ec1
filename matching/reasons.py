"""What speaks against accepting the likeliest facility unseen, whatever its probability?"""

from __future__ import annotations

from collections.abc import Sequence

from matching.asking import Asked
from matching.facilities import Entry
from matching.features import NAMES, Likeness
from matching.index import StateIndex
from matching.words import FOREIGN, GENERIC, OWN_TRADE

_AT = {name: place for place, name in enumerate(NAMES)}
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


def doubt_about(asked: Asked, row: Sequence[float], entry: Entry, likeness: Likeness, index: StateIndex) -> str:
    """A reason code, or nothing."""
    at_its_door = bool(row[_AT["house_same"]] or row[_AT["phone_same"]])
    form = likeness.form
    own_name = form.kind == "name" and form.key == likeness.asked.key
    if is_parent(asked) and not own_name and not says_snf(asked):
        return "hospital_parent"
    if is_system(asked) and form.key != likeness.asked.key and not at_its_door and not says_snf(asked):
        return "hospital_parent"
    if row[_AT["foreign_unborne"]] and not (likeness.asked.words & OWN_TRADE):
        return "other_trade"
    if form.kind != "name" and is_sister_service(asked) and not is_borne(asked, entry):
        return "other_trade"
    if likeness.asked.marks - form.marks - entry.city_words - asked.city_words and not at_its_door:
        return "ambiguous"
    if at_its_door or row[_AT["zip_same"]]:
        alike = row[_AT["same_core"]] or row[_AT["asked_covered"]] >= MOSTLY or likeness.asked.words & SURE_TRADE
        if not alike:
            return "same_address"
    if at_its_door:
        return ""
    sharing = index.by_key.get(form.key, ())
    if len(sharing) > 1 and form.key == likeness.asked.key:
        if form.kind in UNSURE_KINDS:
            return "shared_alias"
        if not asked.city or sum(other.city == entry.city for other in sharing) > 1:
            return "ambiguous"
    if not own_name and not likeness.asked.words & OWN_TRADE and is_public_or_firm(asked):
        return "other_trade"
    if row[_AT["chain_elsewhere"]] and likeness.asked.core - asked.city_words <= entry.chain | GENERIC:
        own = len(sharing) == 1 and form.kind == "name" and row[_AT["same_core"]]
        if not own or _others_of_chain(asked, entry, index):
            return "chain_only"
    far = row[_AT["city_other"]] and not row[_AT["city_near"]] and not row[_AT["zip_same"]]
    if far and not (row[_AT["same_core"]] and asked.city not in index.by_city):
        return "city_conflict"
    return ""


def _others_of_chain(asked: Asked, entry: Entry, index: StateIndex) -> bool:
    """Whether another of the chain is in the city asked for, or anywhere in the state where none was."""
    members = index.by_chain.get(" ".join(sorted(entry.chain)), ())
    there = [other for other in members if not asked.city or other.city == asked.city]
    return len(there) > 1 and not (asked.named and entry.city in asked.named)


def is_parent(asked: Asked) -> bool:
    """A hospital or a health system by its own words; "convalescent hospital" is what California calls a facility."""
    form = asked.forms[0]
    if form.words & OWN_TRADE:
        return False
    return (
        bool(form.words & HOSPITAL_WORDS)
        or any(phrase in form.text for phrase in SYSTEMS)
        or (form.text.endswith(SYSTEM_ENDS) and not form.words & HOUSES)
    )


def is_system(asked: Asked) -> bool:
    """ "Larch Healthcare" is a facility's firm as often as a health system: only its exact name is believed."""
    form = asked.forms[0]
    return form.text.endswith("healthcare") and not form.words & (OWN_TRADE | HOUSES)


def is_public_or_firm(asked: Asked) -> bool:
    form = asked.forms[0]
    return form.first in PUBLIC or bool(form.words & FIRMS)


def is_sister_service(asked: Asked) -> bool:
    """Care at home or by the day, a clinic, or a firm: often under a facility's legal name."""
    form = asked.forms[0]
    return bool(form.words & SISTERS) or any(phrase in form.text for phrase in SISTER_PHRASES)


def is_borne(asked: Asked, entry: Entry) -> bool:
    """Whether the registry calls the facility so itself."""
    own = entry.forms[0]
    return asked.forms[0].words & SISTERS <= own.words and not any(
        phrase in asked.forms[0].text and phrase not in own.text for phrase in SISTER_PHRASES
    )


def says_snf(asked: Asked) -> bool:
    title = (asked.employer.title or "").lower()
    return any(word in title for word in TITLE_WORDS)


def why_unlikely(asked: Asked, index: StateIndex, found: bool) -> str:
    keys = {form.key for form in asked.forms}
    if any(keys & gone for gone in index.gone.values()):
        return "delisted"
    if is_parent(asked):
        return "hospital_parent"
    if any(asked.foreign):
        return "other_trade"
    if " ".join(sorted(asked.forms[0].core)) in index.by_chain:
        return "chain_only"
    return "unknown_name" if found else "no_candidate"
