"""How is the HTTP surface described to whoever writes a client?"""

from __future__ import annotations

from typing import Any

from services.ingest.settings import MOST_BYTES, MOST_POSTINGS
from services.ingest.submissions import PostingForm


def document() -> dict[str, Any]:
    """OpenAPI 3.1; the schema of a posting is the model that validates it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Facility Pipeline: ingest",
            "version": "1",
            "description": "Sources submit the postings that they see. A source has one key, which says who it is.",
        },
        "security": [{"bearer": []}, {"key": []}],
        "paths": {
            "/postings": {"post": _submit()},
            "/postings/{posting_id}": {"get": _read()},
            "/postings/{posting_id}/close": {"post": _close()},
        },
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
            "schemas": {
                "Posting": PostingForm.model_json_schema(),
                "Result": _RESULT,
                "State": _STATE,
                "Error": _ERROR,
            },
        },
    }


def _submit() -> dict[str, Any]:
    one, many = _ref("Posting"), {"type": "array", "items": _ref("Posting"), "minItems": 1, "maxItems": MOST_POSTINGS}
    results = {"type": "object", "properties": {"results": {"type": "array", "items": _ref("Result")}}}
    return {
        "operationId": "submitPostings",
        "summary": f"Submit one posting or up to {MOST_POSTINGS}; at most {MOST_BYTES:,} bytes",
        "requestBody": {"required": True, **_json({"oneOf": [one, many]})},
        "responses": {
            "200": {"description": "Known already, or a list's results", **_json({"oneOf": [_ref("Result"), results]})},
            "201": {"description": "New", **_json(_ref("Result"))},
            "422": {"description": "Fields are wrong", **_json(_ref("Result"))},
            **_errors("400", "401", "413", "429", "503"),
        },
    }


def _read() -> dict[str, Any]:
    return {
        "operationId": "readPosting",
        "summary": "One of your postings, and what became of it",
        "parameters": [_ID],
        "responses": {
            "200": {"description": "Its state", **_json(_ref("State"))},
            **_errors("401", "404", "429", "503"),
        },
    }


def _close() -> dict[str, Any]:
    body = {"type": "object", "properties": {"closed_on": {"type": "string", "format": "date"}}}
    return {
        "operationId": "closePosting",
        "summary": "Report that one of your postings is gone; today, if no day is said",
        "parameters": [_ID],
        "requestBody": {"required": False, **_json(body)},
        "responses": {
            "200": {"description": "Its state", **_json(_ref("State"))},
            **_errors("400", "401", "404", "413", "422", "429", "503"),
        },
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _errors(*codes: str) -> dict[str, Any]:
    return {code: {"description": _MEANING[code], **_json(_ref("Error"))} for code in codes}


_MEANING = {
    "400": "The body is not JSON",
    "401": "The key is missing or nobody's",
    "404": "Your source has no such posting",
    "413": "The body is too long",
    "422": "Fields are wrong",
    "429": "Too many requests with this key; `Retry-After` says how many seconds to wait",
    "503": "The database is away; try again",
}
_ID = {"name": "posting_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_RESULT: dict[str, Any] = {
    "type": "object",
    "required": ["index", "posting_id", "status", "errors", "ignored_fields"],
    "properties": {
        "index": {"type": "integer", "description": "Its place in the list"},
        "posting_id": {"type": ["string", "null"], "format": "uuid"},
        "status": {"type": "integer", "enum": [200, 201, 422]},
        "errors": {**_TEXTS, "description": "What is wrong, by field"},
        "ignored_fields": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Came along and were not stored",
        },
    },
}
_STATE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "posting_id": {"type": "string", "format": "uuid"},
        "version": {"type": "integer"},
        "role_family": {"type": "string"},
        "urgency": {"type": "integer", "minimum": 0, "maximum": 4},
        "first_seen_on": {"type": "string", "format": "date"},
        "last_seen_on": {"type": "string", "format": "date"},
        "closed_on": {"type": ["string", "null"], "format": "date"},
        "outcome": {"type": "object", "description": "Matched, queued or ignored, as the matcher decided"},
    },
}
_ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["message"],
    "properties": {"message": {"type": "string"}, "errors": _TEXTS, "retry_after": {"type": "integer"}},
}
