"""How is the connection to NATS encrypted?

`PIPELINE_NATS_TLS_CA` names the certificates that servers are verified with. `PIPELINE_NATS_TLS_CERT` and
`PIPELINE_NATS_TLS_KEY` are the client certificate, where the server requires one. Without any of them there is no TLS.
"""

from __future__ import annotations

import os
import ssl
from pathlib import Path

PREFIX = "PIPELINE_NATS_TLS_"


class TlsIncomplete(ValueError):
    """Only one of certificate and key is configured."""


def context(ca: Path | None, cert: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """The context of a client, None without TLS; raises `TlsIncomplete`, or `OSError` if a file cannot be read."""
    if ca is None and cert is None and key is None:
        return None
    if (cert is None) != (key is None):
        raise TlsIncomplete(f"Give {PREFIX}CERT and {PREFIX}KEY together, or neither.")
    tls = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=ca)
    if cert and key:
        tls.load_cert_chain(cert, key)
    return tls


def from_environment() -> ssl.SSLContext | None:
    """The same from environment variables, for set-up and the command line, which have no settings of their own."""
    ca, cert, key = (os.environ.get(f"{PREFIX}{name}") for name in ("CA", "CERT", "KEY"))
    return context(*(Path(path) if path else None for path in (ca, cert, key)))


def expires(file: Path) -> float:
    """When the first certificate of a file expires, in seconds since 1970; 0 if it cannot be read.

    The only reader of the standard library is the one of its own tests.
    """
    try:
        stated = ssl._ssl._test_decode_cert(str(file))  # type: ignore[attr-defined]
    except (OSError, ssl.SSLError):
        return 0.0
    return float(ssl.cert_time_to_seconds(stated["notAfter"]))
