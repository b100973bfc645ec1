"""What is the current state of what a service owns, page by page, for rebuilding a read model elsewhere?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from shared.contracts.kernel import Snapshot, SnapshotPage
from shared.contracts.refusals import Refused
from shared.service import Router, SnapshotReader
from shared.storage import retention
from shared.storage.database import Tx

OVERLAP = timedelta(minutes=5)
"""Longer than any transaction, since an event's id is older than its commit. Reading an event twice is harmless."""


def router(service: str, readers: Sequence[SnapshotReader]) -> Router:
    """What every service replies about its snapshots."""
    router, by_subject = Router(), {reader.event.SUBJECT: reader for reader in readers}

    @router.question
    async def snapshot(request: Snapshot, tx: Tx) -> SnapshotPage:
        reader = by_subject.get(request.subject)
        if reader is None:
            known = ", ".join(sorted(by_subject)) or "none"
            raise Refused(f"{service} has no snapshot of {request.subject!r}; it has: {known}.", 404)
        page = await reader.read(request.after, request.limit, tx)
        return SnapshotPage(
            events=[event.model_dump(mode="json") for _, event in page],
            after=page[-1][0] if len(page) == request.limit else None,
            history_after=retention.earliest_id_within(OVERLAP),
        )

    return router
