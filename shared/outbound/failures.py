"""Why was there no answer, and is it worth asking again?"""

from __future__ import annotations


class NoAnswer(Exception):
    """There is no answer that may be used; `reason` states why, without the path and the query of the URL."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(NoAnswer):
    """We do not ask this, or do not follow where it leads: asking again changes nothing."""


class TooLarge(NoAnswer):
    """The answer exceeds a limit; it would again."""


class Unreachable(NoAnswer):
    """The host did not answer, or not completely: it may later."""


class NotConnected(Unreachable):
    """There was no connection, so nothing was sent."""
