"""What happens when a person records the outcome of a lead?"""

from __future__ import annotations

from services.sequencer import store
from services.sequencer.domain.identity import lead_id
from services.sequencer.domain.leads import Lead, lead_source
from services.sequencer.domain.marks import place_marks
from services.sequencer.domain.outcomes import Outcome, lead_by_hand, next_outcome, no_contact, with_outcome
from services.sequencer.domain.suppression import Statement
from services.sequencer.settings import playbook
from services.sequencer.store import accounts, enrollments, leads
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.announcing import decided
from services.sequencer.usecases.deciding import follow, stop_account
from shared.contracts.refusals import Refused
from shared.contracts.requests import refuse_outdated
from shared.contracts.sequencer import OutcomeKind, RecordOutcome
from shared.contracts.sequencer_replies import AccountState, RecordedOutcome
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def record_outcome(request: RecordOutcome, tx: Tx) -> RecordedOutcome:
    """Record an outcome once. A win makes the account a client; a win or a loss stops its enrollment (R51, R52)."""
    await store.lock(tx)
    await accounts.lock_all(tx)
    account = await _account(request.facility_id, tx)
    lead = await _lead(account, request.outcome, tx)
    before = await leads.outcomes_of(tx, lead.facility_id)
    _refuse_outdated(request, before)
    outcome = next_outcome(before, lead, request.outcome, request.reason, tx.actor, tx.today)
    if outcome:
        lead = with_outcome(lead, request.outcome, request.reason, tx.today)
        await _carry_out(outcome, lead, account, tx)
    # A reason that forbids contact always counts, even if the lead was already lost for another reason.
    channels = await _suppress(lead.facility_id, request, tx)
    version = outcome.version if outcome else before[-1].version
    changed = outcome is not None
    return RecordedOutcome(
        facility_id=lead.facility_id,
        lead_id=lead.lead_id,
        lead_source=lead.lead_source,
        stage=lead.stage,
        closed_on=lead.closed_on,
        version=version,
        changed=changed,
        not_contacted=channels,
    )


def _refuse_outdated(request: RecordOutcome, before: list[Outcome]) -> None:
    last = before[-1] if before else None
    current = f"{last.outcome}, recorded by {last.decided_by} on {last.decided_on}." if last else "nothing is recorded."
    refuse_outdated(request, last.version if last else 0, current)


async def _carry_out(outcome: Outcome, lead: Lead, account: AccountState, tx: Tx) -> None:
    await leads.save(tx, [lead])
    await leads.record_outcome(tx, outcome)
    tx.emit(decided(outcome))
    if outcome.outcome == "won" and account.status != "active":
        await accounts.make_clients(tx, {lead.facility_id: account.owner or tx.actor})
    if outcome.outcome != "meeting":
        await stop_account(tx, lead.facility_id)


async def _suppress(facility_id: str, request: RecordOutcome, tx: Tx) -> list[str]:
    """Suppress a facility if the reason of a loss forbids contact, by the pack's list (R85)."""
    channels = no_contact(request.reason, playbook().outcomes.no_contact) if request.outcome == "lost" else []
    if channels:
        statement = Statement(
            scope="facility",
            target=facility_id,
            label=await accounts.facility_label(tx, facility_id),
            marks=place_marks(facility_id, None),
            channels=channels,
            reason=request.reason or "",
            source="outcome: lost",
            stated_by=tx.actor,
            stated_on=tx.today,
        )
        await suppressing.stop(tx, statement)
        await follow(tx)
    return channels


async def _account(facility_id: str, tx: Tx) -> AccountState:
    found = await accounts.show(tx, facility_id)
    if found is None:
        raise Refused(f"There is no account {facility_id}. Import the registry that lists it first.", code=404)
    return found


async def _lead(account: AccountState, kind: OutcomeKind, tx: Tx) -> Lead:
    """The lead of an outcome: a client's upsell, unless the win that made it a client is recorded again."""
    facility_id, client = account.facility_id, account.status == "active"
    existing = await leads.get(tx, lead_id(facility_id, lead_source(client)))
    if existing:
        return existing
    prospect = await leads.get(tx, lead_id(facility_id, lead_source(False)))
    if prospect and prospect.stage == kind == "won":
        return prospect
    # The enrollments of a client date from its time as a prospect.
    enrolled = [] if client else await enrollments.of_account(tx, facility_id)
    starts = [each.started_on for each in enrolled if each.started_on]
    return lead_by_hand(facility_id, client, account.owner, max(starts, default=None), tx.today)
