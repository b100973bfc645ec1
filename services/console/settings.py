"""Which settings and sections of the pack does the console use?"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator

from shared.settings import Settings, settings_of

SECTIONS: dict[str, Any] = {}
"""The type of each section, by file of the pack. The linter validates packs with the same types."""
FOLDERS: dict[str, Any] = {}


def _is_address(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme not in (("http", "https") if local else ("https",)) or not parts.netloc or "@" in parts.netloc:
        raise ValueError("is not https://HOST; only on its own machine is the console used without encryption")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("has a path; the console needs a host of its own, without one")
    return f"{parts.scheme}://{parts.netloc}"


class ConsoleSettings(Settings):
    """The settings of the console."""

    url: Annotated[str | None, AfterValidator(_is_address)] = None
    """Where people reach the console, such as `https://console.example`; without it, only on its own machine."""


def deployed() -> ConsoleSettings:
    return settings_of("console", ConsoleSettings)
