"""How do other programs reconcile their own lists with our directory? (Reconciliation Service API 0.2)"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import structlog
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.matcher.domain import reconciliation as api
from services.matcher.domain.directory import Directory
from services.matcher.domain.resolve import considered
from services.matcher.memory import directory_of
from services.matcher.settings import model, policy
from shared.database import TRANSIENT

if TYPE_CHECKING:
    from shared.app import App

log = structlog.get_logger()

MOST_BYTES = 5_000_000
MOST_QUERIES = 5_000
AT_ONCE = 50
"""Queries between which others have their turn."""
CANDIDATES = 5
# Browsers ask from OpenRefine's own origin; what is served here is the public registry.
OPEN = {"Access-Control-Allow-Origin": "*"}

Answerer = Callable[[Request], Awaitable[Response]]


def _said(answer: Answerer) -> Answerer:
    """What cannot be answered is said in the answer, with a code that fits."""

    async def endpoint(request: Request) -> Response:
        try:
            return await answer(request)
        except api.Malformed as error:
            return JSONResponse({"message": f"The request cannot be read: {error}."}, 400, OPEN)
        except TRANSIENT as error:
            log.warning("http.postponed", error=str(error))
            return JSONResponse({"message": "The database is away; try again in a moment."}, 503, OPEN)

    return endpoint


@_said
async def reconcile(request: Request) -> Response:
    """The manifest, or the answers to a batch of queries."""
    given = await _queries(request)
    if given is None:
        return JSONResponse(api.manifest(str(request.base_url).rstrip("/")), headers=OPEN)
    queries = _read(given)
    if not isinstance(queries, dict) or len(queries) > MOST_QUERIES:
        raise api.Malformed(f"`queries` is an object of at most {MOST_QUERIES} queries")
    directory = await _directory(request)
    answers = {}
    for number, (key, query) in enumerate(queries.items()):
        answers[key] = _result(query, directory)
        if number % AT_ONCE == AT_ONCE - 1:
            await asyncio.sleep(0)
    return JSONResponse(answers, headers=OPEN)


def _result(query: Any, directory: Directory) -> dict[str, Any]:
    employer = api.employer_of(query)
    asked = query.get("limit")
    limit = int(max(1, min(asked, CANDIDATES))) if isinstance(asked, int | float) else CANDIDATES
    decision, answer = considered(employer, directory, model(), policy().fitted.accept_at)
    return api.result(decision, answer, model(), directory.facilities, limit)


@_said
async def suggest(request: Request) -> Response:
    prefix, kind = request.query_params.get("prefix", ""), request.path_params["kind"]
    if kind == "property":
        return JSONResponse(api.suggested_properties(prefix), headers=OPEN)
    if kind == "type":
        return JSONResponse({"result": [api.TYPE]}, headers=OPEN)
    if kind != "entity":
        return JSONResponse({"message": f"Nothing is suggested for {kind!r}; ask for an entity."}, 404, OPEN)
    directory = await _directory(request)
    return JSONResponse(api.suggested(directory.facilities.values(), prefix, 10), headers=OPEN)


@_said
async def preview(request: Request) -> Response:
    directory = await _directory(request)
    facility = directory.facilities.get(request.query_params.get("id", "").upper())
    if not facility:
        return HTMLResponse("<p>No facility has this CCN.</p>", 404, OPEN)
    place = f"{facility.address or ''}, {facility.city}, {facility.state} {facility.zip or ''}"
    lines = (facility.name, place, facility.phone or "", f"CCN {facility.ccn}", facility.chain or "")
    shown = "<br>".join(escape(line) for line in lines if line)
    standing = "" if facility.listed else "<p>No longer listed.</p>"
    return HTMLResponse(f'<!doctype html><meta charset="utf-8"><p>{shown}</p>{standing}', headers=OPEN)


async def _queries(request: Request) -> str | None:
    if request.method == "GET":
        return request.query_params.get("queries")
    body = bytearray()
    async for piece in request.stream():  # whose length a client need not have told
        body += piece
        if len(body) > MOST_BYTES:
            raise api.Malformed(f"more than {MOST_BYTES} bytes; send fewer queries at once")
    try:
        return parse_qs(body.decode(), max_num_fields=10).get("queries", [None])[0]
    except ValueError as error:
        raise api.Malformed(str(error)) from error


def _read(given: str) -> Any:
    """The JSON of a request; text that could not be answered with, or is too deep, is refused as well."""
    try:
        return from_json(given)
    except ValueError as error:
        raise api.Malformed(str(error)) from error


async def _directory(request: Request) -> Directory:
    app: App = request.app.state.app
    async with app.transaction() as tx:
        return await directory_of(tx)


def routes() -> list[BaseRoute]:
    return [
        Route(api.PATH, reconcile, methods=["GET", "POST"]),
        Route(f"{api.PATH}/suggest/{{kind:str}}", suggest, methods=["GET"]),
        Route(f"{api.PATH}/preview", preview, methods=["GET"]),
    ]
