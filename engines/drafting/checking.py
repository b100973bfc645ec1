"""May a text be shown as a draft? Every text passes the same check, however it was written.

A text states numbers only if a fact or the pack has them, has one question, is as long as the rules want it, uses no
phrase that they forbid, and has no placeholder left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from engines.drafting.templates import EMAIL, Span


@dataclass(frozen=True, slots=True)
class Rules:
    """What the pack demands of every text."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    never: tuple[str, ...] = ()
    """Phrases that no text contains."""
    subject: int = 50
    """The maximum number of characters of a subject."""
    words: Mapping[str, Span] = field(default_factory=dict)
    """By channel: how many words a text has, without greeting and foot."""
    characters: Mapping[str, int] = field(default_factory=dict)
    """By channel: how many characters at most."""
    questions: int = 1
    """How many questions an e-mail asks."""
    links: int = 1
    """How many links at most."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text to be checked: its words without greeting and foot."""

    channel: str
    body: str
    subject: str | None = None


def faults(words: Words, rules: Rules, grounds: Iterable[str], length: Span | None = None) -> list[str]:
    """Why a text may not be shown; empty if it may. `grounds` is what it may take its numbers from."""
    text = f"{words.subject or ''}\n{words.body}"
    return [
        *_form(words, rules, length or rules.words.get(words.channel)),
        *_placeholders(text),
        *_forbidden(text, rules.never),
        *_ungrounded(text, grounds),
    ]


def _form(words: Words, rules: Rules, length: Span | None) -> Iterator[str]:
    count, size = len(words.body.split()), len(words.body)
    most = rules.characters.get(words.channel)
    if length and not length.least <= count <= length.most:
        yield f"it has {count} words, and {length.least} to {length.most} are wanted"
    if most and size > most:
        yield f"it has {size} characters, and at most {most} are accepted"
    if words.channel == EMAIL:
        subject, asked = words.subject or "", words.body.count("?")
        if not subject or len(subject) > rules.subject:
            yield f"its subject has {len(subject)} characters, and 1 to {rules.subject} are accepted"
        if asked != rules.questions:
            yield f"it asks {asked} questions, and {rules.questions} is wanted"
    if (links := len(_LINK.findall(words.body))) > rules.links:
        yield f"it has {links} links, and at most {rules.links} are accepted"
    if not all(line.isprintable() for line in f"{words.subject or ''}\n{words.body}".split("\n")):
        yield "it has invisible characters"


def _placeholders(text: str) -> Iterator[str]:
    if found := _PLACEHOLDER.search(text):
        yield f"{found[0]!r} looks like a placeholder"


def _forbidden(text: str, never: Iterable[str]) -> Iterator[str]:
    folded = f" {_folded(text)} "
    yield from (f"it says {phrase!r}" for phrase in never if f" {_phrase(phrase)} " in folded)


def _ungrounded(text: str, grounds: Iterable[str]) -> Iterator[str]:
    if stated := numbers(text):
        given = {number for ground in grounds for number in numbers(ground)}
        yield from (f"{number} is the number of no fact" for number in stated if number not in given)


def numbers(text: str) -> list[str]:
    return _NUMBER.findall(text)


@cache
def _phrase(phrase: str) -> str:
    return _folded(phrase)


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold().replace("’", "'")))


_NUMBER = re.compile(r"[$€£]?\d+(?:[.,:/-]\d+)*(?:\s?%|\s?percent\b)?")
_PLACEHOLDER = re.compile(r"\{[{%#]|[%#}]\}|\[[^\]\d]*\]|<[^<>]*>|\b(?:TBD|TODO|XXX+|N/A|lorem)\b|_{3,}")
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
