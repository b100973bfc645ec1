"""Which drafts are there, and what became of their touches? Every query of the notifier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shared.database import Tx, rows


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft as it is written; `reason` says why there is no text."""

    draft_id: UUID
    task_id: UUID
    ccn: str
    rep: str
    channel: str
    template: str | None
    to_email: str | None
    subject: str | None
    body: str | None
    reason: str | None
    drafted_on: date
    facts: dict[str, Any]
    pack: str


@dataclass(frozen=True, slots=True)
class Draft(NewDraft):
    """A draft as it stands: `draft`, `failed`, or `closed` once its touch is done or skipped."""

    status: str


@dataclass(frozen=True, slots=True)
class End:
    """A touch was done or skipped."""

    task_id: UUID
    status: str
    done_on: date


# The status is derived, not stored: a touch may be done before its draft is written, and neither waits for the other.
_DRAFTS = """
  SELECT * FROM (
    SELECT d.*,
      CASE WHEN e.task_id IS NOT NULL THEN 'closed' WHEN d.reason IS NULL THEN 'draft' ELSE 'failed' END AS status
    FROM drafts d LEFT JOIN task_states e USING (task_id)
  ) AS known
"""


async def add_drafts(tx: Tx, drafts: list[NewDraft]) -> list[NewDraft]:
    """Writes the drafts of touches that have none yet, and returns these, in the given order."""
    added = await tx.dicts(
        "INSERT INTO drafts SELECT * FROM json_populate_recordset(NULL::drafts, %(rows)s::json)"
        " ON CONFLICT DO NOTHING RETURNING task_id",
        rows=rows(drafts),
    )
    new = {row["task_id"] for row in added}
    return [draft for draft in drafts if draft.task_id in new]


async def record_ends(tx: Tx, ends: list[End]) -> None:
    """One end per touch; should an owner ever report two, the later one stands, in whatever order they come."""
    await tx.run(
        "INSERT INTO task_states (task_id, status, done_on)"
        " SELECT DISTINCT ON (task_id) task_id, status, done_on"
        " FROM json_populate_recordset(NULL::task_states, %(rows)s::json)"
        " ORDER BY task_id, done_on DESC, status DESC"
        " ON CONFLICT (task_id) DO UPDATE SET status = excluded.status, done_on = excluded.done_on"
        " WHERE (excluded.done_on, excluded.status) > (task_states.done_on, task_states.status)",
        rows=rows(ends),
    )


async def drafts(tx: Tx, status: str | None, rep: str | None, limit: int, offset: int) -> list[Draft]:
    """Drafts by age, then by facility."""
    return await tx.all(
        Draft,
        _DRAFTS + "WHERE status = coalesce(%(status)s::text, status)"
        " AND rep = coalesce(%(rep)s::text, rep)"
        " ORDER BY drafted_on, ccn, draft_id LIMIT %(limit)s OFFSET %(offset)s",
        status=status,
        rep=rep,
        limit=limit,
        offset=offset,
    )


async def draft(tx: Tx, draft_id: UUID | None, task_id: UUID | None) -> Draft | None:
    return await tx.one(
        Draft,
        _DRAFTS + "WHERE draft_id = %(draft_id)s OR task_id = %(task_id)s",
        draft_id=draft_id,
        task_id=task_id,
    )


async def drafts_after(tx: Tx, after: UUID | None, limit: int) -> list[Draft]:
    """One page of all drafts, by id."""
    return await tx.all(
        Draft,
        _DRAFTS + "WHERE %(after)s::uuid IS NULL OR draft_id > %(after)s::uuid ORDER BY draft_id LIMIT %(limit)s",
        after=after,
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class ChannelCounts:
    """How many drafts of a channel there are, and how many of them are no longer or were never to be used."""

    channel: str
    drafts: int
    closed: int
    failed: int


async def counts(tx: Tx) -> list[ChannelCounts]:
    return await tx.all(
        ChannelCounts,
        "SELECT channel, count(*) AS drafts, count(e.task_id) AS closed,"
        " count(*) FILTER (WHERE e.task_id IS NULL AND d.reason IS NOT NULL) AS failed"
        " FROM drafts d LEFT JOIN task_states e USING (task_id) GROUP BY channel ORDER BY channel",
    )
