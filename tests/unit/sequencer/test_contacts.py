"""Which contact rows can be used, and who has a role?"""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.packs import account_key
from services.sequencer.domain.contacts import Sighting, incumbent, incumbents, people_for
from services.sequencer.domain.corrections import Corrections, Departure, Merge, WrongDetail
from services.sequencer.domain.duplicates import duplicates
from services.sequencer.domain.lists import Reject, check_provenance, contact_of
from services.sequencer.domain.marks import task_marks
from services.sequencer.domain.reach import missing
from tests.support.sequencing import ROLES

ROW = {"facility_id": "335001", "role": "DON", "name": " Dora  Moss ", "source": "website", "source_date": "2026-06-01"}


LATEST = date(2026, 7, 1)


def read(row: dict[str, Any]) -> Sighting:
    return contact_of(row, account_key(), ROLES, LATEST)


def test_a_row_is_read_as_people_write_it() -> None:
    found = read(ROW | {"direct_phone": "518.555.0111", "email": "Dora@Example.org"})

    assert (found.role, found.name, found.direct_phone, found.email) == (
        "don",
        "Dora Moss",
        "(518) 555-0111",
        "dora@example.org",
    )


@pytest.mark.parametrize(
    "cells, complaint",
    [
        ({"source": ""}, "source is missing"),  # R82
        ({"source_date": None}, "source_date is missing"),
        ({"source_date": "June"}, "not a date"),
        ({"role": "nurse"}, "role 'nurse' is not one of"),
        ({"name": " "}, "name is missing"),
        ({"facility_id": None}, "ccn is missing"),
        ({"facility_id": "abc"}, "is not six characters like 335001"),
        ({"role": "regional"}, "chain is missing"),
        ({"direct_phone": "12345"}, "direct_phone '12345'"),
        ({"email": "dora at example"}, "email 'dora at example'"),
    ],
)
def test_an_unusable_row_is_refused_with_the_reason(cells: dict[str, str | None], complaint: str) -> None:
    with pytest.raises(Reject, match=complaint):
        read(ROW | cells)


def test_a_url_is_a_source_if_none_is_stated() -> None:
    found = read(ROW | {"source": "", "source_url": "https://www.example.org/staff?home=1&copy=2"})

    assert (found.source, found.source_url) == ("www.example.org", "https://www.example.org/staff?home=1&copy=2")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/staff", "example.org/staff", "https://"])
def test_only_the_address_of_a_web_page_is_a_source_url(url: str) -> None:
    with pytest.raises(Reject, match="is not a web address that begins with http:// or https://"):
        read(ROW | {"source_url": url})


def test_a_named_person_needs_a_public_source_or_someone_of_the_team() -> None:  # R82, K12
    with pytest.raises(Reject, match="'Dora Moss' may be named only as a public source does; give the address of"):
        check_provenance(read(ROW), ROLES)

    check_provenance(read(ROW | {"source_url": "https://example.org"}), ROLES)
    check_provenance(replace(read(ROW), stated_by="rep-1"), ROLES)
    check_provenance(read(ROW | {"name": "Vacant"}), ROLES)


OFFICES = replace(ROLES, policy="role_only")


@pytest.mark.parametrize("name", ["Dora Moss", "", "N/A", "Director of Nursing"])
def test_a_policy_without_names_stores_the_office(name: str) -> None:  # R84, K12
    row = ROW | {"name": name, "direct_phone": "518-555-0111"}

    found = contact_of(row, account_key(), OFFICES, LATEST)
    check_provenance(found, OFFICES)
    contact = incumbent(OFFICES, [found]).contact

    assert (contact.name, contact.direct_phone) == ("DON", "(518) 555-0111")
    assert missing(people_for(OFFICES, incumbents(OFFICES, [found]), "335001", None), False, "call", ()) == []


def test_a_vacancy_stays_one_without_names() -> None:
    found = contact_of(ROW | {"name": "Vacant"}, account_key(), OFFICES, LATEST)

    assert incumbent(OFFICES, [found]).vacant


@pytest.mark.parametrize(
    "email", ["mailto:Dora@example.org", "Dora Moss <dora@example.org>", "<dora@example.org>;", "dora@example.org."]
)
def test_an_address_is_read_as_mail_programs_write_it(email: str) -> None:
    assert read(ROW | {"email": email}).email == "dora@example.org"


@pytest.mark.parametrize("email", ["a@b", "a:b@example.org", "dora@example.org?subject=x", "a@x.org; b@x.org"])
def test_an_address_with_other_text_is_refused(email: str) -> None:
    with pytest.raises(Reject, match="is not an e-mail address"):
        read(ROW | {"email": email})


def test_leading_zeros_that_a_spreadsheet_dropped_are_restored() -> None:
    assert read(ROW | {"facility_id": "15009"}).facility_id == "015009"


def seen(name: str, day: int, phone: str | None = None, role: str = "don") -> Sighting:
    return Sighting(role, name, "website", date(2026, 6, day), facility_id="335001", direct_phone=phone)


def test_a_role_with_one_person_has_not_changed() -> None:
    assert incumbent(ROLES, [seen("Dora", 1), seen("DORA", 9)]).changed_on is None


def test_a_new_person_has_the_role_since_their_first_sighting() -> None:  # R27
    found = incumbent(ROLES, [seen("Dora", 1, "1"), seen("Eve", 8), seen("Eve", 5)])

    assert (found.contact.name, found.contact.direct_phone, found.changed_on) == ("Eve", None, date(2026, 6, 5))


@pytest.mark.parametrize(
    "named, name, changed_on",
    [
        ("Dora 1, Eve 5, Dora 9", "Dora", 9),
        ("Dora 1, Eve 5, Dora 9, Dora 12", "Dora", 9),
        ("Dora 1, Dora 3, Eve 5, Eve 6, Dora 9, Eve 12", "Eve", 12),
        ("Dora 1, Dora 3, Eve 5, Eve 8", "Eve", 5),
        ("Dora 1, Eve 5, Dora 5", "Eve", 5),
        ("Dora 5, Eve 5", "Eve", None),
    ],
)
def test_a_person_who_returns_after_another_has_the_role_since_then(  # R27
    named: str, name: str, changed_on: int | None
) -> None:
    sightings = [seen(who, int(day)) for who, day in (each.split() for each in named.split(", "))]

    found = incumbent(ROLES, sightings)

    assert (found.contact.name, found.changed_on) == (name, changed_on and date(2026, 6, changed_on))


AS_OF = Corrections(departures=[Departure("facility:335001", "eve", "Eve", date(2026, 6, 8), "ann", date(2026, 6, 9))])


def test_a_role_is_vacant_and_has_changed_once_its_person_left() -> None:  # R27
    found = incumbent(ROLES, [seen("Dora", 1), seen("Eve", 5, "1")], AS_OF)

    assert (found.vacant, found.contact.direct_phone, found.changed_on) == (True, None, date(2026, 6, 8))


def test_a_person_who_left_counts_again_if_a_newer_source_names_them() -> None:
    found = incumbent(ROLES, [seen("Eve", 5), seen("Eve", 9)], AS_OF)

    assert (found.vacant, found.contact.name) == (False, "Eve")


def test_the_successor_of_a_person_who_left_has_the_role_since_the_first_sighting() -> None:
    found = incumbent(ROLES, [seen("Eve", 5), seen("Zoe", 9)], AS_OF)

    assert (found.contact.name, found.changed_on) == ("Zoe", date(2026, 6, 9))


MERGED = Merge("facility:335001", "d. moss", "D. Moss", "facility:335001", "dora moss", "Dora Moss", "ann", LATEST)


def test_two_names_that_were_merged_are_no_change_of_the_role() -> None:
    sightings = [seen("Dora Moss", 1, "1"), seen("D. Moss", 5)]

    apart, together = incumbent(ROLES, sightings), incumbent(ROLES, sightings, Corrections(merges=[MERGED]))

    assert (apart.contact.name, apart.changed_on) == ("D. Moss", date(2026, 6, 5))
    assert (together.contact.name, together.contact.direct_phone, together.changed_on) == ("Dora Moss", "1", None)


def test_the_merge_that_is_taken_back_is_the_one_that_was_reported_with_these_names() -> None:
    later = replace(MERGED, person="dora moss", kept_person="dora b. moss")
    known, dropped = Corrections(merges=[MERGED, later]), MERGED.dropped

    assert known.merge_of(later.kept, dropped) == known.merge_of(dropped, later.kept) == later
    assert known.merge_of(MERGED.kept, dropped) == MERGED
    assert known.merge_of(dropped, ("facility:335001", "eve")) is None


def test_a_detail_that_is_wrong_for_one_name_is_wrong_for_the_other() -> None:
    wrong = [WrongDetail(UUID(int=1), "d. moss", "1", date(2026, 6, 8), "ann")]

    known = incumbents(ROLES, [seen("Dora Moss", 1, "1"), seen("D. Moss", 5)], Corrections(wrong, merges=[MERGED]))

    assert known["facility:335001", "don"].contact.direct_phone is None


def test_a_suppression_of_either_name_stops_the_merged_person() -> None:
    contact = incumbent(ROLES, [seen("Dora Moss", 1), seen("D. Moss", 5)], Corrections(merges=[MERGED])).contact

    marks = task_marks(ROLES, "335001", None, contact, "call")

    assert {"name:facility:335001/dora moss", "name:facility:335001/moss"} <= set(marks)


def test_names_that_are_merged_one_after_another_are_one_person() -> None:
    more = replace(MERGED, person="dora moss", name="Dora Moss", kept_person="dora m. moss", kept_name="Dora M. Moss")

    known = Corrections(merges=[MERGED, more])

    assert known.same(("facility:335001", "d. moss")) == ("facility:335001", "dora m. moss")
    assert set(known.names["facility:335001", "dora m. moss"].values()) == {"D. Moss", "Dora Moss", "Dora M. Moss"}


def test_people_with_a_role_an_address_or_a_number_in_common_may_be_the_same() -> None:
    elsewhere = replace(seen("MOSS, DORA", 3), facility_id="335002", email="dora@example.org")
    sightings = [replace(seen("Dora Moss", 5), email="dora@example.org"), seen("D. Moss", 1), elsewhere, seen("Eve", 1)]

    found = {(each.kept.name, each.dropped.name, each.common) for each in duplicates(ROLES, sightings, Corrections())}
    merged = duplicates(ROLES, sightings, Corrections(merges=[MERGED]))

    assert found == {("Dora Moss", "D. Moss", "role"), ("Dora Moss", "MOSS, DORA", "e-mail address")}
    assert [each.dropped.name for each in merged] == ["MOSS, DORA"]


def test_a_source_without_a_number_keeps_the_known_one() -> None:
    assert incumbent(ROLES, [seen("Dora", 1, "1"), seen("Dora", 9)]).contact.direct_phone == "1"


def test_an_enrollment_of_a_chain_can_also_contact_the_regional_contact() -> None:
    rex = Sighting("regional", "Rex", "website", date(2026, 6, 1), chain="MOSS CARE")
    known = incumbents(ROLES, [rex, seen("Dora", 1)])

    assert set(people_for(ROLES, known, "335001", None).by_role) == {"don"}
    assert set(people_for(ROLES, known, "335001", "Moss  Care").by_role) == {"don", "regional"}


@given(
    st.lists(
        st.builds(
            seen,
            st.sampled_from(["Ada", "Eve", "eve", "Zoe"]),
            st.integers(1, 9),
            st.none() | st.sampled_from(["1", "2"]),
        ),
        min_size=1,
        # One sighting per person, source and day, as in the table.
        unique_by=lambda s: (s.name.casefold(), s.source_date),
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_sightings_does_not_matter(sightings: list[Sighting], random: Any) -> None:
    assert incumbent(ROLES, random.sample(sightings, len(sightings))) == incumbent(ROLES, sightings)


@pytest.mark.parametrize("name", ["N/A", "Unknown", "test", "-", "518-555-0142", "Administrator", "dora@x.example"])
def test_a_placeholder_is_refused_as_a_name(name: str) -> None:
    with pytest.raises(Reject, match="is a placeholder; give a person's name"):
        read(ROW | {"name": name})


@pytest.mark.parametrize("name", ["Vacant", "TBD", "Interim", "To be announced", "Open"])
def test_a_vacancy_is_accepted_and_its_role_has_no_person(name: str) -> None:
    vacancy = read(ROW | {"name": name, "direct_phone": "518-555-0142"})
    known = incumbents(ROLES, [seen("Dora Moss", 1, "(518) 555-0111"), vacancy, seen("Unknown", 3)])

    found = known["facility:335001", "don"]
    assert (found.vacant, found.contact.direct_phone, found.changed_on) == (False, "(518) 555-0111", None)

    later = incumbents(ROLES, [seen("Dora Moss", 1, "(518) 555-0111"), replace(vacancy, source_date=date(2026, 6, 5))])
    assert later["facility:335001", "don"].vacant
    assert people_for(ROLES, later, "335001", None).by_role == {}


def test_a_person_after_a_vacancy_is_new_only_if_another_had_the_role_before() -> None:
    assert incumbent(ROLES, [seen("Vacant", 1), seen("Eve Moss", 5)]).changed_on is None
    assert incumbent(ROLES, [seen("Dora Moss", 1), seen("Vacant", 3), seen("Eve Moss", 5)]).changed_on == date(
        2026, 6, 5
    )
    assert incumbent(ROLES, [seen("Dora Moss", 1), seen("Vacant", 3), seen("Dora Moss", 5)]).changed_on is None


def test_a_stored_placeholder_opens_no_gate() -> None:
    known = incumbents(ROLES, [seen("N/A", 1, "(518) 555-0142"), seen("Unknown", 2, "(518) 555-0142")])

    assert people_for(ROLES, known, "335001", None).by_role == {}
    assert missing(people_for(ROLES, known, "335001", None), False, "call", ())


def test_a_surname_that_is_also_a_placeholder_is_a_name() -> None:
    assert (
        people_for(ROLES, incumbents(ROLES, [seen("Jane Open", 1)]), "335001", None).by_role["don"].name == "Jane Open"
    )


@pytest.mark.parametrize(
    "cells, complaint",
    [
        ({"name": "x" * 301}, "name has 301 characters, and at most 300"),
        ({"source": "\U0001f31f" * 1_000_000}, "source has 1,000,000 characters"),
        ({"facility_id": "3.35E+05"}, "wrote it with an exponent"),
        ({"facility_id": "9" * 70_000}, "facility_id has 70,000 characters"),
    ],
)
def test_a_text_that_is_too_long_or_malformed_rejects_only_its_row(
    cells: dict[str, str | None], complaint: str
) -> None:
    with pytest.raises(Reject, match=complaint) as refused:
        read(ROW | cells)

    assert len(str(refused.value)) < 300


def test_numbers_and_special_characters_are_read_as_people_read_them() -> None:
    found = read(
        ROW | {"facility_id": "335001", "direct_phone": "5185550111", "name": "Do\u00adra&nbsp;\uff2doss\x00"},
    )

    assert (found.facility_id, found.direct_phone, found.name) == ("335001", "(518) 555-0111", "Dora Moss")
