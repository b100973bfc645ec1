"""What happens when a person withdraws a name of a facility, or restores it?"""

from __future__ import annotations

from engines.datasets.text import one_line
from services.matcher.domain.directory import Employer
from services.matcher.settings import NOWHERE
from services.matcher.store import directory as store
from services.matcher.store import inbox as inbox_store
from services.matcher.usecases.directory import directory_of
from services.matcher.usecases.outcomes import decide_affected
from shared.contracts.matcher import ChangedName, RestoreName, WithdrawName
from shared.contracts.refusals import Refused
from shared.contracts.requests import refuse_outdated
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def withdraw_name(request: WithdrawName, tx: Tx) -> ChangedName:
    """Withdraw a name, even if the registry states it again, and decide again on the postings that it matched."""
    return await _change(request, tx, tx.actor)


@router.command
async def restore_name(request: RestoreName, tx: Tx) -> ChangedName:
    return await _change(request, tx, None)


async def _change(request: WithdrawName | RestoreName, tx: Tx, by: str | None) -> ChangedName:
    facility = (await directory_of(tx)).facilities.get(request.facility_id)
    if not facility:
        raise Refused(f"No facility {request.facility_id} was ever listed.", code=404)
    known = {each.name for each in await store.names_of(tx, request.facility_id) if each.provenance != "person"}
    # Stored names may contain invisible characters, which the requested name does not.
    name = next((each for each in known if one_line(each) == request.name), None)
    if not name or name == facility.name:
        raise Refused(
            f"{request.name!r} is not another name of {request.facility_id} from a file or by a rule; `pipeline alias"
            " list` shows them. A name that a person accepted is undone with `pipeline inbox undo KEY`.",
            code=404,
        )
    await tx.lock("state", {NOWHERE, facility.state})
    committed = await directory_of(tx)
    if request.seen is not None:
        version = await store.changed_at(tx, request.facility_id)
        refuse_outdated(request, version, "`pipeline alias list` shows its names.")
    if not await store.withdraw_name(tx, request.facility_id, name, by):
        return ChangedName(facility_id=request.facility_id, changed=0)
    await store.mark_changed(tx, [request.facility_id], await store.raise_version(tx))
    about = Employer(name, facility.city, facility.state)
    decision = "withdraw" if by else "restore"
    await inbox_store.log_decision(tx, decision, "", about, facility_id=request.facility_id)
    changed = await decide_affected(tx, committed, [request.facility_id])
    return ChangedName(facility_id=request.facility_id, changed=len(changed))
