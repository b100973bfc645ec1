"""Which mail server does a URL name, and how is it reached?"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class InvalidUrl(ValueError):
    """The address of the mail server is not understood."""


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how it is reached."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool
    """Encrypted from the first byte."""
    start_tls: bool | None
    """Whether the connection must be encrypted after the greeting; None: if the server can."""


def server_of(url: str) -> Server:
    """The server in an URL such as `smtps://USER:PASSWORD@HOST:465`; raises `InvalidUrl`.

    Only a server on this machine, or one with `?tls=none`, is spoken to without encryption.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise InvalidUrl("PIPELINE_SMTP_URL is not smtp://USER:PASSWORD@HOST:PORT or smtps://...")
    plain = parse_qs(parts.query).get("tls") == ["none"]
    encrypted = parts.scheme == "smtps"
    required = None if parts.hostname in LOOPBACK or plain else True
    return Server(
        parts.hostname,
        parts.port or (465 if encrypted else 587),
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
        encrypted,
        False if encrypted or plain else required,
    )
