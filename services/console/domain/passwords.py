"""Which passwords are accepted, and how are they stored?"""

from __future__ import annotations

import functools
import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 128
"""NIST SP 800-63B: length counts, and rules about kinds of characters do not help."""

_COMMON = frozenset(
    """
    password passw0rd passwort qwerty qwertz azerty letmein welcome administrat admin iloveyou changeme secret
    sunshine princess dragon monkey football baseball superman batman trustno master shadow login access default
    summer winter spring autumn january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday hello company office pipeline sales
    test guest user root temp temporary
    """.split()
)
"""Words that people choose; a password of nothing but these, digits and signs is refused."""
_KEYBOARD = """
    abcdefghijklmnopqrstuvwxyz qwertyuiop asdfghjkl zxcvbnm 1234567890 qwertzuiop azertyuiop 123qweasdzxc
    1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p qazwsxedcrfvtgbyhnujmikolp 1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6u7i8o9p0
""".split()
"""Keys in a row, in columns and in turn."""
_LOOKALIKES = str.maketrans("013457@$!", "oleastasi")
LETTERS_LEFT, DIGITS_LEFT = 4, 8
"""A password must have this many different letters, or digits, besides what is tried first."""
LONGEST_WORD = 13
"""Letters. A single word up to this long, with digits and signs around it, is in every list of frequent passwords."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""argon2id, with the parameters that OWASP recommends: 19 MB, two passes."""


def problem_with(password: str, *names: str) -> str:
    """Why this password is refused; empty if it is accepted. `names` are what others know of the person."""
    text = _normal(password)
    if len(text) < SHORTEST:
        return f"Write at least {SHORTEST} characters; a short sentence is easy to remember."
    if len(text) > LONGEST:
        return f"Write at most {LONGEST} characters."
    left = _without_the_obvious(text, names)
    if _is_one_word(text) or (
        len(set(re.sub(r"[\W\d_]", "", left))) < LETTERS_LEFT and len(re.sub(r"\D", "", left)) < DIGITS_LEFT
    ):
        return "This is one of the passwords that are tried first. Take several words that do not belong together."
    return ""


def _is_one_word(text: str) -> bool:
    """Whether this is a word, perhaps repeated, and besides only digits and signs."""
    once = re.sub(r"^(.+?)\1+$", r"\1", text.casefold())
    words = re.findall(r"[^\W\d_]+", once)
    return len(words) == 1 and len(words[0]) <= LONGEST_WORD and len(re.sub(r"\D", "", once)) < DIGITS_LEFT


def hashed(password: str) -> str:
    """What is stored."""
    return _hasher.hash(_normal(password))


def verified(password: str, stored: str | None) -> bool:
    """Whether this is the password; without a stored one it takes as long, and it is not."""
    try:
        _hasher.verify(stored or _unused(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether it was hashed with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@functools.cache
def _unused() -> str:
    return _hasher.hash("a password that no user has")


def _normal(password: str) -> str:
    """The same characters, however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password)


def _without_the_obvious(text: str, names: tuple[str, ...]) -> str:
    """What is left without common words, names, sequences and repetitions."""
    rest = text.casefold()
    known = {part for name in names for part in re.split(r"[\W_]+", name.casefold()) if len(part) > 2}
    for word in sorted(_COMMON | known, key=len, reverse=True):
        rest = _without_word(rest, word)
    for row in _KEYBOARD:
        rest = _without_runs(_without_runs(rest, row), row[::-1])
    return re.sub(r"(.+?)\1{2,}", r"\1", rest)


def _without_word(text: str, word: str) -> str:
    """Without a word, also as it is written with digits and signs."""
    while (start := text.translate(_LOOKALIKES).find(word)) >= 0:
        text = f"{text[:start]} {text[start + len(word) :]}"
    return text.replace(word, " ")


def _without_runs(text: str, row: str) -> str:
    """Without parts of a row of keys, of four or more."""
    for length in range(len(row), 3, -1):
        for start in range(len(row) - length + 1):
            text = text.replace(row[start : start + length], " ")
    return text
