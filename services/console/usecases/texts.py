"""How are texts shown: evidence of scores, and letters whose facts have sources?"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from services.console import settings
from services.console.rendering.filters import day
from services.console.rendering.shapes import Span

LEAST = 3
"""The characters of a fact that is looked for in a text: shorter ones would be found in other words."""

DAY, URGENCY = re.compile(r"\b\d{4}-\d\d-\d\d\b"), re.compile(r", urgency \d of \d")
Paragraph = tuple[Span, ...]


def plain(evidence: str) -> str:
    """Evidence for people, who see its urgency as bars: `posting, seen 15 Jul`."""
    return URGENCY.sub("", DAY.sub(lambda match: day(date.fromisoformat(match[0])), evidence))


def place(city: str | None, state: str | None) -> str:
    """A city and its state."""
    return ", ".join(filter(None, (settings.usual_name(city) if city else "", state)))


def label(column: str, value: str, reps: Mapping[str, str]) -> str:
    """What people call a value of a column."""
    match column:
        case "rep":
            return reps.get(value, value)
        case "role_family":
            return settings.family_labels().get(value, value.replace("_", " "))
        case "tier":
            return f"Tier {value}" if value.isdigit() else "No tier"
        case "stage":
            return settings.stage_labels().get(value, value)
        case "sequence":
            found = settings.sequences().get(value)
            return found.title if found else value
    text = value.replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]


def paragraphs(
    text: str, facts: Mapping[str, Any], sources: Mapping[str, str], stated: Collection[str], *, numbered: bool = False
) -> tuple[Paragraph, ...]:
    """The paragraphs of a text, with each fact that it states word for word marked, and where it comes from."""
    marked = {
        str(facts[name]): sources.get(name, "")
        for name in stated
        if isinstance(facts.get(name), str) and len(str(facts[name])) >= LEAST and sources.get(name)
    }
    numbers: dict[str, int] = {}
    return tuple(
        _spans(paragraph, marked, numbers if numbered else None)
        for paragraph in text.split("\n\n")
        if paragraph.strip()
    )


def _spans(text: str, marked: Mapping[str, str], numbers: dict[str, int] | None) -> Paragraph:
    spans, rest = list[Span](), text
    while rest:
        places = [(place, -len(fact), fact) for fact in marked if (place := rest.find(fact)) >= 0]
        if not places:
            spans.append(Span(rest))
            break
        place, _, fact = min(places)
        if place:
            spans.append(Span(rest[:place]))
        number = numbers.setdefault(fact, len(numbers) + 1) if numbers is not None else 0
        spans.append(Span(fact, marked[fact], number))
        rest = rest[place + len(fact) :]
    return tuple(spans)
