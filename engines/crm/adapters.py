"""Which adapter exchanges records with a CRM, and what can each of them do?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from engines.crm.exchange import Outcome, Page, SetUp, Steps
from engines.crm.hubspot import HubSpot
from engines.crm.mapping import Crm
from engines.crm.records import Kind, Record, System
from engines.crm.salesforce import Salesforce


class Adapter(Protocol):
    """A system with the field map of a pack."""

    @property
    def crm(self) -> Crm:
        """The field map."""
        ...

    @property
    def owners(self) -> Mapping[str, str]:
        """The id there of each person by e-mail address, as `users` found them."""
        ...

    def users(self) -> Steps[dict[str, str]]: ...

    def set_up(self, kind: Kind) -> Steps[SetUp]:
        """Create the properties of our own that are missing; safe to repeat."""
        ...

    def read(self, kind: Kind, ids: Sequence[str]) -> Steps[list[Record]]:
        """Records by our ids; those that are not there are left out."""
        ...

    def upsert(
        self, kind: Kind, records: Sequence[Record], about: Mapping[str, Mapping[Kind, str]] | None = None
    ) -> Steps[list[Outcome]]:
        """Send records, with the values that are to be changed; what became of each, in their order.

        `about`: for our ids, the company and the contact that a record belongs to, by their ids there.
        """
        ...

    def remove(self, kind: Kind, their_ids: Sequence[str]) -> Steps[None]:
        """Remove records by their ids there; safe to repeat."""
        ...

    def modified(self, kind: Kind, since: datetime, after: str | None = None) -> Steps[Page]:
        """A page of the records that changed since a time."""
        ...

    def all(self, kind: Kind, after: str | None = None) -> Steps[Page]:
        """A page of all records."""
        ...


def adapter_of(system: System, crm: Crm, owners: Mapping[str, str]) -> Adapter:
    return HubSpot(crm, owners) if system == "hubspot" else Salesforce(crm, owners)
