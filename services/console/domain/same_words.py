"""Which words do two names have in common?"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import groupby

Words = tuple[tuple[str, bool], ...]
_PIECES = re.compile(r"\w+|\W+")
LEAST = 2
"""The characters of a word that is marked: a single letter says nothing."""


def words_of(text: str) -> set[str]:
    return {each.casefold() for each in _PIECES.findall(text) if each[0].isalnum() and len(each) >= LEAST}


def marked(text: str, same: Collection[str]) -> Words:
    """A text in pieces, each with whether its words are among the same ones; a space between two of them is as well."""
    flags = [(each, each.casefold() in same) for each in _PIECES.findall(text)]
    joined = [
        (
            piece,
            flag or (piece.isspace() and 0 < place < len(flags) - 1 and flags[place - 1][1] and flags[place + 1][1]),
        )
        for place, (piece, flag) in enumerate(flags)
    ]
    return tuple(("".join(piece for piece, _ in run), flag) for flag, run in groupby(joined, key=lambda each: each[1]))
