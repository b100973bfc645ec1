"""A receiver of webhooks on loopback, which keeps what it got and answers as a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from standardwebhooks import Webhook

from tests.support.outside import Asked, Site, answer, site

Answered = Callable[["Got"], bytes]


class Got:
    """A request of a webhook."""

    def __init__(self, asked: Asked) -> None:
        self.headers = asked.headers
        self.body = asked.body
        self.event: dict[str, Any] = json.loads(asked.body)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verify(self, secret: str) -> None:
        """Raises `standardwebhooks.WebhookVerificationError`."""
        Webhook(secret).verify(self.body, self.headers)


class Receiver:
    """What it got, whatever it answered, and what it accepted."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.accepted: list[Got] = []
        self.answer: Answered = lambda _: answer(status=204)
        self.seconds = 0.0
        """How long it thinks."""
        self.server: Site | None = None

    @property
    def address(self) -> str:
        assert self.server
        return f"127.0.0.1:{self.server.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}/events"

    async def respond(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        got = Got(asked)
        self.got.append(got)
        await asyncio.sleep(self.seconds)
        raw = self.answer(got)
        if raw.startswith(b"HTTP/1.1 2"):
            self.accepted.append(got)
        writer.write(raw)


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    async with site(found.respond) as found.server:
        yield found
