"""A mail server whose line breaks, and which refuses, exactly where a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

from services.notifier.domain.correlating import letter_of

STEPS = ("connect", "EHLO", "MAIL", "RCPT", "DATA", "text", "end")
"""Where the line can break: before the reply to each command, within the text, and after it was accepted."""


@dataclass
class Scripted:
    """A mail server on loopback; `cut` and `replies` are used up once each."""

    cut: str = ""
    """The step at which the line breaks."""
    times: int = 1
    """How often it breaks there."""
    replies: dict[str, str] = field(default_factory=dict)
    """By command: the reply instead of the usual one."""
    accepted: list[bytes] = field(default_factory=list)
    """The letters that it accepted, whether or not its reply arrived."""
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    connections: int = 0
    transferring: set[UUID] = field(default_factory=set)
    """The letters whose text it has asked for."""
    at_step: Callable[[str], None] = lambda step: None
    """Called before each reply; at `recorded`, after the reply that a letter was accepted."""
    url: str = ""

    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=default) for content in self.accepted]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._session(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reply(writer, "connect", "220 test")
        sender = recipient = ""
        while line := (await reader.readline()).decode().strip():
            command = line.partition(" ")[0].upper()
            sender = line if command == "MAIL" else sender
            recipient = line if command == "RCPT" else recipient
            if command == "DATA" and (letter := letter_of(sender)):
                self.transferring.add(letter)
            if command == "DATA" and self._reply(writer, "DATA", "354 go on"):
                await self._text(reader, writer, (sender, recipient))
            elif command == "QUIT":
                writer.write(b"221 bye\r\n")
                return
            elif command != "DATA":
                self._reply(writer, command, "250 fine")

    def _reply(self, writer: asyncio.StreamWriter, step: str, reply: str) -> bool:
        """Reply, unless the line breaks here; returns whether the reply was the usual one."""
        self.at_step(step)
        if self._cuts(step):
            raise ConnectionResetError
        other = self.replies.pop(step, "")
        writer.write(f"{other or reply}\r\n".encode())
        return not other

    def _cuts(self, step: str) -> bool:
        cuts = self.cut == step and self.times > 0
        self.times -= cuts
        return cuts

    async def _text(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, envelope: tuple[str, str]
    ) -> None:
        if self._cuts("text"):
            await reader.readline()
            raise ConnectionResetError
        await reader.readexactly(1)
        self.at_step("text")
        content = b"F" + await reader.readuntil(b"\r\n.\r\n")
        if "end" not in self.replies:
            self.accepted.append(content.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n."))
            self.envelopes.append(envelope)
        self._reply(writer, "end", "250 accepted")
        await writer.drain()
        self.at_step("recorded")


@asynccontextmanager
async def scripted_server() -> AsyncIterator[Scripted]:
    server = Scripted()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"smtp://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
