"""How do thousands of messages pass through nats-py without its overhead for each message?

This is the only file that uses private parts of nats-py. `tests/integration/test_wire.py` tests those parts and fails
if an upgrade removes them. nats-py spends 30 to 40 microseconds on a message (a general header parser, a queue and a
task for each subscription, a future for each publication); what the kernel needs of a message costs 5.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from nats.aio.client import Client
from nats.aio.transport import TcpTransport
from nats.protocol.parser import Parser

CRLF = b"\r\n"
VERSION = "NATS/1.0"
MESSAGES = (b"MSG", b"HMSG")


@dataclass(slots=True)
class Arrival:
    """A message as it arrived; `reply` is empty for a status of the server."""

    subject: str
    reply: str
    headers: dict[str, str]
    data: bytes

    @property
    def status(self) -> str | None:
        """The status that the server sent instead of a message: `404`, `408`, `409` or `503`."""
        return None if self.reply else self.headers.get("Status")

    @property
    def deliveries(self) -> int:
        """How often the server has delivered this message, from its `$JS.ACK` subject (ADR-15)."""
        tokens = self.reply.split(".")
        return int(tokens[4] if len(tokens) == 9 else tokens[6])

    @property
    def sequence(self) -> int:
        """The sequence of the message in its stream."""
        tokens = self.reply.split(".")
        return int(tokens[5] if len(tokens) == 9 else tokens[7])


Receiver = Callable[[Arrival], None]


class FastParser(Parser):
    """Parses the messages of our own subscriptions, and passes everything else to nats-py.

    nats-py only gets complete commands: with a partial one in its buffer it would parse the next messages as well.
    """

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.receivers: dict[bytes, Receiver] = {}
        self._partial = b""

    def reset(self) -> None:
        super().reset()
        self._partial = b""

    async def parse(self, data: bytes = b"") -> None:
        data, at = self._partial + data, 0
        self._partial = b""  # before any await, since a lost connection resets the parser meanwhile
        while at < len(data):
            line_end = data.find(CRLF, at)
            words = data[at:line_end].split() if line_end >= 0 else []
            start = end = line_end + 2
            if words and words[0] in MESSAGES:
                end = start + int(words[-1]) + 2
            if line_end < 0 or end > len(data):
                self._partial = data[at:]
                return
            receive = self.receivers.get(words[2]) if end > start else None
            if receive:
                receive(_arrival(words, data[start : end - 2]))
            else:
                await super().parse(data[at:end])
            at = end


def _arrival(words: list[bytes], message: bytes) -> Arrival:
    """`MSG subject sid [reply] size`, or `HMSG subject sid [reply] size-of-headers size`."""
    if words[0] == b"MSG":
        return Arrival(words[1].decode(), words[3].decode() if len(words) == 5 else "", {}, message)
    body = int(words[-2])
    reply = words[3].decode() if len(words) == 6 else ""
    return Arrival(words[1].decode(), reply, headers_of(message[:body]), message[body:])


def headers_of(raw: bytes) -> dict[str, str]:
    """The headers of a message, parsed as nats-py does; the status line of the server becomes `Status`."""
    first, *lines = raw.decode("utf-8", "replace").rstrip("\r\n").split("\r\n")
    headers = {name: value.strip() for name, _, value in [line.partition(":") for line in lines]}
    if len(first) > len(VERSION):
        headers["Status"] = first[len(VERSION) :].split(maxsplit=1)[0]
    return headers


class PromptTransport(TcpTransport):
    """A connection whose end is not waited for longer than this.

    With TLS, asyncio waits half a minute for the farewell of a server that hangs; after a handshake that took too long,
    nats-py waits forever for the end of a connection that TLS has taken over.
    """

    SECONDS = 0.5

    async def wait_closed(self) -> None:
        try:
            async with asyncio.timeout(self.SECONDS):
                await super().wait_closed()  # type: ignore[no-untyped-call]
        except TimeoutError:
            if self._io_writer:
                self._io_writer.transport.abort()

    def __bool__(self) -> bool:
        return True  # or else nats-py would put its own in its place


class PromptClient(Client):
    """A client that leaves lost servers at once."""

    async def _connect_to_server(self, s: Any) -> None:
        self._transport = self._transport or PromptTransport()  # type: ignore[no-untyped-call]
        await super()._connect_to_server(s)


def new_client() -> Client:
    client = PromptClient()
    client._ps = FastParser(client)
    return client


async def subscribe(client: Client, subject: str, receive: Receiver) -> None:
    """Call `receive` with every message, immediately and in order; it must neither block nor raise."""
    # The subscription gets the next number; a message may arrive as soon as the server knows it.
    cast("FastParser", client._ps).receivers[b"%d" % (client._sid + 1)] = receive
    await client.subscribe(subject, pending_bytes_limit=0)


def send(client: Client, commands: Iterable[bytes]) -> None:
    """Write protocol commands at once. A disconnected client drops them, since they would arrive too late."""
    if not client.is_connected:
        return
    buffer = b"".join(commands)
    client._pending.append(buffer)
    client._pending_data_size += len(buffer)
    flushing = client._flush_queue
    if flushing is not None and flushing.empty():
        flushing.put_nowait(asyncio.get_running_loop().create_future())


def publication(subject: str, reply: str, headers: dict[str, str], data: bytes) -> bytes:
    """The command that publishes a message; each header value is one line of text."""
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    head = f"NATS/1.0\r\n{lines}\r\n".encode()
    command = f"HPUB {subject} {reply} {len(head)} {len(head) + len(data)}\r\n".encode()
    return b"".join((command, head, data, CRLF))


def request(subject: str, reply: str, data: bytes) -> bytes:
    return b"PUB %b %b %d\r\n%b\r\n" % (subject.encode(), reply.encode(), len(data), data)


def acknowledgment(reply: str, kind: bytes) -> bytes:
    """The command that acknowledges a message: `+ACK`, `-NAK` or `+WPI` (in progress)."""
    return b"PUB %b %d\r\n%b\r\n" % (reply.encode(), len(kind), kind)
