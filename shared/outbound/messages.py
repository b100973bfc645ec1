"""What is asked, what comes back, and within which limits?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Asking(Protocol):
    """What a request needs to have; `Request`, or a type of the caller's own."""

    @property
    def url(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def headers(self) -> Iterable[tuple[str, str]]: ...
    @property
    def body(self) -> bytes | None: ...


class Request(NamedTuple):
    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


class Answer(NamedTuple):
    status: int
    url: str
    """Where it comes from, after redirects."""
    headers: Mapping[str, str]
    """By name in lower case; several of one name are joined by commas."""
    body: bytes
    """Decompressed; empty if it was given to a `sink`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take, all of its redirects included."""

    seconds: float = 30.0
    """From the start to the last byte of the body: a host that sends a byte a second is cut off as well."""
    connect_seconds: float = 10.0
    body: int = 10_000_000
    """Bytes of the body, as sent and decompressed."""
    headers: int = 64_000
    """Bytes of all headers of an answer."""
    beginning_seconds: float | None = None
    """None: an answer counts if all of its body arrives. Otherwise it counts once its headers have arrived: of the
    body, what arrives within so many seconds and within `body` is taken, though it is larger, slower or damaged."""
    redirects: int = 5
    """0: a redirect is returned as the answer."""
