"""How is the HTTP surface described to those who set up a mail service?"""

from __future__ import annotations

from typing import Any

from shared.http import openapi
from shared.http.openapi import errors, json

_RECEIVED = {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}


_BASIC = {"basic": {"type": "http", "scheme": "basic"}}
_WRONG_LOGIN = {"401": openapi.error("The user or the password is missing or wrong")}
_WRONG_SIGNATURE = {"403": openapi.error("It is not signed by SNS, for another topic, or too old")}


def document() -> dict[str, Any]:
    """The OpenAPI document."""
    postmark = _post("fromPostmark", "A message, a bounce or a complaint, from Postmark", _WRONG_LOGIN)
    ses = _post("fromSes", "A message or a notice of SES, signed by SNS", _WRONG_SIGNATURE)
    paths = {"/mail/postmark": {"post": postmark}, "/mail/ses": {"post": ses | {"security": []}}}
    description = "Mail services pass on what came back: Postmark with a password (HTTP Basic), SES with its signature."
    return openapi.document("notifier", description, paths, {}, schemes=_BASIC)


def _post(name: str, summary: str, refused: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {"required": True, **json({"type": "object"})},
        "responses": {
            "200": {"description": "Received, now or before", **json(_RECEIVED)},
            **errors("400", "404", "413", with_key=False),
            **refused,
        },
    }
