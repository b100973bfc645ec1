"""How long are the lists that the navigation counts?"""

from __future__ import annotations

from uuid import UUID

from shared.storage.arrays import texts
from shared.storage.database import Tx

OPEN = "task.kind = 'task' AND task.status = 'open'"
"""The condition of a task that is due, for `states AS task`."""
WAITING_DRAFTS = f"""
    states AS draft JOIN states AS task ON task.id = draft.data ->> 'task_id' AND {OPEN}
    WHERE draft.kind = 'draft' AND NOT EXISTS (
        SELECT FROM states AS ended
        WHERE ended.kind = 'draft_end' AND ended.id = draft.id AND ended.version >= task.version
    ) AND (%(rep)s::text IS NULL OR task.rep = %(rep)s)
"""
"""The letters that wait to be sent and were not discarded, of a rep or of all."""
WAITING_GROUPS = """
    states AS posting WHERE posting.kind = 'unmatched' AND posting.status = 'waiting'
    AND posting.data ->> 'group' IS NOT NULL
"""
"""The postings that wait in the signal inbox; those of one `group` are decided together."""


async def happened_since(tx: Tx, seen: UUID | None, about: list[str], facility: str) -> bool:
    """Whether the log has a later event that concerns a page."""
    if seen is None:
        return False
    return bool(
        await tx.value(
            """
            SELECT EXISTS (
                SELECT FROM log WHERE event_id > %(seen)s AND split_part(subject, '.', 1) = ANY(%(about)s)
                    AND (%(facility)s = '' OR facility_id = %(facility)s)
            )
            """,
            seen=seen,
            about=texts(about),
            facility=facility,
        )
    )


async def navigation(tx: Tx, rep: str | None) -> tuple[dict[str, int], int | None]:
    """By the key of the entry, of a rep's own lists or of everyone's; and how many percent of a rebuild are done."""
    [row] = await tx.dicts(
        f"""
        SELECT
            (SELECT count(*) FROM states AS task WHERE {OPEN} AND (%(rep)s::text IS NULL OR task.rep = %(rep)s)
                AND task.day <= %(today)s) AS worklist,
            (SELECT count(DISTINCT posting.data ->> 'group') FROM {WAITING_GROUPS}) AS inbox,
            (SELECT count(*) FROM {WAITING_DRAFTS}) AS drafts,
            (SELECT 100 * done / greatest(steps, 1) FROM rebuilds WHERE ended_at IS NULL) AS rebuilt
        """,
        rep=rep,
        today=tx.today,
    )
    rebuilt: int | None = row.pop("rebuilt")
    return {key: int(value) for key, value in row.items()}, rebuilt
