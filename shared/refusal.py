"""What does whoever asks a service get, if no answer?

Apart from the broker, because every command of the command line has to know it, and most speak to none.
"""

from __future__ import annotations


class AskFailed(Exception):
    """A service refused a request or did not answer."""

    def __init__(self, message: str, code: int, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.fields = fields or {}
