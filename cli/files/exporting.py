"""How are postings, signals, scores, leads, tasks and drafts exported as files?"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.client.connection import pages
from engines.packs import account_key
from engines.reports.cells import escaped
from shared.contracts.matcher import ExportOutcomes, ExportSignals
from shared.contracts.notifier import ExportDrafts
from shared.contracts.requests import Question
from shared.contracts.scorer import ExportScores
from shared.contracts.sequencer import Tasks
from shared.contracts.sequencer_leads import Leads

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

EXPORTS: dict[str, tuple[Question[list[Any]], tuple[str, ...], tuple[str, ...]]] = {
    "postings": (
        ExportOutcomes(),
        ("posting_id",),
        (
            "source",
            "source_posting_id",
            "outcome",
            "facility_id",
            "confidence",
            "method",
            "reason",
            "role_family",
            "urgency",
        ),
    ),
    "signals": (
        ExportSignals(),
        ("facility_id", "role_family"),
        (
            "facility_id",
            "facility",
            "role_family",
            "signal_id",
            "predecessor_id",
            "title",
            "urgency",
            "chronic",
            "closed",
            "postings",
            "sources",
            "first_seen_on",
            "last_seen_on",
            "expires_on",
        ),
    ),
    # A column for the points of each factor of the pack follows.
    "scores": (
        ExportScores(),
        ("facility_id",),
        ("facility_id", "name", "score", "tier", "scored_on", "multiplier"),
    ),
    "leads": (
        Leads(),
        ("lead_id",),
        (
            "lead_id",
            "facility_id",
            "facility",
            "city",
            "lead_source",
            "stage",
            "phase",
            "stage_since",
            "owner",
            "role_families",
            "tier",
            "score",
            "probability",
            "amount",
            "currency",
            "close_on",
            "raised_on",
            "closed_on",
            "closed_reason",
            "last_contacted_on",
            "next_follow_up_on",
        ),
    ),
    "tasks": (
        Tasks(),
        ("task_id",),
        (
            "task_id",
            "kind",
            "enrollment_id",
            "step_no",
            "facility_id",
            "tier",
            "rep",
            "channel",
            "persona",
            "due_on",
            "status",
            "reason",
            "outcome",
            "note",
            "done_by",
            "done_on",
        ),
    ),
    "drafts": (
        ExportDrafts(),
        ("draft_id",),
        (
            "draft_id",
            "task_id",
            "facility_id",
            "rep",
            "channel",
            "template",
            "status",
            "to_email",
            "subject",
            "body",
            "reason",
            "drafted_on",
            "pack",
        ),
    ),
}
"""What can be exported: the question, the key by which its pages continue, and the columns."""


SPREAD = "points"
"""A field that has a column for each of its names."""


async def export(broker: Broker, what: str, path: Path) -> int:
    """Write a CSV, atomically; returns the number of rows."""
    question, key, columns = EXPORTS[what]
    draft, count = path.with_name(f".{path.name}.part"), 0
    with draft.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        names = list(columns)
        async for page in pages(broker, question, key):
            rows = [_fields(row) for row in page]
            if not count:
                names += rows[0].get(SPREAD, {})
                writer.writerow(map(heading, names))
            writer.writerows([cell({**row, **row.get(SPREAD, {})}.get(name)) for name in names] for row in rows)
            count += len(page)
        if not count:
            writer.writerow(map(heading, names))
    draft.replace(path)
    return count


def heading(name: str) -> str:
    """The heading of a column; the pack names the account key."""
    return account_key().column if name == "facility_id" else name


def _fields(row: Any) -> dict[str, Any]:
    """The fields of a row, as in JSON."""
    fields: dict[str, Any] = row if isinstance(row, dict) else row.model_dump(mode="json")
    return fields


def cell(value: Any) -> Any:
    """A value as a cell: text is escaped, a list is joined."""
    if isinstance(value, list | tuple):
        value = "|".join(map(str, value))
    return escaped(value) if isinstance(value, str) else value
