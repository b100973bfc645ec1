"""How is an adapter of a CRM driven in a test, by the fakes in this process or over HTTP?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from cli.fakes.app import App
from cli.fakes.asking import TOKEN
from cli.fakes.world import World
from engines.crm.exchange import Answer, Request, Steps

T = TypeVar("T")
LOST = Answer(-1)
"""A fault: the request is done, but no answer arrives."""


@dataclass
class Clock:
    """A clock that a test sets forward."""

    now: float = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Driven:
    """The fakes in this process, behind a client of HTTP."""

    host: str
    clock: Clock = field(default_factory=Clock)
    token: str = TOKEN
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = App(World((), (), None), clock=self.clock)

    def run(
        self, steps: Steps[T], headers: Mapping[str, str] | None = None, faults: Mapping[int, Answer] | None = None
    ) -> T:
        """What a generator returns. A request of `faults`, by its number from 0, is answered with that."""
        return asyncio.run(self._run(steps, headers or {}, faults or {}))

    async def _run(self, steps: Steps[T], headers: Mapping[str, str], faults: Mapping[int, Answer]) -> T:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://localhost") as client:
            number, answer = 0, None
            while True:
                try:
                    request = next(steps) if answer is None else steps.send(answer)
                except StopIteration as done:
                    return done.value  # type: ignore[no-any-return]
                self.asked.append(f"{request.method} {request.path.partition('?')[0]}")
                answer = faults.get(number)
                if answer is None or answer is LOST:
                    whole = await self._answer(client, request, headers)
                    answer = whole if answer is None else Answer(0)
                number += 1

    async def _answer(self, client: httpx.AsyncClient, request: Request, more: Mapping[str, str]) -> Answer:
        headers = dict(more) | ({"content-type": request.content_type} if request.content_type else {})
        if request.is_signed_in:
            headers["authorization"] = f"Bearer {self.token}"
        url = f"http://localhost/{self.host}{request.path}"
        got = await client.request(request.method, url, content=request.body, headers=headers)
        return Answer(got.status_code, got.content, dict(got.headers))

    def control(self, method: str, what: str, stated: object = None) -> Any:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app)) as client:
                return await client.request(method, f"http://localhost/_fake/{what}", content=json.dumps(stated))

        answer = asyncio.run(ask())
        assert answer.status_code == 200, answer.text
        return answer.json()
