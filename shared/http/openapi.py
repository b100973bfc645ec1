"""Which parts do the OpenAPI 3.1 documents of all HTTP surfaces share?"""

from __future__ import annotations

from typing import Any

from shared.http.json_surface import KEY_PARAMETER

_MEANING = {
    "400": "The request cannot be read",
    "401": "The API key is missing or unknown",
    "403": "The API key is not for this",
    "404": "Not found",
    "409": "This is not possible as things are; the message states why",
    "410": "This was removed; the message states what to do",
    "413": "The request is too large",
    "415": "The content is encoded in a way that is not read",
    "422": "Fields are invalid",
    "429": "Too many requests with this key; `Retry-After` is the number of seconds to wait",
    "500": "This failed on our side",
    "503": "The database is unavailable or read-only; `Retry-After` is the number of seconds to wait",
}
_OF_EVERY_OPERATION = ("500", "503")
_OF_KEYS = ("401", "429")
KEYS: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
KEY_IN_URL: dict[str, Any] = {"url": {"type": "apiKey", "in": "query", "name": KEY_PARAMETER}}
TEXTS: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "string"}}
ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["message"],
    "properties": {"message": {"type": "string"}, "errors": TEXTS, "retry_after": {"type": "integer"}},
}


def document(
    title: str,
    description: str,
    paths: dict[str, Any],
    schemas: dict[str, Any],
    schemes: dict[str, Any] = KEYS,
) -> dict[str, Any]:
    """A complete document; callers have an API key, or use other `schemes`."""
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Facility Pipeline: {title}", "version": "1", "description": description},
        "security": [{name: []} for name in schemes],
        "paths": paths,
        "components": {"securitySchemes": schemes, "schemas": {**schemas, "Error": ERROR}},
    }


def json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def errors(*codes: str, with_key: bool = True) -> dict[str, Any]:
    """The errors of an operation: these, those of API keys, and those that every operation can have."""
    found = sorted({*codes, *_OF_EVERY_OPERATION, *(_OF_KEYS if with_key else ())})
    return {code: error(_MEANING[code]) for code in found}


def error(meaning: str) -> dict[str, Any]:
    return {"description": meaning, **json(ref("Error"))}
