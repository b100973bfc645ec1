"""What does the address of drafts ask for, and what is known of them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from services.console import settings
from services.console.domain.addresses import address_of
from services.console.rendering.filters import day, instant, plural
from services.console.screens.drafts.queries import Figures, Task, Waiting
from services.console.screens.drafts.view import Fact, Tone
from services.console.usecases.texts import Paragraph, paragraphs, plain
from shared.contracts.notifier import Draft, DraftStatus

TABS: Mapping[str, tuple[str, frozenset[DraftStatus]]] = {
    "": ("To send", frozenset({"draft", "withdrawn"})),
    "leaving": ("Leaving", frozenset({"approved", "sending"})),
    "sent": ("Sent", frozenset({"sent"})),
    "failed": ("Failed", frozenset({"failed", "unsure"})),
    "closed": ("Closed", frozenset({"closed", "discarded"})),
}
"""By `state` in the address: the title, and the statuses of drafts."""
COUNTED = ("", "leaving", "failed")
MOST = 100
"""The rows that a list shows."""
UNDO_SECONDS = 10
ANSWERS = {
    "email.replied": "replied",
    "email.bounced": "came back",
    "email.complained": "reported as spam",
    "email.unsubscribed": "unsubscribed",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    state: str = ""
    draft: str = ""
    editing: bool = False
    several: tuple[str, ...] = ()
    """The drafts that the dialog lists."""

    def href(self, draft: str = "", state: str | None = None) -> str:
        named = self.state if state is None else state
        path = f"/drafts/{draft}" if draft else "/drafts"
        return address_of(path, {"state": named})


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, if it was refused, and why."""

    subject: str
    body: str
    error: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known for the page."""

    drafts: Sequence[Draft]
    """Those of the tabs with counts, and those of the tab that is open."""
    tasks: Mapping[str, Task]
    senders: Mapping[str, tuple[str, str]]
    figures: Figures
    now: datetime
    today: date
    zone: str
    letter: Draft | None = None
    last_letter: date | None = None
    """The day of the last letter to the account of the letter that is open."""
    waiting: Sequence[Waiting] | None = None
    """What read models know, if the notifier does not answer."""
    typed: Typed | None = None

    def name_of(self, actor: str) -> str:
        """The name of a rep; of others what they are called in commands."""
        return self.senders.get(actor, (actor, ""))[0]


def state_of(known: Known, draft: Draft) -> tuple[Tone, str]:
    """What stands for or against a draft."""
    at = instant(draft.sent_at, known.zone, "full") if draft.sent_at else ""
    if draft.status in TABS[""][1]:
        blocked = blocked_by(known, draft)
        return ("bad", f"cannot be sent: {_lower(blocked)}") if blocked else _ready(known, draft)
    if draft.status == "sent":
        task = known.tasks.get(str(draft.task_id))
        answer = ANSWERS.get(task.answer or "", "") if task else ""
        return ("bad" if answer in ("came back", "reported as spam") else "ok"), ", ".join(
            filter(None, (f"sent {at}", answer))
        )
    if draft.status == "unsure":
        return "warn", "may have arrived: look there, then say whether it did"
    if draft.status == "failed":
        return "bad", plain(draft.reason or "not sent")
    if draft.status == "approved":
        left = seconds_left(draft, known.now)
        return "plain", f"leaves in {left} s" if left else "leaves as soon as the hours of sending allow"
    if draft.status == "sending":
        return "plain", "is with the mail server"
    return "plain", plain(draft.reason or "its touch is done or skipped")


def _ready(known: Known, draft: Draft) -> tuple[Tone, str]:
    if draft.edited_by:
        return "warn", f"ready, edited by {known.name_of(draft.edited_by)}"
    return "ok", f"ready, {plural(len(facts_in(text_of(draft, known))), 'fact')} with source"


def blocked_by(known: Known, draft: Draft) -> str:
    """Why a draft that waits cannot be sent; empty if it can."""
    if draft.status == "withdrawn":
        return plain(draft.reason or "its recipient must not be contacted")
    if not draft.body or not draft.subject or not draft.to_email:
        return plain(draft.reason or "it has no text")
    if draft.missing:
        return draft.missing.removeprefix("It cannot be sent: ")
    if draft.fresh_until and draft.fresh_until < known.today:
        return f"what it states was true until {day(draft.fresh_until)}"
    return lacking(draft)


def lacking(draft: Draft) -> str:
    """The facts without a source that a text states; a person answers for the words that a person wrote."""
    unsupported = [] if draft.edited_by else [name for name in draft.states if not draft.sources.get(name)]
    return f"Without a source: {', '.join(unsupported)}" if unsupported else ""


def account_of(draft: Draft) -> str:
    return draft.facility or draft.facility_id


def role_of(draft: Draft, task: Task | None) -> str:
    persona = str(task.data["persona"]) if task else ""
    return settings.role_labels().get(persona, persona) or str(draft.facts.get("persona", ""))


def _lower(text: str) -> str:
    """As the rest of a sentence: `No address` as `no address`, but `CMS` stays."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def seconds_left(draft: Draft, now: datetime) -> int:
    """How long a letter that was sent off still waits for an undo."""
    if draft.approved_at is None:
        return 0
    return min(UNDO_SECONDS, max(0, ceil(UNDO_SECONDS - (now - draft.approved_at).total_seconds())))


def text_of(draft: Draft, known: Known) -> tuple[Paragraph, ...]:
    """The paragraphs of a letter, with its facts numbered in reading order."""
    sources = {name: _source(source, draft, known) for name, source in draft.sources.items()}
    return paragraphs(draft.body or "", draft.facts, sources, draft.states, numbered=True)


def _source(source: str, draft: Draft, known: Known) -> str:
    named = source.replace(f"the profile of {draft.rep}", f"the profile of {known.name_of(draft.rep)}")
    return plain(named).replace("PIPELINE_POSTAL_ADDRESS", "the settings of this deployment")


def facts_in(text: Sequence[Paragraph]) -> tuple[Fact, ...]:
    """In the order of their numbers, each once."""
    found = {each.number: Fact(each.number, each.text, each.source) for part in text for each in part}
    return tuple(found[number] for number in sorted(found) if number)
