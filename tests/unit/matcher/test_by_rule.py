"""Does a pack without fitted weights match by the source's rule, and by nothing that was fitted to another trade?"""

from __future__ import annotations

from typing import Any

import pytest

from engines.matching.facilities import Employer
from services.matcher.domain.directory import Directory, Facility
from services.matcher.domain.policy import ByRule, Fitted, Policy
from services.matcher.domain.reconciliation import result
from services.matcher.domain.reconciliation_queries import Query
from services.matcher.domain.resolve import Decision, considered, resolve
from tests.unit.matcher.building import a_directory, a_facility, shipped

ACCEPT_AT = 0.90


def decide(directory: Directory, name: str, city: str | None = None, **given: Any) -> Decision:
    employer = Employer(name, city, **{"state": "TX", **given})
    return resolve(employer, directory, None, ACCEPT_AT)


def a_site(facility_id: str, name: str, city: str = "Austin", **more: Any) -> Facility:
    return a_facility(facility_id, name, city, "TX", **more)


SITES = [
    a_site("335001", "Oak Family Clinic"),
    a_site("335002", "Elm Street Pediatrics", "Dallas"),
    a_site("335003", "Elm Street Pediatrics", "Houston"),
    a_site("335004", "Ash Urgent Care", "Dallas"),
    a_site("335005", "Ash Urgent Care", "Dallas"),
]


def test_the_most_similar_name_of_the_state_is_accepted_from_the_packs_similarity_on() -> None:
    directory = a_directory(*SITES)

    found = decide(directory, "Oak Family Clinic")
    assert (found.outcome, found.facility_id, found.method, found.confidence) == ("matched", "335001", "rule", 1.0)
    assert decide(directory, "Oak Clinic").outcome == "queued"
    assert decide(directory, "Oak Family Clinic", state="NY").reason == "no_candidate"


def test_of_facilities_with_the_same_name_only_that_of_the_city_is_accepted() -> None:
    directory = a_directory(*SITES)

    assert decide(directory, "Elm Street Pediatrics", "Houston").facility_id == "335003"
    for name, city in (
        ("Elm Street Pediatrics", None),
        ("Elm Street Pediatrics", "Waco"),
        ("Ash Urgent Care", "Dallas"),
    ):
        found = decide(directory, name, city)
        assert (found.outcome, found.reason, len(found.candidates) > 1) == ("queued", "ambiguous", True)


def test_of_similar_names_in_a_city_the_exact_one_is_accepted() -> None:
    sites = [
        a_site("335001", "Larkspur Family Medicine Centers"),
        a_site("335002", "Larkspur Family Medicine Center 2"),
    ]
    directory = a_directory(*sites)

    found = decide(directory, sites[1].name, "Austin")

    assert [each.confidence for each in found.candidates] == [1.0, 1.0]
    assert (found.facility_id, found.method) == ("335002", "rule")


def test_a_stated_key_counts_first_and_without_a_state_or_a_name_nothing_is_matched() -> None:
    directory = a_directory(*SITES)

    assert decide(directory, "Anything", facility_id="335004").method == "facility_id"
    assert decide(directory, "Oak Family Clinic", state=None).reason == "no_state"
    assert decide(directory, "...").reason == "no_name"


def test_a_change_of_the_directory_counts_at_once_and_only_where_it_is_committed() -> None:
    directory = a_directory(*SITES)
    assert decide(directory, "Birch Dental", "Waco").outcome == "queued"

    overlay = directory.overlaid()
    overlay.replace([a_site("335006", "Birch Dental", "Waco")])

    assert decide(overlay, "Birch Dental", "Waco").facility_id == "335006"
    assert decide(directory, "Birch Dental", "Waco").outcome == "queued"
    directory.replace([a_site("335006", "Birch Dental", "Waco"), a_site("335001", "Oak Family Clinic", listed=False)])
    assert decide(directory, "Birch Dental", "Waco").facility_id == "335006"
    assert decide(directory, "Oak Family Clinic").outcome == "queued"
    directory.replace([a_facility("335006", "Birch Dental", "Albany", "NY")])
    assert decide(directory, "Birch Dental", "Waco").outcome == "queued"
    assert decide(directory, "Birch Dental", "Albany", state="NY").facility_id == "335006"


def test_lists_are_reconciled_with_the_similarity_and_without_features() -> None:
    directory = a_directory(*SITES)
    query = Query(Employer("Elm Street Pediatrics", "Dallas", "TX"), limit=5, notes=(), is_complete=True)
    decision, answer = considered(query.employer, directory, None, ACCEPT_AT)

    found = result(query, decision, answer, None, directory.facilities, shipped().reconciliation)
    first, second = found["result"][:2]

    assert (first["id"], first["score"], first["match"]) == ("335002", 100.0, True)
    assert (second["id"], second["match"]) == ("335003", False)
    assert "features" not in first | second


@pytest.mark.parametrize("both", [{}, {"fitted": Fitted(accept_at=0.8), "source_rule": ByRule()}])
def test_a_policy_states_one_way_to_match(both: dict[str, Any]) -> None:
    known = {name: getattr(shipped(), name) for name in Policy.__dataclass_fields__}

    with pytest.raises(ValueError, match="state either fitted"):
        Policy(**{**known, "fitted": None, "source_rule": None, **both})
    assert Policy(**{**known, "fitted": None, "source_rule": ByRule(accept_at=0.95)}).accept_at == 0.95
