"""Which bytes does a chat or a mail server get? No text can add a header, mention people or hide where a link leads."""

from __future__ import annotations

import json
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from services.courier.domain.noticing import Message

POLICY: Final = SMTP.clone(max_line_length=900)
"""Raises `ValueError` for a header with a line break."""
SECTION: Final = 2_900
"""Characters of a block; Slack allows 3,000."""
SENDER: Final = "Facility Pipeline"
PASSING: Final = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
)
"""The chat does not accept this notice, or not now; others may be accepted."""
LOST: Final = frozenset({"no_service", "invalid_token", "no_team", "team_disabled", "channel_is_archived"})
"""Words of Slack for an address that accepts nothing any more, whatever the status."""


def escaped(text: str) -> str:
    """As Slack shows it literally: without these, a name could mention a channel or be a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def slack(message: Message, link: str | None) -> bytes:
    """The body of a request to an incoming webhook."""
    title = escaped(message.title)
    parts = [f"*{title}*", *(f"• {escaped(line)}" for line in message.lines), *_end(message)]
    if link:
        parts.append(f"<{escaped(link)}|Open the console>")
    sections: list[str] = []
    for part in parts:
        if sections and len(sections[-1]) + len(part) < SECTION:
            sections[-1] += f"\n{part}"
        else:
            sections.append(part)
    return json.dumps(
        {
            "text": title,
            "mrkdwn": False,
            "link_names": False,
            "unfurl_links": False,
            "unfurl_media": False,
            "blocks": [_section(text) for text in sections],
        }
    ).encode()


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def mail(notice_id: UUID, message: Message, sender: str, recipient: str, link: str | None, at: datetime) -> bytes:
    """A digest; raises `ValueError` for an address that could add a header. Programs that reply to mail ignore it."""
    letter = EmailMessage(policy=POLICY)
    letter["From"] = Address(SENDER, addr_spec=sender)
    letter["To"] = Address(addr_spec=recipient)
    letter["Subject"] = message.title
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = f"<{notice_id}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    lines = [f"- {line}" for line in message.lines]
    parts = [message.title, "", *lines, *_end(message), *(["", link] if link else [])]
    letter.set_content("\n".join(parts) + "\n")
    return letter.as_bytes()


def _end(message: Message) -> list[str]:
    return [f"... and {message.more:,} more"] if message.more else []


def refusal(status: int, body: str) -> str | None:
    """Why a chat does not accept notices at all until a person does something; None if it may accept the next one."""
    theirs = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in PASSING
    if body not in LOST and not theirs:
        return None
    return f"The chat answered {status} {body}".strip() + ": its address is no longer valid, or it does not allow this."
