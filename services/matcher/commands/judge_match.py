"""What follows when a person, who was not shown the answer, judges an automatic match?"""

from __future__ import annotations

from typing import Any

from services.matcher.domain.inbox import key_of_group
from services.matcher.domain.resampling import Match
from services.matcher.domain.resolve import DISPUTED
from services.matcher.settings import NOWHERE, policy
from services.matcher.store import directory as directory_store
from services.matcher.store import inbox as inbox_store
from services.matcher.store import resampling as store
from services.matcher.usecases.decisions import decide_anew
from services.matcher.usecases.directory import directory_of
from shared.contracts.matcher import JudgeMatch
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.ask("judge")
async def judge_match(request: JudgeMatch, tx: Tx) -> dict[str, Any]:
    """Agreement and doubt are recorded and change nothing; a contradiction puts the postings into the inbox."""
    if bool(request.facility_id) == bool(request.reason):
        raise Refused("Name a facility, or give a reason why there is none.", 400)
    await tx.lock("state", [(await _chosen(request.key, tx)).state_key or NOWHERE])
    match = await _chosen(request.key, tx)  # again: whoever held the lock may have decided on it
    committed = await directory_of(tx)
    if request.facility_id and request.facility_id not in committed.facilities:
        raise Refused(f"There is no facility {request.facility_id}; look it up and try again.", 404)
    if not await store.record(tx, match, request.facility_id, request.reason, request.by):
        raise Refused(f"Somebody else has just judged {request.key}; list the others again.", 409)
    agreed = request.facility_id == match.facility_id
    if not agreed and request.reason != "unsure":
        key, postings = key_of_group(match.group), await inbox_store.postings_of(tx, match.group)
        change = await directory_store.raise_version(tx)
        await inbox_store.record_verdict(tx, match.group, DISPUTED, request.by, change)
        await inbox_store.log_decision(
            tx, "dispute", key, postings[0].employer, request.by, request.facility_id, request.reason
        )
        return {"agreed": False, "accepted": match.facility_id} | await decide_anew(tx, key, postings, committed)
    return {"agreed": agreed, "accepted": match.facility_id, "key": key_of_group(match.group), "queued": 0}


async def _chosen(key: str, tx: Tx) -> Match:
    chosen = await store.to_be_judged(tx, policy().resample_share)
    match = next((match for match in chosen if match.key == key), None)
    if not match:
        raise Refused(f"Nothing to be judged has the key {key}; it may have been judged already.", 404)
    return match
