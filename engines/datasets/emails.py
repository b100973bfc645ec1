"""What is a valid e-mail address or domain, and in which forms do cells and people write it?"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 254
"""The maximum number of characters of an address (RFC 5321)."""

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOMAIN: Final = r"(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}"
_ADDRESS: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_DOMAIN}")
_WITHIN: Final = re.compile(r"[^<>@]*<\s*([^<>\s]+)\s*>[.,;]*")
"""An address after the name of its owner, as mail programs write it."""


def is_address(text: str) -> bool:
    """Whether a text is exactly one address."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None


def address_of(text: str | None) -> str | None:
    """The address in a text such as `Ada Moss <ada@example.org>` or `mailto:...`, in lower case; None without one."""
    address = (text or "").strip().lower()
    within = _WITHIN.fullmatch(address)
    address = (within[1] if within else address).removeprefix("mailto:").rstrip(".,;")
    return address if is_address(address) else None


def domain_of(text: str) -> str | None:
    """The domain in a text, with or without `@`; None if it is not a domain."""
    domain = text.strip().lstrip("@").rstrip(".").lower()
    return domain if re.fullmatch(_DOMAIN, domain) else None
