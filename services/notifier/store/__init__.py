"""Which drafts exist, and what happened to their tasks? Every query of the notifier."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any
from uuid import UUID

from services.notifier.domain.history import Touch
from services.notifier.store.suppressions import WITHDRAWN
from shared.contracts.notifier import Draft, DraftStatus
from shared.storage.arrays import texts
from shared.storage.database import Tx, rows
from shared.storage.paging import page_of
from shared.storage.writing import recordset, upsert_newest


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft to be written; `reason` is why there is no text."""

    draft_id: UUID
    task_id: UUID
    facility_id: str
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
    version: int
    marks: list[str]
    task: dict[str, Any]
    """The task as it was published."""
    enrollment_id: UUID | None
    person: str | None
    sources: dict[str, str] = field(default_factory=dict)
    states: list[str] = field(default_factory=list)
    letter: str | None = None
    replies_to: UUID | None = None
    missing: str | None = None
    note: str | None = None
    fresh_until: date | None = None


_WRITTEN = tuple(each.name for each in fields(NewDraft))
_ANEW = ", ".join(f"{name} = excluded.{name}" for name in _WRITTEN if name not in ("draft_id", "task_id"))


@dataclass(frozen=True, slots=True)
class Count:
    channel: str
    status: DraftStatus
    drafts: int


@dataclass(frozen=True, slots=True)
class End:
    """A task was done or skipped."""

    task_id: UUID
    version: int
    status: str
    outcome: str | None = None
    done_on: date | None = None


# The status is derived, not stored, because a task may be done before its draft is written. A task that is due again
# has a draft of a higher version than its end. A letter that left belongs to the version that it was written from; one
# that is under way stays with its draft.
_STATUS = """
    CASE WHEN m.state <> 'failed' THEN m.state
         WHEN e.status = 'done' THEN 'closed' WHEN d.withdrawn IS NOT NULL THEN 'withdrawn'
         WHEN e.task_id IS NOT NULL THEN 'closed' WHEN d.discarded IS NOT NULL THEN 'discarded'
         WHEN m.state = 'failed' OR d.reason IS NOT NULL THEN 'failed' ELSE 'draft' END
"""

_REVISION = "concat_ws('.', d.version, nullif(d.edits, 0))"

_WITH_STATE = f"""
    drafts d LEFT JOIN task_states e ON e.task_id = d.task_id AND e.version > d.version
    LEFT JOIN LATERAL (
        SELECT state, error, approved_by, approved_at, sent_at FROM messages
         WHERE draft_id = d.draft_id AND (state IN ('approved', 'sending', 'unsure')
            OR (state = 'sent' AND version = d.version) OR (state = 'failed' AND revision = {_REVISION}))
         ORDER BY approved_at DESC LIMIT 1
    ) AS m ON true
"""

STATUS_OF_DRAFTS = (
    f"SELECT d.*, {_REVISION} AS revision, {_STATUS} AS status, m.error, m.approved_by, m.approved_at, m.sent_at"
    f" FROM {_WITH_STATE}"
)

# A withdrawn draft shows no text that a person could send.
_DRAFTS = f"""
  SELECT draft_id, task_id, facility_id, rep, channel, template, drafted_on, facts, pack, version, marks, status,
    coalesce(task->>'facility_display_name', task->>'facility_name') AS facility, task->>'city' AS city,
    sources, states, person, letter, replies_to, missing, note, fresh_until, revision, edited_by, approved_by,
    approved_at, sent_at,
    CASE WHEN status <> 'withdrawn' THEN to_email END AS to_email,
    CASE WHEN status <> 'withdrawn' THEN subject END AS subject,
    CASE WHEN status <> 'withdrawn' THEN body END AS body,
    CASE status WHEN 'withdrawn' THEN withdrawn WHEN 'discarded' THEN discarded ELSE coalesce(error, reason) END
        AS reason
  FROM ({STATUS_OF_DRAFTS}) AS drafts
"""


async def write_drafts(tx: Tx, drafts: list[NewDraft]) -> list[NewDraft]:
    """Write drafts, each from the newest state of its task. Returns those that are new or changed and not withdrawn."""
    written = await tx.dicts(
        f"""
        INSERT INTO drafts ({", ".join(_WRITTEN)}, withdrawn)
        SELECT {", ".join(_WRITTEN)}, {WITHDRAWN.format("incoming")} FROM {recordset("drafts", drafts)} AS incoming
            ON CONFLICT (task_id) DO UPDATE
           SET {_ANEW}, withdrawn = excluded.withdrawn, edits = 0, edited_by = NULL, discarded = NULL
         WHERE excluded.version > drafts.version
     RETURNING task_id, withdrawn
        """,
        rows=rows(drafts),
    )
    new = {row["task_id"] for row in written if row["withdrawn"] is None}
    return [draft for draft in drafts if draft.task_id in new]


async def outdated(tx: Tx, today: date, has_address: bool) -> list[dict[str, Any]]:
    """The tasks of waiting drafts that state what is no longer true, or that lack an address that is known now."""
    found = await tx.dicts(
        f"""
        SELECT task FROM ({STATUS_OF_DRAFTS}) AS drafts
         WHERE status = 'draft' AND edited_by IS NULL
           AND (fresh_until < %(today)s OR (missing IS NOT NULL AND %(known)s))
         ORDER BY draft_id
        """,
        today=today,
        known=has_address,
    )
    return [row["task"] for row in found]


async def rewrite(tx: Tx, drafts: list[NewDraft]) -> None:
    """Replace drafts, each as its next revision."""
    if not drafts:
        return
    await tx.run(
        f"""
        UPDATE drafts SET ({", ".join(_WRITTEN)}, edits)
             = ({", ".join(f"incoming.{name}" for name in _WRITTEN)}, drafts.edits + 1)
          FROM {recordset("drafts", drafts)} AS incoming
         WHERE drafts.task_id = incoming.task_id AND drafts.version = incoming.version
        """,
        rows=rows(drafts),
    )


async def touches(tx: Tx, facility_ids: Collection[str], addresses: Collection[str]) -> list[Touch]:
    """What was written about these facilities or to these addresses, and what came of it."""
    columns = ", ".join(f"d.{each.name}" for each in fields(Touch) if each.name not in ("status", "outcome", "done_on"))
    return await tx.all(
        Touch,
        f"""
        SELECT {columns}, e.status, e.outcome, e.done_on
          FROM drafts d LEFT JOIN task_states e ON e.task_id = d.task_id AND e.version > d.version
         WHERE d.facility_id = ANY(%(facility_ids)s) OR lower(d.to_email) = ANY(%(addresses)s)
         ORDER BY d.draft_id
        """,
        facility_ids=list(facility_ids),
        addresses=list(addresses),
    )


async def record_ends(tx: Tx, ends: list[End]) -> None:
    """Store the newest end of each task, whatever order they arrive in."""
    await upsert_newest(tx, "task_states", ends, key=("task_id",))


async def drafts(
    tx: Tx, statuses: Collection[str], rep: str | None, limit: int, offset: int, *, latest: bool
) -> list[Draft]:
    """Drafts to send, by age, then by facility; the scripts of calls are read with their tasks."""
    order = "coalesce(sent_at, drafted_on) DESC" if latest else "drafted_on"
    return await tx.all(
        Draft,
        f"""
        {_DRAFTS}
         WHERE (cardinality(%(statuses)s::text[]) = 0 OR status = ANY(%(statuses)s))
           AND rep = coalesce(%(rep)s::text, rep) AND channel <> 'call'
         ORDER BY {order}, facility_id, draft_id LIMIT %(limit)s OFFSET %(offset)s
        """,
        statuses=texts(statuses),
        rep=rep,
        limit=limit,
        offset=offset,
    )


async def draft(tx: Tx, draft_id: UUID | None, task_id: UUID | None) -> Draft | None:
    return await tx.one(
        Draft,
        f"{_DRAFTS} WHERE draft_id = %(draft_id)s OR task_id = %(task_id)s",
        draft_id=draft_id,
        task_id=task_id,
    )


async def drafts_of_tasks(tx: Tx, lowest: UUID, highest: UUID) -> list[Draft]:
    """Up to two drafts of tasks whose ids are in a range."""
    return await tx.all(
        Draft,
        f"{_DRAFTS} WHERE task_id BETWEEN %(lowest)s AND %(highest)s LIMIT 2",
        lowest=lowest,
        highest=highest,
    )


async def drafts_after(tx: Tx, after: UUID | None, limit: int) -> list[Draft]:
    """One page of all drafts, by id."""
    return await tx.all(
        Draft,
        f"{_DRAFTS} WHERE %(after)s::uuid IS NULL OR draft_id > %(after)s::uuid ORDER BY draft_id LIMIT %(limit)s",
        after=after,
        limit=limit,
    )


async def sendable(tx: Tx, after: str | None, limit: int) -> list[tuple[str, NewDraft]]:
    """A page of the e-mail drafts that have a text and are not withdrawn, with their keys, by id."""
    where = "channel = 'email' AND reason IS NULL AND withdrawn IS NULL"
    return await page_of(tx, NewDraft, "drafts", ("draft_id",), after, limit, where, ", ".join(_WRITTEN))


async def counts(tx: Tx) -> list[Count]:
    return await tx.all(
        Count,
        f"""
        SELECT channel, {_STATUS} AS status, count(*) AS drafts FROM {_WITH_STATE} GROUP BY 1, 2 ORDER BY 1, 2
        """,
    )
