"""Who words a text? The template does, unless something else proposes other words, which pass the same check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from engines.drafting.checking import Rules, Words, faults
from engines.drafting.facts import Fact, one_line
from engines.drafting.inventing import inventions
from engines.drafting.templates import EMAIL, Span
from engines.drafting.writing import FOOT, GREETING


@dataclass(frozen=True, slots=True)
class Brief:
    """The template's text, which is to be worded otherwise, and all that the other text may state."""

    channel: str
    subject: str | None
    words: str
    """Without greeting and foot, which stay as they are."""
    facts: Mapping[str, str]
    """Those that the template's text states."""
    answers: bool = False
    """It replies to an earlier letter, whose subject stays."""
    length: Span | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Other words for the text of a brief."""

    subject: str | None
    words: str


class Drafter(Protocol):
    """Words the text of a brief."""

    async def propose(self, brief: Brief) -> Proposal: ...


class TemplateDrafter:
    """The default: the words of the template."""

    async def propose(self, brief: Brief) -> Proposal:
        return Proposal(brief.subject, brief.words)


def objections(proposal: Proposal, brief: Brief, rules: Rules) -> list[str]:
    """Why a proposal may not be shown; empty if it may."""
    subject = proposal.subject or ""
    grounds = [brief.subject or "", brief.words, *brief.facts.values()]
    found = faults(Words(brief.channel, proposal.words, proposal.subject), rules, grounds, brief.length)
    if subject != one_line(subject):
        found.append("its subject has a line break or invisible characters")
    if brief.channel != EMAIL and "\n" in proposal.words:
        found.append("it has several lines")
    return [*found, *inventions(f"{subject}\n{proposal.words}", grounds)]


def enclosed(body: str, known: Mapping[str, Fact]) -> tuple[str, str, str] | None:
    """The greeting, the words and the foot of a text; None if it was written with other passages than these."""
    before, after = (f"{known[name].value}" if name in known else "" for name in (GREETING, FOOT))
    start = f"{before}\n\n" if before else ""
    end = f"\n\n{after}" if after else ""
    if not (body.startswith(start) and body.endswith(end)) or len(body) <= len(start) + len(end):
        return None
    return before, body[len(start) : len(body) - len(end)], after


def stated_in(texts: Iterable[str], facts: Mapping[str, str]) -> dict[str, str]:
    """The facts whose values the texts have."""
    text = "\n".join(texts)
    return {name: value for name, value in facts.items() if value in text}
