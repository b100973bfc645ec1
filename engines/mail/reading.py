"""What does a message contain, however broken its MIME is?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from html.parser import HTMLParser
from typing import Final

MOST_BYTES: Final = 2_000_000
"""What is longer is cut: reports and replies are short, attachments are not read."""

MOST_PROSE: Final = 20_000
"""The characters of a report that are read for people, and in which recipients are found."""

MOST_OF_HEADER: Final = 20_000
"""The characters of a header that are decoded: the time for encoded words grows with the square of their number."""

Headers = Mapping[str, str]
"""By name in lower case; the values of repeated headers are joined by line breaks."""

_REPORTS: Final = ("delivery-status", "disposition-notification", "feedback-report")
_RETURNED: Final = re.compile(
    r"""^[ \t>*#|-]*+(?:
        \s{0,20}+(?:below\s(?:this\sline\s)?is\sa\scopy|this\sis\sa\scopy|unsent\smessage|original\s(?:message|mail)\s(?:follows|below|header)
        |returned\smessage|message\s(?:text|headers?)\sfollows?|original\s(?:message|mail)\s(?:as\s[^\n]*)?as\sfollows|copy\sof\s(?:the\s)?(?:original\s)?message
        |start\sof\s(?:returned|forwarded)|forwarded\smessage|(?:the\s)?(?:header|body)\s(?:and|of).{0,30}(?:message|mail)
        |your\s(?:original\s)?message\s(?:follows|headers\sfollow|was\s(?:begin|start))|received\smessage\sfollows)
      )[^\n]*$
    | ^[ \t>]*+(?:(?:Return-Path|Received|X-Originating-IP|DKIM-Signature):[ \t]?|Content-Type:[ ]message/rfc822)""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
"""Where the text of a report ends, and a copy of the message that was sent begins."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A message: what a person reads of it, what a machine reads, and what it returns."""

    headers: Headers
    text: str
    """Of all parts that a person reads; HTML only where there is no plain text."""
    report: str
    """The parts of a report that are for machines (RFC 3464, RFC 8098, RFC 5965)."""
    report_type: str
    """One of `delivery-status`, `disposition-notification` and `feedback-report`, or empty."""
    returned: Headers
    """The headers of the message that a report is about."""

    @property
    def sender(self) -> str:
        return address_in(self.headers.get("from", ""))

    @property
    def subject(self) -> str:
        return self.headers.get("subject", "")

    @property
    def prose(self) -> str:
        """The text before a copy of the message that was sent."""
        return self.text[: min(_returned_from(self.text), MOST_PROSE)]


def read(data: bytes) -> Mail:
    """A message from its bytes. Whatever they are, something is read, and no error raised."""
    message = message_from_bytes(data[:MOST_BYTES])
    headers = _headers(message)
    plain: list[str] = []
    rich: list[str] = []
    reports: list[str] = []
    kinds: list[str] = []
    returned: Headers = {}
    parts = list(_parts(message))
    if not any(_is_report(part) for part in parts):
        parts = [inner for part in parts for inner in _parts(_enclosed_report(part) or part)]
    for part in parts:
        kind = part.get_content_type()
        if _is_report(part):
            reports.append(_report(part))
            kinds.append(kind.partition("/")[2])
        elif kind == "message/rfc822" or kind.endswith("rfc822-headers"):
            returned = returned or _returned(part)
        elif _is_attachment(part):
            continue
        elif kind == "text/html":
            rich.append(text_of_html(_text(part)))
        elif kind.startswith("text/") or not part.is_multipart():
            plain.append(_text(part))
    text = "\n".join(plain)
    text = text if text.strip() else "\n".join(rich)
    returned = returned or headers_in(text[_returned_from(text) :])
    return Mail(headers, text, "\n".join(reports), _report_type(headers, kinds), returned)


def _returned_from(text: str) -> int:
    """Where the copy of a message begins, after some other text; the length of the text without one."""
    blank = len(text) - len(text.lstrip())
    return next((found.start() for found in _RETURNED.finditer(text) if found.start() > blank), len(text))


def headers_in(text: str) -> Headers:
    """The headers that a text quotes, at the start of its lines."""
    found: dict[str, str] = {}
    for name, value in re.findall(
        r"^[ \t>]*([A-Za-z][A-Za-z-]{1,40}):[ \t]*(\S[^\n]*(?:\n[ \t]+\S[^\n]*)*)", text, re.M
    ):
        found.setdefault(name.lower(), decoded(value))
    return found


def address_in(value: str) -> str:
    """The address in a header, in lower case; empty without one."""
    value = re.sub(r"@[\w.-]+(?:,@[\w.-]+)*:", "", value)  # the route of RFC 822: <@relay:ada@example.org>
    found = parseaddr(value)[1].strip("<>.").lower() if "@" in value else ""
    return found if re.fullmatch(r"[^\s@|]+@[^\s@/]+", found) else next(iter(addresses_in(value)), "")


def addresses_in(text: str) -> list[str]:
    """All addresses in a text, in lower case and in order, each once.

    Characters that are more often part of a link or a command than of an address end it.
    """
    found = re.findall(r"""(?:(?<=<)"[^"\n]{1,64}"|[\w!#$%'*+^`{}~.-]{1,64})@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}""", text)
    return list(dict.fromkeys(each.lower().strip(".'") for each in found))


def decoded(value: str) -> str:
    """A header without encoded words (RFC 2047) and folds; what cannot be decoded stays as it is."""
    try:
        parts = [
            part.decode(charset or "latin-1", "replace") if isinstance(part, bytes) else part
            for part, charset in decode_header(value[:MOST_OF_HEADER])
        ]
    except (LookupError, ValueError, HeaderParseError):
        return value
    return " ".join("".join(parts).split()) if value.strip() else ""


def text_of_html(html: str) -> str:
    """The text of a page; line breaks as a browser would show them, more or less."""
    parser = _Text()
    html = _with_complete_tags(html)
    try:
        parser.feed(html)
        parser.close()
    except AssertionError:  # raised for some broken declarations
        return re.sub(r"<[^>]*>", " ", html)
    return re.sub(r"\n[ \t]*\n\s*", "\n\n", "".join(parser.parts)).strip()


def _with_complete_tags(html: str) -> str:
    """A page without comments, and without tags that do not end: their time grows with the square of their number."""
    parts, at = [], 0
    while (start := html.find("<!--", at)) >= 0 and (end := html.find("-->", start + 4)) >= 0:
        parts.append(html[at:start])
        at = end + len("-->")
    return re.sub(r"<(?=[^<>]*+(?:<|\Z))", "&lt;", "".join([*parts, html[at:]]))


class _Text(HTMLParser):
    _BREAKS: Final = frozenset(("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "pre", "hr"))
    _SKIPPED: Final = frozenset(("script", "style", "head", "title"))

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipping += tag in self._SKIPPED
        if tag in self._BREAKS:
            self.parts.append("\n")
        if tag == "blockquote":
            self.parts.append("\n> ")

    def handle_endtag(self, tag: str) -> None:
        self._skipping = max(self._skipping - (tag in self._SKIPPED), 0)
        if tag in self._BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.parts.append(re.sub(r"\s+", " ", data))


def _headers(message: Message) -> Headers:
    found: dict[str, str] = {}
    for name, value in message.raw_items():  # as they are: `items` decodes, and may raise
        text = decoded(str(value))
        found[name.lower()] = f"{found[name.lower()]}\n{text}" if name.lower() in found else text
    return found


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a message, but not those of what it encloses."""
    kind = message.get_content_type()
    if kind.startswith("message/"):
        yield message
    elif message.is_multipart():
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part)
    else:
        yield message


def _is_report(part: Message) -> bool:
    return part.get_content_type().partition("/")[2] in _REPORTS


def _enclosed_report(part: Message) -> Message | None:
    """The report that another one encloses, as a gateway passes it on."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    return inner if isinstance(inner, Message) and inner.get_content_type() == "multipart/report" else None


def _is_attachment(part: Message) -> bool:
    named = "attachment" in str(part.get("content-disposition", "")).lower()
    return named or part.get_content_maintype() in ("image", "application", "audio", "video")


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(part.get_payload() or "")
    charset = str(part.get_param("charset") or "utf-8").strip("'\" ")
    try:
        return payload.decode(charset)
    except (LookupError, ValueError, HeaderParseError):
        return payload.decode("utf-8", "replace") if _is_utf8(payload) else payload.decode("latin-1")


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _report(part: Message) -> str:
    """The blocks of a report, with a blank line between them."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return _text(part)
    blocks = [each for each in payload if isinstance(each, Message)]
    fields = ("\n".join(f"{name}: {value}" for name, value in each.raw_items()) for each in blocks)
    return "\n\n".join([*fields, *(_text(each) for each in blocks if not each.is_multipart())])


def _returned(part: Message) -> Headers:
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if isinstance(inner, Message) and len(_headers(inner)) > 1:
        return _headers(inner)
    return headers_in(_text(inner if isinstance(inner, Message) else part))


def _report_type(headers: Headers, kinds: list[str]) -> str:
    if kinds:
        return kinds[0]
    stated = re.search(r"report-type=[\"']?([a-z-]+)", headers.get("content-type", ""), re.IGNORECASE)
    return stated[1].lower() if stated and stated[1].lower() in _REPORTS else ""
