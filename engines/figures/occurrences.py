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
    """Fields with the values that each of them may have."""
    unless: Values = field(default_factory=dict)
    """Fields with the values that it must not have."""
    lookups: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Columns of another kind, and the column to join by: its latest one until that day counts, or else its first."""
    ends: tuple[str, tuple[str, ...]] | None = None
    """The kind that ends it, and the columns to join by; without one, it ends on its day."""

    @property
    def joins(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The kinds that it gets columns or its last day from, and the columns to join by."""
        lookups = dict.fromkeys((other, (by,)) for other, by in self.lookups.values())
        return (*lookups, *([self.ends] if self.ends else []))


_TASK = {"task": "task_id", "enrollment": "enrollment_id", "facility": "facility_id", "kind": "kind"}
_LEAD = {
    "lead": "lead_id",
    "facility": "facility_id",
    "source": "lead_source",
    "raised_on": "raised_on",
    "rep": "owner",
    "role_family": "role_families",
}
_OUTCOME = {
    "lead": "lead_id",
    "facility": "facility_id",
    "source": "lead_source",
    "raised_on": "raised_on",
    "rep": "decided_by",
    "reason": "reason",
}
_ENROLLMENT = {
    "enrollment": "enrollment_id",
    "facility": "facility_id",
    "sequence": "sequence",
    "tier": "tier",
    "rep": "owner",
}
_CYCLE = ("lead", "raised_on")
"""A lead that is raised again counts again."""
_TIER = {"tier": ("enrollment_started", "facility")}
_NO_TOUCH = {"kind": ("research",)}
"""Research contacts no one at the account."""


def _entered(title: str, *phases: str) -> Kind:
    """Leads that moved to a phase, or past it, unless they went back to the first one, as if it had not been."""
    where, undone_by = {"phase": phases}, () if phases == ("new",) else ("lead_returned",)
    return Kind(title, ("lead.moved",), _CYCLE, _LEAD, on="moved_on", where=where, lookups=_TIER, undone_by=undone_by)


_AMOUNT = {"amount": ("amount_stated", "lead"), "currency": ("amount_stated", "lead")}


def _decided(title: str, outcomes: tuple[str, ...], undone_by: tuple[str, ...]) -> Kind:
    """Leads with an outcome that was not taken back."""
    lookups = {**_TIER, **_AMOUNT, "role_family": ("lead_raised", "lead")}
    subjects = tuple(f"lead.{outcome}" for outcome in outcomes)
    return Kind(title, subjects, _CYCLE, _OUTCOME, on="decided_on", lookups=lookups, undone_by=undone_by)


def _undone(title: str, outcome: str) -> Kind:
    where = {"outcome": (outcome,)}
    return Kind(title, ("lead.outcome_undone",), _CYCLE, _OUTCOME, on="undone_on", where=where)


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
        subjects=("lead.raised", "lead.reopened"),
        identity=_CYCLE,
        on="raised_on",
        columns=_LEAD,
        lookups=_TIER,
        ends=("lead_closed", _CYCLE),
    ),
    "upsell_raised": Kind(
        title="upsell leads raised",
        subjects=("lead.raised", "lead.reopened"),
        where={"lead_source": ("upsell",)},
        identity=_CYCLE,
        on="raised_on",
        columns=_LEAD,
    ),
    "client": Kind(
        title="clients",
        subjects=("account.moved",),
        where={"client": (True,)},
        identity=("facility",),
        columns={"facility": "facility_id", "rep": "owner"},
        undone_by=("client_left",),
    ),
    "client_left": Kind(
        title="accounts that are no longer clients",
        subjects=("account.moved",),
        where={"client": (False,)},
        identity=("facility",),
        columns={"facility": "facility_id", "rep": "owner"},
    ),
    "lead_contacted": _entered("leads contacted", "contacted", "qualified", "proposal", "won"),
    "lead_qualified": _entered("leads qualified", "qualified", "proposal", "won"),
    "lead_proposed": _entered("leads with a proposal", "proposal", "won"),
    "lead_returned": _entered("leads that went back to the first phase", "new"),
    "stage_left": Kind(
        title="moves of leads out of a stage",
        subjects=("lead.moved",),
        identity=("lead", "version"),
        on="moved_on",
        columns={**_LEAD, "version": "version", "stage": "from_stage", "phase": "from_phase", "days": "days"},
        lookups=_TIER,
    ),
    "amount_stated": Kind(
        title="states of leads with an amount",
        subjects=("lead.raised", "lead.reopened", "lead.moved", "lead.changed"),
        identity=("lead", "version"),
        columns={**_LEAD, "version": "version", "amount": "amount", "currency": "currency"},
        unless={"amount": (None,)},
    ),
    "lead_met": _decided("leads with a meeting", ("met",), ("meeting_undone",)),
    "lead_won": _decided("leads won", ("won",), ("win_undone",)),
    "lead_lost": _decided("leads lost", ("lost",), ("loss_undone",)),
    "lead_closed": _decided("leads won or lost", ("won", "lost"), ("win_undone", "loss_undone")),
    "meeting_undone": _undone("meetings taken back", "meeting"),
    "win_undone": _undone("wins taken back", "won"),
    "loss_undone": _undone("losses taken back", "lost"),
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
        undone_by=("enrollment_started",),
        on="ended_on",
        columns={**_ENROLLMENT, "reason": "reason"},
    ),
    "sequence_completed": Kind(
        title="sequences completed",
        subjects=("enrollment.ended",),
        where={"status": ("completed",)},
        identity=("enrollment",),
        undone_by=("enrollment_started",),
        on="ended_on",
        columns=_ENROLLMENT,
    ),
    "touch_due": Kind(
        title="touches due",
        subjects=("task.due",),
        unless=_NO_TOUCH,
        identity=("task", "due_on"),
        on="due_on",
        columns={
            **_TASK,
            "due_on": "due_on",
            "rep": "rep",
            "channel": "channel",
            "tier": "tier",
            "sequence": "sequence",
        },
    ),
    "touch_done": Kind(
        title="touches done",
        subjects=("task.done",),
        where={"status": ("done",)},
        unless=_NO_TOUCH,
        identity=("task",),
        undone_by=("touch_reopened",),
        on="done_on",
        columns={**_TASK, "rep": "done_by", "outcome": "outcome"},
    ),
    "touch_canceled": Kind(
        title="touches canceled",
        subjects=("task.done",),
        where={"status": ("canceled",)},
        unless=_NO_TOUCH,
        identity=("task",),
        undone_by=("touch_reopened",),
        on="done_on",
        columns=_TASK,
    ),
    "touch_reopened": Kind(
        title="touches taken back",
        subjects=("task.reopened",),
        identity=("task",),
        on="due_on",
        columns=_TASK,
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
    "mail_replied": Kind(
        title="replies of people",
        subjects=("email.replied",),
        identity=("mail",),
        on="received_on",
        columns={"mail": "message_id", "task": "task_id", "facility": "facility_id"},
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
            waiting += [*(other for other, _ in kind.joins), *kind.undone_by]
    return found
