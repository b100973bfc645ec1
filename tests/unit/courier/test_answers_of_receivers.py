"""Does the status of an answer decide what came of a delivery, whatever follows it?"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from services.courier.domain.attempts import Outcome
from services.courier.usecases.sending import send
from shared.outbound import Outbound
from shared.outbound.webhooks import LIMITS
from tests.support.outside import Asked, Respond, answer, site
from tests.unit.courier.test_refused_receivers import NOW, slice_of

SECONDS = 0.6
"""How long a receiver has to answer here."""
LARGE = b"x" * 1_000_000
CHUNKED = b"-\r\ntransfer-encoding: chunked\r\n\r\n"


async def outcome_of(respond: Respond | bytes) -> Outcome:
    limits = replace(LIMITS, seconds=SECONDS, beginning_seconds=0.3)
    async with site(respond) as there, Outbound([f"127.0.0.1:{there.port}"], limits=limits) as outbound:
        found = await send(slice_of(f"http://127.0.0.1:{there.port}/"), outbound, 1, lambda: NOW)
    [outcome] = found.outcomes
    return outcome


def endless(
    status: int, seconds: float, first: float = 0.0
) -> Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]:
    """An answer whose body has no end: 1,000 characters every so many seconds, after a first silence."""

    async def respond(_: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(first)
        writer.write(b"HTTP/1.1 %d %s" % (status, CHUNKED))
        while not writer.is_closing():
            writer.write(b"3e8\r\n" + b"x" * 1_000 + b"\r\n")
            await writer.drain()
            await asyncio.sleep(seconds)

    return respond


BODIES: dict[str, Respond | bytes] = {
    "larger than what is read": answer(LARGE),
    "large once decompressed": answer(gzip.compress(LARGE), headers={"content-encoding": "gzip"}),
    "compressed in a way that was not asked for": answer(b"\x1b\x00", headers={"content-encoding": "br"}),
    "damaged": answer(b"no gzip", headers={"content-encoding": "gzip"}),
    "cut off": answer(b"thank you", headers={"content-length": "100"}),
    "without an end": endless(200, 0.0),
    "slower than a receiver may be": endless(200, 0.2),
    "begun at the last moment": endless(200, 0.2, SECONDS - 0.2),
}


@pytest.mark.parametrize("name", BODIES)
async def test_an_event_is_delivered_once_the_receiver_answers_2xx_whatever_the_body(name: str) -> None:
    outcome = await outcome_of(BODIES[name])

    assert (outcome.delivered, outcome.status, outcome.error) == (True, 200, None)
    assert len(outcome.answer) <= 300


@pytest.mark.parametrize("status", [410, 500])
async def test_a_failure_with_a_large_body_is_the_failure_that_its_status_states(status: int) -> None:
    outcome = await outcome_of(answer(LARGE, status))

    assert (outcome.delivered, outcome.status, outcome.gone) == (False, status, status == 410)
    assert str(outcome.error).startswith(f"It answered {status}")


async def test_a_receiver_that_answers_with_nothing_in_time_has_not_answered() -> None:
    outcome = await outcome_of(endless(200, 0.2, SECONDS + 0.3))

    assert (outcome.delivered, outcome.status) == (False, 0)
