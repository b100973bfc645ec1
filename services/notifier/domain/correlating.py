"""How is what comes back for a letter recognized?

The id of the letter is in its Message-ID and, where the operator has an address for what comes back, behind a plus in
that address (RFC 5233).
"""

from __future__ import annotations

import re
from uuid import UUID

_PLUS = re.compile(r"\+([0-9a-f]{32})@")
_HEADER = re.compile(r"<letter\.([0-9a-f]{32})@[^<>@\s]+>")


def header_id(message_id: UUID, sender: str) -> str:
    """The Message-ID of a letter from an address."""
    return f"<letter.{message_id.hex}@{sender.rpartition('@')[2]}>"


def letters_in(header: str) -> list[UUID]:
    """The letters that a header like References names, in their order."""
    return [UUID(hexadecimal) for hexadecimal in _HEADER.findall(header)]


def address_for(base: str, message_id: UUID) -> str:
    """The address at which what comes back for a letter arrives: `mail+<id>@example.com`."""
    local, _, domain = base.rpartition("@")
    return f"{local}+{message_id.hex}@{domain}"


def letter_of(address: str) -> UUID | None:
    """The letter that an address was made for; None for any other address."""
    found = _PLUS.search(address.lower())
    return UUID(found.group(1)) if found else None
