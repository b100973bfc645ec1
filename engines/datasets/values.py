"""What does a value of JSON, a cell or a field say as text?

A number is a way of writing digits: `4001`, `4001.0` and "4001" say the same. Text stays as it is, its leading zeros,
too; what is no text and no number is refused, and so is a number of which digits may be lost.
"""

from __future__ import annotations

import math
import re
from typing import Final

EXACT: Final = 2**53
"""Floating-point numbers below are exact; from here on the last digits may be others than were meant."""
_DIGITS: Final = 30
_WHOLE: Final = re.compile(r"(0|[1-9][0-9]*)\.0+")


def text_of(value: object) -> str:
    """The text of a value that is there; raises ValueError for true and false, lists, objects and what is no number."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise ValueError("must be text, not true or false")
    if isinstance(value, int):
        if abs(value) >= 10**_DIGITS:
            raise ValueError(f"is a number of more than {_DIGITS} digits; send it as text")
        return str(value)
    if isinstance(value, float):
        return _digits(value)
    raise ValueError("must be text, not a list" if isinstance(value, list) else "must be text")


def _digits(number: float) -> str:
    if not math.isfinite(number):
        raise ValueError("must be text, not NaN or infinity")
    if not number.is_integer():
        return repr(number)
    if abs(number) >= EXACT:
        raise ValueError("is a number too large to be exact; send it as text")
    return str(int(number))


def whole(text: str) -> str:
    """Without the empty decimals that a program gives a whole number: `4001.0` is `4001`, and `007.0` stays."""
    found = _WHOLE.fullmatch(text)
    return found[1] if found else text
