"""Which programs read events over HTTP, and which ones?"""

from __future__ import annotations

from pydantic import Field

from shared.contracts.courier import EventType
from shared.contracts.keys import Holder, KeyHolder, NewKey
from shared.contracts.requests import Command, Question

MOST_TYPES = 100


class FeedKey(KeyHolder):
    """A program that reads events, and which ones."""

    types: list[str]
    personal: bool
    """It also gets those of these types that have contact data."""


class AddFeedKey(NewKey, Command[None]):
    """Allow a program to read events of these types over HTTP. A new key replaces the old one, with its types."""

    types: list[EventType] = Field(["*"], min_length=1, max_length=MOST_TYPES)
    personal: bool = False


class RemoveFeedKey(Holder, Command[None]):
    """Revoke a program's key to read events."""


class FeedKeys(Question[list[FeedKey]]):
    """The programs that read events over HTTP."""
