"""What follows when a group of postings means none of the facilities shown?"""

from __future__ import annotations

from services.matcher.domain.resolve import DISPUTED
from services.matcher.settings import verdicts
from services.matcher.store import directory as directory_store
from services.matcher.store import inbox as store
from services.matcher.usecases.decisions import decidable, decide_anew, known_verdict, settled
from shared.contracts.matcher import RejectGroup, Settled
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def reject_group(request: RejectGroup, tx: Tx) -> Settled:
    verdict = known_verdict(request.reason, verdicts())
    group, postings, committed = await decidable(request, tx)
    known, alias = committed.verdicts.get(group), committed.aliases.get(group)
    if alias:
        raise Refused(
            f"{postings[0].employer_name!r} was accepted as {alias.facility_id} by {alias.by}; undo that first.",
            code=409,
        )
    if known and known.reason == request.reason:
        return settled(request.key, [])
    if known and known.reason == DISPUTED and not verdict.is_final:
        final = " or ".join(name for name, each in verdicts().items() if each.is_final)
        raise Refused(
            f"{known.by}, asked blind, disputed the automatic match of {postings[0].employer_name!r}, so it goes on"
            f" waiting: accept a facility, or reject it as {final}.",
            code=409,
        )
    change = await directory_store.raise_version(tx)
    await store.record_verdict(tx, group, request.reason, tx.actor, change)
    await store.log_decision(tx, "reject", request.key, postings[0].employer, reason=request.reason)
    return await decide_anew(tx, request.key, postings, committed)
