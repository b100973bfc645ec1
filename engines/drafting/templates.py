"""What does a template of the pack consist of?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from engines.drafting.language import names_in

EMAIL = "email"

Passages = Mapping[str, tuple[tuple[str, ...], ...]]
"""Texts that templates and later passages use by name. Of each the first group counts that can be written."""


@dataclass(frozen=True, slots=True)
class Span:
    """From how many words to how many."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    most: int
    least: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most:
            raise ValueError("least must not be above most")


@dataclass(frozen=True, slots=True)
class Version:
    """The texts for one situation: one subject, one opening and one body make a text."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    bodies: tuple[str, ...]
    needs: tuple[str, ...] = ()
    """The facts and passages without which this situation is not given."""
    subjects: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """The texts of a step: an e-mail, a message that a person pastes, or the script of a call."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    name: str
    channel: Literal["email", "linkedin", "call"]
    versions: tuple[Version, ...]
    """The first whose `needs` are known is written."""
    words: Span | None = None
    """Instead of the length that the rules have for the channel; not for the first letter to a person."""
    introduction: str | None = None
    """The template that is written instead for a person who never got an e-mail."""
    replies_to: str | None = None
    """The template of the earlier e-mail that this one replies to, if that was sent to the same address."""

    def __post_init__(self) -> None:
        if not self.versions or not all(each.bodies for each in self.versions):
            raise ValueError("needs a version, and each version a body")
        if any((self.channel == EMAIL) != bool(each.subjects) for each in self.versions):
            raise ValueError("each version of an e-mail has subjects, and a message or a call has none")
        for at, source in sources(self):
            try:
                names_in(source)
            except ValueError as error:
                raise ValueError(f"{at} {error}") from error


def sources(template: Template) -> Iterator[tuple[str, str]]:
    """Every text of a template, with its key."""
    for at, version in enumerate(template.versions):
        for part in ("subjects", "openings", "bodies"):
            for number, source in enumerate(getattr(version, part)):
                yield f"versions.{at}.{part}.{number}", source


def unknown_names(template: Template, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What a template mentions and no fact or passage is called, with its key."""
    known = frozenset(names)
    for at, source in sources(template):
        yield from ((at, name) for name in sorted(names_in(source) - known))
    for number, version in enumerate(template.versions):
        yield from ((f"versions.{number}.needs", name) for name in version.needs if name not in known)


def unknown_in_passages(passages: Passages, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What a passage mentions that is no fact and no earlier passage, with its key."""
    known = set(names)
    for passage, groups in passages.items():
        for source in (source for group in groups for source in group):
            yield from ((f"passages.{passage}", name) for name in sorted(names_in(source) - known))
        known.add(passage)
