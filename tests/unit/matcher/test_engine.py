"""Does the index follow the registry, and do the answers depend on nothing but what is in it?"""

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


def asked(directory: Directory, employer: Employer) -> Answer:
    return resolved(employer, directory, fitted(), 0.87)


def said(answer: Answer) -> tuple[object, ...]:
    ranked = [(each.entry.facility.facility_id, round(each.confidence, 9)) for each in answer.candidates]
    return answer.decision, answer.reason, round(answer.confidence, 9), ranked


@settings(max_examples=60, deadline=None)
@given(FACILITIES, st.randoms(use_true_random=False), NAMES, CITIES)
def test_neither_order_nor_detours_of_the_registry_matter(
    facilities: list[Facility], chance: object, name: str, city: str
) -> None:
    straight, detoured = Directory(TRADE), Directory(TRADE)
    straight.replace(facilities)
    detoured.replace(replace(each, name="Quarrystone Lodge", city="Utica") for each in reversed(facilities))
    detoured.replace(replace(each, listed=False) for each in facilities)
    detoured.replace(sorted(facilities, key=lambda each: each.name))
    employer = Employer(name, city, "NY")

    assert said(asked(straight, employer)) == said(asked(detoured, employer))


@settings(max_examples=60, deadline=None)
@given(FACILITIES, NAMES, CITIES)
def test_confidence_is_a_probability_and_auto_is_at_least_the_threshold(
    facilities: list[Facility], name: str, city: str
) -> None:
    directory = Directory(TRADE)
    directory.replace(facilities)

    answer = asked(directory, Employer(name, city, "NY"))

    likely = [each.confidence for each in answer.candidates]
    assert likely == sorted(likely, reverse=True)
    assert 0 <= sum(likely) <= 1 + 1e-9
    assert answer.decision != "auto" or answer.confidence >= 0.87


@settings(max_examples=200, deadline=None)
@given(
    st.builds(Employer, st.text(), TEXTS, TEXTS, zip=TEXTS, address=TEXTS, phone=TEXTS, facility_id=TEXTS, title=TEXTS)
)
def test_whatever_a_source_sends_is_answered(employer: Employer) -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Willow Bend Manor"), a_facility("335002", "Willow", "", "")])

    for state in (employer.state, "NY"):
        assert asked(directory, replace(employer, state=state)).decision in ("auto", "queue", "none")


def test_what_is_no_word_is_not_tried_letter_by_letter() -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Willow Bend Manor")])

    assert directory.of_state("NY").possible_words("w" * 1_000_000) == frozenset()


def test_of_a_facility_that_comes_twice_in_a_batch_the_last_counts_also_when_it_moved() -> None:
    directory, moved = Directory(TRADE), a_facility("335001", "Willow Bend Manor", "Erie", "PA")
    directory.replace([a_facility("335001", "Willow Bend Manor")])
    directory.replace([a_facility("335001", "Heron Lodge"), moved])

    assert asked(directory, Employer("Willow Bend Manor", "Erie", "PA")).decision == "auto"
    assert asked(directory, Employer("Willow Bend Manor", "Albany", "NY")).candidates == ()
    assert asked(directory, Employer("Heron Lodge", "Albany", "NY")).candidates == ()


def test_what_an_overlay_changes_is_not_remembered() -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Willow Bend Manor")])
    overlay = directory.overlaid()
    overlay.replace([a_facility("335001", "Heron Lodge"), a_facility("335002", "Tern Point")])

    assert asked(overlay, Employer("Tern Point", "Albany", "NY")).decision == "auto"
    assert asked(directory, Employer("Tern Point", "Albany", "NY")).decision != "auto"
    assert asked(directory, Employer("Willow Bend Manor", "Albany", "NY")).decision == "auto"


def test_a_zip_and_street_do_not_make_another_employer_the_facility() -> None:
    directory = Directory(TRADE)
    directory.replace([replace(a_facility("335001", "Willow Bend Manor"), zip="12203", address="12 Larch Street")])

    answer = asked(directory, Employer("Quarrystone Imaging", "Albany", "NY", zip="12203", address="12 Larch St"))

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
def test_a_typo_at_the_right_address_is_not_taken_for_another_name(name: str, place: dict[str, str]) -> None:
    directory, known = Directory(TRADE), a_facility("335001", "Quinderholm Suak Care Center")
    directory.replace([replace(known, zip="12203", address="12 Larch Street", phone="5185550100")])

    answer = asked(directory, replace(Employer(name, "Albany", "NY"), **place))

    assert (answer.decision, answer.candidates[0].entry.facility.facility_id) == ("auto", "335001")


@pytest.mark.parametrize(
    "name", ["Elm Post Acute Care Center", "Quinderholm Dialysis Clinic", "Suak Kidney Care Center"]
)
def test_another_name_at_the_address_is_left_to_a_person_however_much_alike_the_common_words_are(name: str) -> None:
    directory = Directory(TRADE)
    for facility_id, known in (("335001", "Oak Post Acute Care Center"), ("335002", "Quinderholm Suak Care Center")):
        directory.replace([replace(a_facility(facility_id, known), zip="12203", address="12 Larch Street")])

    answer = asked(directory, Employer(name, "Albany", "NY", zip="12203", address="12 Larch Street"))

    assert answer.decision != "auto"


def test_a_hospital_is_left_to_a_person_unless_the_title_says_snf() -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Larch Hill Pavilion", legal="Larch Hill Hospital")])
    hospital = Employer("Larch Hill Hospital", "Albany", "NY")

    assert asked(directory, hospital).reason == "parent_organization"
    assert asked(directory, replace(hospital, title="RN, skilled nursing unit")).reason != "parent_organization"


def test_an_mds_title_does_not_say_that_a_hospital_is_a_nursing_unit() -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Larch Hill Pavilion", legal="Larch Hill Hospital")])

    assert (
        asked(directory, Employer("Larch Hill Hospital", "Albany", "NY", title="MDS RN")).reason
        == "parent_organization"
    )


@pytest.mark.parametrize(
    "city, code, decision", [(None, None, "queue"), ("Albany", None, "auto"), (None, "12203", "auto")]
)
def test_part_of_the_telling_words_alone_needs_a_place(city: str | None, code: str | None, decision: str) -> None:
    directory = Directory(TRADE)
    directory.replace([replace(a_facility("335001", "Willow Bend Manor"), zip="12203", address="12 Larch Street")])

    answer = asked(directory, Employer("Willow Bend", city, "NY", zip=code))

    assert (answer.decision, answer.reason == "unknown_name") == (decision, decision == "queue")


def test_a_name_that_files_give_to_several_owners_in_two_states_is_suspect_for_the_command_too() -> None:
    directory = Directory(TRADE)
    directory.replace(
        [
            a_facility("335001", "Willow Bend Manor", "Albany", dba="Quillshift"),
            a_facility("395001", "Tern Point Manor", "Erie", "PA", dba="Quillshift"),
        ]
    )

    answer = asked(directory, Employer("Quillshift", "Albany", "NY"))

    assert (answer.decision, answer.reason) == ("queue", "suspect_alias")


def test_a_hospital_of_exactly_the_name_is_believed_at_its_own_door_only() -> None:
    directory = Directory(TRADE)
    directory.replace([replace(a_facility("335001", "Larch Hill Hospital"), zip="12203", address="12 Larch Street")])
    hospital = Employer("Larch Hill Hospital", "Albany", "NY")

    assert asked(directory, hospital).reason == "parent_organization"
    assert asked(directory, replace(hospital, zip="12203", address="12 Larch St")).decision == "auto"


def test_a_system_is_not_the_nursing_unit_of_its_hospital() -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Heron Gorse Hospital SNF")])

    assert asked(directory, Employer("Heron Gorse", "Albany", "NY")).reason == "parent_organization"
    assert asked(directory, Employer("Heron Gorse Skilled Nursing", "Albany", "NY")).reason != "parent_organization"


def test_an_owner_is_not_its_facility_in_another_city() -> None:
    directory = Directory(TRADE)
    directory.replace(
        [a_facility("335001", "Larch Wing", "Utica", legal="Heronmoor LLC"), a_facility("335002", "Tern")]
    )

    assert asked(directory, Employer("Heronmoor", "Buffalo", "NY")).reason == "city_conflict"
    assert asked(directory, Employer("Heronmoor", "Utica", "NY")).decision == "auto"


def test_the_only_facility_of_a_city_with_the_telling_words_is_accepted_unless_another_has_them() -> None:
    directory = Directory(TRADE)
    directory.replace([a_facility("335001", "Larch Hill Nursing Home"), a_facility("335002", "Larch Hill", "Utica")])
    employer = Employer("Larch Hill Rehabilitation Center", "Albany", "NY")

    assert asked(directory, employer).candidates[0].entry.facility.facility_id == "335001"
    assert asked(directory, employer).decision == "auto"

    directory.replace([a_facility("335003", "Larch Hill Health Center")])

    assert asked(directory, employer).decision != "auto"


def test_probabilities_do_not_overflow() -> None:
    assert chances([1_000.0, -1_000.0], 0.0) == [1.0, 0.0]
    assert chances([], 3.0) == []


def test_the_newest_answers_are_remembered_and_no_more_than_there_is_room_for() -> None:
    remembered: AnswerCache[int] = AnswerCache()
    employers = [Employer(str(number)) for number in range(REMEMBERED + 20_000)]

    begun = process_time()
    for number, employer in enumerate(employers):
        assert remembered.keep(employer, number) == number

    assert process_time() - begun < 1  # more than three seconds where every oldest was looked for by itself
    assert REMEMBERED // 2 < len(remembered) <= REMEMBERED
    assert list(remembered) == employers[-len(remembered) :]


def test_the_source_rule_is_half_and_half_and_a_little_for_the_city() -> None:
    rule = SourceRule([a_facility("335001", "Willow Bend"), a_facility("335002", "Willow Bend Park", "Utica")], TRADE)

    first, second = rule.ranked(Employer("Willow Bend", "Utica", "NY"))

    assert (first.facility.facility_id, first.score) == ("335001", 1.0)
    assert (second.token_set, second.same_city) == (1.0, 0.08)
    assert second.score == 0.5 + 0.5 * second.trigram + 0.08
