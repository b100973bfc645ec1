"""Where does a URL lead, if it is one that we ask?

It is read more strictly than browsers do: whatever two programs could read differently is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple
from urllib.parse import quote

from shared.outbound.failures import Refused

PORTS = {"http": 80, "https": 443}
LONGEST_URL = 8_000
_LONGEST_HOST = 253
_URL = re.compile(r"(https?)://([^/?#]*)([^#]*)(?:#.*)?", re.IGNORECASE | re.DOTALL)
_HIDDEN = re.compile(r"[\x00-\x1f\x7f\\]")
"""Line ends, other control characters and backslashes, which programs read in different ways."""
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*")
_NUMBER_AT_END = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")
_PLAIN = re.compile(r"[!-~]*")
_SAFE = "%/?:@!$&'()*+,;=-._~[]|{}^`\"<>"
_PRIVATE_DOMAINS = frozenset("arpa corp home internal intranet lan local localdomain localhost onion private".split())


class Pair(NamedTuple):
    """A host and a port, as `PIPELINE_OUTBOUND_ALLOW` lists them."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Target(NamedTuple):
    scheme: str
    pair: Pair
    path: str
    """With the query; ASCII."""

    @property
    def authority(self) -> str:
        """The host, and the port if it is not that of the scheme: the value of the `Host` header."""
        host, port = self.pair
        shown = f"[{host}]" if ":" in host else host
        return shown if port == PORTS[self.scheme] else f"{shown}:{port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def pairs(texts: Iterable[str]) -> frozenset[Pair]:
    """The pairs of a host and a port that texts such as `127.0.0.1:8099` name; raises `ValueError`."""
    return frozenset(map(_pair, texts))


def target(url: str, allowed: frozenset[Pair]) -> Target:
    """Where a URL leads; raises `Refused` unless it is on a usual port of a public name, or an allowed pair."""
    if len(url) > LONGEST_URL:
        raise Refused(f"the URL is longer than {LONGEST_URL:,} characters")
    if _HIDDEN.search(url):
        raise Refused("the URL contains a control character or a backslash")
    parts = _URL.fullmatch(url.strip(" "))
    if not parts:
        raise Refused("the URL is not like https://HOST/PATH")
    scheme = parts[1].lower()
    pair = _checked(scheme, parts[2], allowed)
    path = parts[3] if _PLAIN.fullmatch(parts[3]) else quote(parts[3], safe=_SAFE, errors="replace")
    return Target(scheme, pair, path if path.startswith("/") else f"/{path}")


@lru_cache(maxsize=4_096)
def _checked(scheme: str, authority: str, allowed: frozenset[Pair]) -> Pair:
    if "@" in authority:
        raise Refused("the URL contains a user or a password")
    if not authority.isascii():
        raise Refused("the host contains characters that are not ASCII; its name in punycode (xn--...) is needed")
    pair = _parsed(authority, PORTS[scheme])
    if pair in allowed:
        return pair
    if _is_address(pair.host):
        raise Refused(f"{pair.host} is an address instead of a name")
    if "." not in pair.host or pair.host.rpartition(".")[2] in _PRIVATE_DOMAINS:
        raise Refused(f"{pair.host} is a name of a private network")
    if pair.port != PORTS[scheme]:
        raise Refused(f"port {pair.port} of {pair.host} is not the usual one of {scheme}")
    return pair


def _parsed(authority: str, port: int) -> Pair:
    """The host in lower case, without the dot that may end a name, and the port."""
    host, bracket, rest = authority[1:].partition("]") if authority.startswith("[") else (authority, "", "")
    if not bracket:
        host, colon, number = authority.partition(":")
        rest = colon + number
    if rest and not re.fullmatch(r":[0-9]{1,5}", rest):
        raise Refused("the host or the port of the URL is not valid")
    port = int(rest[1:]) if rest else port
    host = _ipv6(host) if bracket else _name(host.lower())
    if not 0 < port < 65_536:
        raise Refused(f"there is no port {port}")
    return Pair(host, port)


def _ipv6(text: str) -> str:
    try:
        return str(IPv6Address(text))
    except ValueError:
        raise Refused("the host of the URL is not a valid address") from None


def _name(text: str) -> str:
    name = text.removesuffix(".")
    if len(name) > _LONGEST_HOST or not _NAME.fullmatch(name):
        raise Refused("the host of the URL is not a valid name")
    return name


def _is_address(host: str) -> bool:
    """Whether programs read it as an address: also `2130706433`, `0x7f.1` and `0177.0.0.1`."""
    return ":" in host or _NUMBER_AT_END.search(host) is not None


def _pair(text: str) -> Pair:
    host, _, port = text.strip().rpartition(":")
    try:
        if not host or not port:
            raise Refused("")
        pair = _parsed(text.strip(), 0)
        if _is_address(pair.host) and ":" not in pair.host:
            ip_address(pair.host)
    except (Refused, ValueError):
        raise ValueError(f"{text!r} is not a pair of a host and a port, such as 127.0.0.1:8099 or [::1]:8099") from None
    return pair
