"""Does the index follow the registry, and do the answers depend only on its content?"""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.matching.directory import REMEMBERED, AnswerCache, Directory, resolved
from engines.matching.engine import Answer
from engines.matching.facilities import Employer, Facility
from engines.matching.model import chances
from engines.matching.pack import fitted
from engines.matching.source_rule import SourceRule
from tests.unit.matcher.building import TRADE, a_facility

WORDS = (
    "willow fern tern larch heron gorse hill point bend park nursing home rehabilitation center north 2 manor".split()
)
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
TEXTS = st.none() | st.text()
CITIES = st.sampled_from(["Albany", "Buffalo", "Le Roy"])
FACILITIES = st.lists(
    st.builds(lambda number, name, city: a_facility(f"335{number:03}", name, city), st.integers(1, 30), NAMES, CITIES),
    max_size=12,
    unique_by=lambda facility: facility.facility_id,
)


def answer_to(directory: Directory, employer: Employer) -> Answer:
    return resolved(employer, directory, fitted(), 0.87)


def as_row(answer: Answer) -> tuple[object, ...]:
    ranked = [(each.entry.facility.facility_id, round(each.confidence, 9)) for each in answer.candidates]
    return answer.decision, answer.reason, round(answer.confidence, 9), ranked


@settings(max_examples=60, deadline=None)
@given(FACILITIES, st.randoms(use_true_random=False), NAMES, CITIES)
def test_only_the_final_state_of_the_registry_matters(
    facilities: list[Facility], chance: object, name: str, city: str
) -> None:
    direct, indirect = Directory(TRADE), Directory(TRADE)
    direct.replace(facilities)
    indirect.replace(replace(each, name="Quarrystone Lodge", city="Utica") for each in reversed(facilities))
    indirect.replace(replace(each, listed=False) for each in facilities)
    indirect.replace(sorted(facilities, key=lambda each: each.name))
    employer = Employer(name, city, "NY")

    assert as_row(answer_to(direct, employer)) == as_row(answer_to(indirect, employer))


@settings(max_examples=60, deadline=None)
@given(FACILITIES, NAMES, CITIES)
def test_confidence_is_a_probability_and_auto_is_at_least_the_threshold(
    facilities: list[Facility], name: str, city: str
) -> None:
    directory = Directory(TRADE)
    directory.replace(facilities)

    answer = answer_to(directory, Employer(name, city, "NY"))

    likely = [each.confidence for each in answer.candidates]
    assert likely == sorted(likely, reverse=True)
    assert 0 <= sum(likely) <= 1 + 1e-9
    assert answer.decision != "auto" or answer.confidence >= 0.87


@settings(max_examples=200, deadline=None)
@given(
    st.builds(Employer, st.text(), TEXTS, TEXTS, zip=TEXTS, address=TEXTS, phone=TEXTS, facility_id=TEXTS, title=TEXTS)
)
def test_any_input_of_a_source_has_an_answer(employer: Employer) -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Willow Bend Manor"), a_facility("335002", "Willow", "", "")])

    for state in (employer.state, "NY"):
        assert answer_to(directory, replace(employer, state=state)).decision in ("auto", "queue", "none")


def test_a_very_long_word_is_not_searched_for_typos() -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Willow Bend Manor")])

    assert directory.of_state("NY").possible_words("w" * 1_000_000) == frozenset()


def test_the_last_version_of_a_facility_in_a_batch_counts_even_in_another_state() -> None:
    directory, moved = Directory(TRADE), a_facility("335001", "Willow Bend Manor", "Erie", "PA")
    directory.replace([a_facility("335001", "Willow Bend Manor")])
    directory.replace([a_facility("335001", "Heron Lodge"), moved])

    assert answer_to(directory, Employer("Willow Bend Manor", "Erie", "PA")).decision == "auto"
    assert answer_to(directory, Employer("Willow Bend Manor", "Albany", "NY")).candidates == ()
    assert answer_to(directory, Employer("Heron Lodge", "Albany", "NY")).candidates == ()


def test_changes_of_an_overlay_do_not_reach_the_directory() -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Willow Bend Manor")])
    overlay = directory.overlaid()
    overlay.replace([a_facility("335001", "Heron Lodge"), a_facility("335002", "Tern Point")])

    assert answer_to(overlay, Employer("Tern Point", "Albany", "NY")).decision == "auto"
    assert answer_to(directory, Employer("Tern Point", "Albany", "NY")).decision != "auto"
    assert answer_to(directory, Employer("Willow Bend Manor", "Albany", "NY")).decision == "auto"


def test_an_equal_address_alone_does_not_match_another_employer() -> None:
    directory = Directory(TRADE)
    directory.replace([replace(a_facility("335001", "Willow Bend Manor"), zip="12203", address="12 Larch Street")])

    answer = answer_to(directory, Employer("Quarrystone Imaging", "Albany", "NY", zip="12203", address="12 Larch St"))

    assert answer.decision != "auto"


TYPOS = [
    "Qinderholm Suac Care Center",
    "Quinderhlom Suak Care Centre",
    "Quinderholm Suka Care Center",
    "Quinderhom Care Center",
]


@pytest.mark.parametrize("name", TYPOS)
@pytest.mark.parametrize(
    "place", [{"zip": "12203"}, {"zip": "12203", "address": "12 Larch St"}, {"phone": "5185550100"}]
)
def test_a_misspelled_name_at_the_right_address_is_matched(name: str, place: dict[str, str]) -> None:
    directory, known = Directory(TRADE), a_facility("335001", "Quinderholm Suak Care Center")
    directory.replace([replace(known, zip="12203", address="12 Larch Street", phone="5185550100")])

    answer = answer_to(directory, replace(Employer(name, "Albany", "NY"), **place))

    assert (answer.decision, answer.candidates[0].entry.facility.facility_id) == ("auto", "335001")


@pytest.mark.parametrize(
    "name", ["Elm Post Acute Care Center", "Quinderholm Dialysis Clinic", "Suak Kidney Care Center"]
)
def test_another_name_at_the_address_is_queued_even_with_many_common_words(name: str) -> None:
    directory = Directory(TRADE)
    for facility_id, known in (("335001", "Oak Post Acute Care Center"), ("335002", "Quinderholm Suak Care Center")):
        directory.replace([replace(a_facility(facility_id, known), zip="12203", address="12 Larch Street")])

    answer = answer_to(directory, Employer(name, "Albany", "NY", zip="12203", address="12 Larch Street"))

    assert answer.decision != "auto"


def test_a_hospital_is_queued_unless_the_title_names_skilled_nursing() -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Larch Hill Pavilion", legal="Larch Hill Hospital")])
    hospital = Employer("Larch Hill Hospital", "Albany", "NY")

    assert answer_to(directory, hospital).reason == "parent_organization"
    assert answer_to(directory, replace(hospital, title="RN, skilled nursing unit")).reason != "parent_organization"


def test_an_mds_title_does_not_place_a_job_outside_the_hospital() -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Larch Hill Pavilion", legal="Larch Hill Hospital")])

    assert (
        answer_to(directory, Employer("Larch Hill Hospital", "Albany", "NY", title="MDS RN")).reason
        == "parent_organization"
    )


@pytest.mark.parametrize(
    "city, code, decision", [(None, None, "queue"), ("Albany", None, "auto"), (None, "12203", "auto")]
)
def test_a_part_of_the_distinctive_words_needs_a_place(city: str | None, code: str | None, decision: str) -> None:
    directory = Directory(TRADE)
    directory.replace([replace(a_facility("335001", "Willow Bend Manor"), zip="12203", address="12 Larch Street")])

    answer = answer_to(directory, Employer("Willow Bend", city, "NY", zip=code))

    assert (answer.decision, answer.reason == "unknown_name") == (decision, decision == "queue")


def test_a_name_of_several_owners_in_two_states_is_suspect_without_the_service_too() -> None:
    directory = Directory(TRADE)
    directory.replace(
        [
            a_facility("335001", "Willow Bend Manor", "Albany", dba="Quillshift"),
            a_facility("395001", "Tern Point Manor", "Erie", "PA", dba="Quillshift"),
        ]
    )

    answer = answer_to(directory, Employer("Quillshift", "Albany", "NY"))

    assert (answer.decision, answer.reason) == ("queue", "suspect_alias")


def test_a_hospital_with_exactly_the_name_is_matched_only_at_its_address() -> None:
    directory = Directory(TRADE)
    directory.replace([replace(a_facility("335001", "Larch Hill Hospital"), zip="12203", address="12 Larch Street")])
    hospital = Employer("Larch Hill Hospital", "Albany", "NY")

    assert answer_to(directory, hospital).reason == "parent_organization"
    assert answer_to(directory, replace(hospital, zip="12203", address="12 Larch St")).decision == "auto"


def test_a_health_system_is_not_the_nursing_unit_of_its_hospital() -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Heron Gorse Hospital SNF")])

    assert answer_to(directory, Employer("Heron Gorse", "Albany", "NY")).reason == "parent_organization"
    assert answer_to(directory, Employer("Heron Gorse Skilled Nursing", "Albany", "NY")).reason != "parent_organization"


def test_an_owner_is_not_its_facility_in_another_city() -> None:
    directory = Directory(TRADE)
    directory.replace(
        [a_facility("335001", "Larch Wing", "Utica", legal="Heronmoor LLC"), a_facility("335002", "Tern")]
    )

    assert answer_to(directory, Employer("Heronmoor", "Buffalo", "NY")).reason == "city_conflict"
    assert answer_to(directory, Employer("Heronmoor", "Utica", "NY")).decision == "auto"


def test_the_only_facility_of_a_city_with_the_distinctive_words_is_accepted() -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Larch Hill Nursing Home"), a_facility("335002", "Larch Hill", "Utica")])
    employer = Employer("Larch Hill Rehabilitation Center", "Albany", "NY")

    assert answer_to(directory, employer).candidates[0].entry.facility.facility_id == "335001"
    assert answer_to(directory, employer).decision == "auto"

    directory.replace([a_facility("335003", "Larch Hill Health Center")])

    assert answer_to(directory, employer).decision != "auto"


def test_probabilities_do_not_overflow() -> None:
    assert chances([1_000.0, -1_000.0], 0.0) == [1.0, 0.0]
    assert chances([], 3.0) == []


def test_the_newest_answers_are_cached_up_to_the_limit() -> None:
    remembered: AnswerCache[int] = AnswerCache()
    employers = [Employer(str(number)) for number in range(REMEMBERED + 20_000)]

    begun = process_time()
    for number, employer in enumerate(employers):
        assert remembered.keep(employer, number) == number

    assert process_time() - begun < 1  # a search for each oldest entry takes more than three seconds
    assert REMEMBERED // 2 < len(remembered) <= REMEMBERED
    assert list(remembered) == employers[-len(remembered) :]


def test_the_source_rule_is_half_words_half_trigrams_and_a_bonus_for_the_city() -> None:
    rule = SourceRule([a_facility("335001", "Willow Bend"), a_facility("335002", "Willow Bend Park", "Utica")], TRADE)

    first, second = rule.ranked(Employer("Willow Bend", "Utica", "NY"))

    assert (first.facility.facility_id, first.score) == ("335001", 1.0)
    assert (second.token_set, second.same_city) == (1.0, 0.08)
    assert second.score == 0.5 + 0.5 * second.trigram + 0.08
