"""How is a telephone number parsed, compared and formatted?

Numbers follow the North American Numbering Plan: three digits for the area, three for the exchange, four for the line.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

DIGITS: Final = 10

_WITHIN: Final = re.compile(
    r"(?<![0-9])(?:\+?1[ .-]?)?\(?([2-9][0-9]{2})\)?[ .-]{0,2}([2-9][0-9]{2})[ .-]?([0-9]{4})(?![0-9])"
)
_EXTENSION: Final = re.compile(r"(?:extension|ext|x)[.:# ]*\d{1,6}$", re.I)
_NOT_DIGIT: Final = re.compile(r"\D+")


def digits_of(phone: str | None) -> str:
    """The digits by which numbers are compared: the last ten, or fewer if there are fewer."""
    return _NOT_DIGIT.sub("", phone)[-DIGITS:] if phone else ""


def without_extension(text: str) -> str:
    return _EXTENSION.sub("", text).strip(" ,;")


def spelled_alike(text: str | None) -> str | None:
    """Formats ten digits as `(518) 555-0100`, regardless of separators; returns any other text unchanged."""
    digits = _NOT_DIGIT.sub("", (text or "").removesuffix(".0")).removeprefix("1")
    return _written(digits[:3], digits[3:6], digits[6:]) if len(digits) == DIGITS else text


def found_in(text: str) -> str | None:
    """The only number in a longer text; None if it has none or several."""
    numbers = set(_WITHIN.findall(text))
    return _written(*numbers.pop()) if len(numbers) == 1 else None


@lru_cache(maxsize=50_000)
def national(text: str | None) -> str | None:
    """A valid number in national format, with its extension; None if it is not valid."""
    # Only the service that stores people's numbers has this dependency, a table of the valid numbers.
    import phonenumbers

    try:
        number = phonenumbers.parse(text or "", "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def _written(area: str, exchange: str, line: str) -> str:
    return f"({area}) {exchange}-{line}"
