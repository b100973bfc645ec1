"""Which forms does an employer's name have, and which numbers and directions stand in it?"""

from __future__ import annotations

import re
from typing import Final

from engines.matching.trade import Trade, Words
from engines.matching.words import MARKS

# Blanks around what these find are words' bounds anyhow. Beginning with any number of them, or leaving open where they
# belong, would take the square of a row of blanks.
_ALSO_KNOWN: Final = re.compile(r"\bd\s*(?:[/.]\s*)?b\s*(?:[/.]\s*)?a\b\.?|\b(?:a\s*/\s*k|f\s*/\s*k|t)\s*/\s*a\b", re.I)
_DASH: Final = re.compile(r"\s[-–|/]+\s")
_BRACKETS: Final = re.compile(r"[(\[][^)\]]*[)\]]")
NO_WORDS: Final[frozenset[str]] = frozenset()


def forms_of(name: str, trade: Trade) -> tuple[Words, ...]:
    """A name and, where it says "A d/b/a B" or carries a remark in brackets, its parts; best first."""
    whole = trade.words_of(name)
    if "dba" not in whole and "db" not in whole and "/" not in name and "(" not in name and "[" not in name:
        return (whole,) if whole else ()
    parts = [*_ALSO_KNOWN.split(name), _without_brackets(name)]
    return tuple(dict.fromkeys([form for form in (whole, *map(trade.words_of, parts)) if form]))


def _without_brackets(name: str) -> str:
    """Looks no further than to the last that closes: of many that only open, each would be followed to the end."""
    end = max(name.rfind(")"), name.rfind("]")) + 1
    return _BRACKETS.sub(" ", name[:end]) + name[end:]


def forms_of_employer(name: str, trade: Trade) -> tuple[Words, ...]:
    """As `forms_of`, and what stands last in "Chain - Facility", where it has at least two words.

    The first part is left alone: "Village - Green" is not the Village (six of the errors measured).
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
    """Numbers and directions: names that differ in these only are names of two facilities."""
    marks = NO_WORDS if words.isdisjoint(MARKS) else words & MARKS
    return marks if "".join(words).isalpha() else marks.union([word for word in words if word.isdigit()])


def has_phrase(normalised: str, phrase: str) -> bool:
    """Whether the words of the phrase stand in the name, as words and next to each other."""
    return f" {phrase} " in f" {normalised} "


def trigrams(normalised: str) -> frozenset[str]:
    """As pg_trgm takes them: of every word, with two blanks before it and one behind."""
    padded = (f"  {word} " for word in normalised.split())
    return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))
