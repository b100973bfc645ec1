"""How does a text of somebody's stand in a cell that a spreadsheet may open?"""

from __future__ import annotations


def harmless(text: str) -> str:
    """Marked as text where a spreadsheet would take it for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
