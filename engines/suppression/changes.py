"""Which suppressions do statements change, in their order? The same for every owner."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from engines.suppression.statements import Scope, Statement, Suppression, allowed, suppressed, suppression_id, together

BOUNCED = "email.bounced"
"""The source of a suppression of an address that does not work; its person did not ask for it."""

_Decide = Callable[[Suppression | None, Statement], Suppression | None]


class NoTarget(ValueError):
    """A text names nothing that could be suppressed."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is stated: the reason, its source, by whom, on which day, and the e-mail that it is about."""

    reason: str
    source: str
    by: str
    on: date
    message_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement, and the e-mail that caused it."""

    statement: Statement
    message_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A suppression after a statement changed it."""

    before: Suppression | None
    after: Suppression
    by: Stated


def stated(scope: Scope, target: str, label: str, marks: list[str], channels: Iterable[str], cause: Cause) -> Stated:
    """What a cause states about a target."""
    stopped = together(channels)
    statement = Statement(scope, target, label, marks, stopped, cause.reason, cause.source, cause.by, cause.on)
    return Stated(statement, cause.message_id)


def stops(existing: Mapping[UUID, Suppression], stated: Iterable[Stated]) -> list[Change]:
    """What statements change that someone must not be contacted, in their order."""
    return _changes(existing, stated, _stopped)


def lifts(existing: Mapping[UUID, Suppression], stated: Iterable[Stated]) -> list[Change]:
    """What statements change that someone may be contacted again, in their order."""
    return _changes(existing, stated, _lifted)


def newest(changes: Iterable[Change]) -> list[Suppression]:
    """Each changed suppression once, as the last change left it."""
    return list({each.after.suppression_id: each.after for each in changes}.values())


def key_of(stated: Stated) -> UUID:
    return suppression_id(stated.statement.scope, stated.statement.target)


def _changes(existing: Mapping[UUID, Suppression], stated: Iterable[Stated], decide: _Decide) -> list[Change]:
    current, changes = dict(existing), []
    for each in stated:
        key = key_of(each)
        if after := decide(current.get(key), each.statement):
            changes.append(Change(current.get(key), after, each))
            current[key] = after
    return changes


def _stopped(before: Suppression | None, statement: Statement) -> Suppression | None:
    """The suppression after a statement, or None if it states nothing new. A wish counts more than a bounce."""
    after = suppressed(before, statement)
    if before is None or before.channels != after.channels:
        return after
    return after if before.source == BOUNCED != statement.source else None


def _lifted(before: Suppression | None, statement: Statement) -> Suppression | None:
    if before is None or before.lifted:
        return None
    after = allowed(before, statement)
    return after if after.channels != before.channels else None
