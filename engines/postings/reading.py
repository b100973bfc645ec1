"""Which postings does a page, an answer or a file state? It is recognized by its content."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import engines.postings.answers as answers
import engines.postings.job_posting as job_posting
import engines.postings.lenient_json as lenient_json
import engines.postings.tables as tables
import engines.postings.unsupported as unsupported
import engines.postings.values as values
from engines.postings.found import Found, Read, Unreadable
from engines.postings.job_posting import Graph, Node
from engines.postings.marked_up import Microdata, Rdfa
from engines.postings.pages import LARGEST, Page, decoded, is_page

_GZIP: Final = b"\x1f\x8b"
_POSTING: Final = "jobposting"


def read(content: bytes, name: str = "", url: str | None = None, day: date | None = None) -> Read:
    """The postings of a page, an answer or a file.

    The URL is the address of a page; the day is that on which the content was given, for "Posted 3 Days Ago". Raises
    `Unreadable` if the format has no adapter or the content is damaged, and no other error.
    """
    if site := answers.denied(url):
        raise Unreadable(f"This is from {site}, from which no posting is read.")
    content = _unpacked(content)
    text = decoded(content)
    begins = text[:1_000].lstrip("\ufeff \t\r\n\0")[:1]
    if not begins:
        raise Unreadable("This is empty.")
    if begins in "[{":
        return _answer(text, url, day)
    if begins == "<" or is_page(text):
        return _page(text, url, day)
    found = answers.checked(*tables.read(name, content))
    return _result("aapacn_csv" if _of_aapacn(name, found[0]) else "csv", found)


def _result(name: str, found: tuple[list[Found], list[str]]) -> Read:
    return Read(name, found[0], answers.summary(found[1]))


def _unpacked(content: bytes) -> bytes:
    """The content, of gzip as much as is allowed; raises `Unreadable` if it is larger."""
    if content.startswith(_GZIP):
        try:
            content = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, LARGEST + 1)
        except zlib.error:
            raise Unreadable("This is gzip, and damaged.") from None
    if len(content) > LARGEST:
        raise Unreadable(f"This has more than {LARGEST // 1_000_000} MB.")
    return content


def _of_aapacn(name: str, postings: Iterable[Found]) -> bool:
    return "aapacn" in name.casefold() or any("aapacn" in values.host(posting.url) for posting in postings)


def _answer(text: str, url: str | None, day: date | None) -> Read:
    try:
        value = lenient_json.read(text)
    except lenient_json.NotJson as error:
        raise Unreadable(f"This begins like JSON, and is none: {error}.") from None
    if known := answers.format_of(value):
        return _result(known.name, answers.postings(known.name, value, day))
    if system := unsupported.by_mark(text):
        raise Unreadable(f"This is an answer of {system}, which has no adapter.")
    problems: list[str] = []
    if found := _of_schema([value], url, problems):
        return _result("json-ld", found)
    if problems:
        raise Unreadable(f"This has a JobPosting that cannot be read: {problems[0]}.")
    raise Unreadable(" ".join(filter(None, ["This is JSON of no known format.", unsupported.by_host(text)])))


def _page(text: str, url: str | None, day: date | None) -> Read:
    """The postings of a page: of schema.org in the first syntax that states any, or else of an answer in a script."""
    page = Page(text) if _POSTING in text.casefold() or "<script" in text else None
    if page is not None:
        address = values.url(page.address(), url)
        if site := answers.denied(address):
            raise Unreadable(f"This is a page of {site}, from which no posting is read.")
        if found := _of_page(page, text, url or address, day):
            return found
    if system := unsupported.by_mark(text):
        raise Unreadable(f"This is a page of {system}, which has no adapter, and has no JobPosting of schema.org.")
    leads = unsupported.by_host(text)
    raise Unreadable(" ".join(filter(None, ["This is a page without a JobPosting of schema.org.", leads])))


def _of_page(page: Page, text: str, url: str | None, day: date | None) -> Read | None:
    linked, others = page.scripts()
    problems: list[str] = []
    if _POSTING in text.casefold():
        data = list(_values(linked, problems))
        if found := _of_schema(data, url, problems):
            return _result("json-ld", found)
        for name, nodes in (("microdata", Microdata), ("rdfa", Rdfa)):
            if found := _of_nodes(list(nodes(page)), Graph(()), url, problems):
                return _result(name, found)
        if found := _of_schema([each for script in others if "JobPosting" in script
                                for each in lenient_json.within(script)], url, problems):  # fmt: skip
            return _result("json-ld", found)
    for script in others:
        for each in lenient_json.within(script):
            if known := answers.format_of(each):
                return _result(known.name, answers.postings(known.name, each, day))
    if problems:
        raise Unreadable(f"This has a JobPosting that cannot be read: {problems[0]}.")
    return None


def _values(scripts: Iterable[str], problems: list[str]) -> Iterable[Any]:
    for script in scripts:
        try:
            value = lenient_json.read(script)
            yield lenient_json.read(value) if isinstance(value, str) else value
        except lenient_json.NotJson as error:
            if _POSTING in script.casefold():
                problems.append(f"damaged JSON: {error}")


def _of_schema(data: list[Any], url: str | None, problems: list[str]) -> tuple[list[Found], list[str]] | None:
    """The postings among the objects of a page; None if there are none."""
    nodes = list(lenient_json.nodes(data, job_posting.is_posting))
    return _of_nodes([node for node in nodes if job_posting.is_posting(node)], Graph(nodes), url, problems)


def _of_nodes(
    nodes: list[Node], graph: Graph, url: str | None, problems: list[str]
) -> tuple[list[Found], list[str]] | None:
    """The postings that objects state; None if there are none, and why is added to the problems."""
    found: list[Found] = []
    for node in nodes:
        posting = job_posting.found(node, graph, url, len(nodes) == 1)
        if isinstance(posting, str):
            problems.append(posting)
        else:
            found.append(posting)
    return answers.checked(found, problems) if found else None
