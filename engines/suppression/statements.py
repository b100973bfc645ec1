"""Who must not be contacted, on which channels, who stated it, and what does a further statement change?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

_SUPPRESSIONS = uuid5(NAMESPACE_URL, "urn:facility-pipeline:suppression")

Scope = Literal["person", "facility", "chain", "domain", "address"]

ALL = "all"
CHANNELS = ("call", "email", "linkedin")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A suppression: its target, its channels, and its last statement. Without channels it is lifted."""

    suppression_id: UUID
    scope: Scope
    target: str
    version: int
    channels: list[str]
    marks: list[str]
    label: str
    reason: str
    source: str
    stated_by: str
    stated_on: date

    @property
    def lifted(self) -> bool:
        return not self.channels

    def stops(self, channel: str) -> bool:
        return ALL in self.channels or channel in self.channels

    def __str__(self) -> str:
        by = "" if ALL in self.channels else f" by {' or '.join(self.channels)}"
        return f"Do not contact {self.label}{by}: {self.reason} ({self.stated_by}, {self.stated_on})."


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that a target must not be contacted, or may be contacted again."""

    scope: Scope
    target: str
    label: str
    marks: list[str]
    channels: list[str]
    reason: str
    source: str
    stated_by: str
    stated_on: date


def suppression_of(state: Mapping[str, Any]) -> Suppression:
    """The suppression that an event states."""
    known = {each.name: state[each.name] for each in fields(Suppression)}
    return Suppression(**known | {"channels": [*state["channels"]], "marks": [*state["marks"]]})


def suppression_id(scope: Scope, target: str) -> UUID:
    """The id of the one suppression of a target."""
    return uuid5(_SUPPRESSIONS, f"{scope}|{target}")


def suppressed(before: Suppression | None, statement: Statement) -> Suppression:
    """The suppression after a further statement: the channels add up, and the latest statement gives the reason."""
    channels = together([*(before.channels if before else []), *statement.channels])
    marks = sorted({*(before.marks if before else []), *statement.marks})
    return _after(before, statement, channels, marks)


def allowed(before: Suppression, statement: Statement) -> Suppression:
    """The suppression after some channels are allowed again; the others keep their reason."""
    left = [] if ALL in statement.channels else [c for c in _each(before.channels) if c not in statement.channels]
    if left:
        return replace(before, version=before.version + 1, channels=together(left))
    return _after(before, statement, [], before.marks)


def taken_back(
    current: Suppression | None, before: Suppression | None, after: Suppression, reason: str, by: str, on: date
) -> tuple[Suppression, Statement] | None:
    """The suppression without what a list stated, and by which statement; None if a person has stated more since."""
    if current is None or replace(current, version=after.version, marks=after.marks) != after:
        return None
    channels = added(before, after)
    again = Statement(after.scope, after.target, after.label, after.marks, channels, reason, "import", by, on)
    return allowed(current, again), again


def added(before: Suppression | None, after: Suppression) -> list[str]:
    """The channels that a statement added."""
    if before is None or before.lifted:
        return after.channels
    return [each for each in _each(after.channels) if each not in _each(before.channels)]


def since_allowed(statement: Statement, allowed_since: Iterable[str]) -> Statement | None:
    """The statement without channels that were allowed again later; None if none is left."""
    allowed_channels = set(allowed_since)
    every = ALL in allowed_channels
    left = [] if every else [each for each in _each(statement.channels) if each not in allowed_channels]
    return replace(statement, channels=together(left)) if left else None


def together(channels: Iterable[str]) -> list[str]:
    """Channels in the form in which they are stored: sorted, or `all`."""
    given = set(channels)
    return [ALL] if ALL in given or given >= set(CHANNELS) else sorted(given)


def _each(channels: Iterable[str]) -> list[str]:
    given = list(channels)
    return list(CHANNELS) if ALL in given else given


def _after(before: Suppression | None, by: Statement, channels: list[str], marks: list[str]) -> Suppression:
    if before:
        changed = replace(before, version=before.version + 1, channels=channels, marks=marks)
        return replace(changed, reason=by.reason, source=by.source, stated_by=by.stated_by, stated_on=by.stated_on)
    key = suppression_id(by.scope, by.target)
    return Suppression(
        key, by.scope, by.target, 1, channels, marks, by.label, by.reason, by.source, by.stated_by, by.stated_on
    )
