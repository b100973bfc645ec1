"""What does the address of the page ask for, and what is known of the account?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.console.domain.addresses import address_of
from services.console.rendering.shapes import Choice
from services.console.screens.facility.queries import Entry, Row, State, Stated
from services.console.screens.facility.story import Wording
from services.console.screens.facility.view import Why
from shared.contracts.courier_crm import CrmAccount
from shared.contracts.sequencer_replies import ContactRow


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    facility_id: str
    on: date | None = None
    shown: str = ""
    """The part of the timeline."""
    before: UUID | None = None
    all_facts: bool = False
    opened: str = ""
    origin: str = ""
    """The list from which the person comes: its address."""

    def href(self, **changes: str) -> str:
        values = {"shown": self.shown, "from": self.origin, **changes}
        return address_of(f"/facilities/{self.facility_id}", values)


@dataclass(frozen=True, slots=True)
class Neighbors:
    """The list that the person comes from, and what is before and after this account in it."""

    origin: Choice
    place: str = ""
    previous: str = ""
    following: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the account."""

    row: Row
    states: Sequence[State]
    entries: Sequence[Entry]
    history: Sequence[Entry]
    facts: Sequence[Stated]
    postings: Sequence[Mapping[str, Any]]
    wording: Wording
    now: datetime
    why: Why | None = None
    people: Sequence[ContactRow] | None = None
    """None: the sequencer was not asked, or did not answer."""
    names: Sequence[str] = ()
    older: str = ""
    neighbors: Neighbors | None = None
    team: Mapping[str, str] = field(default_factory=dict)
    """Those who are in the team today."""
    crm: CrmAccount | None = None
    """None: it is exchanged with no CRM, or the courier does not answer."""
    rests_until: date | None = None
    """The first day on which it may be worked again after a closing letter."""

    def of(self, kind: str) -> list[State]:
        return [each for each in self.states if each.kind == kind]

    def own(self, kind: str) -> list[State]:
        """The states of the account itself, without those of its chain's enrollment."""
        return [each for each in self.of(kind) if each.facility_id == self.row.facility_id]
