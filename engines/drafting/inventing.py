"""Does a text say something that it was not given? For texts whose words are not the pack's.

Numbers in digits are checked for every text (`checking`). Here are names, links, and numbers in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator


def inventions(text: str, grounds: Iterable[str]) -> list[str]:
    """What a text has and its grounds do not: one sentence for each of the first few."""
    given = "\n".join(grounds)
    known = {_plain(word) for word in _WORD.findall(given)}
    given_links = set(_links(given))
    links = [link for link in _links(text) if link not in given_links]
    names = dict.fromkeys(_names(text, known))
    counts = dict.fromkeys(word for word in map(_plain, _WORD.findall(text)) if word in _COUNTS and word not in known)
    found = [
        *(f"{link!r} is a link that was not given" for link in links),
        *(f"{name!r} looks like a name that was not given" for name in names),
        *(f"{count!r} is a number that was not given" for count in counts),
    ]
    return found[:_MOST]


def _links(text: str) -> list[str]:
    """Addresses of pages and mailboxes, without the punctuation around them."""
    return [word.strip(".,;:!?()\"'“”’") for word in text.split() if _LINK.search(word)]


def _names(text: str, known: Iterable[str]) -> Iterator[str]:
    """Words with a capital or a letter that English does not have.

    At the beginning of a sentence, words that are common there are none.
    """
    beginnings = {found.end() for found in _BEGINNING.finditer(text)}
    for found in _WORD.finditer(text):
        word = _plain(found[0])
        if word in known or word in _ALWAYS or (found[0].islower() and found[0].isascii()) or word.isdigit():
            continue
        if not (word in _COMMON and found.start() in beginnings):
            yield found[0]


def _plain(word: str) -> str:
    return word.replace("’", "'").casefold().removesuffix("'s")


_MOST = 3
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LINK = re.compile(r"://|@|\w\.[a-z]{2}", re.IGNORECASE)
_BEGINNING = re.compile(r"(?:^|[.?!:\n])[\s“\"(]*")
_ALWAYS = frozenset("i i'd i'll i'm i've ok".split())
_COUNTS = frozenset(
    "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety dozen dozens hundred hundreds thousand"
    " thousands million millions billion billions half third fourth fifth sixth seventh eighth ninth tenth quarter"
    " double triple quadruple twice thrice percent".split()
)
_COMMON = frozenset(
    "a about after all also an and any are as at before both but by can congratulations could do does each either even"
    " every few find first for from glad good happy have here how if in is it it'd it'll just last let like looks many"
    " may maybe might more most my no not nothing now of on once one only or other our perhaps please should since so"
    " some someone still thank thanks that the their then there these they this those though to until we we'd we'll"
    " we're we've what when where whether which while who why will with would yes yet you you'd you'll you're you've"
    " your".split()
)
