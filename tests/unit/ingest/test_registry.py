"""Is every vintage of a registry file read correctly and completely?"""

from __future__ import annotations

import csv
import gzip
import io
import os
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engines.datasets.facts import Headings, Statement, read_fact
from engines.datasets.key_columns import KeyColumns
from engines.datasets.listing import Identity, Listing, OtherName
from engines.datasets.registry import Layout, Reject, UnknownLayout, layout_of, read_chunk, read_row, without_repeats
from engines.packs import section
from services.ingest.domain.delisting import Delisting, refusal
from services.ingest.domain.facilities import Facility, listed

SHARED = Path(os.environ.get("PIPELINE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
TODAY = date(2026, 7, 1)
BEDS = "Number of Certified Beds"
OLD = ["Federal Provider Number", "Provider Name", "Provider City", "Provider State", "Provider Zip Code", BEDS]
NEW = ["CMS Certification Number (CCN)", "Provider Name", "City/Town", "State", "ZIP Code", BEDS, "Telephone Number"]
API = ["cms_certification_number_ccn", "provider_name", "citytown", "state", "zip_code", "overall_rating"]
OLDEST = ["provnum", "PROVNAME", "CITY", "STATE", "ZIP", "BEDCERT", "LBN", "overall_rating", "FILEDATE"]
JULY = ["ccn", "provider_name", "city", "state", "zip", "npi", "legal_business_name", "overall_stars_feb2026"]


@pytest.fixture(scope="module")
def headings() -> Headings:
    return section("fields", Headings)


def a_row(headings: Headings, header: list[str], cells: list[str]) -> Listing | Reject:
    return read_row(layout_of(headings, header), 2, cells, TODAY)


@pytest.mark.parametrize("header", [OLD, NEW, API, JULY])
def test_every_vintage_of_headings_is_recognized(headings: Headings, header: list[str]) -> None:
    row = a_row(headings, header, ["335999", "LARKMOOR", "ALBANY", "ny", "12207", "", "5185550100", ""][: len(header)])

    assert isinstance(row, Listing)
    assert (row.facility_id, row.identity.city, row.identity.state, row.identity.zip) == (
        "335999",
        "ALBANY",
        "NY",
        "12207",
    )
    assert row.as_of == TODAY


def test_the_headings_of_2019_are_read_with_their_ratings_footnotes_and_date(headings: Headings) -> None:
    more = ["quality_rating", "quality_rating_fn", "staffing_rating", "staffing_rating_fn", "RESTOT", "COUNTY_NAME"]
    cells = ["335999", "LARKMOOR", "ALBANY", "NY", "12207", "120", "LARK LLC", "3", "2019-03-01"]

    row = a_row(headings, [*OLDEST, *more], [*cells, "2", "", "", "18", "101", "Albany"])

    assert isinstance(row, Listing)
    assert (row.identity.name, row.identity.other_names, row.identity.county) == (
        "LARKMOOR",
        (OtherName("LARK LLC", "legal"),),
        "Albany",
    )
    assert row.as_of == date(2019, 3, 1)
    assert {fact.field: fact.value for fact in row.facts} == {
        "certified_beds": "120",
        "overall_rating": "3",
        "qm_rating": "2",
        "staffing_rating": None,
        "residents_per_day": "101",
    }


@pytest.mark.parametrize("state", ["New York", "new york", "N.Y.", "US-NY"])
def test_a_state_may_be_spelled_out(headings: Headings, state: str) -> None:
    row = ["335999", "LARKMOOR", "ALBANY", state, "12207", "", "5185550100"]

    chunk = read_chunk(layout_of(headings, NEW), [(2, row)], "NY", TODAY)

    assert [(one.facility_id, one.identity.state) for one in chunk.listings] == [("335999", "NY")]


def test_an_unknown_layout_is_refused_with_the_missing_columns(headings: Headings) -> None:
    with pytest.raises(UnknownLayout, match=r"missing ccn .* city "):
        layout_of(headings, ["Name", "State", "Something New"])


PENALTIES = [*OLD[:5], "Provider Address", "Penalty Date", "Penalty Type", "Fine Amount", "Location", "Processing Date"]
DEFICIENCIES = [*NEW[:5], "Provider Address", "Survey Date", "Survey Type", "Deficiency Tag Number", "Processing Date"]


@pytest.mark.parametrize("header", [PENALTIES, DEFICIENCIES])
def test_a_dataset_that_merely_names_facilities_is_not_a_registry(headings: Headings, header: list[str]) -> None:
    with pytest.raises(UnknownLayout, match=r"not a registry: it has none of Number of .* Legal Business"):
        layout_of(headings, header)


def test_a_cell_states_a_value_or_unknown_or_nothing(headings: Headings) -> None:
    header = [*NEW, "QM Rating", "QM Rating Footnote", "Staffing Rating", "Overall Rating", "Number of Fines"]
    header += ["Total Amount of Fines in Dollars", "Processing Date"]

    row = a_row(
        headings,
        header,
        ["335999", "LARKMOOR", "ALBANY", "NY", "", "", "", "", "18", "", "5.0", "x", "$1,250.50", "2026-06-01"],
    )

    assert isinstance(row, Listing)
    assert {(fact.field, fact.value) for fact in row.facts} == {
        ("qm_rating", None),
        ("overall_rating", "5"),
        ("fines_total", "1250.5"),
    }
    assert {fact.as_of for fact in row.facts} == {date(2026, 6, 1)}
    assert row.warnings == ("fines_count 'x' is not a number",)


@pytest.mark.parametrize(
    "cells, reason, facility_id",
    [
        (["35999", "LARKMOOR", "ALBANY", "NY", "12207", "9"], "CCN '35999'", None),
        (["335999", "", "ALBANY", "NY", "12207", "9"], "name missing", "335999"),
        (["335999", "LARKMOOR", "", "NY", "12207", "9"], "city missing", "335999"),
        (
            ["335999", "LARKMOOR", "ALBANY", "Ontario", "12207", "9"],
            "state 'Ontario' of CCN 335999 is not a state",
            "335999",
        ),
        (["335999", "LARKMOOR", "ALBANY", "", "12207", "9"], "state missing", "335999"),
        (["335999", "LARKMOOR", "ALBANY"], "3 cells where the header has 6", "335999"),
        ([], "0 cells", None),
    ],
)
def test_an_invalid_row_is_rejected_with_its_reason(
    headings: Headings, cells: list[str], reason: str, facility_id: str | None
) -> None:
    row = a_row(headings, OLD, cells)

    assert isinstance(row, Reject)
    assert reason in row.reason
    assert row.facility_id == facility_id


def test_other_names_are_those_that_differ_from_the_name(headings: Headings) -> None:
    header = [*NEW, "legal_business_name", "dba_name", "name_2023", "name_2021"]

    row = a_row(
        headings, header, ["335999", "LARKMOOR", "X", "NY", "", "", "", "Larkmoor, LLC", "Lark-moor", "N/A", "Old Moor"]
    )

    assert isinstance(row, Listing)
    assert row.identity.other_names == (OtherName("Larkmoor, LLC", "legal"), OtherName("Old Moor", "former"))


def test_phones_and_zips_of_all_vintages_have_one_format(headings: Headings) -> None:
    rows = [
        a_row(headings, NEW, ["335999", "L", "X", "NY", postcode, "", phone])
        for postcode, phone in [
            ("122071234", "5185550100"),
            ("12207-1234", "(518)555-0100"),
            ("12207 1234", "1 518.555.0100"),
        ]
    ]

    assert {(r.identity.zip, r.identity.phone) for r in rows if isinstance(r, Listing)} == {
        ("12207-1234", "(518) 555-0100")
    }


def test_rows_of_other_states_are_skipped_repeats_rejected_and_empty_lines_ignored(headings: Headings) -> None:
    rows = [
        ["335999", "L", "X", "NY", "", ""],
        ["015009", "A", "Y", "AL", "", ""],
        ["335999", "M", "X", "NY", "", ""],
        ["bad", "M", "X", "AL", "", ""],
        [],
        ["", " ", "", "", "", ""],
    ]

    chunk = without_repeats(read_chunk(layout_of(headings, OLD), enumerate(rows, 2), "NY", TODAY), {"335999": 2})

    assert ([one.identity.name for one in chunk.listings], chunk.skipped) == (["L"], 2)
    assert [(r.line, r.reason) for r in chunk.rejects] == [(4, "335999 is on line 2 already")]


def an_identity(name: str = "LARKMOOR") -> Identity:
    return Identity(name, (), None, "ALBANY", "NY", None, None, None, None)


def a_listing(name: str, as_of: date) -> Listing:
    return Listing(2, "335999", an_identity(name), as_of, ())


def test_an_older_file_does_not_change_a_newer_listing() -> None:
    stored = listed(None, a_listing("NEW NAME", date(2026, 7, 1)), 1)

    assert listed(stored, a_listing("OLD NAME", date(2021, 8, 1)), 2) == stored


def test_a_replaced_name_is_stored_as_a_former_name() -> None:
    stored = listed(None, a_listing("OLD NAME", date(2021, 8, 1)), 1)

    renamed = listed(stored, a_listing("NEW NAME", date(2026, 7, 1)), 2)
    again = listed(renamed, a_listing("NEW NAME", date(2026, 7, 1)), 3)

    assert (renamed.version, renamed.identity.other_names) == (2, (OtherName("OLD NAME", "former"),))
    assert (again.version, again.identity) == (2, renamed.identity)


def test_a_delisted_facility_is_listed_again_only_by_a_file_that_is_not_older() -> None:
    gone = Facility("335999", 2, an_identity(), date(2026, 1, 1), 1, True, date(2026, 3, 1))

    assert listed(gone, a_listing("LARKMOOR", date(2026, 2, 1)), 2) == gone
    back = listed(gone, a_listing("LARKMOOR", date(2026, 3, 1)), 2)
    assert (back.delisted, back.version) == (False, 3)


def a_delisting(**changes: Any) -> Delisting:
    usual: dict[str, Any] = {
        "complete": "NY",
        "as_of": date(2026, 7, 1),
        "stored_as_of": date(2026, 7, 1),
        "listed": 98,
    }
    usual |= {"stored": {"NY": 100}, "missing": {"NY": 2}, "rejected": (), "cut": None, "confirmed": None}
    return Delisting(**usual | {"max_share": Decimal("0.05")} | changes)


@pytest.mark.parametrize(
    "changes, note",
    [
        ({}, None),
        ({"as_of": date(2026, 6, 30)}, "is of 2026-06-30"),
        ({"as_of": date(2026, 6, 30), "confirmed": 2}, "is of 2026-06-30"),
        ({"listed": 0}, "lists no facility"),
        ({"rejected": [17]}, "1 row was rejected (line 17)"),
        ({"rejected": [17], "missing": {}}, "1 row was rejected (line 17)"),
        ({"rejected": range(2, 40)}, "38 rows were rejected (lines 2, 3, 4, 5, 6 and 33 more)"),
        ({"cut": "line 9 is short"}, "may be truncated (line 9 is short)"),
        ({"missing": {"NY": 5}}, None),
        ({"missing": {"NY": 6}}, "6 of 100 listed facilities are missing, 6%, and more than 5% need a confirmation"),
        ({"missing": {"NY": 6}, "rejected": [17], "cut": "x", "confirmed": 6}, None),
        ({"confirmed": 3}, "3 were to be delisted, but 2 are missing"),
        ({"stored": {}, "missing": {}}, None),
        (
            {"complete": "US", "stored": {"NY": 100, "WY": 2}, "missing": {"WY": 2}},
            "the file has no facility of WY any more",
        ),
        (
            {"complete": "US", "stored": {"NY": 600, "TX": 1_200, "AK": 20}, "missing": {"NY": 31, "TX": 40, "AK": 4}},
            "31 of 600 facilities of NY are missing, and more than 5% need a confirmation",
        ),
    ],
)
def test_an_unusual_delisting_is_refused_unless_a_person_confirms_the_number(
    changes: dict[str, Any], note: str | None
) -> None:
    reason = refusal(a_delisting(**changes))

    assert reason is None if note is None else note in (reason or "")


@pytest.mark.parametrize(
    "field, value, stored",
    [
        ("qm_rating", "2.0", "2"),
        ("medicaid_share", "0.650", "0.65"),
        ("last_f641_on", "03/05/2026", "2026-03-05"),
        ("mds_volume", "100", "100"),
        ("mds_volume", "", None),
    ],
)
def test_a_fact_is_stored_in_one_format(headings: Headings, field: str, value: str, stored: str | None) -> None:
    fact = read_fact(headings, {"ccn": "335999", "field": field, "value": value, "as_of": "2026-03-31"})

    assert fact == Statement("335999", field, stored, date(2026, 3, 31))


@pytest.mark.parametrize(
    "wrong, reason",
    [
        ({"ccn": "3"}, "CCN '3'"),
        ({"field": "charm"}, "field 'charm' is unknown"),
        ({"value": "6"}, "not between 1 and 5"),
        ({"value": "2.5"}, "not an integer"),
        ({"value": "1e999999"}, "not a number"),
        ({"as_of": "soon"}, "not a date"),
    ],
)
def test_an_invalid_fact_is_rejected_with_its_reason(headings: Headings, wrong: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_fact(headings, {"ccn": "335999", "field": "qm_rating", "value": "2", "as_of": "2026-03-31", **wrong})


@pytest.mark.parametrize("name, count", [("NH_ProviderInfo_Aug2021.csv.zip", 616), ("registry_jul2026.csv.gz", 594)])
def test_the_real_files_list_every_facility_of_new_york(headings: Headings, name: str, count: int) -> None:
    path = SHARED / "cms" / name
    if not path.exists():
        pytest.skip(f"no reference data at {SHARED}; set PIPELINE_SHARED_DATA to its folder")
    header, *rows = csv.reader(io.StringIO(_text_of(path)))

    chunk = read_chunk(layout_of(headings, header), enumerate(rows, 2), "NY", TODAY)

    assert (len(chunk.listings), chunk.rejects) == (count, ())
    assert not [warning for one in chunk.listings for warning in one.warnings]


def _text_of(path: Path) -> str:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes()).decode()
    with zipfile.ZipFile(path) as archive:
        return archive.read(archive.namelist()[0]).decode("cp1252")


@pytest.mark.parametrize("heading", ["name", "city", "address", "county", "chain", "phone", "legal", "dba"])
@pytest.mark.parametrize("length", [301, 2_704, 8_191, 70_000, 1_000_000])
def test_a_text_too_long_for_an_index_rejects_only_its_row(headings: Headings, heading: str, length: int) -> None:
    layout = Layout(
        KeyColumns(headings.key, (0,)),
        11,
        {
            title: (place,)
            for place, title in enumerate("facility_id name city state address county chain phone zip".split())
        }
        | {"legal": (9,), "dba": (10,), "former": (), "as_of": ()},
        (),
    )
    cells = ["335001", "Larkmoor", "Albany", "NY", "", "", "", "", "", "", ""]
    place = layout.identity[heading][0]

    good = read_row(layout, 2, cells, date(2026, 7, 1))
    bad = read_row(layout, 3, [*cells[:place], "\u00e9" * length, *cells[place + 1 :]], date(2026, 7, 1))

    assert isinstance(good, Listing)
    assert isinstance(bad, Reject)
    assert (bad.line, bad.facility_id) == (3, "335001")
    assert "characters, and at most" in bad.reason


def test_a_name_with_special_characters_is_read_as_people_read_it(headings: Headings) -> None:
    layout = Layout(
        KeyColumns(headings.key, (0,)),
        4,
        {title: (place,) for place, title in enumerate("facility_id name city state".split())}
        | dict.fromkeys("address county chain phone zip legal dba former as_of".split(), ()),
        (),
    )

    found = read_row(layout, 2, ["335001", "Lark\u00admoor &amp; Co\x00", "\uff21lbany", "NY"], date(2026, 7, 1))

    assert isinstance(found, Listing)
    assert (found.identity.name, found.identity.city) == ("Larkmoor & Co", "Albany")


def test_the_columns_that_nothing_reads_are_known(headings: Headings) -> None:
    header = [*NEW, "Overall Rating", "Overall Rating Footnote", "Fax", "", "State"]

    assert layout_of(headings, header).unread(header) == ["Fax", "State"]
