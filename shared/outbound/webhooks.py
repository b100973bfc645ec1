"""How does the receiver of a webhook know who sent it, and that it is not an old one sent again?

By Standard Webhooks 1.0: three headers, whose signature covers the id, the time and the body. A message keeps its id
when it is sent again, so a receiver that stores ids handles each message once.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from datetime import datetime, timedelta

from shared.outbound.messages import Limits

LIMITS = Limits(seconds=15.0, connect_seconds=5.0, body=64_000, beginning_seconds=2.0, redirects=0)
"""Of one attempt: Standard Webhooks recommends 15 to 30 seconds, and that no redirect is followed. The status decides,
so little is read of what follows it."""
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX = "whsec_"
TOLERANCE = timedelta(minutes=5)
"""How far the time of a message may be from the receiver's own."""
KEY_BYTES = range(24, 65)
"""The lengths of a key that the specification allows."""
_ID = re.compile(r"[!-\-/-~]{1,200}")
"""Printable ASCII without a period, which separates the id from the time in what is signed."""


class Forged(Exception):
    """A message was not signed by the owner of the secret, or not now; the text explains why."""


def new_secret() -> str:
    """A secret by chance, as sender and receiver both store it."""
    return secret_of(secrets.token_bytes(32))


def secret_of(key: bytes) -> str:
    """A key as people copy it: `whsec_` and base64."""
    if len(key) not in KEY_BYTES:
        raise ValueError(f"The key of a webhook has {KEY_BYTES[0]} to {KEY_BYTES[-1]} bytes.")
    return PREFIX + b64encode(key).decode()


def key_of(secret: str) -> bytes:
    """The key in a secret; raises `ValueError` with a text that does not contain it."""
    try:
        key = b64decode(secret.strip().removeprefix(PREFIX), validate=True)
    except (Error, ValueError):
        key = b""
    if len(key) not in KEY_BYTES:
        raise ValueError(
            f"The secret of a webhook is {PREFIX} and {KEY_BYTES[0]} to {KEY_BYTES[-1]} bytes in base64, such as"
            " `pipeline listen --forward` prints it."
        )
    return key


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """The signature of a message: `v1,` and base64."""
    if not _ID.fullmatch(message_id):
        raise ValueError("The id of a message is printable ASCII without spaces and periods.")
    return f"v1,{_digest(key_of(secret), message_id, str(_seconds(at)), body)}"


def headers(message_id: str, at: datetime, body: bytes, *signers: str) -> tuple[tuple[str, str], ...]:
    """The headers of a message; while a secret is being replaced, the old and the new one both sign."""
    signatures = " ".join(sign(secret, message_id, at, body) for secret in signers)
    return ((ID, message_id), (TIMESTAMP, str(_seconds(at))), (SIGNATURE, signatures))


def verify(secret: str, received: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The id of a message whose headers have names in lower case; raises `Forged`."""
    try:
        message_id, at, signatures = (received[name] for name in (ID, TIMESTAMP, SIGNATURE))
    except KeyError as error:
        raise Forged(f"the header {error} is missing") from None
    if not re.fullmatch(r"[0-9]{1,11}", at):
        raise Forged(f"{TIMESTAMP} is not a number of seconds")
    if abs(int(at) - now.timestamp()) > TOLERANCE.total_seconds():
        raise Forged(f"{TIMESTAMP} is more than {TOLERANCE.seconds // 60} minutes from now")
    wanted = f"v1,{_digest(key_of(secret), message_id, at, body)}".encode()
    if not any(hmac.compare_digest(wanted, each.encode(errors="replace")) for each in signatures.split(" ")):
        raise Forged("no signature of it is that of the secret")
    return message_id


def _digest(key: bytes, message_id: str, at: str, body: bytes) -> str:
    return b64encode(hmac.digest(key, f"{message_id}.{at}.".encode() + body, "sha256")).decode()


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
