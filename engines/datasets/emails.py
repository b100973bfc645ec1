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
    """The address in a text such as `Ada Moss <ada@example.org>` or `mailto:...`, in its one form; None without one.

    It is in lower case, and its domain as mail servers look it up.
    """
    address = (text or "").strip().lower()
    within = _WITHIN.fullmatch(address)
    address = (within[1] if within else address).removeprefix("mailto:").rstrip(".,;")
    local, at, domain = address.rpartition("@")
    address = f"{local}{at}{_in_ascii(domain)}"
    return address if is_address(address) else None


def mailbox_of(address: str) -> str:
    """The address without its tag: `ada+news@example.com` reaches the mailbox `ada@example.com`."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def domain_of(text: str) -> str | None:
    """The domain in a text, with or without `@`; None if it is not a domain."""
    domain = _in_ascii(text.strip().lstrip("@").rstrip(".").lower())
    return domain if re.fullmatch(_DOMAIN, domain) else None


def _in_ascii(domain: str) -> str:
    """The domain as mail servers look it up: `bücher.example` is `xn--bcher-kva.example`; unchanged if it is none."""
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain
