"""How do sources submit postings over HTTP?

Every source has its own API key, which identifies it. Every response has a request id, which is also in the logs.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import structlog
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from engines.problems import problems
from services.ingest.routes import description
from services.ingest.routes.lines import is_lines, submit_lines
from services.ingest.routes.outcomes import outcomes
from services.ingest.settings import MAX_BYTES
from services.ingest.store.postings import find
from services.ingest.usecases.accounting import pushed
from services.ingest.usecases.postings import accept, close_reported, visible
from shared.contracts.ingest import MAX_POSTINGS, Posting
from shared.contracts.matcher import Outcomes
from shared.contracts.refusals import AskFailed, Refused
from shared.http.backend import backend_of, has_body, json_of
from shared.http.json_surface import Answer, endpoint, holder_of, key_hash_of, with_fallback
from shared.storage.database import Tx

log = structlog.get_logger()


def _text(value: Any) -> Any:
    """A number is not a date, although pydantic would accept it as one."""
    if value is None or isinstance(value, str):
        return value
    raise ValueError("must be a date, such as 2026-07-01")


class Closing(BaseModel):
    """The optional body of a request to close a posting."""

    model_config = ConfigDict(extra="forbid")

    closed_on: Annotated[date | None, BeforeValidator(_text)] = None


@endpoint
async def submit(request: Request) -> Answer:
    """One posting: 201, 200 or 422 with its result. A list or lines of postings: 200 with each one's result."""
    key = key_hash_of(request)
    async with backend_of(request).begin() as tx:
        source = await holder_of(tx, key)
    if is_lines(request):
        return await submit_lines(request, key)
    body = await json_of(request, MAX_BYTES)
    many = body if isinstance(body, list) else [body]
    if not 1 <= len(many) <= MAX_POSTINGS:
        raise Refused(f"Send 1 to {MAX_POSTINGS} postings at a time; these are {len(many)}.", 422)
    async with backend_of(request).begin() as tx:
        tx.actor = source
        results = await accept(source, many, tx, pushed(source))
    return (200, {"results": results}) if isinstance(body, list) else (results[0].status, results[0])


@endpoint
async def close(request: Request) -> Answer:
    """Record the report that one of the source's own postings is closed."""
    key, wanted = key_hash_of(request), _posting_id(request)
    async with backend_of(request).begin() as tx:
        source = (await _own(key, wanted, tx)).source
    closing = await _closing(request)
    async with backend_of(request).begin() as tx:
        tx.actor = source
        return 200, visible(await close_reported(wanted, closing.closed_on, tx))


@endpoint
async def read(request: Request) -> Answer:
    """One of the source's own postings, and its outcome."""
    key, wanted = key_hash_of(request), _posting_id(request)
    async with backend_of(request).begin() as tx:
        state = await _own(key, wanted, tx)
    return 200, state.model_dump() | {"outcome": await _outcome(request, wanted)}


@endpoint
async def describe(request: Request) -> Answer:
    return 200, description.document()


async def _closing(request: Request) -> Closing:
    if not has_body(request):
        return Closing()
    try:
        return Closing.model_validate(await json_of(request, MAX_BYTES))
    except ValidationError as invalid:
        raise Refused("The body can only have closed_on.", 422, problems(invalid, "body")) from invalid


def _posting_id(request: Request) -> UUID:
    try:
        return UUID(request.path_params["posting_id"])
    except ValueError:
        raise _unknown() from None


async def _own(key: str, wanted: UUID, tx: Tx) -> Posting:
    """A posting of the requesting source. One of another source is treated as if it did not exist."""
    source = await holder_of(tx, key)
    posting = (await find(tx, [wanted])).get(wanted)
    if posting is None or posting.source != source:
        raise _unknown()
    return visible(posting)


def _unknown() -> Refused:
    return Refused("Your source has submitted no posting with this id.", 404)


async def _outcome(request: Request, wanted: UUID) -> dict[str, Any]:
    """The outcome of a posting, from the matcher; how it was decided, by whom and among what is not for its source."""
    try:
        outcomes = await backend_of(request).ask(Outcomes(posting_ids=[wanted]))
    except AskFailed as error:
        log.warning("outcome.unknown", error=str(error))
        return {"outcome": "unknown", "message": "The matcher does not reply; try again later."}
    if not outcomes:
        return {"outcome": "unknown", "message": "Not decided yet; try again later."}
    [found] = outcomes
    dismissed = found.outcome == "queued" and found.reason == "dismissed"
    return {"outcome": "dismissed" if dismissed else found.outcome, "facility_id": found.facility_id}


def routes() -> list[BaseRoute]:
    return with_fallback(
        [
            Route("/postings", submit, methods=["POST"]),
            Route("/postings/{posting_id}", read, methods=["GET"]),
            Route("/postings/{posting_id}/close", close, methods=["POST"]),
            Route("/outcomes", outcomes, methods=["GET"]),
            Route("/openapi.json", describe, methods=["GET"]),
        ]
    )
