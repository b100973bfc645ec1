"""How can a connection between a service and its servers hang or be cut without either end noticing?"""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Proxy:
    """Forwards TCP connections to a port of this machine; without `at`, from any free one."""

    def __init__(self, port: int, at: int = 0) -> None:
        self.port = at
        self._target = port
        self._open: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._answers_pings = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server

    async def start(self) -> Proxy:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def hang(self, *, answers_pings: bool = False) -> None:
        """Let nothing through, without closing a connection.

        With `answers_pings`, a NATS client still gets a PONG for every PING, so it considers itself connected; all
        other data is lost.
        """
        self._answers_pings = answers_pings
        self._flowing.clear()

    def resume(self) -> None:
        self._flowing.set()

    def cut(self) -> None:
        """Reset every connection; new ones are accepted."""
        for writer in list(self._open):
            writer.transport.abort()
        self._flowing.set()

    async def close(self) -> None:
        self.cut()
        self._server.close()
        await asyncio.gather(*self._tasks)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._connect(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, far_writer}
        try:
            await asyncio.gather(self._forward(reader, far_writer, writer), self._forward(far_reader, writer))
        finally:
            for end in (writer, far_writer):
                self._open.discard(end)
                end.transport.abort()

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, back: asyncio.StreamWriter | None = None
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                if back is not None and self._answers_pings and not self._flowing.is_set():
                    back.write(b"PONG\r\n" * data.count(b"PING\r\n"))
                    continue
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        # When one end closes first, the other end is closed, too.
        writer.transport.abort() if writer.is_closing() else writer.close()
