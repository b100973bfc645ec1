"""Is this process alive, can it do its work, and how is it doing?

Every answer over HTTP carries a request id, the caller's own if there was one, which the log repeats.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from typing import Any
from uuid import uuid4

import structlog
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.surface import Backend

log = structlog.get_logger()


Problems = Callable[[], Awaitable[list[str]]]
"""Why a service is not ready; nothing when it is."""
Describe = Callable[[], dict[str, Any]]
"""The events and questions of a service, as AsyncAPI."""


class RequestId:
    """Names each request in its log lines and in its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("X-Request-Id", "")
        request_id = given if re.fullmatch(r"[\w.-]{1,64}", given, re.ASCII) else str(uuid4())

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, named)
            except Exception:  # answered with 500 by now: what is left to do is to say so under its name
                log.exception("http.failed", path=scope["path"])


class Server(uvicorn.Server):
    """uvicorn, with signals left to the service."""

    def capture_signals(self) -> Any:
        return nullcontext()


def web(backend: Backend, problems: Problems, describe: Describe, routes: Sequence[BaseRoute]) -> ASGIApp:
    """The service's HTTP surface: its own routes, health and metrics."""

    async def livez(request: Request) -> Response:
        return PlainTextResponse("alive")

    async def readyz(request: Request) -> Response:
        found = await problems()
        return JSONResponse({"ready": not found, "problems": found}, 503 if found else 200)

    async def metrics(request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    async def asyncapi(request: Request) -> Response:
        return JSONResponse(describe())

    own = [
        Route("/livez", livez),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        Route("/asyncapi.json", asyncapi),
    ]
    starlette = Starlette(routes=[*own, *routes])
    starlette.state.backend = backend
    return RequestId(starlette)  # around all of it: middleware of its own would not see the answer to a failure


class Listening:
    """A server at work."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        listener = socket.create_server((host, port))
        # Connections inherit it. Without it, and without uvloop, the body of an answer waits 40 ms for its head's
        # receipt.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2)
        self.port: int = listener.getsockname()[1]
        self._server = Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))

    async def stop(self) -> None:
        self._server.should_exit = True
        await self._serving
