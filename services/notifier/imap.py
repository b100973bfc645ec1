"""How is a mailbox read over IMAP? Blocking: it runs in a thread."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from imaplib import IMAP4
from ipaddress import ip_address
from pathlib import Path
from threading import Event
from time import monotonic
from urllib.parse import SplitResult, unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.idle import get_socket_poller

TIMEOUT = 30.0
WAIT_SECONDS = 25.0
"""How long one call waits for a message."""
GLANCE_SECONDS = 1.5
"""How long one IDLE lasts: a message that a server does not announce is seen after it."""
PAUSE_SECONDS = 1.0
"""Until a broken connection is opened again."""
MOST_MESSAGES, MOST_BYTES = 50, 20_000_000
"""Of one call; the rest follows in the next one."""

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class CannotRead(Exception):
    """The mailbox cannot be read; the message has no password in it."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A message in the mailbox; `content` is its beginning if it is very long."""

    uid: int
    content: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Found:
    """New messages of a mailbox, in their order."""

    uid_validity: int
    last_uid: int
    """The last message that was looked at, even if it was deleted meanwhile."""
    messages: tuple[Raw, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox, and how to open it."""

    secure: bool
    host: str
    port: int
    user: str
    password: str
    folder: str

    @property
    def name(self) -> str:
        """The mailbox without the password."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


def address_of(url: str) -> Address:
    """The mailbox of `imaps://USER:PASSWORD@HOST[:PORT][/FOLDER]`; raises `ValueError`."""
    parts: SplitResult = urlsplit(url)
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise ValueError("PIPELINE_IMAP_URL must be like imaps://USER:PASSWORD@HOST/INBOX")
    secure = parts.scheme == "imaps"
    folder = unquote(parts.path.strip("/")) or "INBOX"
    port = parts.port or (993 if secure else 143)
    return Address(secure, parts.hostname, port, unquote(parts.username), unquote(parts.password or ""), folder)


class Mailbox:
    """A connection to a mailbox, which is opened when it is needed; one thread at a time."""

    def __init__(self, address: Address, most_stored: int, ca: Path | None = None) -> None:
        self.address = address
        self._ca = ca
        self._most_stored = most_stored
        self._box: BaseMailBox | None = None
        self._to_mark: list[int] = []
        self._reopened = False
        self._stopped = Event()

    def read(self, uid_validity: int, last_uid: int) -> Found:
        """The messages after the last one, for which it waits a while; a broken connection is opened again meanwhile.

        Messages up to the last one are marked as read: they have been stored. Raises `CannotRead`.
        """
        self._stopped.clear()
        deadline = monotonic() + WAIT_SECONDS
        while True:
            try:
                return self._read(self._opened(), uid_validity, last_uid, deadline)
            except Exception as error:
                self.close()
                broken = isinstance(error, (OSError, IMAP4.abort))
                if not broken or monotonic() > deadline or self._stopped.wait(PAUSE_SECONDS):
                    raise CannotRead(f"{self.address.name}: {type(error).__name__}: {error}"[:500]) from None

    def stop(self) -> None:
        """Let `read` end soon, in the thread in which it runs."""
        self._stopped.set()
        self.close()

    def close(self) -> None:
        """Close the connection, even while another thread waits on it."""
        box, self._box = self._box, None
        if box is not None:
            with suppress(Exception):
                box.client.sock.shutdown(socket.SHUT_RDWR)
            with suppress(Exception):
                box.client.shutdown()

    def _opened(self) -> BaseMailBox:
        if self._box is None:
            self._box = _connected(self.address, self._ca)
            self._box.login(self.address.user, self.address.password, self.address.folder)
            self._to_mark = []
            self._reopened = True
        return self._box

    def _read(self, box: BaseMailBox, known_validity: int, last_uid: int, deadline: float) -> Found:
        validity = int(box.folder.status(self.address.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
        last = last_uid if validity == known_validity else 0
        self._mark(box, last)
        while not (uids := _after(box, last)) and monotonic() < deadline:
            if not _is_announced(box):
                self._wait(box)
        fetched = self._fetched(box, uids)
        messages = tuple(message for message in fetched.values() if message)
        self._to_mark = [each.uid for each in messages]
        return Found(validity, max(fetched, default=last), messages)

    def _mark(self, box: BaseMailBox, last: int) -> None:
        """Mark what has been stored as read; after a new connection, all of it."""
        uids = [uid for uid in self._to_mark if uid <= last]
        if self._reopened and last:
            uids = [int(uid) for uid in box.uids(f"UNSEEN UID 1:{last}") if int(uid) <= last]
        self._reopened = False
        if uids:
            box.flag([str(uid) for uid in uids], [MailMessageFlags.SEEN], True, chunks=200)

    def _wait(self, box: BaseMailBox) -> None:
        """Wait until the server announces something; a line of it may still be on its way."""
        box.idle.start()
        get_socket_poller(box.client.sock, GLANCE_SECONDS)  # type: ignore[arg-type]  # seconds need not be whole
        box.idle.stop()

    def _fetched(self, box: BaseMailBox, uids: list[int]) -> dict[int, Raw | None]:
        """As many of these messages as one call reads; None for one that was deleted meanwhile."""
        fetched: dict[int, Raw | None] = {}
        total = 0
        for uid in uids[:MOST_MESSAGES]:
            if total > MOST_BYTES:
                break
            fetched[uid] = message = _fetch(box, uid, self._most_stored)
            total += len(message.content) if message else 0
        return fetched


def _connected(address: Address, ca: Path | None) -> BaseMailBox:
    """Passwords leave this machine only encrypted: without TLS from the start, by STARTTLS."""
    context = ssl.create_default_context(cafile=ca)
    if address.secure:
        return MailBox(address.host, address.port, timeout=TIMEOUT, ssl_context=context)
    if _is_here(address.host):
        return MailBoxUnencrypted(address.host, address.port, timeout=TIMEOUT)
    return MailBoxStartTls(address.host, address.port, timeout=TIMEOUT, ssl_context=context)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _after(box: BaseMailBox, last: int) -> list[int]:
    """The numbers of the messages after this one; a server may name the last one again."""
    return sorted(uid for uid in map(int, box.uids(f"UID {last + 1}:*")) if uid > last)


def _is_announced(box: BaseMailBox) -> bool:
    """Whether the server announced a message in its replies so far, which IDLE does not repeat."""
    return box.client.response("EXISTS")[1] != [None]


def _fetch(box: BaseMailBox, uid: int, most: int) -> Raw | None:
    """A message, or its beginning; None if it was deleted meanwhile."""
    status, parts = box.client.uid("FETCH", str(uid), f"(RFC822.SIZE BODY.PEEK[]<0.{most}>)")
    if status != "OK":
        raise CannotRead(f"message {uid} cannot be fetched: {status}")
    return raw_of(uid, parts)


def raw_of(uid: int, parts: Sequence[tuple[bytes, bytes] | bytes | None]) -> Raw | None:
    """The message in a server's reply; without a text, as an empty message has none, if only its size is stated."""
    stated = b" ".join(each[0] if isinstance(each, tuple) else each or b"" for each in parts)
    content = next((each[1] for each in parts if isinstance(each, tuple)), b"")
    size = _SIZE.search(stated)
    if not content and not size:
        return None
    return Raw(uid, content, int(size[1]) if size else len(content))
