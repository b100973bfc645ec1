"""How do the events of an account become its timeline?

What one cause led to is one entry: a sighting and the score that it gave, a task and the touch that ended it. Sightings
of a need that follow each other, without anything between them, are one entry as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from services.console.rendering.shapes import Choice
from services.console.screens.facility.queries import Entry
from services.console.screens.facility.view import Moment
from services.console.usecases.describing import describe
from services.console.usecases.describing.words import Names, Phrase
from shared.clock import local_date

SHOWN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "": ("All", ()),
    "touches": ("Touches", ("touch.logged", "task.moved", "email.replied", "email.bounced", "email.auto_replied",
        "email.unsubscribed", "engagement.recorded", "note.added", "lead.met")),
    "signals": ("Signals", ("facility.matched", "signal.expired", "alias.learned")),
    "score": ("Score", ("score.changed", "facility.assessed")),
}  # fmt: skip
"""The parts of the timeline: a title, and the events."""
WEIGHT = ("touch.logged", "email.replied", "email.auto_replied", "email.bounced", "email.unsubscribed", "lead.won",
    "lead.lost", "lead.met", "lead.moved", "facility.matched", "signal.expired", "facility.assessed", "facility.listed",
    "enrollment.started", "task.due")  # fmt: skip
"""Of the events with one cause, the first of these tells what happened."""


TOUCHES = ("touch.logged", "task.done", "task.moved", "task.reopened")
"""The events of a task that are an entry each time; that it was due, or drafted, belongs to the one that follows."""


@dataclass(slots=True)
class Group:
    """The events that one cause led to."""

    entries: list[Entry] = field(default_factory=list)
    sightings: int = 0
    """Further sightings of the same need."""

    @property
    def main(self) -> Entry:
        return min(self.entries, key=_weight)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a timeline is described with."""

    names: Names
    zone: str
    today: date
    notes: Mapping[str, str] = field(default_factory=dict)
    """The texts of notes by their id."""
    undone: Callable[[Entry], tuple[str, int] | None] = lambda entry: None
    """The target of the command that takes an entry back, and its version."""


def moments(entries: Sequence[Entry], wording: Wording) -> tuple[Moment, ...]:
    """The entries of the timeline, newest first."""
    return tuple(_moment(group, wording) for group in folded(grouped(entries)))


def grouped(entries: Sequence[Entry]) -> list[Group]:
    """The events by what caused them, in the order in which they are given."""
    groups, by_trace, by_task = list[Group](), dict[str, Group](), dict[str, Group]()
    for entry in entries:
        task = entry.data.get("task_id") or ""
        group = by_trace.get(entry.trace) or by_task.get(task)
        if group is None or (entry.subject in TOUCHES and group.entries[-1].at != entry.at):
            group = Group()
            groups.append(group)
        if entry.trace:
            by_trace[entry.trace] = group
        if task:
            by_task[task] = group
        group.entries.append(entry)
    return groups


def folded(groups: Sequence[Group]) -> list[Group]:
    """Sightings of one need that follow each other are one entry, the latest one."""
    found = list[Group]()
    for group in groups:
        if found and _same_sighting(found[-1], group):
            found[-1].sightings += 1 + group.sightings
        else:
            found.append(group)
    return found


def _same_sighting(later: Group, earlier: Group) -> bool:
    one, other = later.main, earlier.main
    return (
        one.subject == other.subject == "facility.matched"
        and _sighted(one.data) == _sighted(other.data)
        and not _crossed(later)
    )


def _sighted(data: Mapping[str, Any]) -> tuple[Any, ...]:
    """What distinguishes sightings that are worth an entry each."""
    signals = [(each["signal_id"], each["urgency"], each["chronic"], each["closed"]) for each in data["signals"]]
    return (data["role_family"], signals)


def _crossed(group: Group) -> bool:
    """Whether the score went into another tier."""
    return any(
        each.subject == "score.changed" and each.data.get("previous_tier") not in (None, each.data["tier"])
        for each in group.entries
    )


def _weight(entry: Entry) -> int:
    return WEIGHT.index(entry.subject) if entry.subject in WEIGHT else len(WEIGHT) - (entry.subject != "score.changed")


def _moment(group: Group, wording: Wording) -> Moment:
    main = group.main
    described = _with_score(describe(main.subject, main.data, wording.names), group, wording.names)
    on = day_of(main.at, wording.zone)
    return Moment(
        on=on,
        icon=described.icon,
        tone=described.tone,
        title=described.title,
        strong=described.strong,
        lines=described.lines,
        quote=described.quote or wording.notes.get(str(main.data.get("note_id")), ""),
        change=described.change,
        events=tuple(Choice(each.subject, f"/events/{each.event_id}") for each in _in_order(group)),
        day="Today" if on == wording.today else "",
        more=group.sightings,
        undo=wording.undone(main),
    )


def _with_score(described: Phrase, group: Group, names: Names) -> Phrase:
    """The entry with what it did to the score, unless it is about the score."""
    scores = [each for each in group.entries if each.subject == "score.changed"]
    if not scores or group.main.subject == "score.changed":
        return described
    first = min(scores, key=lambda each: each.data["score_version"])
    last = max(scores, key=lambda each: each.data["score_version"])
    merged = {**last.data, "previous_score": first.data.get("previous_score")}
    was, now = first.data.get("previous_tier"), last.data["tier"]
    crossing = f": Tier {was} → Tier {now}" if was not in (None, now) else ""
    return replace(described, title=described.title + crossing, change=describe("score.changed", merged, names).change)


def _in_order(group: Group) -> list[Entry]:
    main = group.main
    return [main, *(each for each in group.entries if each is not main)]


def day_of(at: datetime, zone: str) -> date:
    return local_date(at, zone)
