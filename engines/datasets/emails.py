"""What is an e-mail address or its domain, and what do cells and people write for one?"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 254
"""Characters of an address (RFC 5321)."""

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOMAIN: Final = r"(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}"
_ADDRESS: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_DOMAIN}")
_WITHIN: Final = re.compile(r"[^<>@]*<\s*([^<>\s]+)\s*>[.,;]*")
"""An address behind the name of its owner, as mail programs write it."""


def is_address(text: str) -> bool:
    """Whether this is one address and nothing else."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None


def address_of(text: str | None) -> str | None:
    """An address as addresses are compared, out of `Ada Moss <ada@example.org>` and `mailto:` too; None for none."""
    address = (text or "").strip().lower()
    within = _WITHIN.fullmatch(address)
    address = (within[1] if within else address).removeprefix("mailto:").rstrip(".,;")
    return address if is_address(address) else None


def domain_of(text: str) -> str | None:
    """A domain as a person writes it, with `@` or without; None where it is none."""
    domain = text.strip().lstrip("@").rstrip(".").lower()
    return domain if re.fullmatch(_DOMAIN, domain) else None
