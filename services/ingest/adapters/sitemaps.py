"""Which pages does a sitemap list, and when was each changed?

Sitemaps come from outside: entities are not resolved, nothing is loaded, and size, depth and number are limited.
"""

from __future__ import annotations

import io
import re
import zlib
from typing import Final, NamedTuple

from lxml import etree

LARGEST: Final = 52_428_800
"""Bytes of an unpacked sitemap, as its protocol has it."""
MOST: Final = 50_000
"""Entries of a sitemap, as its protocol has it."""
_TOO_LONG: Final = f"has more than {MOST:,} entries"
_END: Final = re.compile(rb"</(?:\w{1,20}:)?(?:urlset|sitemapindex)\s*>\s*(?:<!--[^>]{0,500}-->\s*)?\Z", re.I)
_GZIP: Final = b"\x1f\x8b"


class NotSitemap(ValueError):
    """The content is no sitemap. The message says why."""


class Entry(NamedTuple):
    """A page, or a further sitemap."""

    url: str
    lastmod: str | None


class Sitemap(NamedTuple):
    """What a sitemap lists."""

    sitemaps: list[Entry]
    pages: list[Entry]
    cut: str | None = None
    """Why entries may be missing."""


def read(content: bytes) -> Sitemap:
    """The entries of a sitemap, an index of sitemaps, or a list of addresses as text; raises `NotSitemap`."""
    content = _unpacked(content)
    begins = content[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if begins.startswith(b"http"):
        lines = [line.strip() for line in content.decode("utf-8", "replace").splitlines()]
        found = [Entry(line, None) for line in lines if line.startswith("http")]
        return Sitemap([], found[:MOST], _TOO_LONG if len(found) > MOST else None)
    if b"<!DOCTYPE" in content[:4_096].upper() or b"<!ENTITY" in content.upper():
        raise NotSitemap("it is a page or declares entities")
    kind, found = _entries(content[content.find(begins[:1]) :] if begins else b"")
    if kind not in ("urlset", "sitemapindex"):
        raise NotSitemap("it is not XML with a urlset or a sitemapindex")
    cut = _TOO_LONG if len(found) > MOST else None if _END.search(content) else "breaks off"
    return Sitemap([], found[:MOST], cut) if kind == "urlset" else Sitemap(found[:MOST], [], cut)


def _entries(content: bytes) -> tuple[str, list[Entry]]:
    """The name of the root, and what it lists. Each element is released when it was read, so memory stays small."""
    found: list[Entry] = []
    reading = etree.iterparse(
        io.BytesIO(content),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
    )
    kind = ""
    try:
        for event, element in reading:
            kind = kind or _name(element)
            if event == "end" and _name(element) in ("url", "sitemap"):
                found.append(_entry(element))
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
                if len(found) > MOST:
                    break
    except (etree.LxmlError, ValueError):
        pass  # what was read so far counts, and it breaks off
    return kind, [entry for entry in found if entry.url]


def _unpacked(content: bytes) -> bytes:
    if content.startswith(_GZIP):
        try:
            content = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, LARGEST + 1)
        except zlib.error:
            raise NotSitemap("it is gzip, and damaged") from None
    if len(content) > LARGEST:
        raise NotSitemap(f"it has more than {LARGEST // 1_048_576} MB")
    return content


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _entry(element: etree._Element) -> Entry:
    stated = {_name(each): (each.text or "").strip() for each in element}
    return Entry(stated.get("loc", "")[:2_000], stated.get("lastmod", "")[:40] or None)
