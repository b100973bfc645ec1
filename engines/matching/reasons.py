"""Why must the most likely facility not be accepted automatically, regardless of its probability?"""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz

from engines.matching import signs as bits
from engines.matching.facilities import Entry, FacilityForm, Form
from engines.matching.features import NUMBERS, Compared
from engines.matching.index import StateIndex
from engines.matching.query import Query
from engines.matching.trade import Trade
from engines.matching.words import FIRMS, PUBLIC

MOSTLY: Final = 0.85
RATIO: Final = NUMBERS.index("ratio")
ALIKE: Final = 0.8
SIMILAR: Final = 60
"""The minimum similarity of two names (`ALIKE`), and of their distinctive words in hundredths, that counts as typos.

Of the doubtful labeled rows at the right address, all 181 that are this similar refer to the facility."""
UNSURE_KINDS: Final = frozenset({"legal", "dba", "former"})


def doubt_about(query: Query, found: Compared, index: StateIndex) -> str:
    """A reason code, or ""."""
    doubt = _another_kind(query, found) or _another_name(query, found)
    if doubt or found.signs & bits.DOOR_SAME:
        return doubt
    return _several(query, found, index) or _a_firm(query, found) or _elsewhere(query, found, index)


def _another_kind(query: Query, found: Compared) -> str:
    """The parent organization of the facility, or another trade at the same address."""
    mine, form, trade = found.query, found.form, query.trade
    if not is_at_a_facility(query):
        at_its_door, same_name = found.signs & bits.DOOR_SAME, mine.words == form.words
        if is_parent(query) and not (at_its_door and same_name and form.kind == "name"):
            return "parent_organization"
        if not same_name and not at_its_door and (has_doubtful_ending(query) or is_part_of_parent(query, form)):
            return "parent_organization"
    if query.others and not is_of_trade(mine, trade) and any(not kind.words <= form.words for kind in query.others):
        return "other_trade"
    if form.kind != "name" and is_sister_service(query) and not is_registered_name(query, found.entry):
        return "other_trade"
    return ""


def _another_name(query: Query, found: Compared) -> str:
    """Another number or direction, too few distinctive words without a place, or the right place with another name."""
    signs, mine, trade = found.signs, found.query, query.trade
    at_its_door = signs & bits.DOOR_SAME
    if mine.marks and mine.marks - found.form.marks - found.entry.city_words - query.city_words and not at_its_door:
        return "ambiguous"
    if not query.city and mine.words < found.form.core and not signs & (bits.DOOR_SAME | bits.ZIP_SAME):
        return "unknown_name"
    if at_its_door or signs & bits.ZIP_SAME:
        alike = signs & bits.SAME_CORE or found.query_covered >= MOSTLY or not mine.words.isdisjoint(trade.surely_own)
        return "" if alike or is_misspelt(found, trade) else "same_address"
    return ""


def is_misspelt(found: Compared, trade: Trade) -> bool:
    """Whether the names have similar letters, and so have their distinctive words alone: two names that end in the same
    three words of the trade are similar for that reason only."""
    return (
        found.numbers[RATIO] > ALIKE
        and fuzz.ratio(_core(found.query, trade), _core(found.form, trade), score_cutoff=SIMILAR) > SIMILAR
    )


def _core(form: Form, trade: Trade) -> str:
    return " ".join([word for word in form.parts if word not in trade.generic])


def _several(query: Query, found: Compared, index: StateIndex) -> str:
    """A name that several facilities have."""
    form = found.form
    sharing = index.by_key.get(form.words, ())
    if len(sharing) < 2 or found.query.words != form.words:
        return ""
    if form.kind in UNSURE_KINDS:
        return "shared_alias"
    return "ambiguous" if not query.city or sum(other.city == form.city for other in sharing) > 1 else ""


def _a_firm(query: Query, found: Compared) -> str:
    own_name = found.form.kind == "name" and found.form.words == found.query.words
    if own_name or is_of_trade(found.query, query.trade):
        return ""
    return "other_trade" if is_public_or_firm(query) else ""


def _elsewhere(query: Query, found: Compared, index: StateIndex) -> str:
    """A chain with other facilities, or a place that contradicts the match."""
    signs, mine, form, entry = found.signs, found.query, found.form, found.entry
    if signs & bits.CHAIN_ELSEWHERE and mine.core - query.city_words <= entry.chain | query.trade.generic:
        own = form.kind == "name" and signs & bits.SAME_CORE and len(index.by_key.get(form.words, ())) == 1
        if not own or _others_of_chain(query, entry, index):
            return "chain_only"
    far = signs & bits.CITY_OTHER and not signs & (bits.CITY_NEAR | bits.ZIP_SAME)
    trusted = signs & bits.SAME_CORE and query.city not in index.by_city and form.kind != "legal"
    return "city_conflict" if far and not trusted else ""


def _others_of_chain(query: Query, entry: Entry, index: StateIndex) -> bool:
    """Whether the chain has another facility in the queried city, or in the state if there is no city."""
    members = index.by_chain.get(entry.chain, ())
    there = [other for other in members if not query.city or other.city == query.city]
    return len(there) > 1 and not (query.named and entry.city in query.named)


def is_parent(query: Query) -> bool:
    """Whether the name has words of a parent organization, and none of the trade."""
    form, trade = query.form, query.trade
    if trade.parent_starts.isdisjoint(form.words) or is_of_trade(form, trade):
        return False
    return (
        not trade.parent_words.isdisjoint(form.words)
        or _has_phrase(form, trade.parent_phrases)
        or (form.text.endswith(trade.parent_endings) and form.words.isdisjoint(trade.houses))
    )


def has_doubtful_ending(query: Query) -> bool:
    """Whether the name has an ending that facilities and parents use equally often; only an exact name is accepted."""
    form, trade = query.form, query.trade
    return form.text.endswith(trade.doubtful_endings) and form.words.isdisjoint(trade.own_or_houses)


def is_part_of_parent(query: Query, form: FacilityForm) -> bool:
    """Whether the matched name could also be the parent's."""
    trade = query.trade
    is_parents_name = not form.words.isdisjoint(trade.parent_words) and form.words.isdisjoint(trade.parent_unless)
    return is_parents_name and not is_of_trade(query.form, trade) and query.form.words.isdisjoint(trade.houses)


def _has_phrase(form: Form, phrases: tuple[str, ...]) -> bool:
    for phrase in phrases:  # noqa: SIM110  `any` would take three times as long
        if phrase in form.text:
            return True
    return False


def is_of_trade(form: Form, trade: Trade) -> bool:
    return not form.words.isdisjoint(trade.own)


def is_public_or_firm(query: Query) -> bool:
    form = query.form
    return form.first in PUBLIC or not form.words.isdisjoint(FIRMS)


def is_sister_service(query: Query) -> bool:
    """Whether this is another kind of business that often uses a facility's legal name."""
    form, trade = query.form, query.trade
    return not form.words.isdisjoint(trade.sisters) or _has_phrase(form, trade.sister_phrases)


def is_registered_name(query: Query, entry: Entry) -> bool:
    """Whether the registry's name of the facility has these words."""
    own, trade = entry.forms[0], query.trade
    return query.form.words & trade.sisters <= own.words and not any(
        phrase in query.form.text and phrase not in own.text for phrase in trade.sister_phrases
    )


def is_at_a_facility(query: Query) -> bool:
    """Whether the job title states that the job is at a facility."""
    if not query.employer.title:
        return False
    title = query.employer.title.lower()
    return any(phrase in title for phrase in query.trade.titles)


def why_unlikely(query: Query, index: StateIndex, found: bool) -> str:
    if index.gone_keys and any(form.words in index.gone_keys for form in query.forms):
        return "delisted"
    if is_parent(query):
        return "parent_organization"
    if query.others:
        return "other_trade"
    if query.form.core in index.by_chain:
        return "chain_only"
    return "unknown_name" if found else "no_candidate"
