"""Which record should a CRM have, and what do our events state of it?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from engines.crm.records import FIELDS, Kind, Record, canonical, id_field


class Stated(NamedTuple):
    """A field, as an event states it. The owner is a rep; a chain has no field but whether it is suppressed."""

    kind: str
    id: str
    field: str
    value: str | None
    version: int
    changed_at: datetime


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

    @property
    def is_withheld(self) -> bool:
        """Whether nothing is sent: an account that must not be contacted, and that the CRM does not have from us."""
        return self.suppressed and self.their_id is None

    def record(self, kind: Kind) -> Record:
        types = FIELDS[kind]
        values = {id_field(kind): self.id, **self.values, "suppressed": "true" if self.suppressed else "false"}
        changed = {name: datetime.fromisoformat(at) for name, at in self.changed.items()}
        found = {name: canonical(types[name], value) for name, value in values.items()}
        return Record(kind, self.id, found, self.their_id, changed)
