"""Which fields does a form have, and how do they become those of a command?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

ENVELOPE = frozenset({"csrf", "command_id", "back", "target", "version", "service"})
"""What every form can contain besides the fields of its command."""
MAP = "."
"""`values.beds` is the entry `beds` of the field `values`."""
REASON = "reason"
"""Perhaps chosen, and explained beside it."""

DECISIONS = {"meeting": "A meeting is agreed", "won": "Won", "lost": "Lost"}
"""How a lead can be decided."""
LABELS = {
    "again": "The same again",
    "close_on": "Expected to close on",
    "current": "Current password",
    "direct_phone": "Direct line",
    "email": "E-mail",
    "from_on": "From",
    "full_name": "Full name",
    "next_follow_up_on": "Next follow-up",
    "on": "Day",
    "recovery": "Recovery code",
    "timezone": "Time zone",
    "to_on": "To",
}
"""What pages call fields whose names do not say it."""


def label(name: str) -> str:
    """What a page calls a field: `values.night_staff` as `Night staff`."""
    last = name.rpartition(MAP)[2]
    return LABELS.get(last) or last.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Form:
    """What a page sent."""

    fields: Mapping[str, Sequence[str]]

    def first(self, name: str) -> str:
        return next(iter(self.fields.get(name, ())), "")

    def all(self, name: str) -> list[str]:
        return [value for value in self.fields.get(name, ()) if value]

    @property
    def command_id(self) -> UUID:
        """That of the form, made when its page was rendered; raises `ValueError` for one that is none."""
        sent = self.first("command_id")
        return UUID(sent) if sent else uuid4()

    def typed(self) -> list[tuple[str, str]]:
        """The fields of the command as they were sent, to be shown again."""
        return [(name, value) for name, values in self.fields.items() if name not in ENVELOPE for value in values]

    def sent_again(self, leave_out: Collection[str] = ("csrf",)) -> list[tuple[str, str]]:
        """All fields, for a form that repeats this one."""
        return [(name, value) for name, values in self.fields.items() if name not in leave_out for value in values]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command, for the line at the foot of the page."""

    text: str
    undo: dict[str, Any] | None = None
    """`command`, `target` and `version`."""
    token: str = ""
    """Of a one-time link, which is shown once."""
    key: str = ""
    """Of a program, which is shown once."""
    address: str = ""
    """Of a calendar, which is shown once."""
    secrets: tuple[str, ...] = ()
    """With which a receiver verifies requests: the current one, and the one before while both sign."""

    def as_status(self) -> dict[str, Any]:
        return {"text": self.text, "icon": "check", "undo": self.undo}


def values_of(form: Form, target: str, wanted: str, lists: Collection[str]) -> dict[str, Any]:
    """The values of a command's fields: `target` is that of the field `wanted`; an empty one counts as not given.

    A target is the only one where a command is about several things. A field that is sent as several things is only one
    of them, and no other field replaces the target.
    """
    found: dict[str, Any] = {}
    maps: dict[str, dict[str, str]] = {}
    for name, values in form.fields.items():
        if name in ENVELOPE:
            continue
        if MAP in name:
            field, _, key = name.partition(MAP)
            maps.setdefault(field, {})[key] = values[-1]
        elif name in lists:
            found[name] = [value for value in values if value]
        elif name == REASON and any(values):
            found[name] = ": ".join(filter(None, values))
        elif values[-1]:
            found[name] = values[-1]
    return found | maps | ({wanted: [target] if wanted in lists else target} if target else {})
