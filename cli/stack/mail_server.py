"""How does the embedded mail server keep every message? One process: SMTP to bring messages, IMAP to read them.

A letter of a client that knows the password leaves: it is kept in `Outbox` and goes nowhere. A message that comes
without the password is from outside, and is delivered to the inbox. Loopback only.
"""

import argparse
import asyncio
import hmac
import os
import re
import signal
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from email.utils import formatdate
from mailbox import Maildir
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pymap.backend.maildir import Config, Identity, Login, MaildirBackend
from pymap.backend.maildir import Session as PlainSession
from pymap.backend.maildir.layout import MaildirLayout
from pymap.backend.maildir.mailbox import Maildir as PlainMaildir
from pymap.concurrent import Event, Subsystem
from pymap.imap import IMAPService
from pymap.interfaces.login import IdentityInterface
from pymap.selected import SelectedMailbox
from pysasl.creds.server import ServerCredentials
from pysasl.hashing import Cleartext

from cli.stack.mail import HOST, OUTBOX, PASSWORD_VARIABLE, USER
from cli.stack.target import write_private

LARGEST = 64 * 1024 * 1024
"""Bytes of a message: an attachment of 30 MB, encoded."""
RECIPIENTS = "X-Envelope-To"
"""The header with the addresses that a message was delivered to."""
LOOK_SECONDS = 0.05


@dataclass
class Arrivals:
    """How many messages have arrived, for clients that wait for the next one."""

    count: int = 0


class Keeper:
    """Keeps what SMTP brings. Written and synchronized before the client gets its reply."""

    def __init__(self, folder: Path, password: str, arrivals: Arrivals) -> None:
        self.inbox = Maildir(folder / "inbox", create=True)
        self.outbox = Maildir(folder / "inbox" / f".{OUTBOX}", create=True)
        self.password = password
        self.arrivals = arrivals

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and data.login == USER.encode()
        success = known and hmac.compare_digest(data.password, self.password.encode())
        return AuthResult(success=success, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        recipients = ", ".join(envelope.rcpt_tos)
        head = (
            f"Return-Path: <{envelope.mail_from or ''}>\r\n{RECIPIENTS}: {recipients}\r\nReceived: {formatdate()}\r\n"
        )
        (self.outbox if session.authenticated else self.inbox).add(head.encode("utf-8", "replace") + content)
        self.arrivals.count += 1
        return "250 Kept"


class WaitingSession(PlainSession):
    """A client's session, in which IDLE reports a message as soon as it is kept."""

    arrivals: Arrivals
    seen = -1

    async def check_mailbox(
        self, selected: SelectedMailbox, *, wait_on: Event | None = None, housekeeping: bool = False
    ) -> SelectedMailbox:
        while wait_on is not None and self.seen == self.arrivals.count and not wait_on.is_set():
            await wait_on.wait(timeout=LOOK_SECONDS)
        self.seen = self.arrivals.count
        return await super().check_mailbox(selected, housekeeping=housekeeping)


class OrderedMaildir(PlainMaildir):
    """A folder whose messages are numbered in the order in which they arrived."""

    def keys(self) -> list[str]:
        return sorted(super().keys(), key=_arrived)


def _arrived(key: str) -> tuple[int, ...]:
    """Of a name like `1795795719.M366109P28697Q2.host`: seconds, microseconds, process, number."""
    return tuple(int(number) for number in re.findall(r"\d+", key)[:4])


class WaitingIdentity(Identity):
    """The only user, whose sessions wait for arrivals."""

    arrivals: Arrivals

    def _load_maildir(self, mailbox_path: str) -> tuple[PlainMaildir, MaildirLayout[Any]]:
        layout = MaildirLayout.get(str(Path(self.config.base_dir, mailbox_path)), self.config.layout, OrderedMaildir)
        return OrderedMaildir(layout.path), layout

    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[PlainSession]:
        async with super().new_session() as plain:
            session = WaitingSession(plain.owner, plain.config, plain.mailbox_set, plain.filter_set)
            session.arrivals = self.arrivals
            yield session


class WaitingLogin(Login):
    """Logs the only user in."""

    arrivals: Arrivals

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        return self._waiting(await super().authenticate(credentials))

    async def authorize(self, authenticated: IdentityInterface, authzid: str) -> Identity:
        return self._waiting(await super().authorize(authenticated, authzid))

    def _waiting(self, plain: Identity) -> Identity:
        waiting = WaitingIdentity(plain.config, plain.tokens, plain.name, None, plain.roles)
        waiting.arrivals = self.arrivals
        return waiting


async def serve(folder: Path, smtp_port: int, imap_port: int, password: str) -> None:
    """Run both until SIGTERM."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    arrivals, stopped, loop = Arrivals(), asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    keeper = Keeper(folder, password, arrivals)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(await loop.create_server(lambda: _smtp(keeper), HOST, smtp_port))
        await _serve_imap(stack, folder, imap_port, password, arrivals)
        await stopped.wait()


def _smtp(keeper: Keeper) -> SMTP:
    """Nothing is encrypted, because nothing leaves this machine."""
    return SMTP(
        keeper,
        data_size_limit=LARGEST,
        enable_SMTPUTF8=True,
        hostname="localhost",
        authenticator=keeper.authenticate,
        auth_require_tls=False,
    )


async def _serve_imap(stack: AsyncExitStack, folder: Path, port: int, password: str, arrivals: Arrivals) -> None:
    write_private(folder / "pymap-etc-passwd", f"{USER}:x::::inbox:\n")
    write_private(folder / "pymap-etc-shadow", f"{USER}:{password}:::::::\n")
    options = Namespace(passlib_cfg=None, proxy_protocol=None, inherited_sockets=None)
    config = Config(
        options,
        base_dir=str(folder),
        layout="++",
        colon=None,
        host=HOST,
        port=port,
        tls_enabled=False,
        hash_context=Cleartext(),
        subsystem=Subsystem.for_asyncio(),
    )
    config.apply_context()
    login = WaitingLogin(config)
    login.arrivals = arrivals
    await IMAPService(MaildirBackend(login, config), config).start(stack)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m cli.stack.mail_server", description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("smtp_port", type=int)
    options.add_argument("imap_port", type=int)
    given = options.parse_args()
    asyncio.run(serve(given.folder, given.smtp_port, given.imap_port, os.environ[PASSWORD_VARIABLE]))


if __name__ == "__main__":
    main()
