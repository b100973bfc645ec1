"""What speaks against accepting the likeliest facility unseen, whatever its probability?"""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz

from engines.matching import signs as said
from engines.matching.asking import Asked
from engines.matching.facilities import Entry, FacilityForm, Form
from engines.matching.features import NUMBERS, Compared
from engines.matching.index import StateIndex
from engines.matching.trade import Trade
from engines.matching.words import FIRMS, PUBLIC

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
    """The organization that the facility is a part of, or another trade under the same roof."""
    mine, form, trade = found.asked, found.form, asked.trade
    if not is_at_a_facility(asked):
        at_its_door, same_name = found.signs & said.DOOR_SAME, mine.words == form.words
        if is_parent(asked) and not (at_its_door and same_name and form.kind == "name"):
            return "parent_organization"
        if not same_name and not at_its_door and (has_doubtful_ending(asked) or is_part_of_parent(asked, form)):
            return "parent_organization"
    if asked.others and not is_of_trade(mine, trade) and any(not kind.words <= form.words for kind in asked.others):
        return "other_trade"
    if form.kind != "name" and is_sister_service(asked) and not is_borne(asked, found.entry):
        return "other_trade"
    return ""


def _another_name(asked: Asked, found: Compared) -> str:
    """Another number or direction; less than the telling words, and no place; or the place without the name."""
    signs, mine, trade = found.signs, found.asked, asked.trade
    at_its_door = signs & said.DOOR_SAME
    if mine.marks and mine.marks - found.form.marks - found.entry.city_words - asked.city_words and not at_its_door:
        return "ambiguous"
    if not asked.city and mine.words < found.form.core and not signs & (said.DOOR_SAME | said.ZIP_SAME):
        return "unknown_name"
    if at_its_door or signs & said.ZIP_SAME:
        alike = signs & said.SAME_CORE or found.asked_covered >= MOSTLY or not mine.words.isdisjoint(trade.surely_own)
        return "" if alike or is_misspelt(found, trade) else "same_address"
    return ""


def is_misspelt(found: Compared, trade: Trade) -> bool:
    """Whether the names are alike letter by letter, and their telling words by themselves, too: two names that end in
    the same three words of the trade are alike by that alone."""
    return (
        found.numbers[RATIO] > ALIKE
        and fuzz.ratio(_telling(found.asked, trade), _telling(found.form, trade), score_cutoff=TELLING) > TELLING
    )


def _telling(form: Form, trade: Trade) -> str:
    return " ".join([word for word in form.parts if word not in trade.generic])


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
    if own_name or is_of_trade(found.asked, asked.trade):
        return ""
    return "other_trade" if is_public_or_firm(asked) else ""


def _elsewhere(asked: Asked, found: Compared, index: StateIndex) -> str:
    """A chain with other facilities; or a place that speaks against it."""
    signs, mine, form, entry = found.signs, found.asked, found.form, found.entry
    if signs & said.CHAIN_ELSEWHERE and mine.core - asked.city_words <= entry.chain | asked.trade.generic:
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
    """A parent organization by its own words, and not by the trade's, too."""
    form, trade = asked.form, asked.trade
    if trade.parent_starts.isdisjoint(form.words) or is_of_trade(form, trade):
        return False
    return (
        not trade.parent_words.isdisjoint(form.words)
        or _says(form, trade.parent_phrases)
        or (form.text.endswith(trade.parent_endings) and form.words.isdisjoint(trade.houses))
    )


def has_doubtful_ending(asked: Asked) -> bool:
    """Names that end like this are a facility's firm as often as its parent's: only its exact name is believed."""
    form, trade = asked.form, asked.trade
    return form.text.endswith(trade.doubtful_endings) and form.words.isdisjoint(trade.own_or_houses)


def is_part_of_parent(asked: Asked, form: FacilityForm) -> bool:
    """Whether a parent's name is met by words that are as much the parent's."""
    trade = asked.trade
    borne = not form.words.isdisjoint(trade.parent_words) and form.words.isdisjoint(trade.parent_unless)
    return borne and not is_of_trade(asked.form, trade) and asked.form.words.isdisjoint(trade.houses)


def _says(form: Form, phrases: tuple[str, ...]) -> bool:
    for phrase in phrases:  # noqa: SIM110  `any` would take three times as long
        if phrase in form.text:
            return True
    return False


def is_of_trade(form: Form, trade: Trade) -> bool:
    return not form.words.isdisjoint(trade.own)


def is_public_or_firm(asked: Asked) -> bool:
    form = asked.form
    return form.first in PUBLIC or not form.words.isdisjoint(FIRMS)


def is_sister_service(asked: Asked) -> bool:
    """Another kind of business that often goes by a facility's legal name."""
    form, trade = asked.form, asked.trade
    return not form.words.isdisjoint(trade.sisters) or _says(form, trade.sister_phrases)


def is_borne(asked: Asked, entry: Entry) -> bool:
    """Whether the registry calls the facility so itself."""
    own, trade = entry.forms[0], asked.trade
    return asked.form.words & trade.sisters <= own.words and not any(
        phrase in asked.form.text and phrase not in own.text for phrase in trade.sister_phrases
    )


def is_at_a_facility(asked: Asked) -> bool:
    """Whether the title of the job says so."""
    if not asked.employer.title:
        return False
    title = asked.employer.title.lower()
    return any(phrase in title for phrase in asked.trade.titles)


def why_unlikely(asked: Asked, index: StateIndex, found: bool) -> str:
    if index.gone_keys and any(form.words in index.gone_keys for form in asked.forms):
        return "delisted"
    if is_parent(asked):
        return "parent_organization"
    if asked.others:
        return "other_trade"
    if asked.form.core in index.by_chain:
        return "chain_only"
    return "unknown_name" if found else "no_candidate"
