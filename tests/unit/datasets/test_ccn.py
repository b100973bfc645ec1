"""Is it said of a spoilt CCN what spoilt it?"""

from __future__ import annotations

import pytest

from datasets.ccn import ccn_of, no_ccn, repaired


@pytest.mark.parametrize("text", ["335001", " 33e123 ", "015001", "05A123"])
def test_a_ccn_is_six_characters_in_capitals(text: str) -> None:
    assert ccn_of(text) == text.strip().upper()


@pytest.mark.parametrize(
    "text, hint",
    [
        ("335001.0", "a program took it for a number; write 335001"),
        ("15001.00", "a program took it for a number; write 015001"),
        ("3.35E+05", "wrote it with an exponent, which loses digits; format the column as text"),
        ("3.35001e5", "wrote it with an exponent, which loses digits"),
        ("3.3E+124", "it may have been 33E123"),
        ("3E+124", "it may have been 30E123"),
        ("15001", "a spreadsheet may have dropped its leading zero; if so, write 015001"),
        ("1234567893", "ten digits are an NPI"),
        ("33-5001", "write 335001"),
        ("\uff13\uff13\uff15\uff10\uff10\uff11", "not six characters like 335001"),
        ("", "not six characters like 335001"),
    ],
)
def test_a_ccn_from_a_spreadsheet_is_told_what_became_of_it(text: str, hint: str) -> None:
    with pytest.raises(ValueError) as refused:
        ccn_of(text)

    assert hint in str(refused.value)


def test_a_long_text_is_not_repeated() -> None:
    assert len(no_ccn("9" * 100_000)) < 200


@pytest.mark.parametrize(
    "text, ccn", [("335001.0", "335001"), ("33e123", "33E123"), ("15001", None), ("15001.0", None)]
)
def test_only_what_is_sure_is_repaired(text: str, ccn: str | None) -> None:
    assert repaired(text) == ccn
