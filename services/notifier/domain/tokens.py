"""What does a link contain that unsubscribes the recipient of a letter? (RFC 8058)

A token is the id of the letter and a signature of the id and the address; without a key, none can be made for another
letter. It contains no address, and never expires: a key that was replaced still verifies the tokens that it signed.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from uuid import UUID

_ID_BYTES, _SIGNATURE_BYTES = 16, 18
LENGTH_OF_ID, LENGTH = 22, 46
"""The characters of the id in a token, and of all of it."""
SHORTEST_KEY = 32
"""The minimum length of a key, in characters."""


def token_of(message_id: UUID, address: str, key: str) -> str:
    """The token in the links of a letter to an address."""
    return _text(message_id.bytes) + _text(_signature(message_id, address, key))


def message_of(token: str) -> UUID | None:
    """The letter that a token names; None for a text that is none. It proves nothing: see `is_signed`."""
    found = _bytes(token[:LENGTH_OF_ID]) if len(token) == LENGTH else None
    return UUID(bytes=found) if found else None


def is_signed(token: str, address: str, keys: Iterable[str]) -> bool:
    """Whether one of the keys, the current one or one that was replaced, signed a token for this address."""
    message_id = message_of(token)
    if message_id is None:
        return False
    return any(hmac.compare_digest(token_of(message_id, address, key), token) for key in keys)


def _signature(message_id: UUID, address: str, key: str) -> bytes:
    signed = message_id.bytes + address.strip().lower().encode()
    return hmac.new(key.encode(), b"unsubscribe:" + signed, hashlib.sha256).digest()[:_SIGNATURE_BYTES]


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(text: str) -> bytes | None:
    try:
        found = urlsafe_b64decode(f"{text}==")
    except ValueError:
        return None
    return found if len(found) == _ID_BYTES and _text(found) == text else None
