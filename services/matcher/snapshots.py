"""What is the current state of signals, of the inbox and of aliases, page by page?"""

from __future__ import annotations

from services.matcher.store import inbox, postings
from services.matcher.usecases.decisions import alias_learned
from services.matcher.usecases.outcomes import facility_matched, posting_unmatched
from shared.contracts.events import AliasLearned, FacilityMatched, PostingUnmatched
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.snapshot(FacilityMatched)
async def facilities_matched(after: str | None, limit: int, tx: Tx) -> list[tuple[str, FacilityMatched]]:
    """All signals of each facility and role family, open and expired."""
    return [(key, facility_matched(**pair)) for key, pair in await postings.pairs(tx, after, limit)]


@router.snapshot(PostingUnmatched)
async def postings_unmatched(after: str | None, limit: int, tx: Tx) -> list[tuple[str, PostingUnmatched]]:
    """The postings that wait for a person now."""
    return [(key, posting_unmatched(each)) for key, each in await postings.waiting(tx, after, limit)]


@router.snapshot(AliasLearned)
async def aliases_learned(after: str | None, limit: int, tx: Tx) -> list[tuple[str, AliasLearned]]:
    """The aliases in force."""
    return [(key, alias_learned(each)) for key, each in await inbox.aliases(tx, after, limit)]
