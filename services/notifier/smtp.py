"""How is a letter handed to a mail server, so that it never gets it twice? (RFC 5321)

Connections are kept and used again. The text is transferred only after the caller has recorded that it may be accepted
from then on: before that, a broken line means that the letter was not sent; after it, that it may have been.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPAuthenticationError, SMTPException, SMTPResponseException
from aiosmtplib.typing import SMTPStatus

from engines.mail.servers import Server

SECONDS = 60.0
"""How long the server may take for a reply."""
_PERIOD = re.compile(rb"(?m)^\.")
FOR_GOOD = 500
"""Replies from this code on are final; lower ones invite another try."""


class Refused(Exception):
    """The letter was not accepted, which is certain: the server says so, or there is nothing that could be sent."""

    def __init__(self, text: str, *, for_good: bool) -> None:
        super().__init__(text)
        self.for_good = for_good


class Connections:
    """Connections to one mail server, as many as letters are sent at once."""

    def __init__(self, server: Server, ca: Path | None = None) -> None:
        self._server = server
        self._context = ssl.create_default_context(cafile=ca)
        self._idle: list[SMTP] = []

    async def send(
        self, sender: str, recipient: str, content: bytes, begin_effect: Callable[[], Awaitable[None]]
    ) -> str:
        """Hand over a letter; returns the server's reply. Raises `Refused`, or another error if the line broke."""
        client = await self._prepared(sender, recipient)
        try:
            await begin_effect()
            reply = await _transfer(client, content)
        except Refused:
            self._idle.append(client)
            raise
        except BaseException:
            client.close()
            raise
        self._idle.append(client)
        return reply

    async def close(self) -> None:
        for client in self._idle:
            client.close()
        self._idle = []

    async def _prepared(self, sender: str, recipient: str) -> SMTP:
        """A connection on which the server waits for the text. A kept one that has broken meanwhile is replaced."""
        while self._idle:
            client = self._idle.pop()
            try:
                return await self._announced(client, sender, recipient)
            except (SMTPException, ConnectionError, TimeoutError):
                client.close()
        return await self._announced(await self._connected(), sender, recipient)

    async def _announced(self, client: SMTP, sender: str, recipient: str) -> SMTP:
        """Name sender and recipient, and wait until the server asks for the text."""
        try:
            await client.mail(sender)
            await client.rcpt(recipient)
            reply = await client.execute_command(b"DATA")
            if reply.code != SMTPStatus.start_input:
                raise SMTPResponseException(reply.code, reply.message)
        except SMTPResponseException as error:
            if error.code == SMTPStatus.domain_unavailable:
                client.close()
                raise ConnectionError(f"The mail server ends the connection: {error.message}") from error
            await self._keep_after_refusal(client)
            raise _refused(error) from error
        except BaseException:
            client.close()
            raise
        return client

    async def _keep_after_refusal(self, client: SMTP) -> None:
        try:
            await client.rset()
        except (SMTPException, ConnectionError, TimeoutError):
            client.close()
        else:
            self._idle.append(client)

    async def _connected(self) -> SMTP:
        server = self._server
        options: dict[str, Any] = {"username": server.user, "password": server.password} if server.user else {}
        client = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls,
            start_tls=server.start_tls,
            tls_context=self._context,
            timeout=SECONDS,
            **options,
        )
        try:
            await client.connect()
        except SMTPAuthenticationError as error:
            raise ConnectionError(f"The mail server refuses our name or password: {error.message}") from error
        except SMTPResponseException as error:
            raise ConnectionError(f"The mail server refuses our connection: {error.code} {error.message}") from error
        return client


async def _transfer(client: SMTP, content: bytes) -> str:
    """Transfer the text; raises `Refused` if the server does not accept it."""
    protocol = client.protocol
    if protocol is None:
        raise ConnectionError("the connection was lost before the text was transferred")
    protocol.write(_PERIOD.sub(b"..", content) + b".\r\n")
    reply = await protocol.read_response(timeout=SECONDS)
    if reply.code != SMTPStatus.completed:
        raise _refused(SMTPResponseException(reply.code, reply.message))
    return f"{reply.code} {reply.message}"


def _refused(error: SMTPResponseException) -> Refused:
    return Refused(f"{error.code} {error.message}", for_good=error.code >= FOR_GOOD)
