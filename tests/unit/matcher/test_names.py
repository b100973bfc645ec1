"""Are different spellings of a name equal, and different names different?"""

from __future__ import annotations

import string
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.matching.names import forms_of, forms_of_employer, has_phrase, trigrams
from tests.unit.matcher.building import TRADE


@pytest.mark.parametrize(
    "one, other",
    [
        ("WILLOW BEND NSG & REHAB CTR, L.L.C.", "Willow Bend Nursing and Rehabilitation Center LLC"),
        ("St. Brannoc's Home", "Saint Brannocs Home"),
        ("Fern Hill Health Care Centre", "FERN HILL HEALTHCARE CENTER"),
        ("S & L Gorse, LLC", "S&L Gorse"),
        ("Tern Point II", "Tern Point 2"),
        ("Café Élan Manor", "Cafe Elan Manor"),
        ("The Gardens at Tern Point", "Garden of Tern Point"),
        ("Mt. Larch H.C.C.", "Mount Larch Health Care Center"),
    ],
)
def test_spellings_of_one_name_are_equal(one: str, other: str) -> None:
    assert TRADE.normalize(one) == TRADE.normalize(other)


@pytest.mark.parametrize(
    "one, other",
    [("Tern Point North", "Tern Point South"), ("Tern Point 2", "Tern Point 3"), ("Fern Hill", "Fir Hill")],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert TRADE.normalize(one) != TRADE.normalize(other)


@pytest.mark.parametrize("between", ["d/b/a", "DBA", "d.b.a.", "a/k/a"])
def test_both_names_around_doing_business_as_are_forms(between: str) -> None:
    forms = forms_of(f"TPX Operating LLC {between} Tern Point Manor", TRADE)

    assert {("tpx", "operating"), ("tern", "point", "manor")} <= set(forms)


def test_one_form_leaves_out_a_remark_in_brackets() -> None:
    assert ("tern", "point", "manor") in forms_of("Tern Point Manor (NH)", TRADE)


@given(st.text(alphabet=string.printable, max_size=60))
def test_neither_case_nor_space_around_a_name_matters(text: str) -> None:
    assert TRADE.normalize(f"  {text.upper()} ") == TRADE.normalize(text.lower())


def test_a_phrase_is_found_only_as_complete_words() -> None:
    assert has_phrase("tern home care", "home care")
    assert not has_phrase("tern home careful", "home care")


def test_trigrams_are_those_of_pg_trgm() -> None:
    assert trigrams("cat") == {"  c", " ca", "cat", "at "}


@pytest.mark.parametrize(
    "odd", ["d" + " " * 50_000 + "(", "a -" + " " * 50_000 + "b", "(" * 50_000, "(a)" + "[" * 50_000]
)
def test_a_malformed_name_does_not_take_quadratic_time(odd: str) -> None:
    begun = process_time()
    forms_of_employer(odd, TRADE)

    assert process_time() - begun < 1  # quadratic time takes more than ten seconds
