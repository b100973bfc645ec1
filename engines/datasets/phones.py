"""How is a telephone number read, compared and written?

Numbers are those of the North American numbering plan: three digits of an area, three of an exchange, four of a line.
"""

from __future__ import annotations

import re
from typing import Final

DIGITS: Final = 10

_WITHIN: Final = re.compile(
    r"(?<![0-9])(?:\+?1[ .-]?)?\(?([2-9][0-9]{2})\)?[ .-]{0,2}([2-9][0-9]{2})[ .-]?([0-9]{4})(?![0-9])"
)
_EXTENSION: Final = re.compile(r"(?:extension|ext|x)[.:# ]*\d{1,6}$", re.I)
_NOT_DIGIT: Final = re.compile(r"\D+")


def digits_of(phone: str | None) -> str:
    """What numbers are compared by: the last ten digits, or as many as there are."""
    return _NOT_DIGIT.sub("", phone)[-DIGITS:] if phone else ""


def without_extension(text: str) -> str:
    return _EXTENSION.sub("", text).strip(" ,;")


def spelled_alike(text: str | None) -> str | None:
    """`(518) 555-0100` for whatever is ten digits, however they are separated; anything else as it is."""
    digits = _NOT_DIGIT.sub("", (text or "").removesuffix(".0")).removeprefix("1")
    return _written(digits[:3], digits[3:6], digits[6:]) if len(digits) == DIGITS else text


def found_in(text: str) -> str | None:
    """The one number that a longer text has; None where it has none or more than one."""
    numbers = set(_WITHIN.findall(text))
    return _written(*numbers.pop()) if len(numbers) == 1 else None


def national(text: str | None) -> str | None:
    """A number in service as people write it, with its extension; None where it is none."""
    # Only the service that keeps people's numbers has the plan's table of what is in service.
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
