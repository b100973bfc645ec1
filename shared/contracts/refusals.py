"""How does a service refuse a request, and what does the sender get instead of a reply?

Separate from the broker, because every CLI command needs it, and most do not connect to a broker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class AskFailed(Exception):
    """A service refused a request or did not reply."""

    def __init__(self, message: str, code: int, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.fields = fields or {}


class Refused(Exception):
    """A request is refused: what is wrong with it, what to do, and which fields are at fault."""

    def __init__(self, message: str, code: int = 422, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.fields = dict(fields or {})


def the_only(found: Sequence[T], none: str, several: str) -> T:
    """The only one that was found; refuses with these messages if there is none, or if there are several."""
    if not found:
        raise Refused(none, 404)
    if len(found) > 1:
        raise Refused(several, 409)
    return found[0]
