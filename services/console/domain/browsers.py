"""Which browser, on which system, do people call what a browser states about itself?"""

from __future__ import annotations

from collections.abc import Sequence

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""What each contains that none of the earlier ones does: most of them also state the names of others."""
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)
LONGEST = 60


def in_words(agent: str | None) -> str:
    """`Safari on an iPhone`; a program that is no browser by its own name."""
    browser, system = _first(agent or "", BROWSERS), _first(agent or "", SYSTEMS)
    if browser and system:
        return f"{browser} on {system}"
    return browser or (agent or "").partition(" ")[0][:LONGEST] or "Unknown browser"


def _first(agent: str, names: Sequence[tuple[str, str]]) -> str:
    return next((name for part, name in names if part in agent), "")
