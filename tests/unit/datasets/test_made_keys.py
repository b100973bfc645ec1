"""Is an account without a key identified by its name and place, whichever file names it?"""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engines.datasets.account_key import AccountKey
from engines.datasets.facts import FieldRule, Headings
from engines.datasets.quality import Row, must_state, read, recognize
from engines.datasets.registry import Reject, UnknownLayout, layout_of, read_chunk, read_row, without_repeats
from engines.datasets.snapshots import earlier_days
from engines.matching.pack import trade
from engines.matching.registry import Layout, UnknownRegistry

SHARED = Path(os.environ.get("PIPELINE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
SITES = SHARED / "clinics" / "hrsa_health_center_sites.csv.gz"
TODAY = date(2026, 7, 1)
KEY = AccountKey(
    column="clinic_id",
    name="clinic ID",
    title="clinic ID",
    pattern="CL-[0-9A-HJKMNP-TV-Z]{10}",
    form="CL- and ten characters",
    made_of=("name", "city", "state"),
    prefix="CL-",
)
HEADINGS = Headings(
    key=KEY,
    identity={
        "facility_id": ("Clinic ID",),
        "name": ("Site Name", "Name"),
        "city": ("City", "County"),
        "state": ("State",),
        **dict.fromkeys(("address", "zip", "county", "phone", "chain", "as_of"), ()),
        "as_of": ("As Of",),
    },
    required=("name", "city", "state"),
    facts=(FieldRule("locations", "integer", headings=("Locations",)),),
)
HEADER = ["Site Name", "City", "State", "Locations"]


def key_in(header: Sequence[str], *cells: str) -> str | None:
    return read_row(layout_of(HEADINGS, header), 2, cells, TODAY).facility_id


def test_the_same_name_and_place_have_the_same_key_however_they_are_written() -> None:
    written = [
        ("Family Care Center", "Austin", "TX"),
        ("FAMILY CARE-CENTER ", "austin", "Texas"),
        ("Family&nbsp;Care Center.", "Austin", "tx"),
    ]
    keys = {key_in(HEADER, *each, "") for each in written}

    assert keys == {"CL-W3AEM0JW8P"}
    assert key_in(HEADER, "Family Care Center", "Dallas", "TX", "") not in keys


def test_the_key_does_not_change_when_a_list_gains_columns_or_loses_its_city_column() -> None:
    short = key_in(["Name", "State", "County"], "Oak Clinic", "TX", "Travis")

    assert short == key_in(["County", "State", "Zip", "Name", "Locations"], "Travis", "TX", "78701", "Oak Clinic", "3")
    assert short == key_in(["Name", "City", "County", "State"], "Oak Clinic", "", "Travis", "TX")


def test_every_reader_of_files_makes_the_same_key() -> None:
    cells = ["O&#39;Hara  Clinic", "Austin", "TX", "3"]
    found = must_state(recognize(HEADINGS, HEADER), HEADINGS)
    [row] = read(found, HEADINGS, [(2, cells)], TODAY)
    named = Layout(HEADINGS, HEADER).facility(cells)

    assert isinstance(row, Row)
    assert not isinstance(named, str)
    assert key_in(HEADER, *cells) == row.facility_id == named.facility_id


def test_a_key_that_a_file_states_counts() -> None:
    assert key_in(["Clinic ID", *HEADER], "cl-0000000001", "Oak Clinic", "Austin", "TX", "") == "CL-0000000001"

    refused = read_row(layout_of(HEADINGS, ["Clinic ID", *HEADER]), 2, ["", "Oak Clinic", "Austin", "TX", ""], TODAY)
    assert isinstance(refused, Reject)
    assert refused.reason.startswith("clinic ID '' is not CL- and ten characters")


@pytest.mark.parametrize(
    "cells, reason",
    [
        (["", "Austin", "TX", ""], "name missing, of which the clinic ID is made"),
        (["???", "", "TX", ""], "name and city missing, of which the clinic ID is made"),
        (["Oak Clinic", "Austin", "", ""], "state missing, of which the clinic ID is made"),
        (["Oak Clinic", "Austin", "Quebec", ""], "state 'Quebec' is not a state; write NY or New York"),
        (["Oak Clinic", "Austin"], "2 cells where the header has 4"),
    ],
)
def test_a_row_of_which_no_key_can_be_made_is_rejected_with_the_reason(cells: list[str], reason: str) -> None:
    for read_it in (
        read_row(layout_of(HEADINGS, HEADER), 2, cells, TODAY),
        next(iter(read(recognize(HEADINGS, HEADER), HEADINGS, [(2, cells)], TODAY))),
    ):
        assert isinstance(read_it, Reject)
        assert read_it.reason == reason


def test_a_file_with_neither_a_key_nor_its_parts_is_refused() -> None:
    header = ["Name", "State", "Locations"]

    with pytest.raises(UnknownLayout, match=r"missing city \(as City or County\)"):
        layout_of(HEADINGS, header)
    with pytest.raises(UnknownLayout, match="it has no column Clinic ID"):
        recognize(HEADINGS, header)
    with pytest.raises(UnknownRegistry):
        Layout(HEADINGS, header)


def test_several_days_of_a_list_without_keys_are_distinguished_by_what_the_key_is_made_of() -> None:
    layout = layout_of(HEADINGS, [*HEADER, "As Of"])
    rows = [[name, "Austin", "TX", "1", day] for day in ("2026-01-01", "2026-02-01") for name in ("Oak", "Elm", "Ash")]

    assert list(earlier_days(layout, rows)) == ["2026-01-01"]


@pytest.mark.parametrize(
    "wrong, problem",
    [
        ({"prefix": "X-"}, "pattern does not match keys that are made, such as X-0123456789"),
        ({"prefix": "cl-"}, "prefix is in capitals: CL-"),
        ({"made_of": ("city", "state")}, "made_of must have name"),
        ({"made_of": ()}, "prefix is for keys that are made"),
    ],
)
def test_a_pack_whose_keys_cannot_be_made_is_refused(wrong: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        replace(KEY, **wrong)


def test_a_pack_that_demands_a_column_for_keys_that_are_made_is_refused() -> None:
    with pytest.raises(ValueError, match="required has facility_id"):
        replace(HEADINGS, required=("facility_id", "name"))
    with pytest.raises(ValueError, match=r"identity\.city has no headings"):
        replace(HEADINGS, identity={**HEADINGS.identity, "city": ()})


@pytest.mark.skipif(not SITES.exists(), reason="needs the shared data")
def test_the_list_of_health_center_sites_which_has_no_keys_is_listed_and_only_repeated_rows_are_rejected() -> None:
    with gzip.open(SITES, "rt", encoding="utf-8", newline="") as file:
        rows = list(enumerate(csv.reader(file), start=1))
    [(_, header), *lines] = rows
    chunk = read_chunk(layout_of(HEADINGS, header), lines, None, TODAY)
    first = {one.facility_id: one.line for one in reversed(chunk.listings)}
    known = without_repeats(chunk, first)
    matched = Layout(HEADINGS, header)
    facilities = [matched.facility(cells) for _, cells in lines]

    assert (len(known.listings), len(known.rejects)) == (18_083, 572)
    assert all(f"is on line {first[one.facility_id or '']} already" in one.reason for one in known.rejects)
    assert Counter(type(one).__name__ for one in facilities) == {"Facility": 18_655}
    assert {one.facility_id for one in facilities if not isinstance(one, str)} == set(first)
    assert trade().normalize(known.listings[0].identity.name)
