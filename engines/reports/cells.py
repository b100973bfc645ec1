"""How is a text written into a cell, so that no spreadsheet runs what is in it?"""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What spreadsheets take for the beginning of a formula, also in full width."""


def escaped(text: str) -> str:
    """Mark a text with an apostrophe if a spreadsheet would treat it as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
