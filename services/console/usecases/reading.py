"""What does the console keep of each event: a state, an occurrence, and a row of its facility?

Every event is an occurrence in the log. Most are also the state of a thing, of which the highest version counts, so
order and repetition do not matter. Personal data is kept apart, where row-level security shows it only to some roles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.console import settings
from shared.contracts import events as e
from shared.contracts.topology import PERSONAL

FIELDS = frozenset({"email", "label", "marks", "person", "phone", "reason", "sender", "target", "url"})
"""The fields with personal data of the events in `PERSONAL`. A suppression's reason often quotes the person."""
TYPED = frozenset({"closed_reason", "note", "outcome", "reason", "what"})
"""The fields with what people typed, in which they may name people: only those who may see people are shown them."""
KEPT: dict[type[e.Event], set[str]] = {
    e.TaskDue: {"reason"},
    e.TaskChanged: {"reason"},
    e.TaskReopened: {"reason"},
    e.EmailBounced: {"reason"},
    e.PostingUnmatched: {"reason"},
    e.PostingResolved: {"outcome"},
    e.LeadOutcomeUndone: {"outcome"},
}
"""Of both, fields that have no personal data in these events."""


@dataclass(frozen=True, slots=True)
class State:
    """The current state of a thing."""

    kind: str
    id: str
    facility_id: str | None
    version: int
    status: str
    rep: str | None
    day: date | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Personal:
    """Personal data of a state or of an event in the log."""

    kind: str
    id: str
    version: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Logged:
    """An event in the log."""

    event_id: UUID
    subject: str
    facility_id: str | None
    rep: str | None
    day: date | None
    at: datetime
    trace: str
    data: dict[str, Any]


Of = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """How an event states something: which thing, at which version, and what lists filter by."""

    name: str
    id: str
    version: str | int = "version"
    status: str | Of = ""
    day: str | None = None


def _constant(status: str) -> Of:
    return lambda event: status


def _closing(event: e.LeadState) -> str:
    return event.phase


KINDS: dict[type[e.Event], Kind] = {
    e.PostingSeen: Kind("posting", "posting_id", status=_constant("open"), day="last_seen_on"),
    e.PostingClosed: Kind("posting", "posting_id", status=_constant("closed"), day="closed_on"),
    e.FacilityListed: Kind("facility", "facility_id", status=_constant("listed"), day="listed_as_of"),
    e.FacilityDelisted: Kind("facility", "facility_id", status=_constant("delisted"), day="delisted_as_of"),
    e.FacilityMatched: Kind("signal", "facility_id role_family", status=_constant("matched")),
    e.SignalExpired: Kind("signal", "facility_id role_family", status=_constant("expired"), day="expired_on"),
    e.PostingUnmatched: Kind("unmatched", "posting_id", status=_constant("waiting")),
    e.PostingResolved: Kind("unmatched", "posting_id", status="outcome"),
    e.AliasLearned: Kind("alias", "alias_id", version=1),
    e.ScoreChanged: Kind("score", "facility_id", version="score_version", day="scored_on"),
    e.TiersCalibrated: Kind("calibration", "calibration_id", version=1, day="calibrated_on"),
    e.PackPublished: Kind("pack", "pack", version=1, day="published_on"),
    e.LeadRaised: Kind("lead", "lead_id", status=_closing, day="stage_since"),
    e.LeadMoved: Kind("lead", "lead_id", status=_closing, day="stage_since"),
    e.LeadChanged: Kind("lead", "lead_id", status=_closing, day="stage_since"),
    e.LeadReopened: Kind("lead", "lead_id", status=_closing, day="stage_since"),
    e.AccountMoved: Kind("account", "facility_id"),
    e.NoteAdded: Kind("note", "note_id", version=1, status=_constant("added"), day="noted_on"),
    e.NoteRemoved: Kind("note", "note_id", version=2, status=_constant("removed"), day="removed_on"),
    e.ContactChanged: Kind("contact", "facility_id role", day="changed_on"),
    e.EnrollmentStarted: Kind("enrollment", "enrollment_id", status=_constant("active"), day="started_on"),
    e.EnrollmentBlocked: Kind("enrollment", "enrollment_id", status=_constant("blocked"), day="blocked_on"),
    e.EnrollmentPaused: Kind("enrollment", "enrollment_id", status=_constant("paused"), day="paused_on"),
    e.EnrollmentEnded: Kind("enrollment", "enrollment_id", status="status", day="ended_on"),
    e.TaskDue: Kind("task", "task_id", status=_constant("open"), day="due_on"),
    e.TaskChanged: Kind("task", "task_id", status=_constant("open"), day="due_on"),
    e.TaskReopened: Kind("task", "task_id", status=_constant("open"), day="due_on"),
    # A task that waits or ended does not repeat what it is about, so that is a state of its own; `recording` then gives
    # the task the status `ended`.
    e.TaskMoved: Kind("task_end", "task_id", status=_constant("moved"), day="due_on"),
    e.TaskDone: Kind("task_end", "task_id", status="status", day="done_on"),
    e.TouchLogged: Kind("touch", "activity_id", version=1, status="kind", day="touched_on"),
    e.SuppressionChanged: Kind("suppression", "suppression_id", status="scope", day="stated_on"),
    e.AddressSuppressionChanged: Kind("suppression", "suppression_id", status="scope", day="stated_on"),
    e.RepChanged: Kind("rep", "rep", day="joined_on"),
    e.RepAway: Kind("leave", "leave_id", day="from_on"),
    e.RepBack: Kind("leave", "leave_id", day="from_on"),
    e.EmailDrafted: Kind("draft", "draft_id", version=1, day="drafted_on"),
    e.EmailDiscarded: Kind("draft_end", "draft_id", status=_constant("discarded"), day="discarded_on"),
}
"""Every event that states something; the others only occur."""

DAYS = {
    e.FacilityAssessed: None,
    e.SignalDismissed: "dismissed_on",
    e.LeadMet: "decided_on",
    e.LeadWon: "decided_on",
    e.LeadLost: "decided_on",
    e.LeadOutcomeUndone: "undone_on",
    e.SlaBreached: "breached_on",
    e.EngagementRecorded: "engaged_on",
    e.EmailSent: "sent_on",
    e.EmailReplied: "received_on",
    e.EmailBounced: "received_on",
    e.EmailComplained: "received_on",
    e.EmailUnsubscribed: "received_on",
    e.EmailAutoReplied: "received_on",
    e.LeadMoved: "moved_on",
}
"""The day on which an event happened, where that is not the day of its state."""

REPS = ("rep", "owner", "done_by", "decided_by", "sent_by", "noted_by", "discarded_by")
"""The fields that name the rep whom an event is about, the first one that it has."""


def _state_names(kind: type[e.Event]) -> list[str]:
    return [KINDS[kind].name] if kind in KINDS else []


UNTYPED = {name: fields for kind, fields in KEPT.items() for name in (kind.SUBJECT, *_state_names(kind))}
"""Of `TYPED`, what no person typed, by the subject of an event or the kind of a state."""


WRITTEN = {"dead": ("error", ("administration",)), "email.bounced": ("reason", ("administration", "people"))}
"""A field with what a program or a mail server wrote, which may quote anything; only who works with it sees it."""


def visible(of: str, data: Mapping[str, Any], sees: Callable[[str], bool]) -> dict[str, Any]:
    """What an event (`of` its subject) or a state (`of` its kind) contains, as far as a person may see it.

    `sees`: whether the person sees what an action of `PERMISSIONS` is about.
    """
    hidden, people = TYPED - UNTYPED.get(of, set()), sees("people")
    written, readers = WRITTEN.get("dead" if of.startswith("dead.") else of, ("", ()))
    if not any(map(sees, readers)):
        data = {name: value for name, value in data.items() if name != written}
    return {name: value for name, value in data.items() if name not in hidden or value == typed(value, people=people)}


def typed(text: str | None, *, people: bool) -> str | None:
    """What a person typed, for those who may see people; for others only what the pack lets people choose."""
    return text if people or text in settings.choices() else None


def split(event: e.Event) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of an event: those without personal data, and those with it."""
    data = event.model_dump(mode="json")
    if not isinstance(event, PERSONAL):
        return data, {}
    hidden = FIELDS - KEPT.get(type(event), set())
    return {k: v for k, v in data.items() if k not in hidden}, {k: v for k, v in data.items() if k in hidden}


def state_of(event: e.Event, data: dict[str, Any]) -> State | None:
    """The state that an event gives to a thing; None if it only occurs."""
    kind = KINDS.get(type(event))
    if kind is None:
        return None
    return State(
        kind.name,
        "/".join(str(getattr(event, name)) for name in kind.id.split()),
        facility_of(event),
        kind.version if isinstance(kind.version, int) else getattr(event, kind.version),
        _status(event, kind),
        rep_of(event),
        getattr(event, kind.day) if kind.day else None,
        data,
    )


def logged(event: e.Event, data: dict[str, Any]) -> Logged | None:
    """An event as it is in the log; None without an envelope, as a snapshot returns it."""
    origin = event.origin
    if origin is None:
        return None
    trace = origin.traceparent.split("-")[1] if origin.traceparent.count("-") == 3 else ""
    return Logged(
        origin.event_id, event.SUBJECT, facility_of(event), rep_of(event), day_of(event), origin.time, trace, data
    )


def facility_of(event: e.Event) -> str | None:
    if isinstance(event, (e.PostingState, e.PostingUnmatched)):
        return None  # what the source states about it is not verified
    return getattr(event, "facility_id", None)


def rep_of(event: e.Event) -> str | None:
    return next((getattr(event, name) for name in REPS if getattr(event, name, None)), None)


def day_of(event: e.Event) -> date | None:
    """The day on which an event happened."""
    kind = KINDS.get(type(event))
    name = DAYS.get(type(event), kind.day if kind else None)
    return getattr(event, name) if name else None


def _status(event: e.Event, kind: Kind) -> str:
    return (
        str(getattr(event, kind.status))
        if kind.status and isinstance(kind.status, str)
        else (str(kind.status(event)) if callable(kind.status) else "")
    )
