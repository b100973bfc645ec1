"""Which record should a CRM have, and what do our events state of it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from engines.crm.records import FIELDS, Kind, Record, Type, canonical, id_field


class Statement(NamedTuple):
    """What an event states of a record. The owner is a rep."""

    kind: Kind
    id: str
    version: int
    values: Mapping[str, str | None]
    marks: Sequence[str] | None = None
    """By which suppressions stop it; None: as they were, as is all that follows."""
    facility_id: str | None = None
    contact_id: str | None = None
    task_id: str | None = None
    """The task that addressed the person whom a note is about."""
    at: datetime | None = None


class Suppression(NamedTuple):
    """What must not be contacted."""

    suppression_id: str
    version: int
    marks: Sequence[str]


class Wanted(NamedTuple):
    """A record that a CRM should have, and what both sides last agreed on."""

    id: str
    revision: int
    values: Mapping[str, str | None]
    """The owner is an e-mail address."""
    changed: Mapping[str, str]
    suppressed: bool
    their_id: str | None
    agreed: Mapping[str, Mapping[str, Any]]
    failures: int
    belongs: Mapping[Kind, str] = {}
    """The company and the contact that it is about, by their ids there."""
    about: Mapping[Kind, str] = {}
    """Those with which it was associated."""

    @property
    def is_withheld(self) -> bool:
        """Whether nothing is sent: it is of those who must not be contacted, and the CRM does not have it from us."""
        return self.suppressed and self.their_id is None

    @property
    def is_removed(self) -> bool:
        """Whether it was taken back, so that they should not have it."""
        return self.values.get("removed") == "true"

    def record(self, kind: Kind) -> Record:
        types: dict[str, Type] = {"suppressed": "flag", **FIELDS[kind]}
        values = {id_field(kind): self.id, **self.values, "suppressed": "true" if self.suppressed else "false"}
        if kind == "tasks" and self.suppressed and values.get("status") == "open":
            values["status"] = "dropped"
        changed = {name: datetime.fromisoformat(at) for name, at in self.changed.items()}
        found = {name: canonical(types[name], value) for name, value in values.items() if name in types}
        return Record(kind, self.id, found, self.their_id, changed)
