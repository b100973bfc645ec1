"""How does a draft come about from a template and facts? (R37, R38)

Facts are values: a sandbox renders the pack's own templates, and what a name or a title says is never a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from jinja2 import StrictUndefined, TemplateError, UndefinedError, meta
from jinja2 import Template as Compiled
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notifier.domain.facts import NAMES, Facts, Touch, deliverable, one_line

WRITTEN_CHANNELS = ("email", "linkedin")
"""Calls and research are done by people without a text of ours."""

# Plain text and no HTML, so nothing is to be escaped.
_SANDBOX = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
# Nothing but facts: without this a template could ask for `lipsum` or `range`.
_SANDBOX.globals.clear()


@dataclass(frozen=True, slots=True)
class Template:
    """A text of the pack. An e-mail has a subject; a LinkedIn text, which a person pastes, has none."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    name: str
    channel: Literal["email", "linkedin"]
    body: str
    subject: str | None = None

    def __post_init__(self) -> None:
        if (self.channel == "email") != bool(self.subject):
            raise ValueError("an e-mail has a subject, a LinkedIn text has none")
        for part, source in (("subject", self.subject or ""), ("body", self.body)):
            _check(part, source)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that waits for a person, or the reason why there is none, for the person whose touch it is."""

    to_email: str | None = None
    subject: str | None = None
    body: str | None = None
    reason: str | None = None


def write(touch: Touch, facts: Facts, templates: Mapping[str, Template]) -> Text:
    """The text of one touch; what is missing for it is a reason, not an error, so that no touch is lost."""
    template = templates.get(touch.template or "")
    if template is None:
        return Text(reason=_no_template(touch))
    if template.channel != touch.channel:
        return Text(reason=f"Template {template.name!r} is for {template.channel}, the touch for {touch.channel}.")
    to_email = deliverable(touch.email) if touch.channel == "email" else None
    if touch.channel == "email" and to_email is None:
        return Text(reason=_no_address(touch, facts))
    return _rendered(template, facts, to_email)


def _rendered(template: Template, facts: Facts, to_email: str | None) -> Text:
    known = facts.known()
    try:
        subject = one_line(_compiled(template.subject).render(known)) if template.subject else None
        body = _paragraphs(_compiled(template.body).render(known))
    except UndefinedError as error:
        return Text(reason=f"Template {template.name!r} needs a fact that is not known: {error.message}.")
    except TemplateError as error:
        return Text(reason=f"Template {template.name!r} cannot be written: {error.message}.")
    return Text(to_email, subject, body)


def _paragraphs(text: str) -> str:
    """Paragraphs of one line each, one blank line between them; what a condition left empty leaves no gap."""
    blocks = [" ".join(block.split()) for block in text.replace("\r", "").split("\n\n")]
    return "\n\n".join(block for block in blocks if block)


def _check(part: str, source: str) -> None:
    """Refuse a template that names what is no fact, or that no engine can read."""
    try:
        unknown = _unknown(source)
    except TemplateError as error:
        raise ValueError(f"{part} cannot be read: {error.message}") from error
    if unknown:
        raise ValueError(f"{part} names {', '.join(unknown)}, which is no fact; there are {', '.join(NAMES)}")


@cache
def _unknown(source: str) -> list[str]:
    _compiled(source)
    return sorted(meta.find_undeclared_variables(_SANDBOX.parse(source)) - set(NAMES))


@cache
def _compiled(source: str) -> Compiled:
    return _SANDBOX.from_string(source)


def _no_template(touch: Touch) -> str:
    if touch.template is None:
        return "The step of the sequence names no template."
    return f"The pack has no template {touch.template!r}."


def _no_address(touch: Touch, facts: Facts) -> str:
    whom = facts.salutation or touch.persona
    if touch.email and touch.email.strip():
        return f"What is known as the e-mail address of {whom} is none. Correct the contact."
    return f"No e-mail address of {whom} is known."
