"""Which settings and sections of the pack does the console use?"""

from __future__ import annotations

from typing import Any

from shared.settings import Settings, settings_of

SECTIONS: dict[str, Any] = {}
"""The type of each section, by file of the pack. The linter validates packs with the same types."""
FOLDERS: dict[str, Any] = {}


class ConsoleSettings(Settings):
    """The settings of the console."""

    public_url: str | None = None
    """Where people reach the console; links that it prints begin with it."""


def deployed() -> ConsoleSettings:
    return settings_of("console", ConsoleSettings)
