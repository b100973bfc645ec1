"""How is the HTTP surface described to those who set up a mail service?"""

from __future__ import annotations

from typing import Any

from shared.http import openapi
from shared.http.openapi import errors, json

_RECEIVED = {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}


def document() -> dict[str, Any]:
    """The OpenAPI document."""
    paths = {
        "/mail/postmark": {"post": _post("fromPostmark", "A message, a bounce or a complaint, from Postmark")},
        "/mail/ses": {"post": _post("fromSes", "A message or a notice of SES, signed by SNS")},
    }
    description = "Mail services pass on what came back: Postmark with a password (HTTP Basic), SES with its signature."
    return openapi.document("notifier", description, paths, {})


def _post(name: str, summary: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "security": [],
        "requestBody": {"required": True, **json({"type": "object"})},
        "responses": {
            "200": {"description": "Received, now or before", **json(_RECEIVED)},
            **errors("400", "401", "404", "413", "503"),
        },
    }
