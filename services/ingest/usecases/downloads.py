"""How are answers of a catalogue and its files downloaded?

A request stays on the host of its catalogue, also by redirect, and connects to an address that was checked before: a
private one only if the operator allows the pair of host and port. A body goes to a sink as it arrives.
"""

from __future__ import annotations

import asyncio
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from urllib.parse import SplitResult, urljoin, urlsplit

REDIRECTS = 5
SILENCE_SECONDS = 30.0
"""How long a host may send nothing."""
_BLOCK = 1 << 16


class Unavailable(Exception):
    """There is no answer that can be used; the message states why. Asking again later may help."""

    def __init__(self, reason: str, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        """The seconds after which the host wants to be asked again; 0 if it did not say."""


class Answer(NamedTuple):
    """The answer after redirects; 200, 304, 404 or 410."""

    status: int
    headers: Mapping[str, str]
    """By name in lower case."""


class Client(Protocol):
    """Sends requests to catalogues; a test has its own."""

    async def get(
        self, url: str, sink: Callable[[bytes], object], *, headers: Mapping[str, str], most: int, seconds: float
    ) -> Answer:
        """Raises `Unavailable`, also for a body of more than `most` bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Downloads:
    """Sends requests by threads of this process."""

    allowed: Collection[str] = ()
    """Pairs of host and port that may be private, such as `127.0.0.1:8099`."""
    agent: str = ""
    """Empty: no one to contact is named, so only allowed pairs are asked."""

    async def get(
        self, url: str, sink: Callable[[bytes], object], *, headers: Mapping[str, str], most: int, seconds: float
    ) -> Answer:
        canceled = threading.Event()
        asked = _Asked(self, dict(headers), sink, most, time.monotonic() + seconds, canceled)
        try:
            return await asyncio.to_thread(asked.followed, url)
        except asyncio.CancelledError:
            canceled.set()
            raise

    def may_ask(self, url: str) -> bool:
        """Whether a host may be asked: it is allowed, or someone to contact is named."""
        return bool(self.agent) or _pair(urlsplit(url)) in self.allowed


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request, with all that limits it."""

    by: Downloads
    headers: Mapping[str, str]
    sink: Callable[[bytes], object]
    most: int
    deadline: float
    canceled: threading.Event

    def followed(self, url: str) -> Answer:
        first = at = urlsplit(url)
        for _ in range(REDIRECTS + 1):
            if not self.by.may_ask(at.geturl()):
                raise Unavailable("no one to contact is named: set PIPELINE_OUTBOUND_CONTACT")
            try:
                answer, location = self._exchanged(at)
            except (OSError, http.client.HTTPException) as error:
                raise Unavailable(
                    f"{at.hostname} did not answer completely: {str(error) or type(error).__name__}"
                ) from None
            if location is None:
                return answer
            at = urlsplit(urljoin(at.geturl(), location))
            if (at.scheme, _pair(at)) != (first.scheme, _pair(first)):
                raise Unavailable(f"{first.hostname} redirects to another host, {at.hostname}, which is not asked")
        raise Unavailable(f"{first.hostname} redirects more than {REDIRECTS} times")

    def _exchanged(self, at: SplitResult) -> tuple[Answer, str | None]:
        with closing(_connection(at, self.by.allowed)) as connection:
            path = (at.path or "/") + (f"?{at.query}" if at.query else "")
            headers = {"user-agent": self.by.agent or "FacilityPipeline", "accept-encoding": "identity", **self.headers}
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            if response.status in (301, 302, 303, 307, 308) and "location" in found:
                return Answer(response.status, found), found["location"]
            if response.status == 200:
                self._take(response, found)
            elif response.status not in (304, 404, 410):
                raise Unavailable(f"{at.hostname} answers {response.status}", _seconds(found.get("retry-after", "")))
            return Answer(response.status, found), None

    def _take(self, response: http.client.HTTPResponse, headers: Mapping[str, str]) -> None:
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise Unavailable("the answer is compressed, which was not asked for")
        size = 0
        while block := response.read(_BLOCK):
            size += len(block)
            if size > self.most:
                raise Unavailable(f"the answer has more than {self.most:,} bytes")
            if time.monotonic() > self.deadline or self.canceled.is_set():
                raise Unavailable("the answer takes too long")
            self.sink(block)
        if "content-length" in headers and headers["content-length"] != str(size):
            raise Unavailable(f"the answer is cut off after {size:,} bytes")


class _Checked(http.client.HTTPConnection):
    """A connection to an address that was checked; names are not resolved again."""

    def __init__(self, at: SplitResult, allowed: Collection[str]) -> None:
        super().__init__(at.hostname or "", _port(at), timeout=SILENCE_SECONDS)
        self._allowed = _pair(at) in allowed
        self._tls = ssl.create_default_context() if at.scheme == "https" else None

    def connect(self) -> None:
        plain = socket.create_connection((self._address(), self.port), SILENCE_SECONDS)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host) if self._tls else plain
        except BaseException:
            plain.close()
            raise

    def _address(self) -> str:
        found = [str(each[4][0]) for each in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)]
        for address in found:
            if not self._allowed and not _is_public(address):
                raise Unavailable(f"{self.host} leads to {address}, which is not a public address")
        return found[0]


def _connection(at: SplitResult, allowed: Collection[str]) -> _Checked:
    if at.scheme not in ("http", "https") or not at.hostname or at.username is not None or at.password is not None:
        raise Unavailable("the address is not one of a web server")
    return _Checked(at, allowed)


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address) and (parsed.ipv4_mapped or parsed.sixtofour or parsed.teredo):
        return False
    return parsed.is_global and not parsed.is_multicast


def _port(at: SplitResult) -> int:
    try:
        return at.port or (443 if at.scheme == "https" else 80)
    except ValueError:
        raise Unavailable("the address has a port that is none") from None


def _pair(at: SplitResult) -> str:
    return f"{at.hostname}:{_port(at)}"


def same_host(url: str, other: str) -> bool:
    """Whether two addresses are on one host, by one scheme."""
    at, to = urlsplit(url), urlsplit(other)
    return (at.scheme, _pair(at)) == (to.scheme, _pair(to))


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _seconds(retry_after: str) -> float:
    """Up to a day; 0 for what is not a number of seconds."""
    return float(min(int(retry_after), 86_400)) if retry_after.isascii() and retry_after.isdigit() else 0.0
