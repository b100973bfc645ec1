"""What is the text of a value from JSON, a cell or a field?

A number stands for its digits: `4001`, `4001.0` and "4001" are the same. Text is unchanged, including leading zeros.
Other values are refused, and so are numbers that may have lost digits.
"""

from __future__ import annotations

import math
import re
from typing import Final

EXACT: Final = 2**53
"""Floating-point integers below this are exact; above it, the last digits may be wrong."""
_DIGITS: Final = 30
_WHOLE: Final = re.compile(r"(0|[1-9][0-9]*)\.0+")


def text_of(value: object) -> str:
    """The text of a value; raises `ValueError` for booleans, lists, objects, NaN and infinity."""
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


def without_decimals(text: str) -> str:
    """Remove the empty decimals of an integer: `4001.0` becomes `4001`; `007.0` is unchanged."""
    found = _WHOLE.fullmatch(text)
    return found[1] if found else text
