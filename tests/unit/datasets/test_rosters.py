"""Which people does a row of a roster name?"""

from __future__ import annotations

from engines.datasets.facts import Headings
from engines.datasets.rosters import Rosters, people_in
from engines.packs import section

ROSTERS = section("fields", Headings).rosters
ROW = {"medicare_no": "335001", "date_parsed": "2026-07-16", "facility_name": "OAK HOME", "phone": "518-555-0100"}
ADA = {"facility_id": "335001", "source_date": "2026-07-16", "role": "administrator", "name": "MOSS, ADA"}


def test_a_roster_names_a_person_for_each_role_with_a_name() -> None:
    found = people_in(ROSTERS, ROW | {"administrator": "MOSS, ADA", "director_of_nursing": "Ben Fern"})

    assert found == [ADA, ADA | {"role": "don", "name": "Ben Fern"}]  # without the number of the facility


def test_a_row_of_a_roster_without_a_name_names_no_one() -> None:
    assert people_in(ROSTERS, ROW) == []


def test_what_a_row_of_a_roster_states_like_a_contact_list_counts() -> None:
    more = {"facility_id": "335002", "source_url": "https://example.org", "administrator": "MOSS, ADA"}

    assert people_in(ROSTERS, ROW | more) == [ADA | {"facility_id": "335002", "source_url": "https://example.org"}]


def test_a_contact_list_is_left_as_it_is() -> None:
    row = {"facility_id": "335001", "role": "don", "name": "Ben Fern", "administrator": "yes"}

    assert people_in(ROSTERS, row) == [row]
    assert people_in(Rosters(), {"administrator": "MOSS, ADA"}) == [{"administrator": "MOSS, ADA"}]
