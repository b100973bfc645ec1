"""Is the name of a bank, a staffing platform or an accountant never matched automatically?"""

from __future__ import annotations

import pytest

from services.matcher.domain.directory import Directory, Facility
from services.matcher.domain.resolve import Decision, Employer, resolve
from services.matcher.settings import model
from tests.unit.matcher.building import a_directory, a_facility, decide

PLATFORM = "Quillshift"
SHARED = [
    a_facility("335001", "Willow Bend Manor", "Albany", dba=PLATFORM),
    a_facility("395001", "Tern Point Manor", "Erie", "PA", dba=PLATFORM),
]


@pytest.mark.parametrize(
    "name",
    ["Larch Healthcare Accounting Services", "Larch Family Trust", "Larch Healthcare Consultants", "Larch Pharmacy"],
)
def test_a_name_of_another_trade_is_queued(name: str) -> None:
    decision = decide(a_directory(a_facility("335001", "Willow Bend Manor", dba=name)), name, "Albany")

    assert (decision.outcome, decision.facility_id) == ("queued", None)
    assert decision.reason in ("suspect_alias", "other_trade")


@pytest.mark.parametrize("name", ["Willow Charitable Trust", "Albany Trust"])
def test_a_name_with_words_of_the_facility_or_its_city_is_not_suspect(name: str) -> None:
    decision = decide(a_directory(a_facility("335001", "Willow Bend Manor", legal=name)), name, "Albany")

    assert decision.reason != "suspect_alias"


def test_a_name_without_a_word_of_care_of_owners_in_two_states_is_suspect() -> None:
    decision = decide(a_directory(*SHARED), PLATFORM, "Albany")

    assert (decision.outcome, decision.reason) == ("queued", "suspect_alias")
    assert decision.candidates[0].facility_id == "335001"


@pytest.mark.parametrize(
    "other",
    [
        a_facility("335002", "Tern Point Manor", "Utica", dba="Heron Lodge"),
        a_facility("395001", "Tern Point Manor", "Erie", "PA", dba="Heron Lodge"),
    ],
)
def test_a_name_of_one_owner_is_matched(other: Facility) -> None:
    decision = decide(a_directory(SHARED[0], other), PLATFORM, "Albany")

    assert decision.facility_id == "335001"


def test_one_chain_may_have_its_name_in_several_states() -> None:
    directory = a_directory(
        a_facility("335001", "Willow Bend Manor", "Albany", chain="Quillan Care", dba=PLATFORM),
        a_facility("395001", "Tern Point Manor", "Erie", "PA", chain="Quillan Care", dba=PLATFORM),
    )

    assert decide(directory, PLATFORM, "Albany").facility_id == "335001"


@pytest.mark.parametrize("order", [SHARED, SHARED[::-1]])
def test_a_shared_name_is_suspect_in_every_state_in_any_order_of_listing(order: list[Facility]) -> None:
    directory = a_directory(order[0])

    affected = directory.states_affected(order[1:])
    directory.replace(order[1:])

    assert affected == {"NY", "PA"}
    assert {decide(directory, PLATFORM, "Albany").reason, in_erie(directory).reason} == {"suspect_alias"}


def test_a_name_is_matched_again_after_the_other_owner_gave_it_up() -> None:
    directory = a_directory(*SHARED)
    renamed = a_facility("395001", "Tern Point Manor", "Erie", "PA")

    affected = directory.states_affected([renamed])
    directory.replace([renamed])

    assert affected == {"NY", "PA"}
    assert decide(directory, PLATFORM, "Albany").facility_id == "335001"


def in_erie(directory: Directory) -> Decision:
    return resolve(Employer(PLATFORM, "Erie", "PA"), directory, model(), 0.87)
