"""Is the right facility found, and is a doubtful posting queued with the right reason? (R14 to R16)"""

from __future__ import annotations

import pytest

from services.matcher.domain.directory import Directory, Employer, group_of
from services.matcher.domain.resolve import setting_of
from tests.unit.matcher.building import TRADE, Alias, Verdict, a_directory, a_facility, decide

WILLOW = a_facility("335001", "WILLOW BEND NURSING AND REHABILITATION CENTER", "Albany", legal="WBX Operating Co LLC")
TERN = a_facility("335002", "Tern Point Manor", "Buffalo", former="Gorse Hill Home")
TWIN_ALBANY = a_facility("335003", "Fern Hill Nursing Home", "Albany")
TWIN_UTICA = a_facility("335004", "Fern Hill Nursing Home", "Utica")


@pytest.fixture
def directory() -> Directory:
    return a_directory(WILLOW, TERN, TWIN_ALBANY, TWIN_UTICA)


@pytest.mark.parametrize(
    "name, city, facility_id, method",
    [
        ("Willow Bend Nsg & Rehab Ctr", None, "335001", "name"),
        ("WBX OPERATING COMPANY, L.L.C.", "Albany", "335001", "name"),
        ("Gorse Hill Home", None, "335002", "name"),
        ("WBX Operating LLC d/b/a Willow Bend", "Albany", "335001", "model"),
        ("Wilow Bend Nursing & Rehabilitation Center", "Albany", "335001", "model"),
        ("Fern Hill Nursing Home", "Utica", "335004", "name"),
        ("Center for Rehabilitation and Nursing, Willow Bend", "Albany", "335001", "name"),
        ("Fern Hill", "Utica", "335004", "model"),
        ("Willow Bend Skilled Nursing", None, "335001", "model"),
        ("Heron Care Group - Tern Point Manor", None, "335002", "model"),
        ("Willow Bend Nursing and Rehabiltation Helath Center", "Albany", "335001", "model"),
    ],
)
def test_a_facility_is_found_by_any_of_its_names(
    directory: Directory, name: str, city: str | None, facility_id: str, method: str
) -> None:
    decision = decide(directory, name, city)

    assert (decision.outcome, decision.facility_id, decision.method) == ("matched", facility_id, method)


@pytest.mark.parametrize(
    "name, city, reason",
    [
        ("Fern Hill Nursing Home", None, "ambiguous"),
        ("Fern Hill Nursing Home", "Troy", "ambiguous"),
        ("Tern Point Manor - Green Wing", None, "unknown_name"),
        ("Quarrystone Elevator Repair", "Albany", "unknown_name"),
        ("North Willow Bend Nursing and Rehabilitation Center", "Albany", "ambiguous"),
        ("Willow Bend Nursing and Rehabilitation Center Adult Day", "Albany", "other_trade"),
        ("Tern Point Manor Dialysis", "Buffalo", "other_trade"),
    ],
)
def test_a_doubtful_posting_is_queued_with_a_reason(
    directory: Directory, name: str, city: str | None, reason: str
) -> None:
    decision = decide(directory, name, city)

    assert (decision.outcome, decision.facility_id, decision.reason) == ("queued", None, reason)


def test_there_are_at_most_five_candidates_best_first() -> None:
    directory = a_directory(*(a_facility(f"33500{n}", f"Willow Bend {word}") for n, word in enumerate("abcdefgh")))

    shown = decide(directory, "Willow Bend Lodge").candidates

    assert len(shown) == 5
    assert [each.confidence for each in shown] == sorted((each.confidence for each in shown), reverse=True)


def test_a_stated_ccn_is_matched(directory: Directory) -> None:
    decision = decide(directory, "Another Employer", facility_id="335002")

    assert (decision.facility_id, decision.method, decision.confidence) == ("335002", "facility_id", 1.0)


def test_a_stated_ccn_of_another_state_is_queued(directory: Directory) -> None:
    decision = decide(directory, "Tern Point Manor", state="NJ", facility_id="335002")

    assert (decision.outcome, decision.reason) == ("queued", "id_conflict")


def test_an_unknown_ccn_is_ignored_and_the_name_decides(directory: Directory) -> None:
    assert decide(directory, "Tern Point Manor", facility_id="339999").method == "name"


def test_without_a_state_only_a_ccn_is_matched(directory: Directory) -> None:
    assert decide(directory, "Tern Point Manor", state=None).reason == "no_state"
    assert decide(directory, "Tern Point Manor", state=None, facility_id="335002").facility_id == "335002"


def test_no_facility_of_another_state_is_ever_a_candidate(directory: Directory) -> None:
    decision = decide(directory, "Tern Point Manor", "Buffalo", state="NJ")

    assert (decision.outcome, decision.candidates) == ("queued", ())


def test_an_alias_confirmed_by_a_person_overrides_the_name(directory: Directory) -> None:
    directory.decide(group_of(Employer("Tern Point Manor", "Buffalo", "NY"), TRADE), alias=Alias("335001", "ann"))

    decision = decide(directory, "TERN POINT MANOR, INC.", "buffalo")

    assert (decision.facility_id, decision.method, decision.decided_by) == ("335001", "alias", "ann")
    assert decide(directory, "Tern Point Manor", None).facility_id == "335002"


def test_a_final_verdict_overrides_any_name(directory: Directory) -> None:
    directory.decide(
        group_of(Employer("Tern Point Manor", None, "NY"), TRADE), verdict=Verdict("not_an_snf", "ann", True)
    )

    assert decide(directory, "Tern Point Manor").outcome == "ignored"


def test_a_verdict_that_is_not_final_yields_to_a_new_name(directory: Directory) -> None:
    group = group_of(Employer("Heron Lodge", None, "NY"), TRADE)
    directory.decide(group, verdict=Verdict("new_facility", "ann", False))
    assert decide(directory, "Heron Lodge").reason == "new_facility"

    directory.replace([a_facility("335009", "Heron Lodge")])

    assert decide(directory, "Heron Lodge").facility_id == "335009"


def test_a_name_shared_by_several_legal_owners_is_never_accepted() -> None:
    directory = a_directory(
        a_facility("335001", "Willow Bend", legal="County of Larch"),
        a_facility("335002", "Tern Point", legal="County of Larch"),
    )

    assert decide(directory, "COUNTY OF LARCH").reason == "shared_alias"


def test_a_hospital_is_not_its_own_nursing_unit() -> None:
    directory = a_directory(a_facility("335001", "Larch Hill Pavilion", legal="Larch Hill Hospital"))

    assert decide(directory, "Larch Hill Hospital", "Albany").reason == "parent_organization"


@pytest.mark.parametrize("service", ["Home Care", "Hospice", "Dialysis"])
def test_a_sister_service_of_the_same_name_is_not_the_facility(service: str) -> None:
    directory = a_directory(a_facility("335001", "Larch Hill", legal=f"Larch Hill {service}"))

    assert decide(directory, f"Larch Hill {service}", "Albany").reason == "other_trade"


def test_the_name_of_a_chain_alone_is_queued() -> None:
    directory = a_directory(
        a_facility("335002", "Tern Point", "Utica", chain="Heron Care Group"),
        a_facility("335003", "Fern Hill", "Utica", chain="Heron Care Group"),
    )

    assert decide(directory, "Heron Care Group", "Utica").reason == "chain_only"
    assert decide(directory, "Heron Care Group").reason == "chain_only"


@pytest.mark.parametrize(
    "name", ["Heron Care Group", "HERON CARE", "Heron Care Group of Le Roy", "Heron Care - Le Roy"]
)
def test_a_chain_in_a_city_with_one_facility_of_it_is_matched(name: str) -> None:
    directory = a_directory(
        a_facility("335001", "Willow Bend", "Le Roy", chain="Heron Care Group"),
        a_facility("335002", "Tern Point", "Utica", chain="Heron Care Group"),
        a_facility("335003", "Gorse Hill Manor", "Le Roy"),
        a_facility("335004", "Fern Hill", "Le Roy", chain="Heron Care Group", listed=False),
    )

    decision = decide(directory, name, "Le Roy")

    assert (decision.outcome, decision.facility_id, decision.method) == ("matched", "335001", "chain")


def test_a_facility_that_left_its_chain_is_no_longer_matched_by_it() -> None:
    directory = a_directory(a_facility("335001", "Willow Bend", "Utica", chain="Heron Care Group"))
    directory.replace([a_facility("335001", "Willow Bend", "Utica", chain="Larch Care Group")])

    assert decide(directory, "Heron Care Group", "Utica").outcome == "queued"
    assert decide(directory, "Larch Care Group", "Utica").facility_id == "335001"


def test_a_chain_is_queued_once_it_has_a_second_facility_in_the_city() -> None:
    directory = a_directory(a_facility("335001", "Willow Bend", "Utica", chain="Heron Care Group"))
    assert decide(directory, "Heron Care Group", "Utica").facility_id == "335001"

    directory.replace([a_facility("335002", "Tern Point", "Utica", chain="Heron Care Group")])

    assert decide(directory, "Heron Care Group", "Utica").reason == "chain_only"


@pytest.mark.parametrize(
    "title, setting",
    [
        ("RN, Skilled-Nursing Unit", "skilled nursing"),
        ("MDS Coordinator (SNF/LTC)", "snf"),
        ("Beltchester MDS Nurse", None),
        ("MDS Coordinator", None),
        ("Registered Nurse", None),
        (None, None),
    ],
)
def test_a_title_counts_if_it_names_the_setting(title: str | None, setting: str | None) -> None:
    assert setting_of(title, TRADE) == setting


def test_a_disputed_name_is_queued_at_any_confidence(directory: Directory) -> None:
    group = group_of(Employer("Tern Point Manor", "Buffalo", "NY"), TRADE)
    directory.decide(group, verdict=Verdict("disputed", "ann", False))

    decision = decide(directory, "Tern Point Manor", "Buffalo")

    assert (decision.outcome, decision.reason, decision.candidates[0].facility_id) == ("queued", "disputed", "335002")


def test_the_facility_in_the_city_is_preferred_to_a_namesake_elsewhere() -> None:
    directory = a_directory(
        a_facility("335001", "Larch Hill Nursing Home", "Utica"),
        a_facility("335002", "Larch Hill Nursing Home of Albany", "Albany"),
    )

    assert decide(directory, "Larch Hill Nursing Home", "Albany").facility_id == "335002"


def test_a_delisted_facility_is_queued_with_that_reason() -> None:
    directory = a_directory(WILLOW, a_facility("335002", "Tern Point Manor", listed=False))

    assert decide(directory, "Tern Point Manor").reason == "delisted"
    assert decide(directory, "Tern Point Manor", facility_id="335002").reason == "delisted"


def test_an_overlay_never_changes_the_directory(directory: Directory) -> None:
    overlay = directory.overlaid()
    overlay.replace([a_facility("335009", "Heron Lodge")])

    assert decide(overlay, "Heron Lodge").outcome == "matched"
    assert decide(directory, "Heron Lodge").outcome == "queued"
