"""What may be looked up about accounts, leads, runs and touches?"""

from __future__ import annotations

from typing import Any

from services.sequencer.asks.requests import AccountRequest, EnrollmentPage, Page
from services.sequencer.domain.plan.enrolling import candidates
from services.sequencer.settings import playbook
from services.sequencer.store import accounts, board, contacts, enrollments, leads, tasks
from services.sequencer.store import counts as sizes
from shared.contracts.refusals import Refused
from shared.contracts.requests import Nothing
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.ask("leads")
async def list_leads(request: Page, tx: Tx) -> list[dict[str, Any]]:
    return await leads.page(tx, request.after, request.limit)


@router.ask("enrollments")
async def list_enrollments(request: EnrollmentPage, tx: Tx) -> list[dict[str, Any]]:
    return await enrollments.page(tx, request.after, request.limit, request.status)


@router.ask("export_tasks")
async def export_tasks(request: Page, tx: Tx) -> list[dict[str, Any]]:
    return await tasks.page(tx, request.after, request.limit)


@router.ask("account")
async def account(request: AccountRequest, tx: Tx) -> dict[str, Any]:
    """Everything about one account, for a person."""
    found = await accounts.show(tx, request.facility_id)
    if found is None:
        raise Refused(f"There is no account {request.facility_id}. Import the registry that lists it first.", code=404)
    return found | {
        "leads": await leads.of_accounts(tx, [request.facility_id]),
        "enrollments": await enrollments.of_account(tx, request.facility_id),
        "tasks": await tasks.of_account(tx, request.facility_id),
        "contacts": await contacts.show(tx, request.facility_id),
        "activities": await tasks.activities_of(tx, request.facility_id),
    }


@router.ask("contacts")
async def contacts_of(request: AccountRequest, tx: Tx) -> list[dict[str, Any]]:
    """Everybody ever named for a facility or its chain, newest first."""
    return await contacts.show(tx, request.facility_id)


@router.ask("counts")
async def counts(request: Nothing, tx: Tx) -> dict[str, Any]:
    """How much there is of everything; prospects without a run that could have one are waiting for capacity."""
    book = playbook()
    waiting = candidates(await board.load_prospects(tx, book), book)
    return await sizes.load(tx, tx.today) | {"waiting_for_capacity": len(waiting)}
