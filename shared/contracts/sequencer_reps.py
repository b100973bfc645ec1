"""Which questions and commands about reps does the sequencer handle?"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared.contracts.limits import ShortText, Zone
from shared.contracts.requests import Command, Question, Reply, Request, Versioned
from shared.contracts.sequencer_replies import TaskDetails

RepId = Annotated[ShortText, Field(min_length=1)]


class LeaveRow(Reply):
    """The days on which a rep is away, both included."""

    leave_id: UUID
    rep: str
    from_on: date
    to_on: date
    cover: str | None
    version: int


class RepRow(Reply):
    rep: str
    name: str
    email: str | None
    phone: str | None
    from_hour: time
    to_hour: time
    timezone: str
    joined_on: date | None
    left_on: date | None
    version: int
    territories: tuple[str, ...] = ()
    """Of the pack; none: all of them."""
    leave: LeaveRow | None = None
    """The current leave, or the next one."""
    doer: str | None = None
    """Who does the tasks of the rep today; None if they wait, and for a rep who left."""


class Owned(Reply):
    """What a rep owns: accounts, open leads, open enrollments, and open tasks."""

    accounts: int
    leads: int
    enrollments: int
    tasks: int


class RepDetails(RepRow):
    owned: Owned
    leaves: list[LeaveRow]


class Team(Question[list[RepRow]]):
    """All reps, including those who left."""


class ShowRep(Question[RepDetails]):
    """A rep with what the rep owns, and all leaves."""

    rep: RepId


class RepFields(Request):
    """The data of a rep; None leaves a field as it is, and an empty text clears it."""

    name: Annotated[ShortText, Field(min_length=1)] | None = None
    email: ShortText | None = None
    phone: ShortText | None = None
    from_hour: time | None = None
    to_hour: time | None = None
    timezone: Zone | None = None
    territories: Annotated[tuple[ShortText, ...], Field(max_length=100)] | None = None
    """Of the pack; none: all of them."""


class AddRep(RepFields, Command[RepRow]):
    """A rep joins the team today, or comes back to it."""

    rep: Annotated[ShortText, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
    name: Annotated[ShortText, Field(min_length=1)]


class ChangeRep(RepFields, Versioned[RepRow]):
    """Change the data of a rep; the drafts that wait are signed anew."""

    rep: RepId


class ChangedLeave(Reply):
    """A leave, and the tasks that another rep does now or that fall due on another day."""

    leave: LeaveRow
    tasks: list[TaskDetails]
    waits: dict[str, list[date]]
    """By rep: the business days of the leave on which the tasks wait, because neither the rep nor a cover works."""


class RecordLeave(Command[ChangedLeave]):
    """A rep is away on these days, both included; a leave from the same day is changed."""

    rep: RepId
    from_on: date | None = None
    """By default today."""
    to_on: date
    cover: RepId | None = None
    """Who does the tasks meanwhile; without a cover, they wait until the rep is back."""


class EndLeave(Command[ChangedLeave]):
    """The rep works again from a day on: the current leave ends, or the next one does not take place."""

    rep: RepId
    on: date | None = None
    """By default today."""


class HandedOver(Reply):
    rep: RepRow
    to: dict[str, Owned]
    """By rep: what that rep took over."""
    not_covered: list[str]
    """The reps whose leaves this rep would have covered."""


class LeaveTeam(Versioned[HandedOver]):
    """A rep leaves the team today. Refused for a rep who owns anything, unless another rep or the team takes over."""

    rep: RepId
    to: RepId | None = None
    """Who takes over everything."""
    spread: bool = False
    """Everything is spread over the team."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.to and self.spread:
            raise ValueError("one rep takes over, or the team; give `to` or `spread`, not both")
        return self


class SharedAccounts(Reply):
    rep: str
    accounts: dict[str, int]
    """By previous owner: the accounts that the rep got."""


class ShareAccounts(Command[SharedAccounts]):
    """Give a rep accounts of the others that are not worked now, until each tier is in balance."""

    rep: RepId
