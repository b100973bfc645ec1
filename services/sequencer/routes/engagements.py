"""How do programs report engagement over HTTP?

Every program has its own API key, which identifies it as the source.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import ValidationError
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from engines.problems import problems, sentence
from services.sequencer.usecases import engaging
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_engagement import MOST, Engagement, RecordedEngagement
from shared.http import openapi
from shared.http.backend import backend_of, json_of
from shared.http.json_surface import Answer, endpoint, holder_of, key_hash_of, with_fallback
from shared.http.openapi import TEXTS, errors, json, ref

MAX_BYTES = 1_000_000

Result = dict[str, Any]


@endpoint
async def report(request: Request) -> Answer:
    """One engagement: 201, 200 or its error. A list of them: 200 with each one's result."""
    key = key_hash_of(request)
    async with backend_of(request).begin() as tx:
        source = await holder_of(tx, key)
    body = await json_of(request, MAX_BYTES)
    many = body if isinstance(body, list) else [body]
    if not 1 <= len(many) <= MOST:
        raise Refused(f"Send 1 to {MOST} engagements at a time; these are {len(many)}.", 422)
    read = [_read(each) for each in many]
    async with backend_of(request).begin() as tx:
        tx.actor = source
        recorded = iter(await engaging.record(tx, source, [each for each in read if isinstance(each, Engagement)]))
    results = [_result(at, next(recorded) if isinstance(each, Engagement) else each) for at, each in enumerate(read)]
    return (200, {"results": results}) if isinstance(body, list) else (results[0]["status"], results[0])


@endpoint
async def describe(request: Request) -> Answer:
    return 200, document()


def _read(values: Any) -> Engagement | Refused:
    try:
        return Engagement.model_validate(values)
    except ValidationError as invalid:
        return Refused(sentence(invalid, "engagement"), 422, problems(invalid, "engagement"))


def _result(index: int, recorded: RecordedEngagement | Refused) -> Result:
    if isinstance(recorded, Refused):
        return _form(index, recorded.code, message=str(recorded), errors=recorded.fields)
    return _form(index, 201 if recorded.changed else 200, recorded.engagement_id, recorded.facility_id)


def _form(
    index: int,
    status: int,
    engagement_id: UUID | None = None,
    facility_id: str | None = None,
    message: str = "",
    errors: dict[str, str] | None = None,
) -> Result:
    return {
        "index": index,
        "status": status,
        "engagement_id": engagement_id,
        "facility_id": facility_id,
        "message": message,
        "errors": errors or {},
    }


def document() -> dict[str, Any]:
    """The OpenAPI document. The schema of an engagement is derived from the model that validates it."""
    description = "Programs report what prospects did. A program has one API key, which identifies it as the source."
    schemas = {"Engagement": Engagement.model_json_schema(), "Result": _RESULT}
    return openapi.document("sequencer", description, {"/engagements": {"post": _report()}}, schemas)


def _report() -> dict[str, Any]:
    one, many = ref("Engagement"), {"type": "array", "items": ref("Engagement"), "minItems": 1, "maxItems": MOST}
    results = {"type": "object", "properties": {"results": {"type": "array", "items": ref("Result")}}}
    return {
        "operationId": "reportEngagement",
        "summary": f"Report one engagement or up to {MOST}; at most {MAX_BYTES:,} bytes",
        "requestBody": {"required": True, **json({"oneOf": [one, many]})},
        "responses": {
            "200": {
                "description": "Recorded before, or the results of a list",
                **json({"oneOf": [ref("Result"), results]}),
            },
            "201": {"description": "New", **json(ref("Result"))},
            "404": {"description": "The account or the contact is unknown", **json(ref("Result"))},
            "409": {"description": "The address is a contact of several facilities", **json(ref("Result"))},
            "422": {"description": "Fields are invalid", **json(ref("Result"))},
            **errors("400", "401", "413", "429", "503"),
        },
    }


_RESULT: dict[str, Any] = {
    "type": "object",
    "required": ["index", "status", "engagement_id", "facility_id", "message", "errors"],
    "properties": {
        "index": {"type": "integer", "description": "Its position in the list"},
        "status": {"type": "integer", "enum": [200, 201, 404, 409, 422]},
        "engagement_id": {"type": ["string", "null"], "format": "uuid"},
        "facility_id": {"type": ["string", "null"]},
        "message": {"type": "string", "description": "Why it was not recorded"},
        "errors": {**TEXTS, "description": "What is wrong, by field"},
    },
}


def routes() -> list[BaseRoute]:
    return with_fallback(
        [
            Route("/engagements", report, methods=["POST"]),
            Route("/openapi.json", describe, methods=["GET"]),
        ]
    )
