"""How does the pack's trade identify its accounts, and how do spreadsheets corrupt such a key?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Final, Literal

from engines.datasets.headings import letters
from engines.datasets.text import quoted

Part = Literal["name", "city", "state"]
DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Those of Crockford's base 32: letters that look like digits are none of them."""
MADE: Final = 10
"""The digits of a key that is made: of a million accounts, two have the same one with a probability of 1 in 2,000."""

_EXPONENT: Final = re.compile(r"([0-9](?:[.,][0-9]+)?)E\+?([0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class Confusion:
    """Another number of the same account, which people enter instead of the key."""

    pattern: str
    what: str


@dataclass(frozen=True, slots=True)
class AccountKey:
    """What identifies an account, such as a license. Keys are compared in capitals, without surrounding spaces."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    column: str
    """Its column in files and exports: `permit`."""
    name: str
    """Its name for people: `permit`."""
    title: str
    """Its full name: `workshop permit`."""
    pattern: str
    """A regular expression that every key matches, and nothing else does."""
    form: str
    """A description that continues `is not ...`: `six characters like 335001`."""
    width: int = 0
    """The length of a key that may be all digits, whose leading zeros spreadsheets drop; 0 if no key is."""
    confusions: tuple[Confusion, ...] = ()
    made_of: tuple[Part, ...] = ()
    """Of these, the key is made for the accounts of a file without a column for it. Only what never changes and every
    list has: a key that contained more would change when a list gains a column."""
    prefix: str = ""
    """What such a key begins with."""

    def __post_init__(self) -> None:
        for pattern in (self.pattern, *(each.pattern for each in self.confusions)):
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a regular expression: {error}") from None
        self._refuse_made()

    def _refuse_made(self) -> None:
        if self.prefix and not self.made_of:
            raise ValueError("prefix is for keys that are made; state made_of, as in [name, city, state]")
        if self.prefix != self.prefix.upper():
            raise ValueError(f"prefix is in capitals: {self.prefix.upper()}")
        if self.made_of and "name" not in self.made_of:
            raise ValueError("made_of must have name, as in [name, city, state]")
        for at in range(0, len(DIGITS), MADE) if self.made_of else ():
            example = self.prefix + DIGITS[at : at + MADE].ljust(MADE, "0")
            if not self.matches(example):
                raise ValueError(f"pattern does not match keys that are made, such as {example}")

    def made(self, values: Mapping[str, str]) -> str:
        """The key of an account that has none, of its plain name, city and the code of its state.

        Raises `ValueError` if one of them has no letter or digit. Case, blanks and punctuation do not count.
        """
        folded = {name: letters(values[name]) for name in self.made_of}
        if empty := [name for name, text in folded.items() if not text]:
            raise ValueError(f"{' and '.join(empty)} missing, of which the {self.name} is made")
        number = int.from_bytes(sha256("|".join(folded.values()).encode()).digest()) >> (256 - 5 * MADE)
        return self.prefix + "".join(DIGITS[number >> 5 * place & 31] for place in reversed(range(MADE)))

    def matches(self, text: str) -> bool:
        """Whether a text is a key exactly as written."""
        return _compiled(self.pattern).fullmatch(text) is not None

    def of(self, text: str) -> str:
        """The key in a text, in capitals and without surrounding spaces; raises `ValueError` with the problem."""
        key = text.strip().upper()
        if not self.matches(key):
            raise ValueError(self.problem(text))
        return key

    def problem(self, text: str) -> str:
        """Why a text is not a key: `permit '15001' is not six characters like 335001: ...`."""
        return f"{self.name} {quoted(text)} is not {self.form}{self._cause(text.strip().upper())}"

    def repaired(self, text: str) -> str | None:
        """The key that a text certainly represents: empty decimals are removed. No other repair is certain."""
        key = self._without_decimals(text.strip()) or text.strip().upper()
        return key if self.matches(key) else None

    def padded(self, text: str) -> str:
        """In capitals, with the leading zeros that a spreadsheet dropped."""
        key = text.strip().upper()
        return key.zfill(self.width) if key.isdigit() else key

    def at_start(self, text: str) -> str | None:
        """The key at the beginning of a line that cannot be read otherwise."""
        found = _compiled(rf"\W*({self.pattern})(?![0-9A-Z])").match(text.upper())
        return found[1] if found else None

    def _cause(self, key: str) -> str:
        if digits := self._without_decimals(key):
            return f": a program treated it as a number; write {self.padded(digits)}"
        if self.width and (power := _EXPONENT.fullmatch(key)):
            return f": a spreadsheet treated it as a number and {self._lost(power[1].replace(',', '.'), int(power[2]))}"
        if key.isascii() and key.isdigit() and self.width - 2 <= len(key) < self.width:
            return f": a spreadsheet may have dropped its leading zero; if so, write {self.padded(key)}"
        for other in self.confusions:
            if _compiled(other.pattern).fullmatch(key):
                return f": {other.what}"
        bare = re.sub(r"[\W_]", "", key)
        return f"; write {bare}" if bare != key and self.matches(bare) else ""

    def _without_decimals(self, key: str) -> str | None:
        """The digits of `335001.0`."""
        digits, point, decimals = key.partition(".")
        whole = point and digits.isascii() and digits.isdigit() and not decimals.strip("0")
        return digits if whole and self.width - 2 <= len(digits) <= self.width else None

    def _lost(self, digits: str, power: int) -> str:
        """Explains an exponent: a spreadsheet displays the key 33E123 as 3.3E+124."""
        bare = digits.replace(".", "")
        guess = f"{bare.ljust(2, '0')}E{power - 1:03d}"
        if power > 11 and self.matches(guess):
            return f"wrote it with an exponent; it may have been {guess}"
        return "wrote it with an exponent, which loses digits; format the column as text and export it again"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
