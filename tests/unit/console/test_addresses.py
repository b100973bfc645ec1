"""Do addresses of pages contain what is asked for, and are those that ask for nothing real refused?"""

from __future__ import annotations

import pytest

from services.console.domain.addresses import address_of, page_in
from services.console.rendering.shapes import Slice, slice_of
from services.console.usecases.addresses import reading_address
from shared.contracts.refusals import Refused


def test_an_address_leaves_out_what_is_empty_and_keeps_zero() -> None:
    assert address_of("/events", {"subject": "", "rep": None, "over": False}) == "/events"
    assert address_of("/scores", {"low": 0, "q": "a&b c"}) == "/scores?low=0&q=a%26b+c"


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "10000", "\u0663", "9" * 5_000, " 1", "1\n"])
def test_a_page_that_no_list_has_is_refused(page: str) -> None:
    with pytest.raises(Refused, match="This address is not complete: there is no page"), reading_address():
        page_in({"page": page})


def test_the_first_page_is_shown_if_none_is_named() -> None:
    assert page_in({}) == page_in({"page": ""}) == 1


def test_the_pages_of_a_list_lead_from_its_first_row_to_its_last() -> None:
    def href(page: int) -> str:
        return f"/{page}"

    shown = [slice_of(page, 50, 120, href) for page in (1, 2, 3, 4)]
    assert shown == [
        Slice(1, 50, 120, "", "/2"),
        Slice(51, 100, 120, "/1", "/3"),
        Slice(101, 120, 120, "/2", ""),
        None,
    ]
    assert slice_of(9_999, 1, 10_000, href) == Slice(9_999, 9_999, 10_000, "/9998", ""), "no link to what is refused"
    assert slice_of(1, 50, 0, href) is None
