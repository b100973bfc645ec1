"""What happens when a person matches a group of postings to a facility?"""

from __future__ import annotations

from services.matcher.store import directory as directory_store
from services.matcher.store import inbox as store
from services.matcher.usecases.decisions import alias_learned, decide_again, group_to_decide, resolution
from shared.contracts.matcher import AcceptGroup, Resolution
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def accept_group(request: AcceptGroup, tx: Tx) -> Resolution:
    group, postings, committed = await group_to_decide(request, tx)
    facility = committed.facilities.get(request.facility_id)
    if not facility or not facility.listed:
        raise Refused(f"No facility {request.facility_id} is listed; look it up and try again.", code=404)
    if group.state and group.state != facility.state:
        raise Refused(
            f"{facility.name} ({request.facility_id}) is in {facility.state}, the postings are in {group.state}.",
            code=409,
        )
    known = committed.aliases.get(group)
    if known and known.facility_id != request.facility_id:
        raise Refused(
            f"{postings[0].employer_name!r} was accepted as {known.facility_id} by {known.by}; undo that first.",
            code=409,
        )
    if known:
        return resolution(request.key, [])
    change = await directory_store.raise_version(tx)
    await store.withdraw(tx, group, change)
    shown = postings[0]
    alias = await store.learn_alias(tx, group, request.facility_id, shown.employer, change)
    await store.log_decision(tx, "accept", request.key, shown.employer, facility_id=request.facility_id)
    tx.emit(alias_learned({**alias, "learned_at": tx.now}))
    return await decide_again(tx, request.key, postings, committed)
