"""What do the parts of an HTML page contain: its scripts with data, and its elements that are marked up?

A page is parsed as leniently as a browser does it, and never executed. The parser opens nothing, and limits the depth
and the size of what it accepts.
"""

from __future__ import annotations

import codecs
import re
from typing import Any, Final, TypeAlias

from lxml import etree

Element: TypeAlias = Any
"""An element of lxml, which states no types."""

LARGEST: Final = 10_000_000
"""Bytes of a page; a larger one is refused."""
LONGEST_TEXT: Final = 100_000
_BLOCKS: Final = frozenset(
    "address article br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table td th tr ul".split()
)
_HIDDEN: Final = frozenset("script style noscript template".split())
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,40})", re.I)
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNWANTED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_PAGE: Final = re.compile(r"<(?:!doctype html|html|head|body|script|div|meta|article|section|main)\b", re.I)


class Page:
    """A parsed page."""

    def __init__(self, text: str) -> None:
        parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
        content = _UNWANTED.sub(" ", text).encode()
        try:
            self.root = etree.fromstring(content, parser) if content.strip() else None
        except etree.LxmlError:
            self.root = None

    def scripts(self) -> tuple[list[str], list[str]]:
        """The texts of the scripts that are JSON-LD, and of the others."""
        linked: list[str] = []
        others: list[str] = []
        for script in self.elements("script"):
            kind = (script.get("type") or "").casefold()
            text = script.text or ""
            if text.strip():
                (linked if "ld+json" in kind or "ld json" in kind else others).append(text)
        return linked, others

    def elements(self, *names: str) -> list[Element]:
        return [] if self.root is None else list(self.root.iter(*names))

    def address(self) -> str | None:
        """The address that the page states of itself."""
        for link in self.elements("link"):
            if "canonical" in (link.get("rel") or "").casefold().split() and link.get("href"):
                return str(link.get("href"))
        for meta in self.elements("meta"):
            if (meta.get("property") or meta.get("name") or "").casefold() == "og:url" and meta.get("content"):
                return str(meta.get("content"))
        return None


def decoded(content: bytes) -> str:
    """The characters of a page: in UTF-8, or else in the encoding that it states, or else in Windows-1252."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        pass
    stated = _CHARSET.search(content[:4_096])
    encoding = stated[1].decode("ascii") if stated else "cp1252"
    try:
        if codecs.lookup(encoding).name in ("utf-8", "ascii") or encoding.casefold().startswith("utf"):
            return content.decode("utf-8", "replace")
        return content.decode(encoding, "replace")
    except (LookupError, ValueError):
        return content.decode("cp1252", "replace")


def is_page(text: str) -> bool:
    return _PAGE.search(text[:100_000]) is not None


def text_of(element: Element) -> str:
    """The text of an element as it is displayed, blocks apart."""
    parts: list[str] = []
    length = 0
    for each in element.iter():
        if each.tag not in _HIDDEN:
            parts.append(f" {each.text or ''}" if each.tag in _BLOCKS else each.text or "")
        if each is not element:
            parts.append(f" {each.tail or ''}" if each.tag in _BLOCKS else each.tail or "")
        length += len(parts[-1])
        if length > LONGEST_TEXT:
            break
    return " ".join("".join(parts).split())
