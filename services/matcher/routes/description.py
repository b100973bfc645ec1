"""How is the HTTP surface described to the author of a client?"""

from __future__ import annotations

from typing import Any

from services.matcher.domain.reconciliation import PATH
from services.matcher.domain.reconciliation_queries import LONGEST
from services.matcher.settings import MAX_BYTES, MAX_QUERIES
from shared.http import openapi
from shared.http.openapi import errors, json, ref


def document() -> dict[str, Any]:
    """The OpenAPI document of the Reconciliation Service API 0.2; its JSON schemas describe the replies in detail."""
    paths = {
        PATH: {"get": _manifest(), "post": _batch()},
        f"{PATH}/suggest/{{kind}}": {"get": _suggest()},
        f"{PATH}/preview": {"get": _preview()},
    }
    description = "Programs reconcile their own lists with the directory of facilities. Each has an API key."
    return openapi.document(
        "matcher",
        description,
        paths,
        {"Answers": _ANSWERS, "Suggestions": _SUGGESTIONS},
        openapi.KEYS | openapi.KEY_IN_URL,
    )


def _manifest() -> dict[str, Any]:
    return {
        "operationId": "manifest",
        "summary": "The manifest, which needs no API key; or the results of `queries`",
        "parameters": [{"name": "queries", "in": "query", "schema": {"type": "string"}}],
        "responses": {
            "200": {"description": "The manifest, or results", **json({"type": "object"})},
            **errors("400", "413"),
        },
    }


def _batch() -> dict[str, Any]:
    form = {"type": "object", "required": ["queries"], "properties": {"queries": {"type": "string"}}}
    batch = {"type": "object", "description": "The queries by keys that you choose, or such an object under `queries`"}
    return {
        "operationId": "reconcile",
        "summary": f"Up to {MAX_QUERIES:,} queries as one JSON object, texts of {LONGEST} characters in each; at most"
        f" {MAX_BYTES:,} bytes",
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": form}, "application/json": {"schema": batch}},
        },
        "responses": {
            "200": {"description": "A result for each query", **json(ref("Answers"))},
            **errors("400", "413"),
        },
    }


def _suggest() -> dict[str, Any]:
    kinds = {"type": "string", "enum": ["entity", "property", "type"]}
    prefix = {"type": "string", "maxLength": LONGEST}
    return {
        "operationId": "suggest",
        "summary": "Entries that begin with a prefix",
        "parameters": [
            {"name": "kind", "in": "path", "required": True, "schema": kinds},
            {"name": "prefix", "in": "query", "schema": prefix},
        ],
        "responses": {
            "200": {"description": "Up to ten suggestions", **json(ref("Suggestions"))},
            **errors("404", "422"),
        },
    }


def _preview() -> dict[str, Any]:
    html = {"content": {"text/html": {"schema": {"type": "string"}}}}
    return {
        "operationId": "preview",
        "summary": "A facility in a few lines",
        "parameters": [{"name": "id", "in": "query", "description": "Its account key", "schema": {"type": "string"}}],
        "responses": {
            "200": {"description": "The facility", **html},
            "404": {"description": "No facility has this key", **html},
            **errors(),
        },
    }


_CANDIDATE: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name", "score", "match"],
    "properties": {
        "id": {"type": "string", "description": "The account key"},
        "name": {"type": "string"},
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean", "description": "Whether it would be matched automatically; at most the first one"},
    },
}
_ANSWERS: dict[str, Any] = {
    "type": "object",
    "description": "By the keys of the queries",
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {
            "result": {"type": "array", "items": _CANDIDATE},
            "message": {"type": "string", "description": "What was left out of the query, or why it has no candidate"},
        },
    },
}
_SUGGESTIONS: dict[str, Any] = {
    "type": "object",
    "required": ["result"],
    "properties": {"result": {"type": "array", "items": {"type": "object", "required": ["id", "name"]}}},
}
