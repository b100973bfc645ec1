"""Which address or domain does a statement suppress, and which suppressions does it change?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from engines.datasets.emails import address_of, domain_of, mailbox_of
from engines.suppression.marks import mark_of
from engines.suppression.statements import ALL, Statement, Suppression, allowed, suppressed, suppression_id, together

OWN_SCOPES = ("address", "domain")
"""The scopes of the suppressions that the notifier owns; it has a copy of the others."""

BOUNCED = "email.bounced"
"""The source of a suppression of an address that does not work; its person did not ask for it."""

_Decide = Callable[[Suppression | None, Statement], Suppression | None]


class NoTarget(ValueError):
    """A text is no address or domain."""


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


def of_address(text: str, cause: Cause) -> Stated:
    """The statement on letters to an address; raises `NoTarget`.

    A person who wants no letter at `ada+news@example.com` wants none in that mailbox, so the tag is left out. A bounce
    concerns only the address itself, because the mailbox without the tag may work.
    """
    address = address_of(text)
    if address is None:
        raise NoTarget(f"{text!r} is not an e-mail address; write it like ada@example.com.")
    target = address if cause.source == BOUNCED else mailbox_of(address)
    return _stated("address", target, target, ["email"], cause)


def of_domain(text: str, channels: Iterable[str], cause: Cause) -> Stated:
    """The statement on everyone with an address at a domain or below it; raises `NoTarget`."""
    domain = domain_of(text)
    if domain is None:
        raise NoTarget(f"{text!r} is not a domain; write it like example.com.")
    return _stated("domain", domain, f"everyone at {domain}", list(channels) or [ALL], cause)


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


def _stated(
    scope: Literal["address", "domain"], target: str, label: str, channels: Iterable[str], cause: Cause
) -> Stated:
    marks, stopped = [mark_of(scope, target)], together(channels)
    statement = Statement(scope, target, label, marks, stopped, cause.reason, cause.source, cause.by, cause.on)
    return Stated(statement, cause.message_id)
