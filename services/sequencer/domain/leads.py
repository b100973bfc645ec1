"""What is a lead, which leads follow from open signals, and when are leads closed?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.sequencer.domain.accounts import Account
from services.sequencer.domain.identity import lead_id
from services.sequencer.domain.signals import Signal
from services.sequencer.domain.stages import BY_HAND, DECIDED, Phase, Stage, Stages
from services.sequencer.domain.tasks import BY


@dataclass(frozen=True, slots=True)
class Lead:
    """A reason to sell to an account: a prospect that has signals or is worked, or an upsell to an active client."""

    lead_id: UUID
    facility_id: str
    lead_source: str
    stage: str
    phase: Phase
    stage_since: date
    stage_by: str
    """Who moved it there."""
    stage_reason: str | None
    owner: str | None
    role_families: list[str]
    raised_on: date
    refreshed_on: date
    closed_on: date | None = None
    closed_reason: str | None = None
    version: int = 0
    """Grows with every published change."""
    engaged_until: date | None = None
    """Until this day a person works it by hand, and no sequence starts."""
    reopen_asked_on: date | None = None
    """Since when a signal that is later than its loss asks a person to re-open it (R52)."""
    reopen_declined_on: date | None = None
    from_step: int | None = None
    """The step at which the next enrollment begins, if a person re-opened it in mid-sequence (R52)."""
    converted_facility_id: str | None = None
    """The account that it became (R51)."""
    intake: dict[str, str] = field(default_factory=dict)
    amount: Decimal | None = None
    currency: str | None = None
    close_on: date | None = None
    """The expected day of the win."""
    undone_version: int | None = None
    """The version of the last outcome or touch that was taken back."""

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    def is_engaged(self, today: date) -> bool:
        """Whether a person works it by hand now: after a meeting, or in a later phase."""
        by_hand = self.phase in BY_HAND or (self.engaged_until is not None and today < self.engaged_until)
        return self.is_open and by_hand


def lead_source(client: bool) -> str:
    """The source of a lead; an active client is never a prospect (R45)."""
    return "upsell" if client else "signal"


def new_lead(account: Account, roles: Iterable[str], today: date, stages: Stages) -> Lead:
    """The lead of an account, in its first stage."""
    source = lead_source(account.client)
    first = stages.first(source)
    return Lead(
        lead_id=lead_id(account.facility_id, source),
        facility_id=account.facility_id,
        lead_source=source,
        stage=first.stage,
        phase=first.phase,
        stage_since=today,
        stage_by=BY,
        stage_reason=None,
        owner=account.owner,
        role_families=sorted(set(roles)),
        raised_on=today,
        refreshed_on=today,
    )


def moved(lead: Lead, stage: Stage, by: str, reason: str | None, today: date) -> Lead:
    """A lead in another stage; a win or a loss closes it, and any other stage re-opens it."""
    closed = stage.phase in DECIDED
    return replace(
        lead,
        stage=stage.stage,
        phase=stage.phase,
        stage_since=today,
        stage_by=by,
        stage_reason=reason,
        closed_on=today if closed else None,
        closed_reason=(reason or stage.stage) if closed else None,
        reopen_asked_on=None,
        reopen_declined_on=None,
    )


def leads_for(
    accounts: Iterable[Account],
    signals: Mapping[str, Sequence[Signal]],
    existing: Mapping[UUID, Lead],
    today: date,
    stages: Stages,
) -> list[Lead]:
    """One lead for each listed account with open signals, updated while a signal is open (R46).

    A signal that was first seen after a lead was lost asks a person to re-open it; an earlier one does not (R52). A
    client's upsell that was won is raised again.
    """
    with_signals = [
        (each, signals[each.facility_id]) for each in accounts if each.listed and signals.get(each.facility_id)
    ]
    return [lead for account, opened in with_signals if (lead := _lead(account, opened, existing, today, stages))]


def _lead(
    account: Account, signals: Sequence[Signal], existing: Mapping[UUID, Lead], today: date, stages: Stages
) -> Lead | None:
    roles = sorted({signal.role_family for signal in signals})
    lead = existing.get(lead_id(account.facility_id, lead_source(account.client)))
    if lead is None:
        return new_lead(account, roles, today, stages)
    if lead.phase in DECIDED:
        if max(signal.first_seen_on for signal in signals) <= _answered_on(lead):
            return None
        if lead.phase == "lost":
            return replace(lead, reopen_asked_on=lead.reopen_asked_on or today)
        lead = reopened(lead, stages, BY, "another signal", today)
    return replace(
        lead, owner=account.owner, role_families=roles, refreshed_on=today, closed_on=None, closed_reason=None
    )


def reopened(lead: Lead, stages: Stages, by: str, reason: str | None, today: date) -> Lead:
    """A decided lead, begun again in its first stage."""
    again = moved(lead, stages.first(lead.lead_source), by, reason, today)
    return replace(again, raised_on=today, refreshed_on=today, engaged_until=None)


def is_reopened(old: Lead, new: Lead) -> bool:
    """Whether a decided lead began again; taking back an outcome is none, nor is a move of an open lead."""
    return old.phase in DECIDED and new.phase not in DECIDED and old.undone_version == new.undone_version


def _answered_on(lead: Lead) -> date:
    """The day up to which signals are answered: by the loss or win, or by declining to re-open it."""
    return max(lead.closed_on or date.min, lead.reopen_declined_on or date.min)


def why_close(lead: Lead, account: Account) -> str | None:
    """A prospect's lead closes when the facility becomes a client (R45), any lead when it leaves the registry."""
    if account.client and lead.lead_source == "signal":
        return "became an active client"
    if not account.client and lead.lead_source == "upsell":
        return "is not a client"
    return None if account.listed else "no longer on the registry"


def closed(lead: Lead, reason: str, account: Account, today: date) -> Lead:
    """A lead that ends without an outcome; that of a prospect that became a client is linked to the account (R51)."""
    converted = account.facility_id if account.client and lead.lead_source == "signal" else None
    return replace(lead, closed_on=today, closed_reason=reason, converted_facility_id=converted)


def numbered(before: Mapping[UUID, Lead], after: Mapping[UUID, Lead]) -> dict[UUID, Lead]:
    """The leads after a decision; those whose published state changed have the next version."""
    return {key: _numbered(before.get(key), lead) for key, lead in after.items()}


def _numbered(old: Lead | None, new: Lead) -> Lead:
    if old is new or (old and replace(old, refreshed_on=new.refreshed_on) == new):
        return new
    return replace(new, version=old.version + 1 if old else 1)


@dataclass(frozen=True, slots=True)
class Move:
    """A lead went from one stage to another, after so many days in the first."""

    lead_id: UUID
    version: int
    facility_id: str
    lead_source: str
    from_stage: str
    from_phase: Phase
    to_stage: str
    to_phase: Phase
    moved_by: str
    moved_on: date
    reason: str | None
    days: int


def move_between(old: Lead, new: Lead) -> Move | None:
    """The move between two states of a lead; taking back an outcome or a touch is none."""
    if old.stage == new.stage or old.undone_version != new.undone_version:
        return None
    return Move(
        lead_id=new.lead_id,
        version=new.version,
        facility_id=new.facility_id,
        lead_source=new.lead_source,
        from_stage=old.stage,
        from_phase=old.phase,
        to_stage=new.stage,
        to_phase=new.phase,
        moved_by=new.stage_by,
        moved_on=new.stage_since,
        reason=new.stage_reason,
        days=(new.stage_since - old.stage_since).days,
    )
