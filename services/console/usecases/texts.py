"""How is a text shown whose facts have sources?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from services.console.rendering.shapes import Span

LEAST = 3
"""The characters of a fact that is looked for in a text: shorter ones would be found in other words."""

Paragraph = tuple[Span, ...]


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
