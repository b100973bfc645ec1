"""What do people call a facility or a chain for short?"""

from __future__ import annotations

from collections.abc import Collection


def short_name(name: str, generic: Collection[str], avoid: Collection[str] = ()) -> str:
    """A name without the generic words at its end: `Maple Glen Care Center` becomes `Maple Glen`.

    The complete name is returned if what is left is one of `avoid`, such as its town, or too short to be recognized.
    """
    words = name.split()
    while words and (not _bare(words[-1]) or _bare(words[-1]) in generic):
        words.pop()
    short = " ".join(words).rstrip(" ,-–&/")
    if len(short) < _SHORTEST or short.casefold() in {each.casefold() for each in avoid}:
        return name
    return short


def _bare(word: str) -> str:
    return word.strip(".,;:()&/-–'").casefold()


_SHORTEST = 4
