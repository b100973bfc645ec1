"""Is a view the filters of a list, and nothing else?"""

from __future__ import annotations

import pytest

from services.console.domain.saving import LISTS, address, address_of_view
from services.console.screens.surface import PAGES


def test_a_view_is_the_filters_of_a_list_without_the_page_and_what_is_opened() -> None:
    query = [("tier", "1"), ("page", "3"), ("move", "33A512"), ("to", "lost"), ("owner", ""), ("channel", "call")]

    assert address("/worklist", query) == "/worklist?channel=call&tier=1"
    assert address_of_view("/worklist?tier=1&channel=call&page=2") == "/worklist?channel=call&tier=1"


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/events",
        "//evil.example",
        "/settings/users",
        "/worklist/t1",
        "javascript:alert(1)",
        "",
        "/events?" + "q" * 1_000,
    ],
)
def test_only_the_address_of_a_list_can_be_saved(text: str) -> None:
    with pytest.raises(ValueError):
        address_of_view(text)


def test_every_list_that_can_be_saved_is_a_page() -> None:
    assert set(LISTS) <= {page.path for page in PAGES}
