"""How is a draft written from a template and facts? (R37, R38)

A sandbox renders the templates of the pack. Facts are values: a name or a title is never rendered as a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from jinja2 import StrictUndefined, TemplateError, UndefinedError, meta
from jinja2 import Template as Compiled
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notifier.domain.facts import NAMES, Facts, Task, deliverable, one_line

WRITTEN_CHANNELS = ("email", "linkedin")
"""The channels that need a text. A call may have a script; research needs none."""
SCRIPTED = "call"
"""The channel whose text is spoken, not sent."""

# Texts are plain, not HTML, so nothing is escaped.
_SANDBOX = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
# A template sees only facts: without this it could use `lipsum` or `range`.
_SANDBOX.globals.clear()


@dataclass(frozen=True, slots=True)
class Template:
    """A template: an e-mail with a subject, a LinkedIn message, which a person pastes, or the script of a call."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    name: str
    channel: Literal["email", "linkedin", "call"]
    body: str
    subject: str | None = None

    def __post_init__(self) -> None:
        if (self.channel == "email") != bool(self.subject):
            raise ValueError("an e-mail has a subject, and a LinkedIn message or a call has none")
        for part, source in (("subject", self.subject or ""), ("body", self.body)):
            _check(part, source)


@dataclass(frozen=True, slots=True)
class Text:
    """A text for a person to send, or the reason why there is none."""

    to_email: str | None = None
    subject: str | None = None
    body: str | None = None
    reason: str | None = None


def needs_text(channel: str, template: str | None) -> bool:
    """Whether a task has a draft: a letter or message always, a call if its step has a script."""
    return channel in WRITTEN_CHANNELS or (channel == SCRIPTED and template is not None)


def write(task: Task, facts: Facts, templates: Mapping[str, Template]) -> Text:
    """The text of one task. Missing data is a reason, not an error, so that no task is lost."""
    template = templates.get(task.template or "")
    if template is None:
        return Text(reason=_no_template(task))
    if template.channel != task.channel:
        return Text(reason=f"Template {template.name!r} is for {template.channel}, but the task is for {task.channel}.")
    to_email = deliverable(task.email) if task.channel == "email" else None
    if task.channel == "email" and to_email is None:
        return Text(reason=_no_address(task, facts))
    return _rendered(template, facts, to_email)


def _rendered(template: Template, facts: Facts, to_email: str | None) -> Text:
    known = facts.known()
    try:
        subject = one_line(_compiled(template.subject).render(known)) if template.subject else None
        body = _paragraphs(_compiled(template.body).render(known))
    except UndefinedError as error:
        return Text(reason=f"Template {template.name!r} needs an unknown fact: {error.message}.")
    except TemplateError as error:
        return Text(reason=f"Template {template.name!r} cannot be rendered: {error.message}.")
    return Text(to_email, subject, body)


def _paragraphs(text: str) -> str:
    """Paragraphs of one line each, separated by a blank line; empty paragraphs are dropped."""
    blocks = [" ".join(block.split()) for block in text.replace("\r", "").split("\n\n")]
    return "\n\n".join(block for block in blocks if block)


def _check(part: str, source: str) -> None:
    """Raises `ValueError` if a template is malformed or uses a variable that is not a fact."""
    try:
        unknown = _unknown(source)
    except TemplateError as error:
        raise ValueError(f"{part} is malformed: {error.message}") from error
    if unknown:
        raise ValueError(f"{part} uses {', '.join(unknown)}; the facts are {', '.join(NAMES)}")


@cache
def _unknown(source: str) -> list[str]:
    _compiled(source)
    return sorted(meta.find_undeclared_variables(_SANDBOX.parse(source)) - set(NAMES))


@cache
def _compiled(source: str) -> Compiled:
    return _SANDBOX.from_string(source)


def _no_template(task: Task) -> str:
    if task.template is None:
        return "The step of the sequence names no template."
    return f"The pack has no template {task.template!r}."


def _no_address(task: Task, facts: Facts) -> str:
    person = facts.salutation or task.persona
    if task.email and task.email.strip():
        return f"The stored e-mail address of {person} is invalid. Correct the contact."
    return f"No e-mail address of {person} is known."
