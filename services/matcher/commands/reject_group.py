"""What happens when a person rejects all candidates of a group of postings?"""

from __future__ import annotations

from services.matcher.domain.resolve import DISPUTED
from services.matcher.settings import verdicts
from services.matcher.store import directory as directory_store
from services.matcher.store import inbox as store
from services.matcher.usecases.decisions import decide_again, group_to_decide, resolution, verdict_named
from shared.contracts.matcher import RejectGroup, Resolution
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def reject_group(request: RejectGroup, tx: Tx) -> Resolution:
    verdict = verdict_named(request.reason, verdicts())
    group, postings, committed = await group_to_decide(request, tx)
    known, alias = committed.verdicts.get(group), committed.aliases.get(group)
    if alias:
        raise Refused(
            f"{postings[0].employer_name!r} was accepted as {alias.facility_id} by {alias.by}; undo that first.",
            code=409,
        )
    if known and known.reason == request.reason:
        return resolution(request.key, [])
    if known and known.reason == DISPUTED and not verdict.is_final:
        final = " or ".join(name for name, each in verdicts().items() if each.is_final)
        raise Refused(
            f"{known.by} disputed the automatic match of {postings[0].employer_name!r} without seeing it, so it keeps"
            f" waiting: accept a facility, or reject it as {final}.",
            code=409,
        )
    change = await directory_store.raise_version(tx)
    await store.record_verdict(tx, group, request.reason, tx.actor, change)
    await store.log_decision(tx, "reject", request.key, postings[0].employer, reason=request.reason)
    return await decide_again(tx, request.key, postings, committed)
