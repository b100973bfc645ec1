"""How is the HTTP surface described to the author of a client?"""

from __future__ import annotations

from typing import Any

from services.ingest.routes import outcomes
from services.ingest.settings import MAX_BYTES
from services.ingest.usecases.submissions import form
from shared.contracts import ingest as contract
from shared.contracts.ingest import MAX_POSTINGS
from shared.http import openapi
from shared.http.openapi import TEXTS, errors, json, ref


def document() -> dict[str, Any]:
    """The OpenAPI document. The schema of a posting is derived from the model that validates it."""
    paths = {
        "/postings": {"post": _submit()},
        "/postings/{posting_id}": {"get": _read()},
        "/postings/{posting_id}/close": {"post": _close()},
        "/outcomes": {"get": outcomes.description()},
    }
    schemas = {"Posting": form().model_json_schema(), "Result": _RESULT, "State": _STATE, "Outcomes": outcomes.schema()}
    description = "Sources submit the postings that they see. A source has one API key, which identifies it."
    return openapi.document("ingest", description, paths, schemas)


def _submit() -> dict[str, Any]:
    one, many = ref("Posting"), {"type": "array", "items": ref("Posting"), "minItems": 1, "maxItems": MAX_POSTINGS}
    listed = {"type": "array", "items": ref("Result")}
    results = {"type": "object", "required": ["results"], "properties": {"results": listed}}
    invalid = {"oneOf": [ref("Result"), ref("Error")]}
    return {
        "operationId": "submitPostings",
        "summary": f"Submit one posting or up to {MAX_POSTINGS} in at most {MAX_BYTES:,} bytes; any number as lines",
        "requestBody": {"required": True, "content": _either({"oneOf": [one, many]}, _LINES_SENT)},
        "responses": {
            "200": {
                "description": "Existing, or the results of a list or of lines",
                "content": _either({"oneOf": [ref("Result"), results]}, _LINES_ANSWERED),
            },
            "201": {"description": "New", **json(ref("Result"))},
            **errors("400", "413", "415"),
            "422": {
                "description": "The result of an invalid posting; or too few or too many postings",
                **json(invalid),
            },
        },
    }


def _either(of_json: dict[str, Any], of_lines: str) -> dict[str, Any]:
    """The content of a list, and that of lines, which JSON Schema cannot describe."""
    return {
        "application/json": {"schema": of_json},
        "application/x-ndjson": {"schema": {"type": "string", "description": of_lines}},
    }


def _read() -> dict[str, Any]:
    return {
        "operationId": "readPosting",
        "summary": "One of your postings, and its outcome",
        "parameters": [_ID],
        "responses": {
            "200": {"description": "Its state and outcome", **json(_STATE_AND_OUTCOME)},
            **errors("404"),
        },
    }


def _close() -> dict[str, Any]:
    body = {"type": "object", "properties": {"closed_on": {"type": "string", "format": "date"}}}
    return {
        "operationId": "closePosting",
        "summary": "Report that one of your postings is closed, today if no date is given",
        "parameters": [_ID],
        "requestBody": {"required": False, **json(body)},
        "responses": {
            "200": {"description": "Its state", **json(ref("State"))},
            **errors("400", "404", "413", "422"),
        },
    }


_LINES_SENT = """A Posting on each line, as many as there are, compressed with gzip if `Content-Encoding` states it.
Content types application/ndjson and application/jsonl are the same."""
_LINES_ANSWERED = """A Result for each line, while more are read, with its number in `line` and the stated
`source_posting_id` instead of `index`. The last line has `complete`, `lines` (the number of the last line that was
answered), `new`, `seen` and `refused`; if not all could be read, `complete` is false, with `status`, `message` and
perhaps `retry_after`. What was answered is stored; sending it again changes nothing."""
_ID = {"name": "posting_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
_RESULT: dict[str, Any] = {
    "type": "object",
    "required": ["index", "posting_id", "status", "errors", "warnings", "ignored_fields"],
    "properties": {
        "index": {"type": "integer", "description": "Its position in the list"},
        "posting_id": {"type": ["string", "null"], "format": "uuid"},
        "status": {"type": "integer", "enum": [200, 201, 422]},
        "errors": {**TEXTS, "description": "What is wrong, by field"},
        "warnings": {
            **TEXTS,
            "description": "Optional fields that were invalid and left out of an accepted posting",
        },
        "ignored_fields": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Unknown fields, which were not stored",
        },
    },
}
_STATE: dict[str, Any] = contract.Posting.model_json_schema(mode="serialization")
_STATE_AND_OUTCOME: dict[str, Any] = {
    "allOf": [ref("State")],
    "required": ["outcome"],
    "properties": {
        "outcome": {
            "type": "object",
            "additionalProperties": False,
            "required": ["outcome"],
            "properties": {
                "outcome": {"enum": ["matched", "queued", "dismissed", "ignored", "unknown"]},
                "facility_id": {"type": ["string", "null"], "description": "What it was matched to"},
                "message": {"type": "string", "description": "Why the outcome is unknown"},
            },
        }
    },
}
