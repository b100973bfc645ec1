"""Which state is a text?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.datasets.states import _KNOWN, _NAMES, COUNTRIES, LONGEST, _spellings, state_of


@pytest.mark.parametrize(
    "text, state",
    [
        ("NY", "NY"), ("ny", "NY"), (" N.Y. ", "NY"), ("N. Y.", "NY"), ("New York", "NY"), ("new  york", "NY"),
        ("NEW YORK STATE", "NY"), ("State of New York", "NY"), ("US-NY", "NY"), ("NY, USA", "NY"),
        ("NY - New York", "NY"), ("New York (NY)", "NY"), ("NY 12207", "NY"),
        ("New\u00a0York", "NY"), ("\uff2e\uff39", "NY"),
        ("Washington", "WA"), ("Washington, D.C.", "DC"), ("District of Columbia", "DC"), ("West Virginia", "WV"),
        ("Virginia", "VA"), ("Commonwealth of Massachusetts", "MA"), ("Calif.", "CA"), ("Puerto Rico", "PR"),
        ("U.S. Virgin Islands", "VI"), ("Arkansas", "AR"), ("Kansas", "KS"), ("N. Dak.", "ND"), ("ON", "ON"),
    ],
)  # fmt: skip
def test_a_state_is_recognized_in_every_spelling(text: str, state: str) -> None:
    assert state_of(text) == state


@pytest.mark.parametrize(
    "text", ["", "N", "36", "Newark", "New York, New Jersey", "Ontario", "NYC", "A1B", "x" * 10_000]
)
def test_other_texts_are_not_a_state(text: str) -> None:
    assert state_of(text) is None


def test_no_spelling_belongs_to_two_states() -> None:
    spellings = [
        (own + country, code)
        for code, names in _NAMES.items()
        for own in _spellings(code, names.split("|"))
        for country in ("", *COUNTRIES)
    ]

    assert [(spelling, code) for spelling, code in spellings if _KNOWN[spelling] != code] == []


@given(st.text(max_size=LONGEST + 5))
def test_any_text_is_a_code_of_two_letters_or_nothing(text: str) -> None:
    found = state_of(text)

    assert found is None or (len(found) == 2 and found.isascii() and found.isupper())
