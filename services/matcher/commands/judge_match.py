"""What happens when a person judges an automatic match without seeing it?"""

from __future__ import annotations

from services.matcher.domain.directory import Directory
from services.matcher.domain.inbox import key_of_group
from services.matcher.domain.resampling import Match
from services.matcher.domain.resolve import DISPUTED
from services.matcher.settings import NOWHERE, policy, verdicts
from services.matcher.store import directory as directory_store
from services.matcher.store import inbox as inbox_store
from services.matcher.store import resampling as store
from services.matcher.usecases.decisions import decide_again, verdict_named
from services.matcher.usecases.directory import directory_of
from shared.contracts.matcher import JudgeMatch
from shared.contracts.matcher_replies import JudgedMatch
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def judge_match(request: JudgeMatch, tx: Tx) -> JudgedMatch:
    """Record a judgment. If it contradicts the match, the postings move to the inbox; otherwise nothing changes."""
    if bool(request.facility_id) == bool(request.reason):
        raise Refused("Give either a facility or a reason why there is none.", 400)
    offered = {name: verdict for name, verdict in verdicts().items() if verdict.of_matches}
    verdict = verdict_named(request.reason, offered) if request.reason else None
    await tx.lock("state", [(await _chosen(request.key, tx)).state_key or NOWHERE])
    match = await _chosen(request.key, tx)  # read again: the previous holder of the lock may have decided on it
    committed = await directory_of(tx)
    if request.facility_id and request.facility_id not in committed.facilities:
        raise Refused(f"There is no facility {request.facility_id}; look it up and try again.", 404)
    if not await store.record(tx, match, request.facility_id, request.reason):
        raise Refused(f"Another person has just judged {request.key}; list the others again.", 409)
    key, agreed = key_of_group(match.group), request.facility_id == match.facility_id
    disputed = not agreed and (verdict is None or verdict.is_final)
    queued = await _dispute(request, match, committed, tx) if disputed else 0
    return JudgedMatch(agreed=agreed, accepted=match.facility_id, key=key, disputed=disputed, queued=queued)


async def _dispute(request: JudgeMatch, match: Match, committed: Directory, tx: Tx) -> int:
    """Ignore the engine's match of a group from now on. Returns the number of postings that wait now."""
    key, postings = key_of_group(match.group), await inbox_store.postings_of(tx, match.group)
    change = await directory_store.raise_version(tx)
    await inbox_store.record_verdict(tx, match.group, DISPUTED, tx.actor, change)
    await inbox_store.log_decision(tx, "dispute", key, postings[0].employer, request.facility_id, request.reason)
    return (await decide_again(tx, key, postings, committed)).queued


async def _chosen(key: str, tx: Tx) -> Match:
    chosen = await store.to_be_judged(tx, policy().resample_share)
    match = next((match for match in chosen if match.key == key), None)
    if not match:
        raise Refused(f"No match to be judged has the key {key}; it may have been judged already.", 404)
    return match
