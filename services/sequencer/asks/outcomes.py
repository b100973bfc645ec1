"""How does a person say what came of a lead?"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator

from services.sequencer import store
from services.sequencer.asks.requests import Strict
from services.sequencer.domain.identity import lead_id
from services.sequencer.domain.leads import Lead, lead_source
from services.sequencer.domain.marks import place_marks
from services.sequencer.domain.outcomes import OutcomeKind, lead_by_hand, next_outcome, no_contact, settled
from services.sequencer.domain.suppression import Statement
from services.sequencer.settings import playbook
from services.sequencer.store import accounts, enrollments, leads
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.announcing import decided
from services.sequencer.usecases.deciding import follow, stop_account
from shared.contracts.limits import FacilityId, LongText, Name
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


class RecordOutcome(Strict):
    """What came of which account's lead, and who says so."""

    facility_id: FacilityId
    outcome: OutcomeKind
    by: Name
    reason: LongText | None = None

    @model_validator(mode="after")
    def _lost_for_a_reason(self) -> RecordOutcome:
        if self.outcome == "lost" and not self.reason:
            raise ValueError("a lead is lost for a reason; give it")
        return self


class Recorded(BaseModel):
    """The lead as it is now, and whether that was news."""

    model_config = ConfigDict(from_attributes=True)

    facility_id: str
    lead_id: UUID
    lead_source: str
    stage: str
    closed_on: date | None
    news: bool = True
    not_contacted: list[str] = []
    """The channels by which the facility is not contacted any more, because the reason says so."""


@router.ask("outcome")
async def record_outcome(request: RecordOutcome, tx: Tx) -> Recorded:
    """Record it once. A win makes the account a client, and either end stops its run, in one transaction (R51, R52)."""
    await store.lock(tx)
    await accounts.lock_all(tx)
    account = await _account(request.facility_id, tx)
    lead = await _lead(account, request.outcome, tx)
    before = await leads.outcomes_of(tx, lead.facility_id)
    outcome = next_outcome(before, lead, request.outcome, request.reason, request.by, tx.today)
    if outcome is None:
        # A no holds whenever it is said: also of a lead that was lost for another reason before.
        channels = await _take_no(lead.facility_id, request, tx)
        return Recorded.model_validate(lead).model_copy(update={"news": False, "not_contacted": channels})
    lead = settled(lead, request.outcome, request.reason, tx.today)
    await leads.save(tx, [lead])
    await leads.record_outcome(tx, outcome)
    tx.emit(decided(outcome))
    if request.outcome == "won" and account["status"] != "active":
        await accounts.make_clients(tx, {lead.facility_id: account["owner"] or request.by})
    if request.outcome != "meeting":
        await stop_account(tx, lead.facility_id)
    channels = await _take_no(lead.facility_id, request, tx)
    return Recorded.model_validate(lead).model_copy(update={"not_contacted": channels})


async def _take_no(facility_id: str, request: RecordOutcome, tx: Tx) -> list[str]:
    """A loss whose reason is a no, by the pack's list, means that the facility is not contacted any more (R85)."""
    book = playbook()
    channels = no_contact(request.reason, book.outcomes.no_contact) if request.outcome == "lost" else []
    if channels:
        said = Statement(
            scope="facility",
            target=facility_id,
            label=await accounts.facility_label(tx, facility_id),
            marks=place_marks(facility_id, None),
            channels=channels,
            reason=request.reason or "",
            source="outcome: lost",
            said_by=request.by,
            said_on=tx.today,
        )
        await suppressing.stop(tx, said)
        await follow(tx)
    return channels


async def _account(facility_id: str, tx: Tx) -> dict[str, Any]:
    found = await accounts.show(tx, facility_id)
    if found is None:
        raise Refused(f"There is no account {facility_id}. Import the registry that lists it first.", code=404)
    return found


async def _lead(account: dict[str, Any], word: OutcomeKind, tx: Tx) -> Lead:
    """The lead that is meant: of a client the upsell, unless the win is said once more that made it one."""
    facility_id, client = account["facility_id"], account["status"] == "active"
    known = await leads.get(tx, lead_id(facility_id, lead_source(client)))
    if known:
        return known
    prospect = await leads.get(tx, lead_id(facility_id, lead_source(False)))
    if prospect and prospect.stage == word == "won":
        return prospect
    runs = (
        [] if client else await enrollments.of_account(tx, facility_id)
    )  # a client's were about the prospect that it was
    starts = [run.started_on for run in runs if run.started_on]
    return lead_by_hand(facility_id, client, account["owner"], max(starts, default=None), tx.today)
