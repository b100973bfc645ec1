"""Does a URL or a name lead to a site from which nothing is read, in whatever disguise? (R10)

Nearly all URLs cost two searches by an expression; only one that contains something unusual is taken apart.
"""

from __future__ import annotations

import base64
import binascii
import re
import socket
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote

from engines.datasets.text import one_line

USUAL_URL: Final = re.compile(r"https?://([A-Za-z0-9.-]+)(?:[/?#]|$)")
"""Nearly all URLs match this, which takes a tenth of the time of parsing."""


@dataclass(frozen=True, slots=True)
class Denied:
    """A site that no posting may come from: its name, and its hosts with other names."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    name: str
    hosts: tuple[str, ...] = ()


ALWAYS_DENIED: Final = (
    Denied("indeed", ("indeed.com", "indeed.jobs", "indeedflex.com")),
    Denied("linkedin", ("linkedin.com", "lnkd.in", "licdn.com")),
)
"""The sites that a pack may add to, and not remove."""
TITLES: Final = {"indeed": "Indeed", "linkedin": "LinkedIn"}


@dataclass(frozen=True, slots=True)
class Found:
    """A denied site, and how something leads there."""

    site: str | None
    """`None` if an address hides which site it is."""
    how: str

    def __str__(self) -> str:
        return f"postings from {self.site} are not accepted: {self.how}" if self.site else self.how


_RELAYS: Final = re.compile(
    r"(?:^|\.)(?:webcache\.googleusercontent\.com|translate\.google\.[a-z.]+|translate\.goog|cc\.bingj\.com|archive\.org"
    r"|archive\.(?:ph|today|is|li|vn|fo|md)|archive-it\.org|ghostarchive\.org|perma\.cc|arquivo\.pt|webcitation\.org"
    r"|translatetheweb\.com|translate\.yandex\.[a-z]+|12ft\.io|r\.jina\.ai|outline\.com|corsproxy\.io|allorigins\.win"
    r"|cors-anywhere\.herokuapp\.com|scraperapi\.com|scrapingbee\.com|zenrows\.com|ampproject\.org)$"
)
"""Hosts that show pages of other ones: copies, translations, proxies. A bare name of a host leads there."""
_INNER: Final = re.compile(
    r"(?P<begin>(?:https?:)?/{2}|https?:/{0,2}|@)?(?<![\w-])(?P<host>[\w-]+(?:\.[\w-]+)+)\.?(?P<end>(?=(?::[0-9]*)?/+[^\s/]))?"
)
"""What looks like a host in a URL: after a scheme or slashes, or with a path."""
_ENCODED: Final = re.compile(r"aHR0c[A-Za-z0-9+/_-]+")
"""`http` in base64, as trackers write the URL to which they lead."""
_NUMBERS: Final = re.compile(r"(?:(?:0x[0-9a-f]*|[0-9]+)(?:\.|$)){1,4}")
"""An IPv4 address, in any notation that programs read."""
_NO_WEIGHT: Final = re.compile("[\t\r\n\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
                               "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]")  # fmt: skip
"""Characters that browsers remove, or that have no width."""
_DOTS: Final = re.compile("[\u3002\uff0e\uff61\u2024]")
_ALIKE: Final = str.maketrans({"i": "l", "1": "l", "|": "l", "!": "l", "0": "o", "3": "e", "4": "a", "@": "a"})
_MOST_ESCAPES: Final = 6
_TWINS: Final = str.maketrans(
    "\u0131\u0269\u026a\u0406\u0456\u04c0\u04cf\u03b9\u0501\u0257\u0111\u0435\u04bd\u03b5\u043a\u03ba\u0138\u043f\u0578\u03b7\u057c\u029f\u0274\u1d07\u1d0b\u1d05",
    "iiiiillidddeeekkknnnnlnekd",
)
"""Letters that look like those of the names, also in words without Latin letters."""


class DenyList:
    """The sites from which nothing is read."""

    def __init__(self, sites: tuple[Denied, ...]) -> None:
        self._sites = sites
        self._of_host = lru_cache(maxsize=16_384)(self._judged)
        self._letters = [(site.name, _letters(each)) for site in sites for each in (site.name, *site.hosts)]
        names = [site.name for site in sites]
        others = [host for site in sites for host in site.hosts if site.name not in host]
        self._words = (*names, *others)
        """What every URL contains that leads to one of them and is not disguised."""

    def url(self, url: str) -> Found | None:
        """The denied site to which a URL leads: by its host, by a URL within it, or by an address that hides it."""
        usual = USUAL_URL.match(url)
        if usual is None:
            return self._searched(url)
        return self._of_host(usual[1].lower()) or (None if self._is_plain(url[usual.end(1) :]) else self._searched(url))

    def name(self, name: str) -> str | None:
        """The denied site in a name, in any spelling: `Linked-In jobs` and `L1nkedIn` are `linkedin`."""
        letters = _letters(name)
        alike = letters.translate(_ALIKE)
        return next((site for site, each in self._letters if each in letters or each.translate(_ALIKE) in alike), None)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Their hosts, whose addresses are refused under other names as well."""
        return tuple(name for site in self._sites for host in site.hosts for name in (host, f"www.{host}"))

    def _is_plain(self, rest: str) -> bool:
        """Whether nothing that follows a host could lead elsewhere."""
        # Not one expression, and no generator, which would take several times as long.
        if not rest.isascii() or "//" in rest or "%" in rest or "@" in rest or ":/" in rest or "aHR0c" in rest:
            return False
        lower = rest.lower()
        for word in self._words:
            if word in lower:
                return False
        return rest.isprintable() and "\\" not in rest

    def _judged(self, host: str) -> Found | None:
        """The denied site of a host: its domain, any subdomain and country's domain, its look-alikes and its copies."""
        host = host.strip(".")
        labels = [_unpunycoded(label) for label in host.split(".")]
        for site in self._sites:
            if site.name in labels or any(host == own or host.endswith(f".{own}") for own in site.hosts):
                return Found(site.name, f"{host} is a host of {site.name}")
            alike = site.name.translate(_ALIKE)
            for label in labels:
                if label.translate(_ALIKE) == alike or label.replace("-", "") == site.name:
                    return Found(site.name, f"{host} looks like a host of {site.name}")
                if re.search(rf"(?:^|-){re.escape(site.name)}-(?:com|co|net|org|jobs)(?:-|$)", label):
                    return Found(site.name, f"{host} shows pages of {site.name}")
        return _hiding(host)

    def _searched(self, url: str) -> Found | None:
        """The first denied host that is found anywhere in a URL, however it is written."""
        for read in _readings(url):
            first, relay = True, False
            for inner in _INNER.finditer(read):
                leads = first or relay or inner["begin"] or inner["end"] is not None
                if leads and (found := self._of_host(inner["host"])):
                    return found if first else Found(found.site, f"it leads on: {found.how}")
                relay = relay or (first and _RELAYS.search(inner["host"]) is not None)
                first = False
            if found := _hiding(_authority(read)):
                return found
        return None


def _letters(text: str) -> str:
    return "".join(c for c in _plain(text) if c.isalnum())


def _hiding(host: str) -> Found | None:
    """An address of the internet, in any notation, instead of the name of a host."""
    text = host.strip("[]")
    if ":" not in text and not _NUMBERS.fullmatch(text):
        return None
    try:
        address = ip_address(text if ":" in text else socket.inet_aton(text))
    except (ValueError, OSError):
        return None
    return Found(None, f"{text} is an address, which hides whose host it is") if address.is_global else None


def _readings(url: str) -> Iterator[str]:
    """A URL as it is written, with what base64 in it contains; then the same without its escapes, again and again."""
    for _ in range(_MOST_ESCAPES):
        yield _plain(url)
        for encoded in _ENCODED.findall(url):
            yield f"https://redirect.invalid/{_plain(_decoded(encoded))}"
        written, url = url, unquote(url)
        if url == written:
            return


def _decoded(encoded: str) -> str:
    whole = encoded[: len(encoded) // 4 * 4].replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(whole).decode("utf-8", "replace")
    except binascii.Error:
        return ""


def _authority(url: str) -> str:
    """The host, as it is written."""
    rest = url.partition("//")[2]
    written = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    return written.partition("]")[0] if written.startswith("[") else written.partition(":")[0]


def _plain(text: str) -> str:
    """Without characters that are not seen, accents and letters that look like Latin ones; in lower case."""
    text = _NO_WEIGHT.sub("", text).replace("\\", "/")
    if not text.isascii():
        text = _DOTS.sub(".", one_line(text))
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        text = text.casefold().translate(_TWINS)
    return text.casefold()


def _unpunycoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return _plain(label[4:].encode("ascii").decode("punycode"))
    except UnicodeError:
        return label


NEVER_READ: Final = DenyList(ALWAYS_DENIED)
"""Without the sites that a pack adds."""


def denied_origin(text: str) -> str | None:
    """The title of the denied site that a record of a vendor names as its origin, by a name or a URL."""
    site = NEVER_READ.name(text) or ((found := NEVER_READ.url(text)) and found.site)
    return TITLES[site] if site else None
