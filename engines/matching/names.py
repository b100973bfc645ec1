"""Which forms does an employer's name have, and which numbers and directions does it contain?"""

from __future__ import annotations

import re
from typing import Final

from engines.matching.trade import Trade, Words
from engines.matching.words import MARKS

# The patterns do not match surrounding blanks, which would take quadratic time for a long run of blanks.
_ALSO_KNOWN: Final = re.compile(r"\bd\s*(?:[/.]\s*)?b\s*(?:[/.]\s*)?a\b\.?|\b(?:a\s*/\s*k|f\s*/\s*k|t)\s*/\s*a\b", re.I)
_DASH: Final = re.compile(r"\s[-–|/]+\s")
_BRACKETS: Final = re.compile(r"[(\[][^)\]]*[)\]]")
NO_WORDS: Final[frozenset[str]] = frozenset()


def forms_of(name: str, trade: Trade) -> tuple[Words, ...]:
    """A name and, if it has the form "A d/b/a B" or a remark in brackets, its parts; best first."""
    entire = trade.words_of(name)
    if "dba" not in entire and "db" not in entire and "/" not in name and "(" not in name and "[" not in name:
        return (entire,) if entire else ()
    parts = [*_ALSO_KNOWN.split(name), _without_brackets(name)]
    return tuple(dict.fromkeys([form for form in (entire, *map(trade.words_of, parts)) if form]))


def _without_brackets(name: str) -> str:
    """Search only until the last closing bracket: otherwise every opening bracket would be followed to the end."""
    end = max(name.rfind(")"), name.rfind("]")) + 1
    return _BRACKETS.sub(" ", name[:end]) + name[end:]


def forms_of_employer(name: str, trade: Trade) -> tuple[Words, ...]:
    """The forms of `forms_of`, and the last part of "Chain - Facility" if it has at least two words.

    The first part is not a form: "Village - Green" is not the Village (six of the measured errors).
    """
    if "-" not in name and "/" not in name and "|" not in name and "–" not in name:
        return forms_of(name, trade)
    forms = forms_of(name, trade)
    if not (" -" in name or " /" in name or " |" in name or " –" in name) or not _DASH.search(name):
        return forms
    last = _DASH.split(name)[-1]
    parts = forms_of(last, trade) if len(trade.words_of(last)) > 1 else ()
    return tuple(dict.fromkeys([*forms, *parts]))


def marks_of(words: frozenset[str]) -> frozenset[str]:
    """The numbers and directions; names that differ only in these belong to different facilities."""
    marks = NO_WORDS if words.isdisjoint(MARKS) else words & MARKS
    return marks if "".join(words).isalpha() else marks.union([word for word in words if word.isdigit()])


def has_phrase(normalized: str, phrase: str) -> bool:
    """Whether the name contains the words of the phrase, next to each other."""
    return f" {phrase} " in f" {normalized} "


def trigrams(normalized: str) -> frozenset[str]:
    """Trigrams as pg_trgm defines them: of every word, with two blanks before it and one after it."""
    padded = (f"  {word} " for word in normalized.split())
    return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))
