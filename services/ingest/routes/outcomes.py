"""What came of the postings of a source, since it asked last?"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from engines.problems import problems
from shared.contracts.matcher import OutcomesOfSource
from shared.contracts.matcher_replies import SourceOutcome
from shared.contracts.refusals import Refused
from shared.http.backend import backend_of
from shared.http.json_surface import Answer, endpoint, holder_of, key_hash_of
from shared.http.openapi import errors, json, ref

MOST = 1_000


class Asked(BaseModel):
    """The parameters of a request."""

    model_config = ConfigDict(extra="forbid")

    after: int = Field(0, ge=0, le=2**53)
    limit: int = Field(MOST, ge=1, le=MOST)


@endpoint
async def outcomes(request: Request) -> Answer:
    """A page of the outcomes of the source's own postings, as the matcher decided them."""
    key = key_hash_of(request)
    async with backend_of(request).begin() as tx:
        source = await holder_of(tx, key)
    asked = _asked(request)
    found = await backend_of(request).ask(OutcomesOfSource(source=source, after=asked.after, limit=asked.limit))
    after = found[-1].no if found else asked.after
    listed = [each.model_dump(exclude={"no"}) for each in found]
    return 200, {"outcomes": listed, "after": after, "more": len(found) == asked.limit}


def _asked(request: Request) -> Asked:
    try:
        return Asked.model_validate(dict(request.query_params))
    except ValidationError as invalid:
        wrong = problems(invalid, "query")
        raise Refused("Ask with `after` of the previous page, and a `limit`.", 422, wrong) from invalid


def description() -> dict[str, Any]:
    after = {
        "name": "after",
        "in": "query",
        "description": "The `after` of the previous page; all outcomes without it",
        "schema": {"type": "integer", "minimum": 0, "maximum": 2**53},
    }
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": MOST}}
    return {
        "operationId": "readOutcomes",
        "summary": "What came of your postings since you asked last",
        "parameters": [after, limit],
        "responses": {
            "200": {"description": "The next outcomes, in the order in which they changed", **json(ref("Outcomes"))},
            "409": {
                "description": "`after` is of no page; begin again without it",
                **json(ref("Error")),
            },
            **errors("422"),
        },
    }


def schema() -> dict[str, Any]:
    outcome = SourceOutcome.model_json_schema(mode="serialization")
    outcome["properties"].pop("no")
    outcome["required"].remove("no")
    outcome["properties"]["outcome"]["enum"] = ["matched", "queued", "dismissed", "ignored"]
    return {
        "type": "object",
        "required": ["outcomes", "after", "more"],
        "properties": {
            "outcomes": {"type": "array", "items": outcome},
            "after": {"type": "integer", "description": "To be sent with the next request"},
            "more": {"type": "boolean", "description": "Whether to ask again at once"},
        },
    }
