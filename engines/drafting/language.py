"""How is a template rendered?

A sandbox renders the templates of the pack. Facts are values: a name is never rendered as a template. A fact that is
not known is false in a condition (`{% if proof %}`); a text that would state it cannot be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jinja2 import StrictUndefined, TemplateError, UndefinedError, meta
from jinja2 import Template as Compiled
from jinja2.sandbox import ImmutableSandboxedEnvironment


class NotRendered(Exception):
    """A template states a fact that is not known, or does what a template may not do."""


class _Unknown(StrictUndefined):
    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]  # the class of jinja2 raises
        return False


# Texts are plain, not HTML, so nothing is escaped.
_SANDBOX = ImmutableSandboxedEnvironment(undefined=_Unknown, autoescape=False)
# A template sees only facts: without this it could use `lipsum` or `range`.
_SANDBOX.globals.clear()


def render(source: str, values: Mapping[str, str]) -> str:
    """The paragraphs of a template, without gaps; raises `NotRendered`."""
    missing = names_in(source) - values.keys()
    if missing and "{%" not in source:  # without a condition there is no need to try
        raise NotRendered(f"needs an unknown fact: {min(missing)!r} is undefined")
    try:
        return _paragraphs(_compiled(source).render(values))
    except UndefinedError as error:
        raise NotRendered(f"needs an unknown fact: {error.message}") from error
    except TemplateError as error:
        raise NotRendered(f"cannot be rendered: {error.message}") from error


@cache
def names_in(source: str) -> frozenset[str]:
    """The facts that a template mentions; raises `ValueError` if it is malformed."""
    try:
        _compiled(source)
        return frozenset(meta.find_undeclared_variables(_SANDBOX.parse(source)))
    except TemplateError as error:
        raise ValueError(f"is malformed: {error.message}") from error


def _paragraphs(text: str) -> str:
    """Paragraphs separated by a blank line. Their line breaks are kept; blanks and empty paragraphs are dropped."""
    blocks = ("\n".join(_lines(block)) for block in text.replace("\r", "").split("\n\n"))
    return "\n\n".join(filter(None, blocks))


def _lines(block: str) -> list[str]:
    return [line for each in block.split("\n") if (line := " ".join(each.split()))]


@cache
def _compiled(source: str) -> Compiled:
    return _SANDBOX.from_string(source)
