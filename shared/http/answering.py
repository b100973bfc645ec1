"""How is a request answered while it is still being read?

Many clients read nothing before they have sent everything. For them, answers wait in a temporary file; otherwise both
sides would wait for each other.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

IN_MEMORY = 1_000_000
MOST_UNREAD = 64_000_000
"""Bytes of answers that wait for a client; 250,000 lines or more."""
LEFT_SECONDS = 30.0
"""How long a client may go on sending after the last answer, so that it gets to read the answers."""
_STEP = 65_536


class Spool:
    """Bytes that were written and not read yet."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by the response
        self._read = self.unread = 0
        self._changed = asyncio.Event()
        self._ended = False

    def write(self, content: bytes) -> None:
        self._file.seek(self._read + self.unread)
        self._file.write(content)
        self.unread += len(content)
        self._changed.set()

    def end(self) -> None:
        self._ended = True
        self._changed.set()

    async def read(self) -> bytes:
        """The next bytes, once there are some; empty at the end."""
        while not self.unread and not self._ended:
            self._changed.clear()
            await self._changed.wait()
        self._file.seek(self._read)
        found = self._file.read(min(_STEP, self.unread))
        self._read += len(found)
        self.unread -= len(found)
        if not self.unread:
            self._read = 0
            self._file.seek(0)
            self._file.truncate()
        return found

    def close(self) -> None:
        self._file.close()


class Answering(Response):
    """Sends what `answer` writes. Starlette's own would read the request, to learn whether the client has left."""

    def __init__(
        self,
        request: Request,
        answer: Callable[[Spool], Awaitable[None]],
        media_type: str,
        done: Callable[[], None],
    ) -> None:
        super().__init__(media_type=media_type)
        del self.headers["Content-Length"]
        self._request, self._answer, self._done = request, answer, done

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        spool = Spool()
        answering = asyncio.create_task(self._fill(spool))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            while part := await spool.read():
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await answering
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            answering.cancel()
            await asyncio.wait({answering})
            spool.close()
            self._done()

    async def _fill(self, spool: Spool) -> None:
        try:
            with suppress(ClientDisconnect):
                await self._answer(spool)
                await self._discard()
        finally:
            spool.end()

    async def _discard(self) -> None:
        """What the client still sends is left unread, so that it gets to read the answers."""
        with suppress(TimeoutError, RuntimeError):  # of Starlette: the request was read to its end
            async with asyncio.timeout(LEFT_SECONDS):
                async for _ in self._request.stream():
                    pass
