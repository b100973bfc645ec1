"""What do people call a facility or a chain for short?"""

from __future__ import annotations

from collections.abc import Collection, Sequence


def short_name(name: str, generic: Collection[str], avoid: Collection[str] = (), alone: Collection[str] = ()) -> str:
    """A name without the generic words at its end: `Maple Glen Care Center` becomes `Maple Glen`.

    If what is left is too short, one of `avoid`, such as its town, or a word that is no name `alone`, the name up to
    the first small word is returned, `Park Center` of `Park Center for Adults`; the complete one if that is no longer.
    """
    words = name.split()
    kept = len(words)
    while kept and _is_generic(words[kept - 1], generic, is_cut=kept == len(words) and len(name) >= _CUT):
        kept -= 1
    short = _joined(words[:kept])
    unclear = {each.casefold() for each in (*avoid, *alone)}
    if len(short) >= _SHORTEST and short.casefold() not in unclear:
        return short if kept < len(words) else _without_middle(words, generic, unclear)
    small = next((at for at in range(kept, len(words)) if _bare(words[at]) in _SMALL), len(words))
    return _joined(words[:small]) if kept and small > kept else name


def _without_middle(words: Sequence[str], generic: Collection[str], unclear: Collection[str]) -> str:
    """`The Grand Care Center at Albany` becomes `The Grand at Albany`: two or more generic words before a place go.

    So does a place that may be cut off.
    """
    for at in range(3, len(words)):
        start = at
        while start > 1 and _is_generic(words[start - 1], generic, is_cut=False):
            start -= 1
        head, small = _joined(words[:start]), _bare(words[at])
        if small in ("at", "of") and at - start > 1 and len(head) >= _SHORTEST and head.casefold() not in unclear:
            is_cut = len(" ".join(words)) >= _LONGEST
            return head if is_cut else _joined([head, small, *words[at + 1 :]])
    return " ".join(words)


def _is_generic(word: str, generic: Collection[str], is_cut: bool) -> bool:
    """Whether a word is left out; single letters are those of "L L C" and the like."""
    bare = _bare(word)
    return len(bare) < 2 or bare in generic or (is_cut and any(each.startswith(bare) for each in generic))


def _joined(words: Sequence[str]) -> str:
    return " ".join(words).rstrip(" ,-–&/")


def _bare(word: str) -> str:
    return word.strip(".,;:()&/-–'").casefold()


_SHORTEST = 4
_CUT, _LONGEST = 48, 50
"""From so many characters on, the last word of a registry's name may be cut off, after a blank or within."""
_SMALL = {"", "a", "and", "at", "by", "for", "in", "of", "on", "the"}
