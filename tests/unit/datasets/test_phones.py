"""Are telephone numbers read, compared and written in one format?"""

from __future__ import annotations

import pytest

from engines.datasets.phones import digits_of, found_in, national, spelled_alike, without_extension


@pytest.mark.parametrize("phone", ["5185550111", "518.555.0111", "+1 (518) 555-0111", "1-518-555-0111"])
def test_a_number_in_any_format_is_compared_and_written_in_one(phone: str) -> None:
    assert digits_of(phone) == "5185550111"
    assert spelled_alike(phone) == national(phone) == found_in(f"Call {phone} after noon") == "(518) 555-0111"


@pytest.mark.parametrize("text", [None, "", "12345", "call us", "(118) 555-0111"])
def test_an_invalid_number_is_none(text: str | None) -> None:
    assert national(text) is None


def test_an_extension_is_kept_for_dialing_and_dropped_for_comparison() -> None:
    assert national("518-555-0111 x12") == "(518) 555-0111 ext. 12"
    assert without_extension("518-555-0111 ext. 12") == "518-555-0111"


def test_a_text_with_two_numbers_has_no_unique_number() -> None:
    assert found_in("518-555-0111 or 518-555-0112") is None
    assert found_in("518-555-0111 or (518) 555-0111") == "(518) 555-0111"


def test_a_text_without_ten_digits_is_unchanged() -> None:
    assert spelled_alike("call us") == "call us"
    assert spelled_alike(None) is None
