"""Is a reply over HTTP one of those that the service's OpenAPI document describes?"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from shared.contracts.keys import hash_of
from tests.support.running import Running


class Described:
    """The description of a surface: each operation with the statuses that it may reply, and those seen so far."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        operations = [operation for path in document["paths"].values() for operation in path.values()]
        self.replies = {(each["operationId"], status) for each in operations for status in each["responses"]}
        self.seen: set[tuple[str, str]] = set()

    async def check(self, reply: httpx.Response) -> None:
        """A hook of a client: fails unless the status, media type and content of the reply are described."""
        if operation := self._operation(reply.request):
            stated = operation["responses"][str(reply.status_code)]
            if "content" not in stated:
                assert await reply.aread() == b""
                self.seen.add((operation["operationId"], str(reply.status_code)))
                return
            media_type = reply.headers["Content-Type"].partition(";")[0]
            schema = stated["content"][media_type]["schema"]
            if media_type == "text/event-stream":  # it does not end
                self.seen.add((operation["operationId"], str(reply.status_code)))
                return
            await reply.aread()
            content = reply.json() if media_type.endswith(("/json", "+json")) else reply.text
            Draft202012Validator({**self._document, **schema}).validate(content)
            self.seen.add((operation["operationId"], str(reply.status_code)))

    def _operation(self, request: httpx.Request) -> dict[str, Any] | None:
        for template, operations in self._document["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), request.url.path):
                found: dict[str, Any] | None = operations.get(request.method.lower())
                return found
        return None


async def described(client: httpx.AsyncClient) -> Described:
    """The description of the surface of a client, all of whose replies are checked from now on."""
    description = Described((await client.get("/openapi.json")).json())
    client.event_hooks = {"request": [], "response": [description.check]}
    return description


async def fail_in_every_way(running: Running, client: httpx.AsyncClient, requests: Sequence[tuple[str, str]]) -> None:
    """Send these requests without a key, while the service starts, over the rate, and to a database with a fault."""
    for method, path in requests:
        await client.request(method, path, headers={"Authorization": "", "X-API-Key": ""})
    running.app.starting.waits_for = "it is starting"
    for method, path in requests:
        await client.request(method, path)
    running.app.starting.waits_for = ""
    await lose_keys(running)
    for method, path in requests:
        await client.request(method, path)
    rates, key = running.app.rates, client.headers.get("X-API-Key") or client.headers["Authorization"].split()[1]
    rates.per_second, rates.burst = 0.001, 1
    rates.take(hash_of(key), time.monotonic())
    for method, path in requests:
        await client.request(method, path)


async def lose_keys(running: Running) -> None:
    """Make every request with a key fail with an internal error."""
    async with running.app.begin() as tx:
        await tx.run("ALTER TABLE api_keys RENAME TO lost")
