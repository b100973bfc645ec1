"""How is text from outside escaped in a cell that a spreadsheet may open?"""

from __future__ import annotations


def escaped(text: str) -> str:
    """Mark a text with an apostrophe if a spreadsheet would treat it as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
