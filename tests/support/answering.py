"""How does a test replace a service by one with given replies?"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nats.aio.msg import Msg
from pydantic_core import to_json

from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.messaging.broker import ERROR_CODE, Broker, connect
from tests.support.servers import TestServers

Answer = Callable[[Any], Any]
"""Maps a request to its reply; an `AskFailed` that it raises becomes the service's refusal."""


@contextmanager
def answering(servers: TestServers, answers: Mapping[type[Question[Any]], Answer]) -> Iterator[None]:
    """Replaces a service, in a thread, because a command runs its own event loop."""
    (service,) = {request.SERVICE for request in answers}
    ready, done = threading.Event(), asyncio.Event()

    async def serve() -> None:
        broker = await connect(servers.user_urls[service], service)
        for request, answer in answers.items():
            await broker.client.subscribe(request.SUBJECT, cb=_responding(broker, request, answer))
        await broker.client.flush()
        ready.set()
        await done.wait()
        await broker.close()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(20), "the stand-in did not start"
    try:
        yield
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


def _responding(broker: Broker, request: type[Question[Any]], answer: Answer) -> Callable[[Msg], Awaitable[None]]:
    async def respond(message: Msg) -> None:
        try:
            content, headers = answer(request.model_validate_json(message.data)), None
        except AskFailed as failed:
            content, headers = {"message": str(failed)}, {ERROR_CODE: str(failed.code)}
        await broker.client.publish(message.reply, to_json(content), headers=headers)

    return respond
