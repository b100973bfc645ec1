"""What happens when a person undoes the decision on a group of postings?"""

from __future__ import annotations

from services.matcher.domain.directory import Directory
from services.matcher.domain.postings import Posting, reopened, waiting_anew
from services.matcher.domain.resolve import DISPUTED
from services.matcher.store import directory as directory_store
from services.matcher.store import inbox as store
from services.matcher.usecases.decisions import decide_again, group_to_decide, resolution
from shared.contracts.matcher import Resolution, UndoDecision
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def undo_decision(request: UndoDecision, tx: Tx) -> Resolution:
    """Decide on the postings as if the decision had never been made.

    An earlier dispute is in force again; the engine's match counts only after the dispute is undone as well. Postings
    that were dismissed before the decision are dismissed again, unless they were seen since. Without a decision, their
    dismissal is undone: they wait anew.
    """
    group, postings, committed = await group_to_decide(request, tx)
    alias, verdict = committed.aliases.get(group), committed.verdicts.get(group)
    if not alias and not verdict:
        return await _restore(request.key, postings, committed, tx)
    change = await directory_store.raise_version(tx)
    await store.withdraw(tx, group, change)
    is_dispute = verdict is not None and verdict.reason == DISPUTED
    disputer = None if is_dispute else await store.disputer_of(tx, request.key)
    if disputer:
        await store.record_verdict(tx, group, DISPUTED, disputer, change)
    undone = "undispute" if is_dispute else "undo"
    await store.log_decision(tx, undone, request.key, postings[0].employer)
    return await decide_again(tx, request.key, [reopened(posting) for posting in postings], committed)


async def _restore(key: str, postings: list[Posting], committed: Directory, tx: Tx) -> Resolution:
    """Let the postings wait anew that no person decided on in time."""
    dismissed = [posting for posting in postings if posting.outcome == "queued" and posting.dismissed_on]
    if not dismissed:
        return resolution(key, [])
    await store.log_decision(tx, "undo", key, dismissed[0].employer)
    return await decide_again(tx, key, [waiting_anew(posting) for posting in dismissed], committed)
