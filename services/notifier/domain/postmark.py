"""Which message does Postmark pass on? Its JSON becomes a message as a mailbox would have it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email.header import Header
from typing import Any

_KEPT = re.compile(
    r"(?:message-id|in-reply-to|references|return-path|delivered-to|x-original-to|auto-submitted|precedence|x-auto[\w-]*"
    r"|x-failed-recipients)",
    re.IGNORECASE,
)


def is_inbound(body: Mapping[str, Any]) -> bool:
    """Whether it is a message that arrived, and not a notice about one that left."""
    return "RecordType" not in body and ("From" in body or "RawEmail" in body)


def message_of(body: Mapping[str, Any]) -> bytes:
    """The message: the original if Postmark sends it, else one with the same headers and text, without attachments."""
    if isinstance(raw := body.get("RawEmail"), str) and raw:
        return raw.encode("utf-8", "surrogateescape")
    text, html = _text(body, "TextBody"), _text(body, "HtmlBody")
    kind = "html" if html and not text else "plain"
    lines = [f"{name}: {_encoded(value)}" for name, value in _headers(body)]
    head = [*lines, "MIME-Version: 1.0", f"Content-Type: text/{kind}; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return "\r\n".join([*head, "", text or html]).encode()


def _encoded(value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8").encode(linesep="\r\n")


def _headers(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    stated = {"From": "From", "To": "To", "Cc": "Cc", "Subject": "Subject", "Date": "Date"}
    named = [(name, _text(body, key)) for name, key in stated.items()]
    named.append(("X-Envelope-To", _text(body, "OriginalRecipient")))
    given = body.get("Headers")
    rows = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    named += [(_text(each, "Name"), _text(each, "Value")) for each in rows if _KEPT.fullmatch(_text(each, "Name"))]
    seen: set[str] = set()
    for name, value in named:
        if value and name.lower() not in seen:
            seen.add(name.lower())
            yield name, " ".join(value.split())


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
