"""What can be asked of the courier about calendars? Each rep has one address, which is a secret."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from shared.contracts.limits import Name
from shared.contracts.requests import Command, Question, Reply


class Calendar(Reply):
    """The calendar of a rep."""

    rep: str
    personal: bool
    """Its entries name the people whom tasks address."""
    added_by: str
    added_at: datetime
    read_at: datetime | None = None
    """When a program read it last, to the hour."""
    base_url: str | None = None
    """Its address is this with `/calendar/TOKEN.ics`; None: the courier does not know where it is reached."""


class Calendars(Question[list[Calendar]]):
    """Which reps have a calendar?"""


class AddCalendar(Command[Calendar]):
    """Give a rep a calendar at a new address; the one before stops working."""

    rep: Name
    token_hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    """See `shared.contracts.keys.hash_of`."""
    personal: bool = False


class RemoveCalendar(Command[None]):
    """Let the address of a rep's calendar stop working."""

    rep: Name
