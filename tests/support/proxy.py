"""What stands between a service and its servers, so that a connection can hang or be cut without either end knowing?"""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Proxy:
    """Forwards TCP connections to a port of this machine."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self._target = port
        self._open: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._server: asyncio.Server

    async def start(self) -> Proxy:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def hang(self) -> None:
        """Nothing gets through any more, and nobody is told."""
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

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, far_writer}
        try:
            await asyncio.gather(self._forward(reader, far_writer), self._forward(far_reader, writer))
        finally:
            for end in (writer, far_writer):
                self._open.discard(end)
                end.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        # Whichever end closes first, the other one is to know.
        writer.transport.abort() if writer.is_closing() else writer.close()
