"""Are all values read that clients of the Reconciliation Service API send, and are unreadable ones reported?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from engines.matching.facilities import Employer
from engines.packs import account_key
from services.matcher.domain.reconciliation_queries import MAX_NOTES, Query, read


def query_with(**properties: Any) -> Query:
    return read(
        {"query": "Willow Bend", "properties": [{"pid": pid, "v": v} for pid, v in properties.items()]}, account_key()
    )


def employer(**fields: Any) -> Employer:
    return Employer("Willow Bend", **fields)


@pytest.mark.parametrize(
    "properties, place",
    [
        ({"state": {"id": "Q1384", "name": "NY"}, "city": {"id": "Q18094", "name": "Utica"}}, ("Utica", "NY")),
        ({"state": {"id": "NY"}, "city": {"id": "Utica"}}, ("Utica", "NY")),
        ({"state": {"id": "US-NY", "name": "Empire State"}, "city": "Utica"}, ("Utica", "NY")),
        ({"state": "New York", "city": "Utica"}, ("Utica", "NY")),
        ({"state": " new york ", "city": "Utica"}, ("Utica", "NY")),
        ({"state": "N.Y.", "city": "Utica"}, ("Utica", "NY")),
        ({"state": ["New York"], "city": [{"id": "Q1", "name": "Utica"}]}, ("Utica", "NY")),
        ({"state": [None, "", "NY", "New York"], "city": ["n/a", "Utica"]}, ("Utica", "NY")),
        ({"State": "NY", "CITY": "Utica"}, ("Utica", "NY")),
        ({"city": "Utica, New York"}, ("Utica", "NY")),
        ({"city": "Utica, NY", "state": "NY"}, ("Utica", "NY")),
        ({"city": "\uff35tica&nbsp;", "state": "NY"}, ("Utica", "NY")),
    ],
)
def test_reconciled_cells_lists_and_full_state_names_are_read(
    properties: dict[str, Any], place: tuple[str, str]
) -> None:
    query = query_with(**properties)

    assert (query.employer, query.notes, query.is_complete) == (employer(city=place[0], state=place[1]), (), True)


@pytest.mark.parametrize(
    "pid, value, text",
    [
        ("zip", 12207, "12207"), ("zip", 6010, "06010"), ("zip", 12207.0, "12207"), ("zip", "12207-1234", "12207"),
        ("zip", 60101234, "06010"), ("zip", "122071234", "12207"), ("zip", "12207-", "12207"),
        ("phone", 5185550100, "5185550100"), ("phone", 5185550100.0, "5185550100"),
        ("phone", "(518) 555-0100 x12", "(518) 555-0100"), ("address", 12, "12"),
        ("facility_id", 335001, "335001"), ("facility_id", 335001.0, "335001"), ("facility_id", "33a001", "33A001"),
        ("facility_id", {"id": "335001", "name": "Willow Bend Nursing Home"}, "335001"),
        ("facility_id", {"id": "Q99", "name": "335001"}, "335001"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_their_digits(pid: str, value: Any, text: str) -> None:
    query = query_with(**{pid: value})

    assert (query.employer, query.notes) == (employer(**{pid: text}), ())


@pytest.mark.parametrize("value", [None, "", " ", "n/a", "N/A", "-", "null", "unknown", [], [""], {"id": ""}, {}])
@pytest.mark.parametrize("pid", ["city", "state", "zip", "phone", "facility_id"])
def test_an_empty_cell_is_ignored_without_a_note(pid: str, value: Any) -> None:
    query = query_with(**{pid: value})

    assert (query.employer, query.notes, query.is_complete) == (employer(), (), True)


@pytest.mark.parametrize(
    "properties, note, is_complete",
    [
        ({"state": "Ontario"}, "`state` 'Ontario' is not a state; write NY or New York.", False),
        ({"state": {"id": "Q1384"}}, "`state` 'Q1384' is not a state; write NY or New York.", False),
        ({"state": True}, "`state` must be a text, not true.", False),
        ({"city": [["Utica"]]}, "`city` must be a text, not a list.", False),
        ({"city": {"id": {"x": 1}}}, "`city` must be a text, not an object.", False),
        ({"city": {"x": 1}}, "`city` is an object without `id` and `name`.", False),
        ({"city": float("nan")}, "`city` is not a plausible number.", False),
        ({"city": ["Utica", "Rome"]}, "`city` has several values, of which only the first is read: 'Utica'.", False),
        (
            {"facility_id": 15009},
            "`ccn` '15009' is not six characters like 335001: a spreadsheet may have dropped",
            False,
        ),
        ({"zip": "twelve"}, "`zip` 'twelve' is not a ZIP code; write five digits, such as 12207.", True),
        ({"phone": "555-0100"}, "`phone` '555-0100' is not a telephone number of ten digits.", True),
        ({"address": "x" * 301}, "`address` has 301 characters; at most 300 are accepted.", True),
        ({"county": "Oneida"}, "`county` is not a known property; these are: city, state, zip", True),
    ],
)
def test_an_unreadable_value_has_a_note_and_the_rest_is_used(
    properties: dict[str, Any], note: str, is_complete: bool
) -> None:
    query = query_with(title="SNF nurse", **properties)

    assert len(query.notes) == 1
    assert query.notes[0].startswith(note)
    assert query.is_complete == is_complete
    assert (query.employer.name, query.employer.title) == ("Willow Bend", "SNF nurse")


@pytest.mark.parametrize(
    "limit, wanted, notes",
    [(3, 3, 0), ("3", 3, 0), ("3.0", 3, 0), (2.7, 2, 0), (0, 1, 0), (-5, 1, 0), (10**400, 5, 1), (None, 5, 0),
     ("many", 5, 1), ([], 5, 1), (True, 5, 1), ("", 5, 0)],
)  # fmt: skip
def test_a_limit_is_read_in_every_format(limit: Any, wanted: int, notes: int) -> None:
    query = read({"query": "x", "limit": limit}, account_key())

    assert (query.limit, len(query.notes)) == (wanted, notes)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=400),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "name", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    JSON,
    st.dictionaries(st.sampled_from(["city", "state", "zip", "phone", "facility_id", "title", "beds"]), JSON),
    JSON,
)
def test_any_json_is_read_or_has_a_note(query: Any, properties: dict[str, Any], limit: Any) -> None:
    name = query if isinstance(query, str) and len(query) <= 300 else "Willow Bend"
    found = read(
        {"query": name, "limit": limit, "properties": [{"pid": p, "v": v} for p, v in properties.items()]},
        account_key(),
    )

    assert len(found.notes) <= MAX_NOTES
    assert 1 <= found.limit <= 5
    to_json(found.notes)
