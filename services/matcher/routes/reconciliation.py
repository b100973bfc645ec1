"""How do other programs reconcile their own lists with our directory? (Reconciliation Service API 0.2)"""

from __future__ import annotations

import asyncio
import time
from html import escape
from typing import Any
from urllib.parse import parse_qs

from pydantic_core import from_json
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Mount, Route, Router

from services.matcher.domain import queries
from services.matcher.domain import reconciliation as api
from services.matcher.domain.directory import Directory
from services.matcher.domain.resolve import considered
from services.matcher.routes import description
from services.matcher.settings import MOST_BYTES, MOST_QUERIES, model, policy
from services.matcher.usecases.directory import directory_of
from shared.contracts.refusals import Refused
from shared.http import json_surface as surface
from shared.http.backend import backend_of, body_of
from shared.http.json_surface import Answer, endpoint
from shared.packs import account_key

ASKED = {"queries", "query", "extend"}
"""What a client of this API's versions may ask of its address; without any of these it asks for the manifest."""
SEND = "Send `queries` as a form or as JSON, or ask for the manifest by GET."
PER_QUERY = 0.005
"""Two hundred queries cost one request: in the long run a key may use about half of what a process can answer."""
LEAST = 0.05
"""A request costs at least as much as ten queries, which is how many OpenRefine sends."""
PER_BYTE = PER_QUERY / 1_250
"""What is long takes time before anybody knows what it asks: two million escaped bytes are read in 0.2 s."""
PER_SUGGESTION = 80 * PER_QUERY
"""Of facilities, each of which is looked at: 4 to 10 ms among all of the country."""
BREATH_SECONDS = 0.02
"""Between these, postings and other requests have their turn."""


@endpoint
async def reconcile(request: Request) -> Answer:
    """The manifest, or the answers to a batch of queries."""
    if request.method != "POST" and not request.query_params.keys() & ASKED:
        return 200, await _manifest(request)
    key, directory = await _let_in(request)
    body = await body_of(request, MOST_BYTES)
    paid = max(LEAST, PER_BYTE * (len(body) + len(request.url.query)))
    surface.charge(request, key, paid - LEAST)
    batch = _batch(await _queries(request, body))
    surface.charge(request, key, max(0.0, PER_QUERY * len(batch) - paid))
    return 200, await _answers(batch, directory)


async def _manifest(request: Request) -> dict[str, Any]:
    """Open, since it says how to be let in; but a wrong key is refused here, not only at the first query."""
    base = str(request.base_url).rstrip("/")
    if not surface.sent_key(request, in_url=True):
        return api.manifest(base, policy().reconciliation)
    await _let_in(request)
    return api.manifest(base, policy().reconciliation, request.query_params.get(surface.KEY_PARAMETER))


async def _answers(batch: dict[str, Any], directory: Directory) -> dict[str, Any]:
    answers, since = {}, time.monotonic()
    for key, query in batch.items():
        answers[key] = _result(query, directory)
        if time.monotonic() - since > BREATH_SECONDS:
            await asyncio.sleep(0)
            since = time.monotonic()
    return answers


def _result(query: Any, directory: Directory) -> dict[str, Any]:
    try:
        asked = queries.read(query, account_key())
    except queries.Unreadable as error:
        return api.unanswered(str(error))
    decision, answer = considered(asked.employer, directory, model(), policy().fitted.accept_at)
    return api.result(asked, decision, answer, model(), directory.facilities, policy().reconciliation)


@endpoint
async def suggest(request: Request) -> Answer:
    key, directory = await _let_in(request)
    prefix, kind = request.query_params.get("prefix", ""), request.path_params["kind"]
    if len(prefix) > queries.LONGEST:
        raise Refused(f"`prefix` has {len(prefix):,} characters; at most {queries.LONGEST} are read.", 422)
    if kind == "property":
        return 200, api.suggested_properties(prefix)
    if kind == "type":
        return 200, {"result": [api.type_of(policy().reconciliation)]}
    if kind != "entity":
        raise Refused(f"Nothing is suggested for {kind!r}; ask for an entity, a property or a type.", 404)
    surface.charge(request, key, PER_SUGGESTION - LEAST)
    return 200, api.suggested(directory.facilities.values(), prefix, 10, policy().reconciliation)


@endpoint
async def preview(request: Request) -> Answer:
    _, directory = await _let_in(request)
    facility = directory.facilities.get(request.query_params.get("id", "").strip().upper())
    if not facility:
        return HTMLResponse(f"<p>No facility has this {account_key().name}.</p>", 404)
    place = f"{facility.address or ''}, {facility.city}, {facility.state} {facility.zip or ''}"
    key = f"{account_key().name} {facility.facility_id}"
    lines = (facility.name, place, facility.phone or "", key, facility.chain or "")
    shown = "<br>".join(escape(line) for line in lines if line)
    standing = "" if facility.listed else "<p>No longer listed.</p>"
    return HTMLResponse(f'<!doctype html><meta charset="utf-8"><p>{shown}</p>{standing}')


@endpoint
async def describe(request: Request) -> Answer:
    return 200, description.document()


async def _let_in(request: Request) -> tuple[str, Directory]:
    """The hash of the key of whoever asks, and the directory to answer from; refuses who has no key."""
    key = surface.key_hash_of(request, LEAST, in_url=True)
    async with backend_of(request).begin() as tx:
        await surface.holder_of(tx, key)
        return key, await directory_of(tx)


async def _queries(request: Request, body: bytes) -> str | bytes:
    """The text of `queries`: of the form, of the address, or a body of JSON, which may hold them under that name."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        return body
    try:
        # In a thread, beside which others have their turn.
        form = await asyncio.to_thread(parse_qs, body.decode(), max_num_fields=10)
    except ValueError as error:
        raise Refused(f"The request cannot be read: {error}.", 400) from error
    asked = {name: values[0] for name, values in form.items()} | dict(request.query_params)
    if "queries" in asked:
        return asked["queries"]
    if "extend" in asked:
        raise Refused("Lists are reconciled here, not extended: the manifest offers no `extend`.", 400)
    if "query" in asked:
        raise Refused("One `query` by itself is not taken; send `queries`, an object of queries by keys of yours.", 400)
    raise Refused(SEND, 400)


def _batch(given: str | bytes) -> dict[str, Any]:
    """The queries by their keys; text that could not be answered with, or is too deep, is refused as well."""
    try:
        batch = from_json(given or "null")
        if isinstance(batch, dict) and batch.keys() == {"queries"}:
            batch = batch["queries"]
            batch = from_json(batch) if isinstance(batch, str) else batch
    except ValueError as error:
        raise Refused(f"The request cannot be read: {error}.", 400) from error
    if not isinstance(batch, dict):
        raise Refused(f"The request cannot be read: `queries` is an object of queries by keys of yours. {SEND}", 400)
    if len(batch) > MOST_QUERIES:
        raise Refused(f"At most {MOST_QUERIES:,} queries a request; these are {len(batch):,}.", 413)
    return batch


def routes() -> list[BaseRoute]:
    known = [
        Route(api.PATH, reconcile, methods=["GET", "POST"]),
        Route(f"{api.PATH}/suggest/{{kind:str}}", suggest, methods=["GET"]),
        Route(f"{api.PATH}/preview", preview, methods=["GET"]),
        Route("/openapi.json", describe, methods=["GET"]),
    ]
    # Browsers ask from OpenRefine's own origin; whoever they ask for has a key, which no browser sends unasked.
    return [
        Mount(
            "",
            app=CORSMiddleware(
                Router(surface.with_fallback(known)),
                allow_origins=["*"],
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "X-API-Key", "X-Request-Id"],
                expose_headers=["Retry-After", "X-Request-Id"],
            ),
        )
    ]
