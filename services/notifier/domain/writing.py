"""How is the draft of a task written? (R37, R38)"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from engines.drafting.facts import Facts
from engines.drafting.outreach import Outreach
from engines.drafting.templates import EMAIL, Template
from engines.drafting.writing import NotWritten, with_passages
from engines.drafting.writing import write as written
from services.notifier.domain.facts import deliverable, facts_of
from services.notifier.domain.history import (
    FIRST_LETTER,
    POSTED,
    Touch,
    concerns_posting,
    got_before,
    replied_to,
    touches_of,
)
from services.notifier.domain.tasks import Task

WRITTEN_CHANNELS = (EMAIL, "linkedin")
"""The channels that need a text. A call may have a script; research needs none."""
SCRIPTED = "call"
"""The channel whose text is spoken, not sent."""


@dataclass(frozen=True, slots=True)
class Stationery:
    """What texts are written with: the templates and the outreach section, the hash of their pack, and the address."""

    templates: Mapping[str, Template]
    outreach: Outreach
    pack: str = ""
    postal: str | None = None

    @property
    def has_address(self) -> bool:
        return bool(self.postal or self.outreach.postal)


@dataclass(frozen=True, slots=True)
class Text:
    """A text for a person to send, or the reason why there is none."""

    facts: Facts = field(default_factory=dict)
    """All that it may state."""
    to_email: str | None = None
    subject: str | None = None
    body: str | None = None
    reason: str | None = None
    letter: str | None = None
    states: frozenset[str] = frozenset()
    """The facts that it states."""
    replies_to: UUID | None = None
    missing: str | None = None
    """What must be set before it may be sent."""
    fresh_until: date | None = None


def chosen(template: Template, known: Container[str], templates: Mapping[str, Template]) -> Template:
    """What is written for a step: for a person who never got an e-mail, an introduction of the usual length."""
    if template.channel == EMAIL and FIRST_LETTER in known:
        return replace(templates.get(template.introduction or "", template), words=None)
    return template


def needs_text(channel: str, template: str | None) -> bool:
    """Whether a task has a draft: a letter or message always, a call if its step has a script."""
    return channel in WRITTEN_CHANNELS or (channel == SCRIPTED and template is not None)


def write(task: Task, stationery: Stationery, today: date, touches: Sequence[Touch] = ()) -> Text:
    """The text of one task. Missing data is a reason, not an error, so that no task is lost."""
    earlier = touches_of(task, touches)
    facts = facts_of(task, stationery.outreach, today, earlier, stationery.postal)
    template = stationery.templates.get(task.template or "")
    if template is None:
        return Text(facts, reason=_no_template(task))
    template = chosen(template, facts, stationery.templates)
    if template.channel != task.channel:
        return Text(facts, reason=f"Template {template.name!r} is for {template.channel}, not for {task.channel}.")
    to_email = deliverable(task.email) if task.channel == EMAIL else None
    if task.channel == EMAIL and to_email is None:
        return Text(facts, reason=_no_address(task, facts))
    return _text(task, template, stationery, facts, earlier, to_email)


def _text(
    task: Task,
    template: Template,
    stationery: Stationery,
    facts: Facts,
    earlier: Sequence[Touch],
    to_email: str | None,
) -> Text:
    outreach, seed = stationery.outreach, seed_of(task.facility_id, task.step_no, template.name)
    answered = replied_to(template.replies_to, task, earlier, outreach)
    if answered and POSTED in answered.states and not (POSTED in facts and concerns_posting(answered, task.posting)):
        answered = None  # its subject speaks of a posting that is not up any more
    subject = f"Re: {answered.subject.removeprefix('Re: ')}" if answered and answered.subject else None
    known = with_passages(facts, outreach.passages, seed)
    try:
        letter = written(template, known, outreach.rules, seed, got_before(task, earlier), subject)
    except NotWritten as problem:
        return Text(facts, to_email, reason=str(problem))
    return Text(
        facts,
        to_email,
        letter.subject,
        letter.body,
        letter=letter.letter,
        states=letter.states,
        replies_to=answered.draft_id if answered else None,
        missing=_missing(task, facts) if task.channel == EMAIL else None,
        fresh_until=letter.until,
    )


def seed_of(facility_id: str, step_no: int, template: str) -> str:
    """By what the texts of a step are chosen."""
    return f"{facility_id}/{step_no}/{template}"


def _missing(task: Task, facts: Facts) -> str | None:
    """What the law and good manners want in the foot of an e-mail."""
    found = []
    if "postal" not in facts:
        found.append("no postal address is set: set PIPELINE_POSTAL_ADDRESS, or `postal` in the pack's outreach.yaml")
    if "rep_name" not in facts:
        found.append(f"the sender has no name: `pipeline rep change {task.rep_id} --name ...`")
    return f"It cannot be sent: {'; '.join(found)}." if found else None


def _no_template(task: Task) -> str:
    if task.template is None:
        return "The step of the sequence names no template."
    return f"The pack has no template {task.template!r}."


def _no_address(task: Task, facts: Facts) -> str:
    fact = facts.get("person") or facts.get("persona")
    person = fact.value if fact else task.persona
    if task.email and task.email.strip():
        return f"The stored e-mail address of {person} is invalid. Correct the contact."
    return f"No e-mail address of {person} is known."
