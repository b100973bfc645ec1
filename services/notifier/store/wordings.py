"""Which drafts wait for other words, and which words do they get?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from services.notifier.domain.wording import NewWording, WrittenDraft
from services.notifier.store import STATUS_OF_DRAFTS
from shared.storage.database import Tx, rows
from shared.storage.writing import recordset


async def written(tx: Tx, draft_ids: Collection[UUID]) -> list[WrittenDraft]:
    """Those of these drafts that have a text, and that no person has edited or decided about."""
    return await tx.all(
        WrittenDraft,
        f"""
        SELECT draft_id, version, drafted_on, revision, facility_id, (task ->> 'step_no')::int AS step_no, channel,
            template, subject, body, facts, replies_to
        FROM ({STATUS_OF_DRAFTS}) AS drafts
        WHERE draft_id = ANY(%(ids)s) AND status = 'draft' AND edited_by IS NULL AND body IS NOT NULL
        """,
        ids=list(draft_ids),
    )


async def replace(tx: Tx, wordings: Sequence[NewWording]) -> None:
    """Give drafts other words, each as its next revision, or only a note. The caller has locked them."""
    if wordings:
        await tx.run(
            f"""
            UPDATE drafts SET note = new.note, subject = coalesce(new.subject, drafts.subject),
                body = coalesce(new.body, drafts.body), edits = drafts.edits + (new.body IS NOT NULL)::int
            FROM {recordset("drafts", wordings)} AS new WHERE drafts.draft_id = new.draft_id
            """,
            rows=rows(wordings),
        )
