"""What follows when a group of postings means none of the facilities shown?"""

from __future__ import annotations

from typing import Any

from services.matcher.domain.resolve import DISPUTED
from services.matcher.store import directory as directory_store
from services.matcher.store import inbox as store
from services.matcher.usecases.decisions import decidable, decide_anew, settled
from services.matcher.usecases.directory import FINAL
from shared.contracts.matcher import RejectGroup
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.ask("reject")
async def reject_group(request: RejectGroup, tx: Tx) -> dict[str, Any]:
    group, postings, committed = await decidable(request.key, tx)
    known, alias = committed.verdicts.get(group), committed.aliases.get(group)
    if alias:
        raise Refused(
            f"{postings[0].employer_name!r} was accepted as {alias.facility_id} by {alias.by}; undo that first.",
            code=409,
        )
    if known and known.reason == request.reason:
        return settled(request.key, [])
    if known and known.reason == DISPUTED and request.reason not in FINAL:
        raise Refused(
            f"{known.by}, asked blind, disputed the automatic match of {postings[0].employer_name!r}, so it goes on"
            " waiting: accept a facility, or reject it as none_of_these or not_an_snf.",
            code=409,
        )
    change = await directory_store.raise_version(tx)
    await store.record_verdict(tx, group, request.reason, request.by, change)
    await store.log_decision(tx, "reject", request.key, postings[0].employer, request.by, reason=request.reason)
    return await decide_anew(tx, request.key, postings, committed)
