"""Which value counts when a field changed here, there, or on both sides?

The base is what both sides last agreed on. What one side alone changed counts; if both changed it, the rule of the
pack decides, and the conflict shows both values. A change that was made before the other side's was agreed on, but
arrives afterwards, is one of both sides too: so the order of arrival decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from engines.crm.mapping import Rule
from engines.crm.records import Record

Side = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Agreed:
    """The value of a field on which both sides agreed."""

    value: str | None
    by: Side
    """Whose value it was."""
    changed_at: datetime | None
    """When that side had changed it."""
    seen_at: datetime
    """When it was agreed on."""
    replaced: str | None
    """The value of the other side, which it shows until the change has reached it."""
    shown: str | None = None
    """How they show the value, if that is not as it is: a telephone number in another form; empty if not at all."""

    def is_shown_as(self, value: str | None) -> bool:
        return value == self.value or (value or "") == self.shown


@dataclass(frozen=True, slots=True)
class Value:
    """What a side shows."""

    value: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both sides changed, or that they changed and may not."""

    field: str
    base: str | None
    ours: str | None
    theirs: str | None
    kept: Side
    rule: Rule


@dataclass(frozen=True, slots=True)
class Merged:
    """What becomes of a record."""

    agreed: Mapping[str, Agreed]
    """To be stored once both sides have it."""
    push: Mapping[str, str | None]
    """What they have to be sent."""
    take: Mapping[str, str | None]
    """What we have to accept."""
    conflicts: tuple[Conflict, ...]

    @property
    def is_even(self) -> bool:
        return not self.push and not self.take


def merge(
    base: Mapping[str, Agreed],
    ours: Record,
    theirs: Record | None,
    rules: Mapping[str, tuple[bool, Rule]],
    now: datetime,
) -> Merged:
    """Merge a record field by field; without theirs, all of ours is sent."""
    agreed, push, take, conflicts = dict[str, Agreed](), dict[str, str | None](), dict[str, str | None](), []
    for name, (write_back, rule) in rules.items():
        if name not in ours.sent:
            continue
        mine = Value(ours.sent[name], ours.at(name))
        other = Value(theirs.values.get(name), theirs.at(name)) if theirs else Value(None, None)
        before = base.get(name)
        if before and before.is_shown_as(other.value):
            other = Value(before.value, other.at)
        kept, conflicted = _kept(before, mine, other, write_back, rule)
        if conflicted:
            known = before.value if before else None
            conflicts.append(Conflict(name, known, mine.value, other.value, kept, rule))
        if mine.value != other.value and kept == "ours":
            push[name] = mine.value
        elif mine.value != other.value:
            take[name] = other.value
        agreed[name] = _agreed(before, kept, mine, other, now)
    return Merged(agreed, push, take, tuple(conflicts))


def as_shown(merged: Merged, shown: Mapping[str, str | None]) -> Merged:
    """With how they show what was just written, so that it is not taken for a change of theirs."""
    agreed = dict(merged.agreed)
    for name, value in shown.items():
        if name in merged.push and value != merged.push[name]:
            agreed[name] = replace(agreed[name], shown=value or "")
    return replace(merged, agreed=agreed)


def _agreed(before: Agreed | None, kept: Side, mine: Value, other: Value, now: datetime) -> Agreed:
    winner, loser = (mine, other) if kept == "ours" else (other, mine)
    if before and before.value == winner.value and before.by == kept:
        if loser.value in (before.value, before.replaced):
            return before
        return Agreed(before.value, kept, before.changed_at, now, loser.value)
    return Agreed(winner.value, kept, winner.at, now, loser.value)


def _kept(before: Agreed | None, mine: Value, other: Value, write_back: bool, rule: Rule) -> tuple[Side, bool]:
    """Whose value counts, and whether that is a conflict to be shown."""
    if mine.value == other.value:
        return (before.by if before else "ours"), False
    if before is None:
        if other.value is None or (mine.value is None and write_back):
            return ("ours" if other.value is None else "theirs"), False
        return _by_rule(mine, other, write_back, rule), True
    we_changed, they_changed = _changed(before, "ours", mine), _changed(before, "theirs", other)
    if we_changed and they_changed:
        return _by_rule(mine, other, write_back, rule), True
    if we_changed:
        if before.by == "theirs" and _is_older(mine, before):  # theirs was agreed on without knowing of this change
            return _by_rule(mine, Value(before.value, before.changed_at), write_back, rule), True
        return "ours", False
    if they_changed:
        if not write_back:
            return "ours", True
        if before.by == "ours" and _is_older(other, before):
            return _by_rule(Value(before.value, before.changed_at), other, write_back, rule), True
        return "theirs", False
    return before.by, False  # the other side has not caught up yet


def _changed(before: Agreed, side: Side, shown: Value) -> bool:
    """Whether a side shows neither what was agreed on nor what it had shown before that."""
    if shown.value == before.value:
        return False
    catching_up = before.by != side and shown.value == before.replaced and _is_older(shown, before)
    return not catching_up


def _is_older(shown: Value, before: Agreed) -> bool:
    return shown.at is None or shown.at <= before.seen_at


def _by_rule(mine: Value, other: Value, write_back: bool, rule: Rule) -> Side:
    if not write_back or rule == "ours":
        return "ours"
    if rule == "theirs":
        return "theirs"
    if mine.at is None or other.at is None:
        return "ours"
    return "theirs" if other.at > mine.at else "ours"
