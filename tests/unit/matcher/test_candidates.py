"""Are the likely facilities among the few compared ones, and does a score equal its explanation?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from engines.matching.candidates import LONG_LIST, find_candidates
from engines.matching.facilities import Employer, Facility
from engines.matching.features import NAMES, compared
from engines.matching.index import StateIndex
from engines.matching.model import of_names
from engines.matching.pack import fitted
from engines.matching.query import Query
from tests.unit.matcher.building import TRADE, a_facility


def an_index(*facilities: Facility) -> StateIndex:
    index = StateIndex(TRADE)
    index.put(facilities)
    return index


def found(index: StateIndex, employer: Employer, most: int = 5) -> list[str]:
    query = Query(employer, TRADE)
    query.read_with(index)
    return [entry.facility.facility_id for entry, _ in find_candidates(index, query, most)]


def test_a_frequent_word_finds_only_facilities_of_the_city() -> None:
    utica = [a_facility(f"335{n:03}", f"Larch Manor {n}", "Utica") for n in range(LONG_LIST + 1)]
    index = an_index(*utica, a_facility("335900", "Larch Manor Hall", "Albany"))

    assert found(index, Employer("Larch Manor", "Albany", "NY")) == ["335900"]


def test_a_facility_at_the_address_is_found_without_a_shared_word() -> None:
    at_home = replace(a_facility("335001", "Willow Bend"), zip="12203", address="12 Heron Street")
    index = an_index(at_home, *(a_facility(f"33500{n}", "Gorse Point") for n in range(2, 9)))

    query = Employer("Gorse Point", "Albany", "NY", zip="12203", address="12 Heron St")

    assert found(index, query)[0] == "335001"


def test_a_city_of_few_facilities_finds_them_all_and_a_large_one_none() -> None:
    few = [a_facility(f"33500{n}", f"Tern {word}", "Troy") for n, word in enumerate(("Hill", "Bend"))]
    many = [a_facility(f"33510{n}", f"Fern {word}", "Utica") for n, word in enumerate("abcdefgh")]
    index = an_index(*few, *many)

    assert found(index, Employer("Quarrystone", "Troy", "NY")) == ["335000", "335001"]
    assert found(index, Employer("Quarrystone", "Utica", "NY")) == []


def test_equal_candidates_are_ordered_by_their_keys() -> None:
    twins = [a_facility(facility_id, "Larch Hill Lodge", "Utica") for facility_id in ("335003", "335001", "335002")]

    assert found(an_index(*twins), Employer("Larch Hill", "Utica", "NY")) == ["335001", "335002", "335003"]


def test_a_candidate_far_below_the_best_is_not_compared() -> None:
    index = an_index(a_facility("335001", "Larch Hill Lodge"), a_facility("335002", "Larch Gorse Tern Point", "Utica"))

    assert found(index, Employer("Larch Hill Lodge", "Albany", "NY")) == ["335001"]


@pytest.mark.parametrize(
    "name, city", [("Larch Hil Lodge", "Albany"), ("Hill Lodge of Albany", None), ("Fern Health 2", "Utica")]
)
def test_a_score_is_the_sum_of_its_contributions(name: str, city: str | None) -> None:
    index, model = an_index(a_facility("335001", "Larch Hill Lodge", chain="Larch")), fitted()
    query = Query(Employer(name, city, "NY"), TRADE)
    query.read_with(index)
    entry = index.entries["335001"]

    each = compared(query, entry, list(entry.forms), index)

    score = model.score(each)
    assert score == pytest.approx(sum(map(float.__mul__, model.weights, map(float, each.row))))
    assert score == pytest.approx(sum(model.contributions(each.row).values()), abs=0.02)


def test_weights_of_other_features_are_refused() -> None:
    with pytest.raises(ValueError, match="make fit-matcher"):
        of_names(dict.fromkeys((*NAMES, "height"), 1.0), dict.fromkeys(TRADE.none_names, 1.0), TRADE)
