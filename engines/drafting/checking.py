"""May a text be shown as a draft? Every text passes the same check, however it was written.

A text states numbers only if a fact or the pack has them, has one question, is as long as the rules want it, uses no
phrase that they forbid, and has no placeholder left. What a model wrote may have no other names, either.
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


def strange_names(text: str, grounds: Iterable[str]) -> list[str]:
    """The words of a text that look like names or are links, and that its grounds do not have.

    At the beginning of a sentence, every word that the grounds do not have and that is not common looks like a name.
    """
    known = {word.casefold() for ground in grounds for word in _WORD.findall(ground)}
    found = [word for word in _INNER_CAPITAL.findall(text) if word.casefold() not in known]
    first = [word for word in _FIRST.findall(text) if word.casefold() not in known | _COMMON]
    return list(dict.fromkeys([*found, *first]))


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
    given = {number for ground in grounds for number in numbers(ground)}
    yield from (f"{number} is the number of no fact" for number in numbers(text) if number not in given)


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
# A capital after something that does not end a sentence, and addresses anywhere.
_INNER_CAPITAL = re.compile(r"(?<=[\w,;:'’\-] )[A-Z][^\W_]*(?:['’-][^\W_]+)*|https?://\S+|\S+@\S+|www\.\S+")
_FIRST = re.compile(r"(?:^|(?<=[.?!:“\"(\n] )|(?<=\n))[“\"(]*([A-Z][^\W_]*(?:['’-][^\W_]+)*)")
_COMMON = frozenset(
    "a about after all also an and any are as at before both but by can could do does each either even every few find"
    " first for from good happy have here here's how i i'd i'll i'm i've if in is it it's just last let let's like many"
    " may maybe might more most my no not nothing now of on once one only or other our perhaps please should since so"
    " some someone still thank thanks that that's the their then there there's these they this those though to until we"
    " we'd we'll we're we've what what's when where whether which while who why will with would yes yet you you'd"
    " you'll you're you've your".split()
)
