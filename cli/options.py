"""What do the options of a command say that is the same for many of them?"""

from __future__ import annotations

from datetime import date


def day(text: str, option: str) -> date:
    """The date that a person gave; raises ValueError naming the option."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{option} {text!r} is no date; write it as YYYY-MM-DD, such as 2026-07-01.") from None
