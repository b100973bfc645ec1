"""Which leads do the open signals make?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.sequencer.domain.identity import lead_id


@dataclass(frozen=True, slots=True)
class Lead:
    """A reason to talk to a facility: a prospect's, or an upsell of an active client."""

    lead_id: UUID
    facility_id: str
    lead_source: str
    stage: str
    owner: str | None
    role_families: list[str]
    raised_on: date
    refreshed_on: date
    closed_on: date | None
    closed_reason: str | None


@dataclass(frozen=True, slots=True)
class Hiring:
    """A listed account with open signals, and for which roles."""

    facility_id: str
    client: bool
    owner: str | None
    role_families: list[str]
    newest_on: date
    """When the newest of them was first seen."""


SETTLED = ("won", "lost")


def lead_source(client: bool) -> str:
    """An active client is never a prospect (R45)."""
    return "upsell" if client else "signal"


def leads_for(hiring: Iterable[Hiring], known: Mapping[UUID, Lead], today: date) -> list[Lead]:
    """One lead per account and source, refreshed for as long as a signal is open (R46). What was won or lost is raised
    again by a signal that was first seen later, and by none before (R52)."""
    pairs = [(each, known.get(lead_id(each.facility_id, lead_source(each.client)))) for each in hiring]
    return [_lead(each, lead, today) for each, lead in pairs if lead is None or not _answered(each, lead)]


def _answered(hiring: Hiring, known: Lead) -> bool:
    return known.stage in SETTLED and known.closed_on is not None and hiring.newest_on <= known.closed_on


def _lead(hiring: Hiring, known: Lead | None, today: date) -> Lead:
    roles = sorted(hiring.role_families)
    if known and known.stage not in SETTLED:
        return replace(
            known, owner=hiring.owner, role_families=roles, refreshed_on=today, closed_on=None, closed_reason=None
        )
    source = lead_source(hiring.client)
    return Lead(
        lead_id(hiring.facility_id, source),
        hiring.facility_id,
        source,
        "new",
        hiring.owner,
        roles,
        today,
        today,
        None,
        None,
    )
