"""How is a telephone number read and written?"""

from __future__ import annotations

import phonenumbers


def national(text: str | None) -> str | None:
    """A US number as people here write it, extension included; None where it is no number."""
    if not text:
        return None
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
