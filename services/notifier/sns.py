"""How is the signature of SNS checked, and a subscription confirmed? Only the server of SNS is ever called."""

from __future__ import annotations

import urllib.request
from base64 import b64decode
from collections.abc import Mapping
from http.client import HTTPMessage
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import load_pem_x509_certificate

from services.notifier.domain.sns import signed_text

TIMEOUT = 5.0
MOST_BYTES = 20_000
MOST_CERTIFICATES = 10


class NotAvailable(Exception):
    """The server of SNS cannot be called at the moment."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects())


def fetch(url: str) -> bytes:
    """The beginning of what is there. Raises `NotAvailable`."""
    try:
        with _opener.open(url, timeout=TIMEOUT) as response:
            return bytes(response.read(MOST_BYTES))
    except (OSError, ValueError) as error:
        raise NotAvailable(f"The server of SNS does not answer: {error}") from error


class Certificates:
    """The certificates that were fetched, by their address."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def get(self, url: str) -> bytes:
        if url not in self._known:
            if len(self._known) >= MOST_CERTIFICATES:
                self._known.clear()
            self._known[url] = fetch(url)
        return self._known[url]


def is_signed(body: Mapping[str, Any], certificate: bytes) -> bool:
    """Whether the certificate's key signed a message whose form was checked."""
    try:
        key = load_pem_x509_certificate(certificate).public_key()
        if not isinstance(key, RSAPublicKey):
            return False
        # Version 1 is SHA-1, which SNS uses unless the topic asks for version 2.
        algorithm = SHA256() if body["SignatureVersion"] == "2" else SHA1()  # noqa: S303
        key.verify(b64decode(body["Signature"], validate=True), signed_text(body), PKCS1v15(), algorithm)
    except (InvalidSignature, ValueError):
        return False
    return True
