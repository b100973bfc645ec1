"""How is a new authenticator shown, so that an app can read its key?"""

from __future__ import annotations

from dataclasses import dataclass

import segno

from services.console.domain import codes

FIRST = "/welcome/authenticator"
"""Where a person who signs in sends the first code."""


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Setting up the second factor."""

    name: str
    email: str
    secret: str
    """In groups of four."""
    uri: str
    qr: str
    """The dark modules as the path of an SVG; `qr_size` modules wide."""
    qr_size: int
    csrf: str
    error: str = ""
    action: str = FIRST
    back: str = ""
    """The page to which the person can return without one."""


@dataclass(frozen=True, slots=True)
class RecoveryCodes:
    """Shown once."""

    codes: tuple[str, ...]
    home: str
    """The first page after signing in."""


def authenticator(
    name: str, full_name: str, secret: str, csrf: str, error: str = "", action: str = FIRST, back: str = ""
) -> Authenticator:
    uri = codes.address_of(secret, name)
    size, path = drawn(uri)
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return Authenticator(full_name, name, groups, uri, path, size, csrf, error, action, back)


def drawn(text: str, border: int = 4) -> tuple[int, str]:
    """A text as a QR code: its width in modules, and its dark modules as the path of an SVG."""
    rows = list(segno.make(text, error="m").matrix_iter(border=border))
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return len(rows), "".join(dark)
