"""What is known of a recipient of a message that came back?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engines.mail.reasons import HARD, reason_of

Action = Literal["failed", "delayed", "delivered", "complained"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recipient of a message that came back."""

    address: str
    reason: str
    """One of the names in `reasons.py`, `delivered` or `complaint`."""
    hard: bool
    """The address will never work."""
    action: Action = "failed"


def failed(address: str, words: str, about: str, status: str, delayed: bool = False) -> Recipient:
    """A recipient who was not reached, with the words of the server, the prose around them, and the status code."""
    reason = reason_of(words, about, status)
    hard = reason in HARD and not delayed and not status.startswith("4.")
    return Recipient(address, reason, hard, "delayed" if delayed else "failed")
