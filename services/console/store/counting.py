"""How long are the lists that the navigation counts?"""

from __future__ import annotations

from shared.storage.database import Tx

OPEN = """
    task.kind = 'task' AND NOT EXISTS (
        SELECT FROM states AS ended
        WHERE ended.kind = 'task_end' AND ended.id = task.id AND ended.version >= task.version
    )
"""
"""The condition of a task that is due, for `states AS task`."""


async def navigation(tx: Tx, rep: str | None) -> dict[str, int]:
    """By the key of the entry: of a rep's own lists, or of everyone's."""
    [row] = await tx.dicts(
        f"""
        SELECT
            (SELECT count(*) FROM states AS task WHERE {OPEN} AND (%(rep)s::text IS NULL OR task.rep = %(rep)s)
                AND task.day <= %(today)s) AS worklist,
            (SELECT count(DISTINCT (lower(data ->> 'employer_name'), lower(data ->> 'city'), data ->> 'state'))
                FROM states WHERE kind = 'unmatched' AND status = 'waiting') AS inbox,
            (SELECT count(*) FROM states AS draft JOIN states AS task ON task.id = draft.data ->> 'task_id'
                WHERE draft.kind = 'draft' AND {OPEN} AND (%(rep)s::text IS NULL OR task.rep = %(rep)s)) AS drafts
        """,
        rep=rep,
        today=tx.today,
    )
    return {key: int(value) for key, value in row.items()}
