"""What is a suppression, in the replies of every service that owns some?

The sequencer owns those of people, facilities and chains, the notifier those of addresses and domains.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.limits import LongText, ShortText
from shared.contracts.requests import Reply, Request

Channel = Literal["all", "call", "email", "linkedin"]
"""A channel of a suppression."""
Scope = Literal["person", "facility", "chain", "domain", "address"]


class SuppressionStatement(Reply):
    """A recorded instruction about a target: by whom, when and why."""

    suppression_id: UUID
    scope: Scope
    target: str
    label: str
    channels: list[str]
    reason: str
    source: str
    stated_by: str
    stated_on: date


class SuppressionRow(SuppressionStatement):
    """A suppression in force, with the latest instruction."""

    version: int


class StatementRow(SuppressionStatement):
    """An instruction as it was recorded."""

    instruction: Literal["stop", "allow", "undo"]
    """`undo`: the list that stated it was taken back."""
    stopped_now: list[str]
    """The channels that the suppression stops now."""
    message_id: UUID | None = None
    """The e-mail that came back, if that was its cause; `source` is then the subject of its event."""


class Stated(Request):
    """The reason and the source of an instruction."""

    reason: Annotated[LongText, Field(min_length=1)]
    source: ShortText = "reported to a representative"
