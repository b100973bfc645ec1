"""How does a service refuse a request, and what does whoever asked get instead of an answer?

Apart from the broker, because every command of the command line has to know it, and most speak to none.
"""

from __future__ import annotations

from collections.abc import Mapping


class AskFailed(Exception):
    """A service refused a request or did not answer."""

    def __init__(self, message: str, code: int, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.fields = fields or {}


class Refused(Exception):
    """A request cannot be met as it stands: what is wrong with it and what to do, and which fields are to blame."""

    def __init__(self, message: str, code: int = 422, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.fields = dict(fields or {})
