"""Is this process alive, can it do its work, and how is it doing?"""

from __future__ import annotations

import asyncio
import socket
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

if TYPE_CHECKING:
    from shared.app import App


class Server(uvicorn.Server):
    """uvicorn, with signals left to the service."""

    def capture_signals(self) -> Any:
        return nullcontext()


def web(app: App, routes: list[BaseRoute]) -> Starlette:
    """The service's HTTP surface: its own routes, health and metrics."""

    async def livez(request: Request) -> Response:
        return PlainTextResponse("alive")

    async def readyz(request: Request) -> Response:
        problems = await app.problems()
        return JSONResponse({"ready": not problems, "problems": problems}, 503 if problems else 200)

    async def metrics(request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    own = [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", metrics)]
    starlette = Starlette(routes=[*own, *routes])
    starlette.state.app = app
    return starlette


def listen(app: App, routes: list[BaseRoute]) -> tuple[Server, asyncio.Task[None], int]:
    """Start the HTTP server; returns it, its task and the port on which it listens."""
    listener = socket.create_server((app.settings.http_host, app.settings.http_port))
    config = uvicorn.Config(
        web(app, routes), log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2
    )
    server = Server(config)
    return server, asyncio.create_task(server.serve(sockets=[listener])), listener.getsockname()[1]
