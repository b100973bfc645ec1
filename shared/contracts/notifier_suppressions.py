"""Which questions and commands about suppressions of addresses and domains does the notifier handle?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared.contracts.imports import CellsOfRow, ImportedRows
from shared.contracts.limits import Cell, ShortText
from shared.contracts.requests import ById, Command, Question, Reply, Request, Versioned
from shared.contracts.suppressions import Channel, Stated, StatementRow, SuppressionRow


class AddressOrDomain(Request):
    """An e-mail address, or a domain with its subdomains; a suppression that is recorded also by its id."""

    suppression_id: UUID | None = None
    email: ShortText | None = None
    domain: ShortText | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if [self.suppression_id, self.email, self.domain].count(None) != 2:
            raise ValueError("name either an e-mail address or a domain")
        return self


class Instruction(AddressOrDomain, Stated):
    """An instruction about an address or a domain; for a domain, with channels."""

    channels: list[Channel] = Field(default=[], max_length=4)
    """Of a domain: all by default. A suppression of an address is of e-mail."""

    @model_validator(mode="after")
    def _letters(self) -> Self:
        if self.email is not None and set(self.channels) - {"email"}:
            raise ValueError("an address is suppressed for e-mail; for other channels, suppress its person")
        return self


class SuppressedAddress(Reply):
    suppression: SuppressionRow
    changed: bool
    withdrawn: int
    """The drafts that wait for a person, and are withdrawn now."""


class AddSuppression(Instruction, Versioned[SuppressedAddress]):
    """Write to an address no more, or to everyone at a domain; drafts that wait are withdrawn."""


class LiftedAddress(Reply):
    """The suppression that was lifted or narrowed, if there was one, and those that still apply."""

    changed: SuppressionRow | None
    still: list[SuppressionRow]


class LiftSuppression(Instruction, Versioned[LiftedAddress]):
    """Lift the suppression of exactly this address or domain."""


class AddressSuppressions(ById, Question[list[SuppressionRow]]):
    """The suppressions of addresses and domains in force, in the order of their ids."""


class SuppressionCells(CellsOfRow):
    """A row of a list of suppressions: an address or a domain, in a column of its own or as scope and target."""

    email: Cell = None
    domain: Cell = None
    scope: Cell = None
    target: Cell = None
    channels: Cell = None
    reason: Cell = None


class ImportSuppressions(Command[ImportedRows]):
    """Suppress the addresses and domains of a list, or lift their suppressions.

    `reason` is that of rows without one. With `preview`, the rows are only compared with what is stored.
    """

    file_name: ShortText = ""
    reason: Annotated[ShortText, Field(min_length=1)] = "on an imported list"
    lift: bool = False
    preview: bool = False
    rows: list[SuppressionCells] = Field(max_length=10_000)


class RefusedSend(Reply):
    """A letter that was not sent, because its recipient was suppressed when it was claimed."""

    message_id: UUID
    email: str
    task_id: UUID | None
    facility_id: str
    why: str
    refused_on: date
    refused_at: datetime


class AddressPermission(Reply):
    """The suppressions in force for an address or a domain, all recorded instructions, and the sends refused."""

    in_force: list[SuppressionRow]
    statements: list[StatementRow]
    refused: list[RefusedSend]


class WhySuppressed(AddressOrDomain, Question[AddressPermission]):
    """May be written to this address or domain, and if not, why?"""
