"""Which bytes leave for an approved letter? (RFC 5322, RFC 8058)

No text of ours or of others can add a header: addresses and texts with line breaks are refused.
"""

from __future__ import annotations

import re
from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from uuid import UUID

from services.notifier.domain.correlating import header_id

POLICY = SMTP.clone(max_line_length=900)
"""Raises `ValueError` for a header with a line break. A shorter limit would encode the words of long links."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is sent."""

    message_id: UUID
    from_name: str
    from_email: str
    to_name: str | None
    to_email: str
    subject: str
    body: str
    in_reply_to: str | None = None
    """The Message-ID of the earlier letter that it replies to."""


@dataclass(frozen=True, slots=True)
class Headers:
    """What the operator's settings add to a letter."""

    unsubscribe_url: str
    unsubscribe_email: str
    reply_to: str | None = None


def compose(letter: Letter, headers: Headers, at: datetime) -> bytes:
    """The letter as text and as simple HTML; raises `ValueError` for an address or a text that could add a header."""
    message = EmailMessage(policy=POLICY)
    message["From"] = _address(letter.from_name, letter.from_email)
    message["To"] = _address(letter.to_name or "", letter.to_email)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = header_id(letter.message_id, letter.from_email)
    if headers.reply_to:
        message["Reply-To"] = _address(letter.from_name, headers.reply_to)
    if letter.in_reply_to:
        message["In-Reply-To"] = letter.in_reply_to
        message["References"] = letter.in_reply_to
    message["List-Unsubscribe"] = (
        f"<{headers.unsubscribe_url}>, <mailto:{headers.unsubscribe_email}?subject=unsubscribe>"
    )
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["MIME-Version"] = "1.0"
    boundary = f"=_{letter.message_id.hex}"
    message["Content-Type"] = f'multipart/alternative; boundary="{boundary}"'
    message.set_payload(_parts(boundary, {"plain": letter.body, "html": html_of(letter.body)}))
    return message.as_bytes()


def _parts(boundary: str, texts: Mapping[str, str]) -> str:
    """Both texts as parts, put together here because the library takes three times as long as all the rest."""
    parts = [
        f'--{boundary}\r\nContent-Type: text/{kind}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{_quoted(text)}\r\n"
        for kind, text in texts.items()
    ]
    return f"{''.join(parts)}--{boundary}--\r\n"


def _quoted(text: str) -> str:
    """Lines of at most 76 ASCII characters, which no server on the way changes. No boundary begins like this."""
    lines = "".join(f"{line}\r\n" for line in text.splitlines())
    return b2a_qp(lines.encode(), istext=True).decode("ascii")


def html_of(body: str) -> str:
    """The same words as paragraphs, without a style, an image or a link that the text does not have.

    Words between asterisks, as in *11% more*, are bold.
    """
    paragraphs = [_html(each) for each in body.split("\n\n")]
    return "<!doctype html>\n<html><body>\n" + "".join(f"<p>{each}</p>\n" for each in paragraphs) + "</body></html>\n"


def _html(paragraph: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", escape(paragraph)).replace("\n", "<br>\n")


_BOLD = re.compile(r"(?<![\w*])\*(?![\s*])([^*\n]{0,200}[^*\s])\*(?![\w*])")


def _address(name: str, email: str) -> Address:
    """Raises `ValueError` for a name or an address with a line break, and for an address that is none."""
    if any(ord(character) < 32 for character in f"{name}{email}"):
        raise ValueError(f"{email!r} or its name has a line break; correct the contact")
    return Address(name, addr_spec=email)
