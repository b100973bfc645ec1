"""Does a list as CSV run nothing in a spreadsheet?"""

from __future__ import annotations

import pytest

from services.console.domain.spreadsheets import defused, lines


@pytest.mark.parametrize("text", ["=cmd", "+1", "-1", "@x", "\tx", "\rx"])
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert defused(text) == f"'{text}"


def test_other_texts_and_numbers_stay_as_they_are() -> None:
    assert lines([("a=b", -3, None, 'say "x"', "=1,2")]) == 'a=b,-3,,"say ""x""","\'=1,2"\r\n'
