"""Is a row of a file of aliases read correctly from every publisher?"""

from __future__ import annotations

import pytest

from engines.matching.facilities import OtherName
from engines.packs import headings
from services.matcher.domain.aliases import Unreadable, new_names, read, stated_in
from tests.unit.matcher.building import TRADE, a_facility


@pytest.mark.parametrize(
    "row, names",
    [
        (
            {"CCN": "335001", "ORGANIZATION NAME": "WBX Operating LLC", "DOING BUSINESS AS NAME": "Willow Bend"},
            [OtherName("WBX Operating LLC", "legal"), OtherName("Willow Bend", "dba")],
        ),
        ({"facility_id": "335001", "name": " Old  Willow ", "kind": "Former"}, [OtherName("Old Willow", "former")]),
        ({"facility_id": "335001", "name": "Willow"}, [OtherName("Willow", "dba")]),
        ({"facility_id": "335001", "DBA Name": "N/A"}, []),
        ({"facility_id": "335001", "DBA Name": "Not Available"}, []),
        ({"facility_id": "335001", "DBA Name": "LLC"}, []),
        ({"facility_id": "335001", "name": "Nul\0Manor", "kind": None}, [OtherName("Nul Manor", "dba")]),
    ],
)
def test_names_are_read_by_their_headings(row: dict[str, object], names: list[OtherName]) -> None:
    assert read(row, headings(), TRADE) == ("335001", names)


@pytest.mark.parametrize(
    "row",
    [
        {"facility_id": "33501", "name": "x"},
        {"name": "x"},
        {"facility_id": None, "name": "x"},
        {"facility_id": "335001", "name": "x", "kind": "brand"},
        {"facility_id": "335001", "brand": "x"},
    ],
)
def test_a_row_without_a_ccn_or_a_name_or_of_an_unknown_kind_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        read(row, headings(), TRADE)


def test_a_stored_name_in_another_spelling_is_not_new() -> None:
    facility = a_facility("335001", "Willow Bend Nursing Home", legal="WBX Operating LLC")
    found = [OtherName(name, "dba") for name in ("WILLOW BEND NSG HOME, INC.", "WBX Operating", "Heron Lodge")]

    assert new_names(facility, found, TRADE) == [OtherName("Heron Lodge", "dba")]


@pytest.mark.parametrize("length", [301, 2_704, 8_191, 70_000])
def test_a_name_too_long_for_an_index_rejects_only_its_row(length: int) -> None:
    with pytest.raises(Unreadable, match=r"former has .* characters, and at most 300 are allowed"):
        read({"CCN": "335001", "former name": "x y" * length}, headings(), TRADE)


def test_names_with_special_characters_are_read_as_people_read_them() -> None:
    facility_id, names = read({"CCN": 335001, "former name": "Heron&nbsp;\uff28ill\u00ad\x00"}, headings(), TRADE)

    assert (facility_id, [other.name for other in names]) == ("335001", ["Heron Hill"])


@pytest.mark.parametrize("title", ["CCN", "facility_id", "FacilityId", " CCN "])
def test_a_row_is_locked_by_the_ccn_that_is_read_from_it(title: str) -> None:
    row = {title: " 335001 ", "name": "Larkmoor"}

    assert stated_in(row, headings().key) == read(row, headings(), TRADE)[0] == "335001"
