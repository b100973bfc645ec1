"""How do other programs reconcile their lists with the directory? (Reconciliation Service API 0.2)"""

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

from engines.packs import account_key
from services.matcher.domain import reconciliation as api
from services.matcher.domain import reconciliation_queries
from services.matcher.domain.directory import Directory
from services.matcher.domain.resolve import considered
from services.matcher.routes import description
from services.matcher.settings import MAX_BYTES, MAX_QUERIES, model, policy
from services.matcher.usecases.directory import directory_of
from shared.contracts.refusals import Refused
from shared.http import json_surface as surface
from shared.http.backend import backend_of, body_of
from shared.http.json_surface import Answer, endpoint

PARAMETERS = {"queries", "query", "extend"}
"""Parameters of this API's versions; a request without them gets the manifest."""
SEND = "Send `queries` as a form or as JSON, or request the manifest by GET."
PER_QUERY = 0.005
"""Two hundred queries cost one request, so that a key may use about half of a process in the long run."""
LEAST = 0.05
"""A request costs at least as much as ten queries, the batch size of OpenRefine."""
PER_BYTE = PER_QUERY / 1_250
"""A long request takes time before its queries are read: two million escaped bytes take 0.2 s."""
PER_SUGGESTION = 80 * PER_QUERY
"""A suggestion scans all facilities: 4 to 10 ms for the complete country."""
SLICE_SECONDS = 0.02
"""The longest time that postings and other requests wait for a batch of queries."""


@endpoint
async def reconcile(request: Request) -> Answer:
    """The manifest, or the results of a batch of queries."""
    if request.method != "POST" and not request.query_params.keys() & PARAMETERS:
        return 200, await _manifest(request)
    key, directory = await _authenticate(request)
    body = await body_of(request, MAX_BYTES)
    paid = max(LEAST, PER_BYTE * (len(body) + len(request.url.query)))
    surface.charge(request, key, paid - LEAST)
    batch = _batch(await _queries(request, body))
    surface.charge(request, key, max(0.0, PER_QUERY * len(batch) - paid))
    return 200, await _results(batch, directory)


async def _manifest(request: Request) -> dict[str, Any]:
    """The manifest is open, because it describes the authentication; but an invalid API key is refused."""
    base = str(request.base_url).rstrip("/")
    if not surface.sent_key(request, in_url=True):
        return api.manifest(base, policy().reconciliation)
    await _authenticate(request)
    return api.manifest(base, policy().reconciliation, request.query_params.get(surface.KEY_PARAMETER))


async def _results(batch: dict[str, Any], directory: Directory) -> dict[str, Any]:
    results, since = {}, time.monotonic()
    for key, query in batch.items():
        results[key] = _result(query, directory)
        if time.monotonic() - since > SLICE_SECONDS:
            await asyncio.sleep(0)
            since = time.monotonic()
    return results


def _result(query: Any, directory: Directory) -> dict[str, Any]:
    try:
        parsed = reconciliation_queries.read(query, account_key())
    except reconciliation_queries.Unreadable as error:
        return api.invalid(str(error))
    decision, answer = considered(parsed.employer, directory, model(), policy().accept_at)
    return api.result(parsed, decision, answer, model(), directory.facilities, policy().reconciliation)


@endpoint
async def suggest(request: Request) -> Answer:
    key, directory = await _authenticate(request)
    prefix, kind = request.query_params.get("prefix", ""), request.path_params["kind"]
    if len(prefix) > reconciliation_queries.LONGEST:
        raise Refused(
            f"`prefix` has {len(prefix):,} characters; at most {reconciliation_queries.LONGEST} are accepted.", 422
        )
    if kind == "property":
        return 200, api.suggested_properties(prefix)
    if kind == "type":
        return 200, {"result": [api.type_of(policy().reconciliation)]}
    if kind != "entity":
        raise Refused(f"There are no suggestions for {kind!r}; request an entity, a property or a type.", 404)
    surface.charge(request, key, PER_SUGGESTION - LEAST)
    return 200, api.suggested(directory.facilities.values(), prefix, 10, policy().reconciliation)


@endpoint
async def preview(request: Request) -> Answer:
    _, directory = await _authenticate(request)
    facility = directory.facilities.get(request.query_params.get("id", "").strip().upper())
    if not facility:
        return HTMLResponse(f"<p>No facility has this {account_key().name}.</p>", 404)
    place = f"{facility.address or ''}, {facility.city}, {facility.state} {facility.zip or ''}"
    key = f"{account_key().name} {facility.facility_id}"
    lines = (facility.name, place, facility.phone or "", key, facility.chain or "")
    shown = "<br>".join(escape(line) for line in lines if line)
    note = "" if facility.listed else "<p>No longer listed.</p>"
    return HTMLResponse(f'<!doctype html><meta charset="utf-8"><p>{shown}</p>{note}')


@endpoint
async def describe(request: Request) -> Answer:
    return 200, description.document()


async def _authenticate(request: Request) -> tuple[str, Directory]:
    """The hash of the API key, and the directory. Raises `Refused` without a valid key."""
    key = surface.key_hash_of(request, LEAST, in_url=True)
    async with backend_of(request).begin() as tx:
        await surface.holder_of(tx, key)
        return key, await directory_of(tx)


async def _queries(request: Request, body: bytes) -> str | bytes:
    """The text of `queries`, from a form or the URL, or a JSON body, which may contain them under that name."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        return body
    try:
        # In a thread, so that other requests do not wait.
        form = await asyncio.to_thread(parse_qs, body.decode(), max_num_fields=10)
    except ValueError as error:
        raise Refused(f"The request is malformed: {error}.", 400) from error
    given = {name: values[0] for name, values in form.items()} | dict(request.query_params)
    if "queries" in given:
        return given["queries"]
    if "extend" in given:
        raise Refused("Lists can be reconciled but not extended: the manifest offers no `extend`.", 400)
    if "query" in given:
        raise Refused("A single `query` is not accepted; send `queries`, an object of queries by your own keys.", 400)
    raise Refused(SEND, 400)


def _batch(given: str | bytes) -> dict[str, Any]:
    """The queries by their keys. Raises `Refused` for invalid JSON, including invalid text and deep nesting."""
    try:
        batch = from_json(given or "null")
        if isinstance(batch, dict) and batch.keys() == {"queries"}:
            batch = batch["queries"]
            batch = from_json(batch) if isinstance(batch, str) else batch
    except ValueError as error:
        raise Refused(f"The request is malformed: {error}.", 400) from error
    if not isinstance(batch, dict):
        raise Refused(f"The request is malformed: `queries` must be an object of queries by your own keys. {SEND}", 400)
    if len(batch) > MAX_QUERIES:
        raise Refused(f"A request can have at most {MAX_QUERIES:,} queries; this one has {len(batch):,}.", 413)
    return batch


def routes() -> list[BaseRoute]:
    known = [
        Route(api.PATH, reconcile, methods=["GET", "POST"]),
        Route(f"{api.PATH}/suggest/{{kind:str}}", suggest, methods=["GET"]),
        Route(f"{api.PATH}/preview", preview, methods=["GET"]),
        Route("/openapi.json", describe, methods=["GET"]),
    ]
    # Browsers send requests from OpenRefine's origin. Any origin is allowed, because no browser adds an API key by
    # itself.
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
