"""What did an import change?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board, changed

Subject = Literal["account", "lead", "enrollment", "task", "contact", "suppression", "note", "rep"]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """Something as it was before an import, None if the import added it, and after it."""

    subject: Subject
    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class AccountPart:
    """The part of an account that an import may change."""

    facility_id: str
    client: bool
    owner: str | None
    next_follow_up_on: date | None
    owner_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note in a file; its id follows from the account and the text."""

    note_id: UUID
    facility_id: str
    text: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a row adds or changes: the fields, each with its value before and after."""

    line: int
    key: str
    added: bool
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(slots=True)
class Planned:
    """What the rows of a file would do: the next board and notes, what each row changes, and why rows are rejected."""

    board: Board
    changes: list[RowChange] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    rejects: list[tuple[int, str]] = field(default_factory=list)
    clients: set[str] = field(default_factory=set)
    """The accounts that a list of accounts names as clients, also those that are known to be."""


def part_of(account: Account) -> AccountPart:
    key, follow_up_on = account.facility_id, account.next_follow_up_on
    return AccountPart(key, account.client, account.owner, follow_up_on, account.owner_reason)


def differences(before: Values, after: Values) -> dict[str, tuple[Any, Any]]:
    """The fields with another value, each with both values."""
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}


def of_boards(before: Board, after: Board) -> list[Change]:
    """The differences between two boards."""
    found = [
        Change("account", new.facility_id, part_of(old) if old else None, part_of(new))
        for old, new in changed(before.accounts, after.accounts)
        if old is None or part_of(old) != part_of(new)
    ]
    found += [Change("lead", str(new.lead_id), old, new) for old, new in changed(before.leads, after.leads)]
    return found + of_work(before, after)


def of_work(before: Board, after: Board) -> list[Change]:
    """The differences between the enrollments and tasks of two boards."""
    enrollments = changed(before.enrollments, after.enrollments)
    found = [Change("enrollment", str(new.enrollment_id), old, new) for old, new in enrollments]
    return found + [Change("task", str(new.task_id), old, new) for old, new in changed(before.tasks, after.tasks)]


def of_notes(notes: Iterable[Note]) -> list[Change]:
    return [Change("note", str(note.note_id), None, note) for note in notes]
