"""A host of the internet, as a server on loopback that the network of a test leads to.

`Rerouted` connects every address to it, so that a client may use public names, the usual ports and all of its checks.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

import httpcore

PUBLIC = "93.184.216.34"

Respond = Callable[["Asked", asyncio.StreamWriter], Awaitable[None]]


class Asked:
    """A request as the server got it."""

    def __init__(self, head: bytes, body: bytes) -> None:
        line, *fields = head.decode("latin-1").split("\r\n")
        self.method, self.path, _ = line.split(" ")
        self.headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in fields)}
        self.body = body

    @property
    def url(self) -> str:
        return f"{self.headers['host']}{self.path}"


class Site:
    """The server: what it was asked, and how many connections it accepted."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self.asked: list[Asked] = []
        self.connections = 0
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next((line[15:] for line in head.lower().split(b"\r\n") if b"content-length:" in line), b"0")
                asked = Asked(head[:-4], await reader.readexactly(int(length)))
                self.asked.append(asked)
                await self._respond(asked, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def answer(body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None) -> bytes:
    fields = {"content-length": str(len(body))} | dict(headers or {})
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} -\r\n{head}\r\n".encode("latin-1") + body


def redirect(to: str, status: int = 302) -> bytes:
    return answer(b"moved", status, {"location": to})


@asynccontextmanager
async def site(
    respond: Respond | bytes | Mapping[str, bytes], tls: ssl.SSLContext | None = None
) -> AsyncIterator[Site]:
    """A server that gives one answer, an answer by path or host and path, or what a function writes."""

    async def given(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if isinstance(respond, bytes):
            writer.write(respond)
        elif isinstance(respond, Mapping):
            writer.write(respond.get(asked.url) or respond.get(asked.path) or answer(b"", 404))
        else:
            await respond(asked, writer)

    found = Site(given)
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0, ssl=tls)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()


class Rerouted(httpcore.AsyncNetworkBackend):
    """Leads a connection to any address to the port of a site, and lists the addresses."""

    def __init__(self, to: Site) -> None:
        self._to = to
        self._network = httpcore.AnyIOBackend()
        self.dialed: list[tuple[str, int]] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the signature of httpcore
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialed.append((host, port))
        return await self._network.connect_tcp("127.0.0.1", self._to.port, timeout)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def names(known: Mapping[str, Sequence[str]] | None = None) -> Callable[[str], Awaitable[Sequence[str]]]:
    """A resolver that knows these names, and a public address for every other one."""

    async def resolve(host: str) -> Sequence[str]:
        return (known or {}).get(host, [PUBLIC])

    return resolve
