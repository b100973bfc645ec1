"""How does a test run a real Postfix and a real Dovecot?

Both have their configuration, queue and mail in a temporary folder, and listen on loopback only; nothing of the system
is changed. Postfix needs root, and the users that its package creates.
"""

from __future__ import annotations

import os
import shutil
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from ssl import create_default_context
from urllib.parse import quote

from imap_tools import MailBox

from cli.stack.children import tail
from cli.stack.mail import listens
from cli.stack.processes import free_port

PASSWORD = "of-a-test"
US, ADA = "mail@seller.example", "ada@home.example"
"""The mailboxes: ours, to which answers and reports go, and one of a recipient."""
UNKNOWN, FAR = "unknown@home.example", "unknown@far.example"
"""An address that Postfix refuses, and one that it accepts and cannot deliver, of which it then sends a report."""
HOST = "127.0.0.1"
PATIENCE = 30.0

MISSING = next(
    (
        reason
        for lacks, reason in (
            (not shutil.which("postfix"), "Postfix is not installed (apt-get install postfix)"),
            (not shutil.which("dovecot"), "Dovecot is not installed (apt-get install dovecot-imapd dovecot-lmtpd)"),
            (os.geteuid() != 0, "Postfix starts only as root"),
        )
        if lacks
    ),
    "",
)
"""Why they cannot run here; empty if they can."""

MAIN = """
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
maillog_file_prefixes = {root}
maillog_file = {root}/postfix.log
myhostname = mx.seller.example
mydestination =
alias_maps =
inet_interfaces = {host}
inet_protocols = ipv4
recipient_delimiter = +
virtual_mailbox_domains = seller.example, home.example
virtual_mailbox_maps = inline:{{ {{ {us} = here }}, {{ {ada} = here }} }}
virtual_transport = lmtp:unix:{root}/lmtp
relay_domains = far.example
transport_maps = inline:{{ {{ far.example = smtp:[{host}]:{outside} }} }}
smtpd_sasl_type = dovecot
smtpd_sasl_path = {root}/auth
smtpd_tls_cert_file = {root}/certificate.pem
smtpd_tls_key_file = {root}/key.pem
smtpd_recipient_restrictions = permit_sasl_authenticated, reject_unauth_destination
"""
MASTER = """
{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_tls_auth_only=yes -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions=reject_unlisted_recipient,permit_sasl_authenticated,reject
{outside} inet n - n - - smtpd
  -o myhostname=mx.far.example -o relay_recipient_maps=inline:{{known@far.example=x}}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""
DOVECOT = """
base_dir = {root}/dovecot
log_path = {root}/dovecot.log
protocols = imap lmtp
listen = {host}
ssl = required
ssl_cert = <{root}/certificate.pem
ssl_key = <{root}/key.pem
auth_mechanisms = plain login
recipient_delimiter = +
mail_location = maildir:{root}/mail/%u
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={root}/mail/%u allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imap}
    ssl = yes
  }}
}}
service auth {{
  unix_listener {root}/auth {{
    mode = 0666
  }}
}}
service lmtp {{
  unix_listener {root}/lmtp {{
    mode = 0666
  }}
}}
"""


@dataclass(frozen=True)
class RealMailServers:
    """A Postfix that accepts letters of ours on one port and mail from outside on another, and a Dovecot."""

    root: Path
    submission: int
    outside: int
    imap: int

    def settings(self) -> dict[str, str]:
        """What the notifier needs to send and to read through them."""
        certificate = str(self.root / "certificate.pem")
        return {
            "PIPELINE_SMTP_URL": f"smtp://{quote(US)}:{PASSWORD}@{HOST}:{self.submission}",
            "PIPELINE_SMTP_CA": certificate,
            "PIPELINE_IMAP_URL": f"imaps://{quote(US)}:{PASSWORD}@{HOST}:{self.imap}/INBOX",
            "PIPELINE_IMAP_CA": certificate,
            "PIPELINE_MAIL_RETURN": US,
        }

    def deliver(self, message: EmailMessage, to: str, sender: str = ADA) -> None:
        """Bring a message from outside."""
        with smtplib.SMTP(HOST, self.outside) as client:
            client.sendmail(sender, [to], message.as_bytes())

    @contextmanager
    def mailbox(self, user: str) -> Iterator[MailBox]:
        context = create_default_context(cafile=self.root / "certificate.pem")
        with MailBox(HOST, self.imap, ssl_context=context).login(user, PASSWORD) as box:
            yield box


@contextmanager
def real_mail_servers() -> Iterator[RealMailServers]:
    root = Path(tempfile.mkdtemp(prefix="pipeline-mail-"))
    root.chmod(0o755)
    servers = RealMailServers(root, free_port(), free_port(), free_port())
    _configure(servers)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, root)
        dovecot, postfix = ["dovecot", "-c", str(root / "dovecot.conf")], ["postfix", "-c", str(root / "postfix")]
        for start, stop in ((dovecot, [*dovecot, "stop"]), ([*postfix, "start"], [*postfix, "abort"])):
            _run(start, root)
            stack.callback(_run, stop, root)
        for port in (servers.submission, servers.outside, servers.imap):
            _await_port(port, root)
        yield servers


def _configure(servers: RealMailServers) -> None:
    root = servers.root
    values = {"root": root, "host": HOST, "us": US, "ada": ADA, "password": PASSWORD} | {
        name: getattr(servers, name) for name in ("submission", "outside", "imap")
    }
    for folder in ("postfix", "queue", "data", "dovecot", "mail"):
        (root / folder).mkdir()
    shutil.chown(root / "data", "postfix")
    shutil.chown(root / "mail", "mail")
    for file, text in (("postfix/main.cf", MAIN), ("postfix/master.cf", MASTER), ("dovecot.conf", DOVECOT)):
        (root / file).write_text(text.format_map(values))
    certificate = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    files = ["-keyout", str(root / "key.pem"), "-out", str(root / "certificate.pem")]
    names = ["-addext", f"subjectAltName=IP:{HOST}"]
    subprocess.run(["openssl", "req", *certificate, *names, *files], check=True, capture_output=True)


def _run(command: list[str], root: Path) -> None:
    """Start or stop a server, which runs in the background."""
    with (root / "output.log").open("ab") as log:
        assert subprocess.run(command, stdout=log, stderr=log, timeout=PATIENCE).returncode == 0, _logs(root)


def _await_port(port: int, root: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not listens(port):
        assert time.monotonic() < deadline, _logs(root)
        time.sleep(0.02)


def _logs(root: Path) -> str:
    return "\n".join(tail(file) for file in root.glob("*.log"))
