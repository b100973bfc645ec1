"""How does a test bring mail, and see what has left?"""

from __future__ import annotations

import shutil
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from imap_tools import MailBoxUnencrypted
from imap_tools.message import MailMessage

from cli.stack import mail
from cli.stack.children import spawn, tail
from cli.stack.processes import free_port

PASSWORD = "of-a-test"


@dataclass(frozen=True)
class MailServer:
    """The embedded mail server; its clients are the service that is tested and, without a password, the outside."""

    addresses: mail.MailAddresses
    folder: Path

    def deliver(
        self, message: EmailMessage | bytes, to: str = "us@seller.example", sender: str = "a@home.example"
    ) -> None:
        """Bring a message from outside to the inbox."""
        content = (
            message if isinstance(message, bytes) else message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
        )
        parts = urlsplit(self.addresses.smtp_url)
        with smtplib.SMTP(parts.hostname or "", parts.port or 0) as client:
            client.sendmail(sender, [to], content)

    @contextmanager
    def mailbox(self, name: str = "INBOX") -> Iterator[MailBoxUnencrypted]:
        parts = urlsplit(self.addresses.imap_url)
        with MailBoxUnencrypted(parts.hostname or "", parts.port or 0).login(mail.USER, PASSWORD, name) as box:
            yield box

    def messages(self, name: str = "INBOX") -> list[MailMessage]:
        with self.mailbox(name) as box:
            return list(box.fetch(mark_seen=False))

    def left(self) -> list[MailMessage]:
        """The letters that left."""
        return self.messages(mail.OUTBOX)

    def unread(self) -> list[str | None]:
        """The numbers of the messages that no client has marked as read."""
        with self.mailbox() as box:
            return [each.uid for each in box.fetch("UNSEEN", mark_seen=False)]

    def empty(self) -> None:
        for box in ("inbox", f"inbox/.{mail.OUTBOX}"):
            for file in [*(self.folder / box / "new").iterdir(), *(self.folder / box / "cur").iterdir()]:
                file.unlink()


@contextmanager
def mail_server(folder: Path | None = None, ports: tuple[int, int] | None = None) -> Iterator[MailServer]:
    """The embedded mail server with its messages in a folder, or in a temporary one; `ports` of SMTP and IMAP."""
    place = folder or Path(tempfile.mkdtemp(prefix="pipeline-mail-"))
    smtp, imap = ports or (free_port(), free_port())
    addresses = mail.mail_addresses({}, smtp, imap, PASSWORD)
    with spawn(mail.mail_program(place, smtp, imap, PASSWORD, place / "log")) as process:
        try:
            _await_ports(process, place / "log", smtp, imap)
            yield MailServer(addresses, place)
        finally:
            process.terminate()
    if folder is None:
        shutil.rmtree(place)


def _await_ports(process: subprocess.Popen[bytes], log: Path, *ports: int) -> None:
    deadline = time.monotonic() + 30
    while not all(map(mail.listens, ports)):
        assert process.poll() is None, tail(log)
        assert time.monotonic() < deadline, tail(log)
        time.sleep(0.02)
