"""What do mail services report in JSON: Amazon SES (also in messages and through SNS), SendGrid, Postmark?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engines.mail.recipients import Action, Recipient, failed


def notices(text: str) -> list[Recipient]:
    """The recipients of whom a text tells that is JSON, or begins with it; none if it is something else."""
    start = text.lstrip().removeprefix("\ufeff")
    if not start.startswith(("{", "[")):
        return []
    try:
        # Messages of SNS end their lines with "!" and a break (RFC 2822 allows 998 characters in a line).
        content, _ = json.JSONDecoder().raw_decode(start.replace("!\n ", "").replace("!\r\n ", ""))
    except (ValueError, RecursionError):
        return []
    rows = content if isinstance(content, list) else [content]
    return [notice for row in rows if isinstance(row, dict) for notice in _of_row(row)]


def _of_row(row: Mapping[str, Any]) -> Iterator[Recipient]:
    if isinstance(row.get("Message"), str) and "Type" in row:
        yield from notices(row["Message"])
    elif kind := row.get("notificationType") or row.get("eventType"):
        yield from _of_ses(str(kind).lower(), row)
    elif row.get("RecordType"):
        yield from _of_postmark(row)
    elif "email" in row and ("event" in row or "reason" in row):
        yield from _of_sendgrid(row)


def _of_ses(kind: str, row: Mapping[str, Any]) -> Iterator[Recipient]:
    stated = row.get(kind)
    detail: Mapping[str, Any] = stated if isinstance(stated, dict) else {}
    if kind == "delivery":
        for address in _texts(detail.get("recipients")):
            yield Recipient(address.lower(), "delivered", False, "delivered")
    for each in _rows(detail.get("bouncedRecipients")):
        found = failed(
            _text(each, "emailAddress").lower(),
            _text(each, "diagnosticCode"),
            _text(detail, "bounceSubType"),
            _text(each, "status"),
        )
        if detail.get("bounceType") == "Transient":
            found = Recipient(found.address, found.reason, False)
        yield found
    for each in _rows(detail.get("complainedRecipients")):
        yield Recipient(_text(each, "emailAddress").lower(), "complaint", False, "complained")


def _of_sendgrid(row: Mapping[str, Any]) -> Iterator[Recipient]:
    address, event = _text(row, "email").lower(), _text(row, "event") or "bounce"
    actions: dict[str, Action] = {"delivered": "delivered", "spamreport": "complained", "deferred": "delayed"}
    if event in ("bounce", "dropped", "deferred"):
        yield failed(address, _text(row, "reason"), "", _text(row, "status"), delayed=event == "deferred")
    elif event in actions:
        reason = "complaint" if event == "spamreport" else "delivered"
        yield Recipient(address, reason, False, actions[event])


def _of_postmark(row: Mapping[str, Any]) -> Iterator[Recipient]:
    address = (_text(row, "Email") or _text(row, "Recipient")).lower()
    kind = _text(row, "Type")
    match row.get("RecordType"):
        case "Bounce" if kind in ("SpamComplaint",):
            yield Recipient(address, "complaint", False, "complained")
        case "SpamComplaint":
            yield Recipient(address, "complaint", False, "complained")
        case "Bounce":
            found = failed(address, _text(row, "Details"), _text(row, "Description"), "")
            yield Recipient(address, found.reason, kind in ("HardBounce", "BadEmailAddress"))
        case "Delivery":
            yield Recipient(address, "delivered", False, "delivered")


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return str(value) if isinstance(value, str | int) else ""
