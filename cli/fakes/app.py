"""How does a fake answer over HTTP, and how is it controlled?

A system is reached below the path of its name, as `/api.lever.co/v0/postings/maple`, or by its name as the host where
a resolver leads there. Control is for tests and demos: the day, the faults, the datasets, and the log of requests.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from starlette.types import Receive, Scope, Send

from cli.fakes.asking import Asked
from cli.fakes.faults import OF_SYSTEMS, Faults, Rule, refused, spoiled
from cli.fakes.kept import Kept, kept_systems
from cli.fakes.replies import Reply, as_json, status, text
from cli.fakes.systems import system_of
from cli.fakes.world import World, vintage_of

LOGGED: Final = 300_000
"""Requests that are remembered."""
_OWN: Final = ("127.0.0.1", "localhost", "[::1]", "testserver")
_HANGING: Final = 600.0
"""Seconds for which a request hangs, unless its client leaves."""


class App:
    """All fakes, as one application of ASGI."""

    def __init__(self, world: World, day_file: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self.world = world
        self.kept: dict[str, Kept] = kept_systems(clock)
        self._day_file = day_file
        self.faults = Faults()
        self.requests: deque[dict[str, Any]] = deque(maxlen=LOGGED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        path, query = scope["raw_path"].decode("latin-1").partition("?")[0], scope["query_string"].decode("latin-1")
        body = await _body(receive)
        if path.startswith("/_fake/"):
            await _send(send, self._control(scope["method"], path, dict(parse_qsl(query)), body))
            return
        asked = self._asked(scope["method"], path, query, headers, body)
        logged = {"at": time.time(), "host": asked.host, "method": asked.method, "path": asked.path, "query": query,
                  "agent": headers.get("user-agent", ""), "fault": None, "status": None}  # fmt: skip
        self.requests.append(logged)
        rule = self.faults.of(asked.host, asked.path)
        if rule is not None:
            logged["fault"] = rule.fault
            if rule.fault == "hang":
                await _left(receive)
                return
            await asyncio.sleep(rule.seconds if rule.fault == "slow" else 0)
        reply = self._answer(asked, rule)
        logged["status"] = reply.status
        if reply.seconds and await _left(receive, reply.seconds):
            return
        await _send(send, reply, cut=rule is not None and rule.fault == "cut")

    def _asked(self, method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> Asked:
        named = headers.get("host", "")
        host = urlsplit(f"//{named}").hostname or ""
        base = f"http://{named}"
        if host in _OWN or named.startswith("[::1]"):
            host, _, rest = path.removeprefix("/").partition("/")
            if host == "careers":  # /careers/birch.example/sitemap.xml
                site, _, rest = rest.partition("/")
                base, host, path = f"{base}/careers/{site}", site, f"/{rest}"
            else:
                base, path = f"{base}/{host}", f"/{rest}"
        values = dict(parse_qsl(query, keep_blank_values=True))
        return Asked(self.world, method, base, host.lower(), path, values, headers, body)

    def _answer(self, asked: Asked, rule: Rule | None) -> Reply:
        if rule is not None:
            instead = refused(rule, asked.base, asked.path, asked.number("again", 0, 10**6))
            if instead is not None:
                return instead
            if rule.fault in OF_SYSTEMS:
                asked.faults = frozenset({rule.fault})
        if asked.host == "robots.txt":  # of this machine, where each system is below a path
            return text("User-agent: *\nDisallow: /_fake/\n")
        memory = {each.host: each.answer for each in self.kept.values()}
        system = memory.get(asked.host) or system_of(asked.host)
        if system is None:
            return status(404, "No system has this name.")
        if asked.path == "/robots.txt" and not asked.knows(f"career_site/{asked.host}"):
            return status(404)
        reply = system(asked)
        return reply if rule is None else spoiled(rule, reply)

    def _control(self, method: str, path: str, query: dict[str, str], body: bytes) -> Reply:
        try:
            return self._controlled(method, path.removeprefix("/_fake/"), query, body)
        except (ValueError, TypeError, KeyError) as error:
            return as_json({"message": str(error)}, 422)

    def _controlled(self, method: str, what: str, query: dict[str, str], body: bytes) -> Reply:
        kept, _, rest = what.partition("/")
        if kept in self.kept:
            return as_json(self.kept[kept].control(method, rest, query, json.loads(body or b"null")))
        if (method, what) == ("PUT", "day"):
            self.world.today = date.fromisoformat(json.loads(body)["today"])
            if self._day_file:
                self._day_file.write_text(self.world.today.isoformat())
        elif (method, what) == ("PUT", "faults"):
            stated = json.loads(body)
            self.faults.set(stated["rules"], stated.get("seed", 1))
        elif (method, what) == ("PUT", "datasets"):
            self.world.vintages = [vintage_of(row, Path("/")) for row in json.loads(body)]
        elif (method, what) == ("DELETE", "requests"):
            self.requests.clear()
        elif (method, what) == ("GET", "requests"):
            host = query.get("host")
            return as_json([each for each in self.requests if host in (None, each["host"])])
        else:
            return status(404)
        return as_json({})


async def _body(receive: Receive) -> bytes:
    content = b""
    while True:
        message = await receive()
        content += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return content


async def _left(receive: Receive, seconds: float = _HANGING) -> bool:
    """Wait so long, or until the client has left: whether it has."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


async def _send(send: Send, reply: Reply, cut: bool = False) -> None:
    """Send an answer; of one that is cut, half, though it states the length of the whole."""
    headers = [(name.encode(), value.encode("latin-1")) for name, value in reply.headers]
    headers.append((b"content-length", str(len(reply.body) + 10 * cut).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    body = reply.body[: len(reply.body) // 2] if cut else reply.body
    await send({"type": "http.response.body", "body": body, "more_body": False})
