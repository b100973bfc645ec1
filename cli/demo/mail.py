"""How do invented recipients get letters and answer them, by the mail server of this machine?

They read what left over IMAP, and bring their answers by SMTP, as mail from outside.
"""

from __future__ import annotations

import asyncio
import os
import smtplib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from imaplib import IMAP4
from urllib.parse import unquote, urlsplit

from cli.demo.invented.answers import Letter, letter_of
from cli.stack import stackfile
from cli.stack.mail import HOST, OUTBOX, URLS, USER

PATIENCE_SECONDS, PAUSE_SECONDS = 180.0, 0.02
"""Once its reader died, another one reads the mailbox after two minutes (the lease)."""


class MailServer:
    """The mail server of the stack of this machine, which sends nothing on."""

    def __init__(self, smtp_url: str, imap_url: str) -> None:
        self._smtp, self._imap = urlsplit(smtp_url), urlsplit(imap_url)

    async def unread_letters(self) -> list[Letter]:
        """The letters that their recipients have not read yet; from now on they have."""
        return await asyncio.to_thread(self._unread_letters)

    async def deliver(self, answers: Sequence[EmailMessage]) -> None:
        """Bring answers to the mailbox, and wait until the notifier has stored them and marked them as read.

        Raises `TimeoutError` after three minutes.
        """
        await asyncio.to_thread(self._deliver, answers)

    def _unread_letters(self) -> list[Letter]:
        with self._folder(OUTBOX) as box:
            return [letter_of(content) for content in _fetched(box, _unseen(box))]

    def _deliver(self, answers: Sequence[EmailMessage]) -> None:
        with smtplib.SMTP(HOST, self._smtp.port or 0) as client:
            for each in answers:
                client.sendmail(str(each["From"]), [str(each["To"])], each.as_bytes())
        deadline = time.monotonic() + PATIENCE_SECONDS
        with self._folder("INBOX") as box:
            while _unseen(box):
                if time.monotonic() > deadline:
                    raise TimeoutError("The notifier does not read its mailbox; `pipeline status` shows more.")
                time.sleep(PAUSE_SECONDS)
                box.noop()

    @contextmanager
    def _folder(self, name: str) -> Iterator[IMAP4]:
        with IMAP4(HOST, self._imap.port or 0) as box:
            box.login(self._imap.username or "", unquote(self._imap.password or ""))
            box.select(name)
            yield box


def mail_server_of_this_machine() -> MailServer | None:
    """The mail server of the simulation that runs here; None if there is none, or if real servers are used."""
    stack = None if os.environ.get("PIPELINE_NATS_URL") else stackfile.read(stackfile.home())
    if stack is None or not stack.simulation:
        return None
    urls = [stack.mail_urls.get(name, "") for name in URLS]
    ours = all((urlsplit(url).hostname, urlsplit(url).username) == (HOST, USER) for url in urls)
    return MailServer(*urls) if ours else None


def _unseen(box: IMAP4) -> list[str]:
    _, found = box.uid("SEARCH", "UNSEEN")
    return found[0].decode().split() if found and found[0] else []


def _fetched(box: IMAP4, uids: Sequence[str]) -> Iterator[bytes]:
    """Messages with all headers and texts, which are read from now on."""
    for uid in uids:
        _, parts = box.uid("FETCH", uid, "(BODY[])")
        yield next(part[1] for part in parts if isinstance(part, tuple))
