"""How is the way to NATS kept private?

`PIPELINE_NATS_TLS_CA` names the certificates that a server is believed by; `PIPELINE_NATS_TLS_CERT` and
`PIPELINE_NATS_TLS_KEY` are who we are, where the server wants to know. Without any of them there is no TLS.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path

PREFIX = "PIPELINE_NATS_TLS_"


class TlsIncomplete(ValueError):
    """TLS is asked for by halves."""


def context(ca: Path | None, cert: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """The context of a client, None without TLS; raises `TlsIncomplete`, or `OSError` where a file cannot be read."""
    if ca is None and cert is None and key is None:
        return None
    if (cert is None) != (key is None):
        raise TlsIncomplete(f"Give {PREFIX}CERT and {PREFIX}KEY together, or neither of them.")
    made = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=ca)
    if cert and key:
        made.load_cert_chain(cert, key)
    return made


def from_environment(environment: Mapping[str, str] = os.environ) -> ssl.SSLContext | None:
    """For set-up and the command line, which have no settings of their own."""
    ca, cert, key = (environment.get(f"{PREFIX}{name}") for name in ("CA", "CERT", "KEY"))
    return context(*(Path(one) if one else None for one in (ca, cert, key)))
