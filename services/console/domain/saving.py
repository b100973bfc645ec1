"""Which lists can be saved as views, and what part of an address is the view?"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

from services.console.domain.addresses import address_of

LISTS = ("/worklist", "/inbox", "/drafts", "/pipeline", "/facilities", "/discovery", "/events")
"""The lists with filters."""
PASSING = frozenset({"page", "move", "to", "ask", "id", "find"})
"""Parameters of what is opened on a list, which are no filters."""
LONGEST = 1_000
MOST = 50
"""The views of a person."""


def address(path: str, query: Sequence[tuple[str, str]]) -> str:
    """The address of a list with its filters, in an order that depends only on them."""
    return address_of(path, sorted((name, value) for name, value in query if name not in PASSING))


def address_of_view(text: str) -> str:
    """The same of an address that was sent; raises `ValueError` if it is not that of a list."""
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or parts.path not in LISTS or len(text) > LONGEST:
        raise ValueError("this is not the address of a list")
    return address(parts.path, parse_qsl(parts.query))
