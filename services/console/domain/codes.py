"""Which codes are accepted as a second factor?"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp

STEP_SECONDS = 30
RECOVERY_CODES = 10
ISSUER = "Facility Pipeline"
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that look like others."""


def new_secret() -> str:
    return pyotp.random_base32()


def address_of(secret: str, name: str, issuer: str = ISSUER) -> str:
    """What an authenticator app reads: an `otpauth` URI."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime, last: int) -> int | None:
    """The step of a code: the current one, that before or that after, but none that was used; None if it is wrong."""
    digits = "".join(code.split())
    current = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    found = None
    for step in (current - 1, current, current + 1):
        if hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), digits.encode()) and step > last:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Each replaces a code once; they are shown once."""
    return [_recovery_code() for _ in range(RECOVERY_CODES)]


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def recovery_hash(code: str) -> str:
    """What is stored. The codes are long and random, so a plain hash suffices."""
    plain = "".join(each for each in code.lower() if each in _ALPHABET)
    return hashlib.sha256(plain.encode()).hexdigest()
