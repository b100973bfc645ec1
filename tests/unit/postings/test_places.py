"""Which city, state and ZIP code does the text of a place name?"""

from __future__ import annotations

import pytest

from engines.postings.places import place, structured


@pytest.mark.parametrize(
    "written, city, state, zip_code",
    [
        ("Albany, NY", "Albany", "NY", None),
        ("Albany, New York, United States", "Albany", "NY", None),
        ("US, NY, New York", "New York", "NY", None),
        ("New York", "New York", "NY", None),
        ("US-NY-Saratoga Springs", "Saratoga Springs", "NY", None),
        ("ALBANY, NY, US, 12207-4203 +1 more…", "ALBANY", "NY", "12207-4203"),
        ("Albany NY 12207", "Albany", "NY", "12207"),
        ("1 Elm St, Albany, NY 12207", "Albany", "NY", "12207"),
        ("Albany, NY; Troy, NY", "Albany", "NY", None),
        ("Remote - Texas", None, "TX", None),
        ("Kansas City, MO (Hybrid)", "Kansas City", "MO", None),
        ("Washington, DC", "Washington", "DC", None),
        ("Ridgeley, Mineral County", "Ridgeley", None, None),
        ("Chicago, IL, Cook County", "Chicago", "IL", None),
        ("Birch House Care Center", None, None, None),
        ("Briarcliff Manor, NY", "Briarcliff Manor", "NY", None),
        ("3 Locations", None, None, None),
        ("Remote", None, None, None),
        ("United States", None, None, None),
        ("Perth, WA, Australia", "Perth", None, None),
        ("Germany, Munich", "Munich", None, None),
        ("Sydney, New South Wales, Australia", "Sydney", None, None),
    ],
)
def test_a_place_is_read_as_systems_write_it(
    written: str, city: str | None, state: str | None, zip_code: str | None
) -> None:
    assert place(written)[:3] == (city, state, zip_code)


def test_nothing_abroad_is_taken_for_a_state_or_a_zip_code() -> None:
    assert structured("Perth", "WA", "60001", None, "AU") == ("Perth", None, None, None)
    assert structured("Ottawa", "Ontario", "K1A 0B1", None, {"x": 1})[:2] == ("Ottawa", None)
    assert structured("Ottawa", "Ontario", "K1A 0B1", None, "Canada") == ("Ottawa", "Ontario", "K1A 0B1", None)


def test_the_zero_that_a_program_dropped_is_restored() -> None:
    assert structured("Hackensack", "New Jersey", 7601).zip == "07601"
