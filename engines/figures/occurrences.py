"""Which occurrences do events state?

An occurrence has a day, and an identity, by which it counts once. Figures count occurrences, and join and split them by
their columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Values = Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How occurrences of one kind follow from events. Names of fields are those of the events' bodies."""

    title: str
    """Names the occurrences in a sentence, in the plural."""
    subjects: tuple[str, ...]
    identity: tuple[str, ...]
    """Columns. Of several occurrences with one identity, the one that was published first counts."""
    columns: Mapping[str, str]
    """The field of each column."""
    on: str | None = None
    """The field with the day; the day on which the event was published, if there is none."""
    each: str | None = None
    """A list: each of its elements is an occurrence."""
    undone_by: tuple[str, ...] = ()
    """Kinds with the same identity: a later one undoes it."""
    where: Values = field(default_factory=dict)
    """Fields with the values that one of them must have."""
    unless: Values = field(default_factory=dict)
    """Fields with the values that it must not have."""
    lookups: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Columns of another kind, and the column to join by: its latest one until that day counts, or else its first."""
    ends: tuple[str, tuple[str, ...]] | None = None
    """The kind that ends it, and the columns to join by; without one, it ends on its day."""


_TASK = {"task": "task_id", "enrollment": "enrollment_id", "facility": "facility_id", "step": "step_no"}
_LEAD = {"lead": "lead_id", "facility": "facility_id", "source": "lead_source", "raised_on": "raised_on"}
_OUTCOME = {**_LEAD, "rep": "decided_by", "reason": "reason"}
_ENROLLMENT = {
    "enrollment": "enrollment_id",
    "facility": "facility_id",
    "sequence": "sequence",
    "tier": "tier",
    "rep": "owner",
}
_OF_LEAD = {"tier": ("enrollment_started", "facility"), "role_family": ("lead_raised", "lead")}
_CYCLE = ("lead", "raised_on")
_ACTIVE = {"step_no": (0,)}
"""Step 0 is research, which contacts no one at the account."""

KINDS: dict[str, Kind] = {
    "posting_seen": Kind(
        title="postings seen",
        subjects=("posting.seen",),
        identity=("posting",),
        on="first_seen_on",
        columns={"posting": "posting_id", "source": "source", "role_family": "role_family"},
        lookups={"facility": ("posting_matched", "posting")},
    ),
    "posting_matched": Kind(
        title="postings matched to a facility",
        subjects=("facility.matched",),
        each="posting_ids",
        identity=("posting",),
        undone_by=("inbox_opened",),
        columns={"posting": "posting_id", "facility": "facility_id", "role_family": "role_family"},
    ),
    "inbox_opened": Kind(
        title="postings that waited for a person",
        subjects=("posting.unmatched",),
        identity=("posting",),
        columns={"posting": "posting_id", "role_family": "role_family", "reason": "reason"},
    ),
    "inbox_decided": Kind(
        title="decisions on waiting postings",
        subjects=("posting.resolved", "signal.dismissed"),
        identity=("posting",),
        each="posting_ids",
        columns={"posting": "posting_id"},
    ),
    "lead_raised": Kind(
        title="leads raised",
        subjects=("lead.raised",),
        identity=_CYCLE,
        on="raised_on",
        columns={**_LEAD, "rep": "owner", "role_family": "role_families"},
        lookups={"tier": ("enrollment_started", "facility")},
        ends=("lead_closed", _CYCLE),
    ),
    "lead_contacted": Kind(
        title="leads contacted",
        subjects=("lead.moved",),
        where={"to": ("contacted",)},
        identity=("lead",),
        on="moved_on",
        columns={**_LEAD, "rep": "by"},
        lookups=_OF_LEAD,
    ),
    "lead_met": Kind(
        title="leads with a meeting",
        subjects=("lead.met",),
        identity=_CYCLE,
        on="decided_on",
        columns=_OUTCOME,
        lookups=_OF_LEAD,
    ),
    "lead_won": Kind(
        title="leads won",
        subjects=("lead.won",),
        identity=_CYCLE,
        on="decided_on",
        columns=_OUTCOME,
        lookups=_OF_LEAD,
    ),
    "lead_lost": Kind(
        title="leads lost",
        subjects=("lead.lost",),
        identity=_CYCLE,
        on="decided_on",
        columns=_OUTCOME,
        lookups=_OF_LEAD,
    ),
    "lead_closed": Kind(
        title="leads won or lost",
        subjects=("lead.won", "lead.lost"),
        identity=_CYCLE,
        on="decided_on",
        columns=_OUTCOME,
        lookups=_OF_LEAD,
    ),
    "lead_qualified": Kind(
        title="leads qualified",
        subjects=("lead.moved",),
        where={"to": ("qualified",)},
        identity=("lead",),
        on="moved_on",
        columns={**_LEAD, "rep": "by"},
        lookups=_OF_LEAD,
    ),
    "lead_proposed": Kind(
        title="leads with a proposal",
        subjects=("lead.moved",),
        where={"to": ("proposal",)},
        identity=("lead",),
        on="moved_on",
        columns={**_LEAD, "rep": "by"},
        lookups=_OF_LEAD,
    ),
    "stage_left": Kind(
        title="moves of leads out of a stage",
        subjects=("lead.moved",),
        identity=("lead", "move"),
        on="moved_on",
        columns={**_LEAD, "rep": "by", "move": "version", "stage": "from", "days": "days"},
        lookups=_OF_LEAD,
    ),
    "enrollment_started": Kind(
        title="enrollments started",
        subjects=("enrollment.started",),
        identity=("enrollment",),
        on="started_on",
        columns=_ENROLLMENT,
    ),
    "enrollment_ended": Kind(
        title="enrollments ended",
        subjects=("enrollment.ended",),
        identity=("enrollment",),
        on="ended_on",
        columns={**_ENROLLMENT, "reason": "reason"},
    ),
    "sequence_completed": Kind(
        title="sequences completed",
        subjects=("enrollment.ended",),
        where={"status": ("completed",)},
        identity=("enrollment",),
        on="ended_on",
        columns=_ENROLLMENT,
    ),
    "touch_due": Kind(
        title="touches due",
        subjects=("task.due",),
        unless=_ACTIVE,
        identity=("task",),
        on="due_on",
        columns={**_TASK, "rep": "rep", "channel": "channel", "tier": "tier", "sequence": "sequence"},
    ),
    "touch_done": Kind(
        title="touches done",
        subjects=("task.done",),
        where={"status": ("done",)},
        unless=_ACTIVE,
        identity=("task",),
        on="done_on",
        columns={**_TASK, "rep": "done_by"},
    ),
    "draft_written": Kind(
        title="e-mails drafted",
        subjects=("email.drafted",),
        identity=("task",),
        on="drafted_on",
        columns={"task": "task_id", "facility": "facility_id", "rep": "rep", "template": "template"},
    ),
    "draft_sent": Kind(
        title="e-mails sent",
        subjects=("email.sent",),
        identity=("task",),
        on="sent_on",
        columns={"task": "task_id", "facility": "facility_id"},
    ),
    "client": Kind(
        title="clients with an upsell lead",
        subjects=("lead.raised",),
        where={"lead_source": ("upsell",)},
        identity=("facility",),
        on="raised_on",
        columns={"facility": "facility_id", "rep": "owner"},
    ),
    "upsell_raised": Kind(
        title="upsell leads raised",
        subjects=("lead.raised",),
        where={"lead_source": ("upsell",)},
        identity=_CYCLE,
        on="raised_on",
        columns={**_LEAD, "rep": "owner", "role_family": "role_families"},
    ),
}
"""By name, as `of` and `reached` in `kpis.yaml` refer to them."""


def related(names: Iterable[str]) -> set[str]:
    """These kinds, and all kinds that they refer to."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            kind = KINDS[name]
            waiting += [other for other, _ in kind.lookups.values()]
            waiting += [*kind.undone_by, *([kind.ends[0]] if kind.ends else [])]
    return found
