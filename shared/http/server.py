"""How does a service serve HTTP: health, metrics, AsyncAPI and its own routes?

Every response has a request id, the caller's own if there was one, which also appears in the log.
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

from shared.http.backend import Backend

log = structlog.get_logger()


Problems = Callable[[], Awaitable[list[str]]]
"""Why a service is not ready; empty if it is."""
Describe = Callable[[], dict[str, Any]]
"""The events and requests of a service, as AsyncAPI."""


class RequestId:
    """Adds the request id to log lines and to the response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = Headers(scope=scope).get("X-Request-Id", "")
        request_id = sent if re.fullmatch(r"[\w.-]{1,64}", sent, re.ASCII) else str(uuid4())

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_with_id)
            except Exception:  # the response is 500 already; only the log is missing
                log.exception("http.failed", path=scope["path"])


PROXIED = ("Forwarded", "Via", "X-Forwarded-For")
"""What proxies add to the requests that they pass on."""


def came_through_a_proxy(request: Request) -> bool:
    """Whether this may be anyone's request, and not one from inside the deployment."""
    return any(name in request.headers for name in PROXIED)


class Server(uvicorn.Server):
    """uvicorn without signal handlers, because the service has its own."""

    def capture_signals(self) -> Any:
        return nullcontext()


def web(backend: Backend, problems: Problems, describe: Describe, routes: Sequence[BaseRoute]) -> ASGIApp:
    """The service's HTTP surface: its own routes, health and metrics."""

    async def livez(request: Request) -> Response:
        return PlainTextResponse("alive")

    async def readyz(request: Request) -> Response:
        found = await problems()
        shown = {} if came_through_a_proxy(request) else {"problems": found}
        return JSONResponse({"ready": not found, **shown}, 503 if found else 200)

    async def metrics(request: Request) -> Response:
        if came_through_a_proxy(request):
            return PlainTextResponse("Metrics are read inside the deployment.", 404)
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
    return RequestId(starlette)  # not as Starlette middleware, which does not see the response to a failure


class Listening:
    """A running server."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        listener = socket.create_server((host, port))
        # Inherited by connections. Without it and uvloop, a body waits 40 ms until its headers are acknowledged.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, lifespan="off", timeout_graceful_shutdown=2
        )
        self.port: int = listener.getsockname()[1]
        self._server = Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))

    async def stop(self) -> None:
        self._server.should_exit = True
        await self._serving
