"""What are our companies, contacts, tasks and notes to a CRM, whichever it is?

A value is a text or None, in one form for each type, so that the values of both sides compare as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

System = Literal["hubspot", "salesforce"]
Kind = Literal["companies", "contacts", "tasks", "notes"]
Type = Literal["text", "long_text", "number", "date", "time", "flag", "owner"]
"""An owner is the e-mail address of a person."""

FIELDS: Final[Mapping[Kind, Mapping[str, Type]]] = {
    "companies": {
        "facility_id": "text", "account_key": "text", "name": "text", "street": "text", "city": "text", "state": "text",
        "zip": "text", "phone": "text", "website": "text", "chain": "text", "tier": "text", "score": "number",
        "reasons": "long_text", "status": "text", "outcome": "text", "owner": "owner", "next_touch_on": "date",
        "contacted_at": "time", "sla_status": "text", "recommended_action": "text", "client": "flag",
        "delisted_on": "date", "suppressed": "flag",
    },
    "contacts": {
        "contact_id": "text", "facility_id": "text", "email": "text", "first_name": "text", "last_name": "text",
        "title": "text", "role": "text", "phone": "text", "suppressed": "flag",
    },
    "tasks": {
        "task_id": "text", "subject": "text", "body": "long_text", "due_at": "time", "due_on": "date", "status": "text",
        "type": "text", "owner": "owner",
    },
    "notes": {"note_id": "text", "body": "long_text", "at": "time", "owner": "owner"},
}  # fmt: skip
"""The fields of each kind; the first one is our id."""
LONGEST: Final = 10_000
"""Characters of a value."""
DIGITS: Final = 30
"""Of a number, before or after the point; written out, 1E9999999 is as long."""
_NEVER_STORED: Final = re.compile("[\x00\ud800-\udfff]")
DECISIVE: Final[Mapping[Kind, frozenset[str]]] = {
    "companies": frozenset({"facility_id", "suppressed"}),
    "contacts": frozenset({"facility_id", "contact_id", "email", "suppressed"}),
    "tasks": frozenset({"task_id", "status"}),
    "notes": frozenset({"note_id"}),
}
"""Fields of a suppressed person or account that are sent; nothing else is. Their tasks end."""


@dataclass(frozen=True, slots=True)
class Record:
    """One of ours, or one of theirs in our words."""

    kind: Kind
    id: str
    """Ours: of the facility, the contact, the task."""
    values: Mapping[str, str | None]
    their_id: str | None = None
    changed_at: Mapping[str, datetime] = field(default_factory=dict)
    """When each field last changed, to the extent that it is known."""
    modified_at: datetime | None = None
    """When anything of it changed."""

    def at(self, name: str) -> datetime | None:
        return self.changed_at.get(name, self.modified_at)

    @property
    def sent(self) -> Mapping[str, str | None]:
        """What may leave: of a suppressed record, that it is, and whose record it is."""
        if self.values.get("suppressed") != "true":
            return self.values
        return {name: value for name, value in self.values.items() if name in DECISIVE[self.kind]}


def id_field(kind: Kind) -> str:
    return next(iter(FIELDS[kind]))


def canonical(kind: Type, raw: Any) -> str | None:
    """A value of either side in the one form of its type. What cannot be read stays as it is, to be seen.

    What no database stores is left out, and the end of a text that is longer than any of ours.
    """
    if raw is None or raw == "":
        return None
    text = _NEVER_STORED.sub("", str(raw)).strip()[:LONGEST]
    match kind:
        case "number":
            return _number(text)
        case "date":
            at = time_of(text)
            return at.date().isoformat() if at else text
        case "time":
            at = time_of(text)
            return text_of(at) if at else text
        case "flag":
            return "true" if text.lower() in ("true", "1", "yes") else "false"
        case "owner":
            return text.lower()[:LONGEST]
        case "long_text":
            return text.replace("\r\n", "\n") or None
    return text or None


def _number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return format(number.normalize(), "f") if number.is_finite() and abs(number.adjusted()) <= DIGITS else text


def text_of(at: datetime) -> str:
    """A time in UTC to the millisecond, which is what both systems keep."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def time_of(text: str | None) -> datetime | None:
    """A time as HubSpot writes it (also in milliseconds since 1970) or Salesforce (`+0000`); None if it is none.

    One that UTC does not have, as of the first hours of the year 1 east of it, is none.
    """
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{11,14}", text):
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        at.astimezone(UTC)
        return at
    except (ValueError, OverflowError, OSError):
        return None
