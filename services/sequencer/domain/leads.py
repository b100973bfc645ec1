"""Which leads follow from open signals, and when are leads closed?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.sequencer.domain.accounts import Account
from services.sequencer.domain.identity import lead_id
from services.sequencer.domain.signals import Signal


@dataclass(frozen=True, slots=True)
class Lead:
    """A reason to sell to a facility: an open signal of a prospect, or an upsell to an active client."""

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


DECIDED = ("won", "lost")


def lead_source(client: bool) -> str:
    """The source of a lead; an active client is never a prospect (R45)."""
    return "upsell" if client else "signal"


def leads_for(
    accounts: Iterable[Account], signals: Mapping[str, Sequence[Signal]], existing: Mapping[UUID, Lead], today: date
) -> list[Lead]:
    """One lead for each listed account with open signals, updated while a signal is open (R46).

    A signal that was first seen after a lead was won or lost raises it again; an earlier signal does not (R52).
    """
    with_signals = [
        (each, signals[each.facility_id]) for each in accounts if each.listed and signals.get(each.facility_id)
    ]
    return [lead for account, opened in with_signals if (lead := _lead(account, opened, existing, today))]


def _lead(account: Account, signals: Sequence[Signal], existing: Mapping[UUID, Lead], today: date) -> Lead | None:
    source = lead_source(account.client)
    key, roles = lead_id(account.facility_id, source), sorted({signal.role_family for signal in signals})
    lead = existing.get(key)
    if lead is None:
        return Lead(key, account.facility_id, source, "new", account.owner, roles, today, today, None, None)
    if lead.stage in DECIDED:
        if lead.closed_on is not None and max(signal.first_seen_on for signal in signals) <= lead.closed_on:
            return None
        lead = replace(lead, stage="new", raised_on=today)
    return replace(
        lead, owner=account.owner, role_families=roles, refreshed_on=today, closed_on=None, closed_reason=None
    )


def why_close(lead: Lead, account: Account) -> str | None:
    """A prospect's lead closes when the facility becomes a client (R45), any lead when it leaves the registry."""
    if account.client and lead.lead_source == "signal":
        return "became an active client"
    return None if account.listed else "no longer on the registry"
