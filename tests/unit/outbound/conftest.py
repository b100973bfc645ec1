"""Clients, which are closed at the end of a test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from shared.outbound import Outbound

AGENT = "FacilityPipeline (+mailto:ops@example.com)"
"""With it, a client may ask public hosts."""


@pytest.fixture
async def client() -> AsyncIterator[Callable[..., Outbound]]:
    async with AsyncExitStack() as stack:
        opened: list[Outbound] = []

        def open_one(*allow: str, agent: str | None = AGENT, **settings: Any) -> Outbound:
            opened.append(Outbound(allow, agent, **settings))
            stack.push_async_callback(opened[-1].aclose)
            return opened[-1]

        yield open_one
