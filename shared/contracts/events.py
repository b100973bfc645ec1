"""Which events exist, and which fields does each one have?

One frozen model per event; the class `PostingSeen` is published on the subject `posting.seen`. Fields are only ever
added (with a default), never renamed or removed: a breaking change is a new event.

State-carrying events contain the complete state of their subject and a `version` that only grows. A consumer replaces
its state by a higher version and ignores other versions, so order and repetition do not matter.

Dates are in the deployment's time zone; instants are UTC. Amounts that must be exact are `Decimal`, encoded as strings.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.limits import Line, Prose

Phase = Literal["new", "contacted", "qualified", "proposal", "won", "lost"]
"""The phase of a lead, whatever the pack calls its stage (K4)."""


class Origin(NamedTuple):
    """The attributes of an event's envelope that a handler may use."""

    event_id: UUID
    source: str
    time: datetime
    traceparent: str


class Value(BaseModel):
    """A part of an event."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Event(Value):
    """What all events have in common: a subject, a key (`ce-subject`) and, once received, an origin."""

    SUBJECT: ClassVar[str]
    KEY: ClassVar[str]

    # A slot instead of a private attribute of pydantic, which costs more than a microsecond for each event.
    __slots__ = ("_origin",)
    if TYPE_CHECKING:
        _origin: Origin

    @property
    def key(self) -> str:
        return str(getattr(self, self.KEY))

    @property
    def origin(self) -> Origin | None:
        try:
            return self._origin
        except AttributeError:
            return None

    @property
    def event_id(self) -> UUID | None:
        origin = self.origin
        return origin.event_id if origin else None

    def set_origin(self, origin: Origin) -> None:
        """Set the attributes of the envelope that this event was received in."""
        object.__setattr__(self, "_origin", origin)


# --- ingest: what sources report -----------------------------------------------------------------------------


class PostingState(Event):
    """A posting as its source shows it, and when it was seen. It is identified by (source, source_posting_id)."""

    KEY = "posting_id"

    posting_id: UUID
    version: int
    source: Line
    source_posting_id: Line
    title: Line
    employer_name: Line
    city: Line | None = None
    state: Line | None = None
    zip: Line | None = None
    address: Line | None = None
    phone: Line | None = None
    facility_id: Line | None = None
    """As stated by the source, not verified."""
    url: Prose | None = None
    role_family: Line
    urgency: int
    """0 to 4, from the text alone (R13)."""
    posted_on: date | None = None
    first_seen_on: date
    last_seen_on: date
    closed_on: date | None = None
    """Set while the source's latest report that it is closed is at least as new as the last sighting."""
    pack: Line
    """The content hash of the pack that classified it."""


class PostingSeen(PostingState):
    """A posting is new, was seen again, or changed. Published for every posting, relevant or not."""

    SUBJECT = "posting.seen"


class PostingClosed(PostingState):
    """The source reported that a posting is closed."""

    SUBJECT = "posting.closed"


class OtherName(Value):
    """Another name of a facility."""

    name: Line
    kind: Literal["legal", "dba", "former"]


class FacilityListed(Event):
    """A facility is on the registry; everything that the registry states about its identity."""

    SUBJECT = "facility.listed"
    KEY = "facility_id"

    facility_id: Line
    version: int
    listed_as_of: date
    name: Line
    other_names: tuple[OtherName, ...] = ()
    address: Line | None = None
    city: Line
    state: Line
    zip: Line | None = None
    county: Line | None = None
    phone: Line | None = None
    chain: Line | None = None


class FacilityDelisted(Event):
    """A facility is missing from a registry file that was declared complete for its state or the country."""

    SUBJECT = "facility.delisted"
    KEY = "facility_id"

    facility_id: Line
    version: int
    """In the same sequence as the versions of `facility.listed`."""
    delisted_as_of: date


class Fact(Value):
    """One field of a facility at one date. A `value` of None means explicitly unknown (suppressed, with a footnote)."""

    field: Line
    value: Line | None
    as_of: date


class FacilityAssessed(Event):
    """A dataset states facts about a facility. For each field the latest `as_of` wins, then the highest `import_no`."""

    SUBJECT = "facility.assessed"
    KEY = "facility_id"

    facility_id: Line
    facts: tuple[Fact, ...]
    import_no: int
    dataset: Line
    received_at: datetime


# --- matcher: which facility posted --------------------------------------------------------------------------


class Signal(Value):
    """An open hiring need of one role family at one facility, derived from the set of its sightings (R18 to R20)."""

    signal_id: UUID
    predecessor_id: UUID | None = None
    first_seen_on: date
    last_seen_on: date
    expires_on: date
    """The last day on which it is open."""
    urgency: int
    chronic: bool
    reposted_on: date | None = None
    """When a posting of it was last put up again, under the same title."""
    closed: bool
    """All of its postings were reported closed; it expires on the day of the last report."""
    postings: int
    title: Line
    """Of the posting that was seen last."""
    sources: tuple[Line, ...] = ()
    posting_event_id: UUID | None = None
    """The `posting.seen` of the posting that was seen last."""


class SignalState(Event):
    """All signals of one facility and role family. An empty list retracts earlier ones."""

    KEY = "facility_id"

    facility_id: Line
    role_family: Line
    version: int
    signals: tuple[Signal, ...]


class FacilityMatched(SignalState):
    """The sightings of a facility and role family changed."""

    SUBJECT = "facility.matched"

    posting_ids: tuple[UUID, ...] = ()
    """The postings that were matched to them since the previous version; none in a snapshot."""


class SignalExpired(SignalState):
    """Time passed: the newest signal of this facility and role family is no longer open."""

    SUBJECT = "signal.expired"

    signal_id: UUID
    expired_on: date


class Candidate(Value):
    """A facility that may be the employer of a posting."""

    facility_id: Line
    name: Line
    city: Line
    confidence: float


class PostingUnmatched(Event):
    """No confident match: the posting waits in the signal inbox for a person (R15)."""

    SUBJECT = "posting.unmatched"
    KEY = "posting_id"

    posting_id: UUID
    version: int
    employer_name: Line
    city: Line | None
    state: Line | None
    role_family: Line
    reason: Prose
    candidates: tuple[Candidate, ...] = ()
    group: Line | None = None
    """The key of its group in the inbox: one decision covers all postings of a group."""


class PostingResolved(Event):
    """A posting no longer waits in the signal inbox: a person, or what changed since, decided on it, or time is up."""

    SUBJECT = "posting.resolved"
    KEY = "posting_id"

    posting_id: UUID
    version: int
    """In the same sequence as the versions of `posting.unmatched`."""
    outcome: Line
    """`matched`, `ignored` or, if no person decided in time, `dismissed`."""
    facility_id: Line | None
    decided_by: Line | None
    """The person; None if no one decided on it."""


class SignalDismissed(Event):
    """No person decided within the time limit: the postings stay queued as dismissed (R21, K9)."""

    SUBJECT = "signal.dismissed"
    KEY = "employer_name"

    employer_name: Line
    city: Line | None
    state: Line | None
    posting_ids: tuple[UUID, ...]
    dismissed_on: date


class AliasLearned(Event):
    """A person confirmed that a name is that of a facility; all identical postings in the inbox are matched."""

    SUBJECT = "alias.learned"
    KEY = "facility_id"

    alias_id: UUID
    facility_id: Line
    employer_name: Line
    city: Line | None
    state: Line | None
    learned_by: Line
    learned_at: datetime


# --- scorer: how important a facility is ---------------------------------------------------------------------


class FactorScore(Value):
    """One factor of a score: its contribution and its evidence."""

    factor: Line
    label: Line
    weight: Decimal
    value: Decimal
    """0 to 1."""
    points: Decimal
    """100 x weight x value."""
    known: bool
    evidence: Prose
    as_of: date | None = None
    event_id: UUID | None = None
    """The event that contained the evidence."""


class ScoreChanged(Event):
    """The score or tier of a facility changed."""

    SUBJECT = "score.changed"
    KEY = "facility_id"

    facility_id: Line
    score_version: int
    score: Decimal
    tier: int
    previous_score: Decimal | None = None
    previous_tier: int | None = None
    scored_on: date
    breakdown: tuple[FactorScore, ...]
    multiplier: Decimal
    urgency: int | None = None
    """Of the best open signal; with the two below it breaks ties (R32)."""
    last_seen_on: date | None = None
    measure: Decimal | None = None
    """The value of the factor that breaks ties, if the pack names one."""
    pack: Line
    cause: Line
    """The subject of the event, or the name of the job, that led to the change."""


class Crossing(Value):
    """A facility that changed its tier at a calibration."""

    facility_id: Line
    score: Decimal
    from_tier: int
    to_tier: int


class TiersCalibrated(Event):
    """The tier cuts were recomputed from the cohort (R32). They are in force until the next calibration."""

    SUBJECT = "tiers.calibrated"
    KEY = "calibration_id"

    calibration_id: UUID
    calibrated_on: date
    cohort: int
    cuts: dict[int, Decimal]
    sizes: dict[int, int]
    ties: dict[int, int]
    crossings: tuple[Crossing, ...]
    pack: Line


class PackPublished(Event):
    """A scoring model is in force from now on."""

    SUBJECT = "pack.published"
    KEY = "pack"

    pack: Line
    name: Line
    published_on: date


# --- sequencer: who does which task, and when ----------------------------------------------------------------


class LeadState(Event):
    """The complete state of a lead. Each version has one event of this kind."""

    KEY = "facility_id"

    lead_id: UUID
    facility_id: Line
    lead_source: Literal["signal", "upsell"]
    """`upsell` for the lead of an active client, which never has a prospect's (R45)."""
    owner: Line | None
    role_families: tuple[Line, ...]
    """The needs of its open signals; none if it was raised by hand, or because the account is worked."""
    raised_on: date
    version: int = 0
    stage: Line = ""
    """One of the pack's stages (K4)."""
    phase: Phase = "new"
    """By which funnels of different packs compare."""
    stage_since: date | None = None
    closed_on: date | None = None
    closed_reason: Prose | None = None
    engaged_until: date | None = None
    """Until this day a person works it by hand, and no sequence starts."""
    reopen_asked_on: date | None = None
    """Since when a later signal asks a person to re-open the lost lead (R52)."""
    converted_facility_id: Line | None = None
    """The account that it became (R51)."""
    amount: Decimal | None = None
    currency: Line | None = None
    close_on: date | None = None
    """The expected day of the win."""


class LeadRaised(LeadState):
    """A lead began: by an open signal, the start of an enrollment, or a person (R46)."""

    SUBJECT = "lead.raised"


class LeadMoved(LeadState):
    """A lead went to another stage: `from_stage`, in which it was for `days`, to `stage`."""

    SUBJECT = "lead.moved"

    from_stage: Line
    from_phase: Phase
    moved_by: Line
    moved_on: date
    reason: Prose | None = None
    days: int


class LeadChanged(LeadState):
    """The state of a lead changed, but not its stage: its owner, an amount, its closing, a question to re-open it."""

    SUBJECT = "lead.changed"


class LeadOutcome(Event):
    """An outcome that a person recorded for an account; its `version` is that of the lead with the outcome."""

    KEY = "facility_id"

    facility_id: Line
    version: int
    lead_id: UUID
    lead_source: Literal["signal", "upsell"]
    raised_on: date
    """The day of the score that put the account on a worklist."""
    decided_on: date
    decided_by: Line
    reason: Prose | None = None


class LeadMet(LeadOutcome):
    """A meeting was scheduled; the lead stays open."""

    SUBJECT = "lead.met"


class LeadWon(LeadOutcome):
    """The account became a client or, as an upsell, bought more."""

    SUBJECT = "lead.won"


class LeadLost(LeadOutcome):
    """The lead was lost, for the given reason; a later signal asks a person to re-open it (R52)."""

    SUBJECT = "lead.lost"


class AccountMoved(Event):
    """An account has another owner, the rep who works it, or became a client: the complete current state."""

    SUBJECT = "account.moved"
    KEY = "facility_id"

    facility_id: Line
    owner: Line
    """Empty, if no rule of the pack finds one."""
    version: int
    client: bool = False
    reason: Prose | None = None
    """Why it has this owner: the rule of the pack, or the person who gave it."""


class LeadOutcomeUndone(LeadOutcome):
    """An outcome was taken back on the day on which it was recorded, with everything that had followed from it."""

    SUBJECT = "lead.outcome_undone"

    outcome: Literal["meeting", "won", "lost"]
    undone_by: Line
    undone_on: date


class NoteAdded(Event):
    """A person noted something about an account; the text stays in the sequencer."""

    SUBJECT = "note.added"
    KEY = "facility_id"

    note_id: UUID
    facility_id: Line
    noted_by: Line
    noted_on: date
    next_follow_up_on: date | None = None


class NoteRemoved(Event):
    """A note was removed, because the file that stated it was taken back."""

    SUBJECT = "note.removed"
    KEY = "facility_id"

    note_id: UUID
    facility_id: Line
    removed_by: Line
    removed_on: date


class ContactChanged(Event):
    """What is known about the person in a role, without name and address, which no consumer needs."""

    SUBJECT = "contact.changed"
    KEY = "facility_id"

    facility_id: Line
    role: Line
    version: int
    changed_on: date | None = None
    """The date since which a new person has the role; None while only one person is known."""
    has_direct_phone: bool = False
    has_email: bool = False


class EnrollmentState(Event):
    """The enrollment of an account in a sequence."""

    KEY = "facility_id"

    enrollment_id: UUID
    version: int = 1
    """Grows with every change of the enrollment; the state with the highest version is current."""
    facility_id: Line
    covers: tuple[Line, ...]
    """The facilities that this enrollment covers: one, or the members of a chain (R44)."""
    chain: Line | None = None
    sequence: Line
    sequence_version: Line | None = None
    """The hash of the steps that it goes through, once it has started."""
    tier: int
    owner: Line


class EnrollmentStarted(EnrollmentState):
    """The enrollment is active: it began, or it resumed after a pause."""

    SUBJECT = "enrollment.started"

    started_on: date


class EnrollmentBlocked(EnrollmentState):
    """The enrollment cannot begin yet (R47); `missing` is what it needs before the first touch."""

    SUBJECT = "enrollment.blocked"

    blocked_on: date
    missing: tuple[Line, ...]


class EnrollmentPaused(EnrollmentState):
    """The enrollment waits; when it resumes, its remaining steps are as far apart as before."""

    SUBJECT = "enrollment.paused"

    paused_on: date
    resume_on: date | None
    """None: until a person resumes it."""
    reason: Prose


class EnrollmentEnded(EnrollmentState):
    """The enrollment is over: no further step of it becomes due."""

    SUBJECT = "enrollment.ended"

    ended_on: date
    reason: Prose
    status: Literal["completed", "stopped"] = "stopped"
    """Completed: every step was done or skipped."""


class RepChanged(Event):
    """A rep joined, changed or left: the complete current state."""

    SUBJECT = "rep.changed"
    KEY = "rep"

    rep: Line
    """A short id that never changes."""
    version: int
    name: Line
    email: Line | None = None
    phone: Line | None = None
    from_hour: time
    to_hour: time
    timezone: Line
    joined_on: date | None = None
    left_on: date | None = None
    """The first day on which the rep is no longer in the team."""
    territories: tuple[Line, ...] = ()
    """Of the pack; none: all of them."""


class RepAway(Event):
    """A rep is away on these days, both included, or the days or the cover changed: the complete current state."""

    SUBJECT = "rep.away"
    KEY = "rep"

    leave_id: UUID
    rep: Line
    version: int
    from_on: date
    to_on: date
    cover: Line | None = None
    """The rep who does the tasks meanwhile; without one, they wait."""


class RepBack(RepAway):
    """A leave ended early, or was taken back: then it ends before its first day. Its complete current state."""

    SUBJECT = "rep.back"


class Sender(Value):
    """The rep who does a task, as a text is signed."""

    name: Line
    email: Line | None = None
    phone: Line | None = None


class Person(Value):
    """The person whom a task addresses: a public, professional contact."""

    role: Line
    name: Line | None = None
    """As given."""
    direct_phone: Line | None = None
    email: Line | None = None
    source: Line | None = None
    display_name: Line | None = None
    """In the usual order and case, without credentials."""
    greeting: Line | None = None
    """The words after "Dear"."""
    in_role_since: date | None = None
    """The date since which the person has the role; None while no predecessor is known."""


class CoveredFacility(Value):
    """A facility that a touch is about, with its names as a letter spells them."""

    facility_id: Line
    name: Line
    city: Line
    hiring: bool = False
    """It has an open signal."""


class WhySignal(Value):
    """The open signal that a draft may mention."""

    role_family: Line
    title: Line
    first_seen_on: date
    last_seen_on: date
    urgency: int
    chronic: bool
    reposted_on: date | None = None


class ClosedPosting(Value):
    """The postings of a role that were taken down last, while no signal is open."""

    role_family: Line
    closed_on: date


class WhyFactor(Value):
    """A line of the score, with its evidence: a factor that gives points, or what is known of the account."""

    factor: Line
    evidence: Prose
    points: Decimal = Decimal(0)
    """None for what is known and weighs nothing."""


class TaskDue(Event):
    """A task is due. It contains every fact that its draft may state (R37)."""

    SUBJECT = "task.due"
    KEY = "facility_id"

    task_id: UUID
    kind: Line = "step"
    """A step of an enrollment, the research that a blocked one needs, or a task of an account, such as `follow_up`."""
    enrollment_id: UUID | None = None
    """None for a task of an account."""
    step_no: int
    facility_id: Line
    facility_name: Line
    """As in the registry, often in capitals."""
    facility_display_name: Line | None = None
    """In the usual case."""
    city: Line
    state: Line
    main_phone: Line | None = None
    chain: Line | None = None
    chain_display_name: Line | None = None
    covers: tuple[Line, ...] = ()
    of_chain: tuple[CoveredFacility, ...] = ()
    """For a person of the chain, every facility that it covers, best first: what a text is about."""
    tier: int
    score: Decimal
    sequence: Line | None = None
    rep: Line
    sender: Sender | None = None
    """The rep, as the draft is signed; None for a rep who is not in the team."""
    channel: Literal["call", "email", "linkedin", "research"]
    persona: Line
    person: Person | None = None
    template: Line | None = None
    due_on: date
    reason: Prose
    signal: WhySignal | None = None
    closed_posting: ClosedPosting | None = None
    factors: tuple[WhyFactor, ...] = ()
    pack: Line
    version: int = 1
    """Grows with every published state of the task; the state with the highest version is current."""
    marks: tuple[Line, ...] = ()
    """What suppressions match it by: `facility:335001`, `chain:...`, `name:...`, `address:...`, `domain:...`."""


class TaskChanged(TaskDue):
    """The rep or the person of an open task, its day, or a fact that it states changed: its complete current state."""

    SUBJECT = "task.changed"


class TaskReopened(TaskDue):
    """A task that was done, skipped or canceled is open again, because that was taken back: its complete current state.

    `touch.logged` has who took it back, and why.
    """

    SUBJECT = "task.reopened"


class TaskMoved(Event):
    """A task waits for a later day, on which it is published as due. It was due, or a person asked for that day."""

    SUBJECT = "task.moved"
    KEY = "facility_id"

    task_id: UUID
    kind: Line = "step"
    enrollment_id: UUID | None = None
    step_no: int
    facility_id: Line
    rep: Line
    due_on: date
    """The day for which it waits."""
    note: Prose | None = None
    done_by: Line | None = None
    """The person who moved it; None for the task of an account that never was due."""
    done_on: date | None = None
    version: int = 1


class TaskDone(Event):
    """A task was done, skipped or canceled, which is its next version.

    It is canceled if it ends with its enrollment or its lead.
    """

    SUBJECT = "task.done"
    KEY = "facility_id"

    task_id: UUID
    kind: Line = "step"
    enrollment_id: UUID | None = None
    step_no: int
    facility_id: Line
    status: Literal["done", "skipped", "canceled"]
    outcome: Prose | None = None
    """The id of its outcome, or else why it was skipped or canceled."""
    note: Prose | None = None
    done_by: Line
    done_on: date
    version: int = 1


class TouchLogged(Event):
    """What a person did, about a task or without one, or what came back for an e-mail, was logged on its account."""

    SUBJECT = "touch.logged"
    KEY = "facility_id"

    activity_id: UUID
    facility_id: Line
    task_id: UUID | None
    kind: Line = "done"
    """`done`, `skipped`, `moved`, `reassigned`, `answered`, or `undone`, which takes an activity back."""
    reverses: UUID | None = None
    """The activity that is taken back."""
    channel: Line
    persona: Line
    outcome: Prose | None
    note: Prose | None = None
    rep: Line
    touched_on: date
    next_follow_up_on: date | None = None
    reached: tuple[Line, ...] = ()
    """The accounts that it was about: its own, and for a touch of a chain all that its enrollment covered."""
    touched_at: datetime | None = None
    """When it was, if that is not when it was logged."""


class SuppressionState(Event):
    """A suppression was added, changed or lifted: its complete current state.

    It stops every task on its channels that has one of its marks. It takes precedence over everything.
    """

    KEY = "suppression_id"

    suppression_id: UUID
    scope: Literal["person", "facility", "chain", "domain", "address"]
    target: Prose
    """A person (`335001/ada moss`), a facility (its id), a chain (its name in capitals), a domain or an address."""
    version: int
    channels: tuple[Line, ...]
    """`call`, `email`, `linkedin`, or `all`, which includes future channels; none once it is lifted."""
    lifted: bool = False
    marks: tuple[Line, ...]
    """What it matches; for a person, all known names and addresses."""
    label: Prose
    """Its name in a sentence."""
    reason: Prose
    source: Line
    """What added it: a command, an outcome, a file, or the event of an e-mail that came back."""
    stated_by: Line
    stated_on: date


class SuppressionChanged(SuppressionState):
    """A person, facility or chain must not be contacted, or may be again."""

    SUBJECT = "suppression.changed"


class EngagementRecorded(Event):
    """A facility, or a person there, met us, visited a page, downloaded something; recorded once by its source's id."""

    SUBJECT = "engagement.recorded"
    KEY = "facility_id"

    engagement_id: UUID
    facility_id: Line
    kind: Literal["meeting", "demo", "visit", "download", "open", "click"]
    engaged_on: date
    engaged_at: datetime | None = None
    email: Line | None = None
    """The address of the person, if it is known."""
    what: Line | None = None
    """The page, the document, the subject."""
    url: Prose | None = None
    source: Line
    """What reported it: a program by the name of its key, or a person."""
    source_id: Line
    recorded_by: Line
    recorded_at: datetime


class SlaBreached(Event):
    """An account has waited too long for a touch; published once for each clock, which its next touch starts anew."""

    SUBJECT = "sla.breached"
    KEY = "facility_id"

    facility_id: Line
    tier: int
    owner: Line | None
    """The rep who is called out."""
    label: Line
    started_on: date
    """The day of the last touch or, if it is later, on which the account entered its tier."""
    breached_on: date
    hours: int
    action: Prose
    """What the owner should do."""


class LeadReopened(LeadState):
    """A lead that was won or lost began again in its first stage, by a person or by a later signal (R52)."""

    SUBJECT = "lead.reopened"

    reopened_by: Line
    reason: Prose | None = None


# --- notifier: e-mails, and what comes back ------------------------------------------------------------------


class EmailDrafted(Event):
    """An e-mail draft waits for a person to send it. Its text stays in the notifier."""

    SUBJECT = "email.drafted"
    KEY = "facility_id"

    draft_id: UUID
    task_id: UUID
    facility_id: Line
    rep: Line
    template: Line
    drafted_on: date


class EmailDiscarded(Event):
    """A person discarded an e-mail draft. Its task stays due, and is done without a letter."""

    SUBJECT = "email.discarded"
    KEY = "facility_id"

    draft_id: UUID
    task_id: UUID
    facility_id: Line
    version: int
    """The state of the task that the draft was written from; a draft from a later one waits again."""
    discarded_by: Line
    discarded_on: date


class EmailEvent(Event):
    """An e-mail left, or something came back for one. Its text stays in the notifier."""

    KEY = "facility_id"

    message_id: UUID
    """Of the e-mail that left or came; whatever is published of it again has the same id."""
    task_id: UUID | None = None
    """The task of the e-mail that left or is answered; None if only its recipient is known."""
    facility_id: Line
    email: Line
    """The address of the recipient of the e-mail that left or is answered."""
    at: datetime


class EmailSent(EmailEvent):
    """A person sent an e-mail, and the server of its recipient, or ours, has accepted it."""

    SUBJECT = "email.sent"

    sent_on: date
    sent_by: Line
    """The person who pressed send."""


class EmailAnswer(EmailEvent):
    """Something came back for an e-mail."""

    received_on: date


class EmailReplied(EmailAnswer):
    """A person replied."""

    SUBJECT = "email.replied"


class EmailBounced(EmailAnswer):
    """An e-mail did not reach its recipient."""

    SUBJECT = "email.bounced"

    hard: bool
    """The address will never work; a full mailbox or a failure on the way is not hard."""
    reason: Line | None = None
    """In a word: `userunknown`, `mailboxfull`."""


class EmailComplained(EmailAnswer):
    """The recipient reported an e-mail as spam."""

    SUBJECT = "email.complained"


class EmailUnsubscribed(EmailAnswer):
    """The recipient wants no further e-mail: by the link, by the header, or in words."""

    SUBJECT = "email.unsubscribed"


class EmailAutoReplied(EmailAnswer):
    """A program replied: the recipient is out of office, or has left."""

    SUBJECT = "email.auto_replied"

    back_on: date | None = None
    """The day of the return, if the reply states one."""
    left: bool = False
    """The reply states that the recipient no longer works there."""


class AddressSuppressionChanged(SuppressionState):
    """An address must not be written to, or everyone at a domain must not be contacted; or they may be again."""

    SUBJECT = "address_suppression.changed"


# --- courier: what did not reach other systems ---------------------------------------------------------------


class DeliveryFailed(Event):
    """Events were given up, or a webhook is paused because it accepts nothing any more."""

    SUBJECT = "delivery.failed"
    KEY = "webhook"

    webhook: Line
    failed_event_id: UUID | None = None
    """The event that was given up; None: the whole webhook is paused, or the log no longer has what it was to get."""
    cursor: Line
    """Where in the log the event is, or the webhook has come to."""
    error: Prose
    failing_since: datetime
    paused: bool = False


CRMS: Final = {"hubspot": "HubSpot", "salesforce": "Salesforce"}
"""Each CRM by its name; it stands for the person who did something there."""


class CrmField(Value):
    """A field that people changed in the CRM."""

    field: Line
    """Its name in the pack's `crm.yaml`."""
    value: Prose | None
    """None: the value was removed."""
    changed_at: datetime | None = None
    """When it changed there, if that is known."""


class CrmChanged(Event):
    """People changed fields of an account in the CRM, and by the rules of the pack these values count here too."""

    SUBJECT = "crm.changed"
    KEY = "facility_id"

    facility_id: Line
    system: Literal["hubspot", "salesforce"]
    their_id: Line
    """The record there."""
    fields: tuple[CrmField, ...]


# --- sequencer: what does not count -----------------------------------------------------------------------------


class CrmRefusal(Value):
    """A value that people set in the CRM, and why it does not count."""

    field: Line
    """Its name in the pack's `crm.yaml`."""
    value: Prose | None
    why: Prose


class CrmRefused(Event):
    """Values that people set in the CRM do not count here: ours stay as they are, and replace them there."""

    SUBJECT = "crm.refused"
    KEY = "facility_id"

    facility_id: Line
    system: Literal["hubspot", "salesforce"]
    changed: UUID
    """The id of the `crm.changed` with these values."""
    fields: tuple[CrmRefusal, ...]


# --- every service: its dead letters -------------------------------------------------------------------------


class DeadLettered(Event):
    """An event became a dead letter, which is kept with its error until an operator retries or discards it.

    Published as `dead.<service>`, a subject of that service's own stream.
    """

    SUBJECT = "dead"
    KEY = "service"

    service: Line
    consumer: Line
    failed_event_id: Line
    subject: Line
    error: Prose
    tries: int


def every_event() -> tuple[type[Event], ...]:
    """All events of this module, in order."""
    return tuple(
        value
        for value in globals().values()
        if isinstance(value, type) and issubclass(value, Event) and "SUBJECT" in vars(value)
    )
