"""What is in the audit log, and how is it recognized that a row was changed?

Each row contains the hash of the row before and its own: the SHA-256 of that hash and of its content as canonical JSON.
A person who changes or removes a row would have to compute all later ones anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = "0" * 64
"""The hash before the first row."""

SHOWN = frozenset(
    "by channels cover dead_no decline draft_id drafts facility_id from_on from_step job key lead_id list on outcome"
    " purpose remove rep role rows seen service stage steps suppression_id target task_id to to_on until url"
    " confirm_loss next_follow_up_on undo reset_code session_id changed after deliveries hours owners states tiers"
    " types".split()
)
"""Fields without personal data. Of every other field only the length is recorded, because auditors see no people."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person did: a row of the audit log without its place in it."""

    command_id: UUID
    at: datetime
    name: str
    role: str
    action: str
    target: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A row of the audit log."""

    audit_no: int
    entry: Entry
    before_hash: str
    hash: str


def hash_after(before: str, entry: Entry) -> str:
    """The hash of a row that follows the row with the hash `before`."""
    return hashlib.sha256(f"{before}\n{canonical(entry)}".encode()).hexdigest()


def canonical(entry: Entry) -> str:
    """The content of a row, always written in the same way."""
    content = {
        "command_id": str(entry.command_id),
        "at": (entry.at - EPOCH) // timedelta(microseconds=1),
        "name": entry.name,
        "role": entry.role,
        "action": entry.action,
        "target": entry.target,
        "details": entry.details,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def broken_at(links: Iterable[Link], before: str = START) -> tuple[int | None, str]:
    """The number of the first row that does not follow from the one before, if there is one; and the last hash."""
    for link in links:
        if link.before_hash != before or link.hash != hash_after(before, link.entry):
            return link.audit_no, before
        before = link.hash
    return None, before


def details_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What is recorded of the fields of a command: texts that may contain personal data only by their length."""
    return {name: _shown(name, value) for name, value in sorted(fields.items()) if value not in (None, "", [], {})}


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, (bool, int)):
        return value
    if name in SHOWN:
        return [str(each) for each in value] if isinstance(value, (list, tuple)) else str(value)
    if isinstance(value, (list, tuple, dict)):
        return f"({len(value):,} entries)"
    return f"({len(str(value)):,} characters)"
