"""How are secrets encrypted before they are stored?

By AES-256-GCM. Whose a secret is, is authenticated with it, so that it opens for no other user. The first of the keys
encrypts and all of them decrypt, so a key is replaced by writing a new one before it.
"""

from __future__ import annotations

import base64
import functools
import secrets
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SHORTEST_KEY = 32
"""Characters. Keys are random, so no slow function is needed to derive from them."""
_PURPOSE = b"facility-pipeline console secrets of users"
_NONCE_BYTES = 12


class NotOpened(Exception):
    """None of the keys opens a secret: its key is gone, it is of another user, or it was changed."""


def sealed(secret: str, of: str, keys: Sequence[str]) -> str:
    """What is stored of a user's secret: the mark of the key, and the encrypted secret."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    content = nonce + AESGCM(_derived(keys[0])).encrypt(nonce, secret.encode(), of.encode())
    return f"{_mark(keys[0])}.{base64.urlsafe_b64encode(content).decode()}"


def opened(stored: str, of: str, keys: Sequence[str]) -> str:
    """Raises `NotOpened`."""
    mark, _, text = stored.partition(".")
    key = next((each for each in keys if _mark(each) == mark), None)
    if key is None:
        raise NotOpened("its key is not among those of the settings")
    try:
        content = base64.urlsafe_b64decode(text)
        return AESGCM(_derived(key)).decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], of.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise NotOpened("it is of another user, or was changed") from error


def is_sealed(stored: str, keys: Sequence[str]) -> bool:
    """Whether a secret is encrypted, and by the first of the keys."""
    return stored.startswith(f"{_mark(keys[0])}.")


@functools.cache
def _derived(key: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())


@functools.cache
def _mark(key: str) -> str:
    """By which a key is found again; it reveals nothing of it."""
    return sha256(b"mark of " + _derived(key)).hexdigest()[:8]
