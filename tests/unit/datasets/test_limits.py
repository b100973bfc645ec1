"""Is a text that is too long refused at input, with its field, length and limit?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.datasets.facts import Headings, read_fact
from engines.datasets.limits import LIMITS
from engines.datasets.registry import Reject, layout_of, read_row
from engines.matching.pack import trade
from engines.packs import section
from services.matcher.domain import aliases
from services.sequencer.domain import lists
from services.sequencer.domain.roles import ContactRoles

ROLES = section("contacts", ContactRoles)
HEADINGS = section("fields", Headings)
TRADE = trade()
TITLES = {"name": "Provider Name", "city": "City", "legal": "LBN", "dba": "DBA Name", "former": "Former Name"}
TITLES |= {"address": "Address", "county": "County", "phone": "Phone", "chain": "Chain", "zip": "Zip"}


def listed(field: str, text: str) -> None:
    row = {"CCN": "335001", "Provider Name": "LARKMOOR", "City": "ALBANY", "State": "NY", "Beds": "1"}
    row[TITLES[field]] = text
    read = read_row(layout_of(HEADINGS, list(row)), 7, list(row.values()), date(2026, 7, 1))
    if isinstance(read, Reject):
        assert (read.line, read.facility_id) == (7, "335001")
        raise ValueError(read.reason)


def named(field: str, text: str) -> None:
    aliases.read({"CCN": "335001", "name": text, "kind": field}, HEADINGS, TRADE)


def contacted(field: str, text: str) -> None:
    row = {"facility_id": "335001", "role": "don", "name": "Dora", "source": "site", "source_date": "2026-07-01"}
    cells = row | {field: text} | ({"role": "regional"} if field == "chain" else {})
    lists.contact_of(cells, HEADINGS.key, ROLES, date(2026, 7, 1))


def stated(field: str, text: str) -> None:
    read_fact(
        HEADINGS,
        {"ccn": "335001", "field": "ownership_type", "value": "x", "as_of": "2026-07-01"} | {field: text},
    )


INPUTS = [
    *((listed, field) for field in TITLES),
    *((named, kind) for kind in ("legal", "dba", "former")),
    *((contacted, field) for field in ("name", "source", "chain", "role", "direct_phone", "email", "source_date")),
    *((stated, field) for field in ("field", "value", "as_of")),
]


@pytest.mark.parametrize("enter, field", INPUTS)
def test_a_text_too_long_for_its_field_is_refused_with_its_length(
    enter: Callable[[str, str], None], field: str
) -> None:
    with pytest.raises(ValueError, match=rf"{field} has 4,000 characters, and at most \d+ are allowed"):
        enter(field, "x" * 4_000)


@given(st.sampled_from(INPUTS), st.integers(0, 5_000), st.sampled_from("xé木🌟"))
def test_a_text_of_any_length_is_refused_or_fits_an_index(
    case: tuple[Callable[[str, str], None], str], length: int, letter: str
) -> None:
    enter, field = case
    try:
        enter(field, letter * length)
    except ValueError:
        return
    assert length * len(letter.encode()) <= 2_700


def test_a_name_as_long_as_its_limit_is_accepted() -> None:
    listed("name", "x" * LIMITS["name"])
