"""Is a request from SNS, about our topic, and recent, before its signature is checked? (SNS: verifying signatures)"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

MOST_AGE = timedelta(days=1)
"""A request that is older was recorded and sent again."""

_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9a-zA-Z]{1,64}\.pem")
_TOPIC = re.compile(r"arn:(?:aws|aws-cn|aws-us-gov):sns:(?P<region>[a-z0-9-]{3,30}):\d{12}:[\w-]{1,256}")


def server_of(topic: str) -> str:
    """The server of SNS for a topic; raises `ValueError` for a text that is none."""
    found = _TOPIC.fullmatch(topic)
    if not found:
        raise ValueError("PIPELINE_SES_TOPIC must be like arn:aws:sns:us-east-1:123456789012:mail")
    domain = "amazonaws.com.cn" if topic.startswith("arn:aws-cn:") else "amazonaws.com"
    return f"https://sns.{found['region']}.{domain}"


def objection(body: Mapping[str, Any], topic: str, server: str, now: datetime) -> str | None:
    """Why a request is refused before its signature is checked; None if it is not."""
    if body.get("Type") not in tuple(_SIGNED) or not all(isinstance(body.get(name), str) for name in _needed(body)):
        return "This is no message of SNS."
    if body["TopicArn"] != topic:
        return "This is not the topic that PIPELINE_SES_TOPIC names."
    if body.get("SignatureVersion") not in ("1", "2") or not isinstance(body.get("Signature"), str):
        return "The signature has a version that is not known."
    if not _is_certificate(body.get("SigningCertURL"), server):
        return "The certificate is not at the server of SNS."
    sent = _time(body["Timestamp"])
    if sent is None or abs(now - sent) > MOST_AGE:
        return "The message is too old."
    return None


def signed_text(body: Mapping[str, Any]) -> bytes:
    """What the signature of a message signs."""
    names = [name for name in _SIGNED[body["Type"]] if name in body]
    return "".join(f"{name}\n{body[name]}\n" for name in names).encode()


def confirmation(body: Mapping[str, Any], server: str) -> str:
    """The address that confirms a subscription: made of its token, so that no other server is ever called."""
    topic, token = quote(body["TopicArn"], safe=""), quote(body["Token"], safe="")
    return f"{server}/?Action=ConfirmSubscription&TopicArn={topic}&Token={token}"


def _needed(body: Mapping[str, Any]) -> list[str]:
    return [name for name in _SIGNED[body["Type"]] if name != "Subject" or name in body]


def _is_certificate(url: Any, server: str) -> bool:
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return url == f"{server}{parts.path}" and bool(_CERTIFICATE.fullmatch(parts.path))


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
