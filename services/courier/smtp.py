"""How is a digest handed to a mail server? One at a time: they are few, and each has its own connection."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPResponseException

from engines.mail.servers import Server

SECONDS: Final = 30.0
FOR_GOOD: Final = 500
"""Replies from this code on are final; lower ones invite another try."""


class NotSent(Exception):
    """The server did not accept it, which is certain."""

    def __init__(self, text: str, *, for_good: bool = False) -> None:
        super().__init__(text)
        self.for_good = for_good


async def send(
    server: Server,
    ca: Path | None,
    sender: str,
    recipient: str,
    content: bytes,
    begin_effect: Callable[[], Awaitable[None]],
) -> None:
    """Raises `NotSent`, or another error if the line broke: after the text was begun, it may have arrived."""
    login: dict[str, Any] = {"username": server.user, "password": server.password} if server.user else {}
    client = SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.tls,
        start_tls=server.start_tls,
        tls_context=ssl.create_default_context(cafile=ca),
        timeout=SECONDS,
        **login,
    )
    try:
        await client.connect()
    except (SMTPException, OSError) as error:
        raise NotSent(f"The mail server cannot be reached: {error}") from error
    try:
        await client.mail(sender)
        await client.rcpt(recipient)
        await begin_effect()
        await client.data(content)
    except SMTPResponseException as error:
        raise NotSent(f"{error.code} {error.message}", for_good=error.code >= FOR_GOOD) from error
    else:
        with suppress(SMTPException, OSError):
            await client.quit()
    finally:
        client.close()
