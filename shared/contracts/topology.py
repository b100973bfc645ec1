"""Which service publishes and consumes which events?

Set-up declares streams and consumers from this table. The permissions of NATS users, the AsyncAPI document and the
diagram of the flow are generated from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from shared.contracts import asks, ingest, kernel, matcher, services
from shared.contracts import events as e

SERVICES = services.SERVICES

PUBLISHES: dict[str, tuple[type[e.Event], ...]] = {
    "ingest": (e.PostingSeen, e.PostingClosed, e.FacilityListed, e.FacilityDelisted, e.FacilityAssessed),
    "matcher": (
        e.FacilityMatched,
        e.PostingUnmatched,
        e.PostingResolved,
        e.SignalExpired,
        e.SignalDismissed,
        e.AliasLearned,
    ),
    "scorer": (e.ScoreChanged, e.TiersCalibrated, e.PackPublished),
    "sequencer": (
        e.LeadRaised,
        e.LeadMoved,
        e.LeadChanged,
        e.LeadMet,
        e.LeadWon,
        e.LeadLost,
        e.AccountMoved,
        e.LeadOutcomeUndone,
        e.NoteAdded,
        e.NoteRemoved,
        e.ContactChanged,
        e.EnrollmentStarted,
        e.EnrollmentBlocked,
        e.EnrollmentPaused,
        e.EnrollmentEnded,
        e.TaskDue,
        e.TaskChanged,
        e.TaskReopened,
        e.TaskMoved,
        e.TaskDone,
        e.TouchLogged,
        e.SuppressionChanged,
        e.RepChanged,
        e.RepAway,
        e.RepBack,
        e.SlaBreached,
        e.EngagementRecorded,
        e.LeadReopened,
        e.CrmRefused,
    ),
    "notifier": (
        e.EmailDrafted,
        e.EmailDiscarded,
        e.EmailSent,
        e.EmailReplied,
        e.EmailBounced,
        e.EmailComplained,
        e.EmailUnsubscribed,
        e.EmailAutoReplied,
        e.AddressSuppressionChanged,
    ),
    "courier": (e.DeliveryFailed, e.CrmChanged),
}

CONSUMES: dict[str, tuple[type[e.Event], ...]] = {
    "matcher": (e.PostingSeen, e.PostingClosed, e.FacilityListed, e.FacilityDelisted),
    "scorer": (
        e.FacilityMatched,
        e.SignalExpired,
        e.FacilityListed,
        e.FacilityDelisted,
        e.FacilityAssessed,
        e.ContactChanged,
        e.LeadMet,
        e.LeadWon,
        e.LeadLost,
        e.LeadOutcomeUndone,
    ),
    "sequencer": (
        e.ScoreChanged,
        e.FacilityMatched,
        e.SignalExpired,
        e.FacilityListed,
        e.FacilityDelisted,
        e.EmailSent,
        e.EmailReplied,
        e.EmailBounced,
        e.EmailComplained,
        e.EmailUnsubscribed,
        e.EmailAutoReplied,
        e.AddressSuppressionChanged,
        e.CrmChanged,
    ),
    "notifier": (
        e.TaskDue,
        e.TaskChanged,
        e.TaskReopened,
        e.TaskMoved,
        e.TaskDone,
        e.SuppressionChanged,
    ),
    **dict.fromkeys(("console", "courier"), tuple(event for published in PUBLISHES.values() for event in published)),
}

for _table in (PUBLISHES, CONSUMES):  # a service that is not listed has none
    _table.update({service: () for service in SERVICES if service not in _table})

WITHOUT_SNAPSHOT: dict[type[e.Event], str] = {
    e.PostingClosed: "posting.seen has the current state of every posting, open or closed",
    e.PostingResolved: "posting.unmatched has every posting that still waits; the history contains it",
    e.SignalExpired: "facility.matched has the current signals of every facility and role family",
    e.SignalDismissed: "it is an occurrence without a state; the history contains it",
    e.LeadMoved: "lead.raised has the current state of every lead; the history contains its moves",
    e.LeadChanged: "lead.raised has the current state of every lead",
    e.LeadReopened: "lead.raised has the current state of every lead; the history contains how often it began again",
    e.NoteRemoved: "note.added has every note that is left",
    e.TaskChanged: "task.due has the current state of every due task",
    e.TaskReopened: "task.due has the current state of every due task",
    e.RepBack: "rep.away has the current state of every leave",
    e.SlaBreached: "it is an occurrence without a state; `pipeline sla` has the current clocks",
    e.EmailDiscarded: "it is an occurrence without a state; the history contains it",
    e.EmailSent: "it is an occurrence without a state; the history contains it",
    e.EmailReplied: "it is an occurrence without a state; the history contains it",
    e.EmailBounced: "it is an occurrence without a state; the history contains it",
    e.EmailComplained: "it is an occurrence without a state; suppression.changed has what follows from it",
    e.EmailUnsubscribed: "it is an occurrence without a state; suppression.changed has what follows from it",
    e.EmailAutoReplied: "it is an occurrence without a state; the history contains it",
    e.CrmChanged: "it is an occurrence without a state; the CRM has the current values",
    e.CrmRefused: "it is an occurrence without a state; `pipeline crm conflicts` has what was refused",
    e.DeliveryFailed: "it is an occurrence without a state; `pipeline webhook list` has how each webhook is doing",
}
"""Events that have no snapshot, and why; all others have one."""

ASKS: dict[str, tuple[str, ...]] = {
    "ingest": (
        matcher.Outcomes.SUBJECT,
        matcher.OutcomesOfSource.SUBJECT,
        # The files of datasets, which it imports as the command line does.
        *(each.SUBJECT for each in (ingest.ImportFacilities, ingest.ImportQuality, ingest.ImportFacts)),
        matcher.ImportAliases.SUBJECT,
    ),
    "console": (
        *(each.subject_at(service) for service in SERVICES for each in (kernel.Snapshot, kernel.History)),
        *asks.of_console(),
    ),
    "courier": tuple(kernel.History.subject_at(service) for service in SERVICES),
}
"""Requests that a service may send to another one; the command line may send every request."""

PERSONAL: tuple[type[e.Event], ...] = (
    e.TaskDue,
    e.TaskChanged,
    e.TaskReopened,
    e.SuppressionChanged,
    e.AddressSuppressionChanged,
    e.EngagementRecorded,
    e.RepChanged,
    e.EmailSent,
    e.EmailReplied,
    e.EmailBounced,
    e.EmailComplained,
    e.EmailUnsubscribed,
    e.EmailAutoReplied,
)
"""Events with a person's contact data; only services may read them."""

SUBSCRIBER = "subscriber"
"""The NATS user of downstream tools, which can only read."""

STREAM_DAYS = 7
"""How long a stream keeps an event; the retention of inboxes depends on it."""


class NoOwner(Exception):
    """An event is consumed, but no service publishes it."""


def stream_of(service: str) -> str:
    return service.upper()


def subjects_of(service: str) -> list[str]:
    """The exact subjects of a service's stream: its events, and the announcement of its dead letters."""
    return [event.SUBJECT for event in PUBLISHES[service]] + [f"dead.{service}"]


PUBLISHERS = {subject: service for service in SERVICES for subject in subjects_of(service)}
"""The service that publishes each subject."""


def named_by(words: Collection[str], subjects: Iterable[str]) -> list[str]:
    """The subjects that words name, in their order: `score.changed` itself, `lead.*` all of leads, `*` every one."""
    return [
        each
        for each in subjects
        if any(word in ("*", each) or (word.endswith(".*") and each.startswith(word[:-1])) for word in words)
    ]


def subjects_like(types: Iterable[str]) -> list[str]:
    """The subjects that `score.changed`, `lead.*` and the like name; raises `ValueError` for a word that names none."""
    named: dict[str, None] = {}
    for word in types:
        found = named_by([word], PUBLISHERS)
        if not found:
            raise ValueError(f"No event is named {word!r}; there are {', '.join(sorted(PUBLISHERS))}.")
        named |= dict.fromkeys(found)
    return list(named)


def owner_of(event: type[e.Event]) -> str:
    """The service that publishes an event; raises `NoOwner`."""
    for service, published in PUBLISHES.items():
        if event in published:
            return service
    raise NoOwner(f"{event.__name__} has no owner; add it to PUBLISHES in shared/contracts/topology.py")


def open_events() -> list[type[e.Event]]:
    """Events that downstream tools may read."""
    return [event for events in PUBLISHES.values() for event in events if event not in PERSONAL]


def durable_of(service: str, event: type[e.Event]) -> str:
    """The name of a service's consumer of an event: `matcher-posting-seen`."""
    return f"{service}-{event.SUBJECT.replace('.', '-')}"
