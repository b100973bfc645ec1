"""How is the embedded mail server started, and at which addresses?"""

import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.stack.children import Program

HOST = "127.0.0.1"
USER = "pipeline"
OUTBOX = "Outbox"
PASSWORD_VARIABLE = "PIPELINE_MAIL_PASSWORD"  # noqa: S105 - the name of the variable

SMTP_URL = "PIPELINE_SMTP_URL"
IMAP_URL = "PIPELINE_IMAP_URL"
URLS = (SMTP_URL, IMAP_URL)
TOKEN_KEYS, PUBLIC_URL, POSTAL_ADDRESS = "PIPELINE_TOKEN_KEYS", "PIPELINE_PUBLIC_URL", "PIPELINE_POSTAL_ADDRESS"
INVENTED_ADDRESS = "1 Invented Street, Albany, NY 12207"
OWNER = "notifier"
"""The only service that sends letters and reads mail, and knows the passwords of its servers."""
DIGESTS_OWNER = "courier"
DIGESTS_URL, DIGESTS_FROM = "PIPELINE_COURIER_SMTP_URL", "PIPELINE_COURIER_MAIL_FROM"
"""The courier sends digests to the deployment's own people, by a server that is named for it alone."""
LOCAL_SENDER = "notices@localhost"
OWN_URLS = {url: url.replace("PIPELINE_", f"PIPELINE_{OWNER.upper()}_") for url in URLS}
VARIABLES = (*URLS, *OWN_URLS.values())


@dataclass(frozen=True)
class MailAddresses:
    """Where letters are handed over, and where what comes back is read."""

    smtp_url: str
    imap_url: str

    def variables(self) -> dict[str, str]:
        return {SMTP_URL: self.smtp_url, IMAP_URL: self.imap_url}


def named_urls(environment: Mapping[str, str]) -> dict[str, str]:
    """The real servers that an operator names: by a variable, or by a file in the folder of secrets."""
    folder = environment.get("PIPELINE_SECRETS_DIR")
    found = {url: environment.get(own) or environment.get(url) for url, own in OWN_URLS.items()}
    files = {url: Path(folder) / url.lower() for url in URLS} if folder else {}
    found |= {url: file.read_text().strip() for url, file in files.items() if not found[url] and file.is_file()}
    return {url: value for url, value in found.items() if value}


def settings_to_send(
    environment: Mapping[str, str], real: Mapping[str, str], http_port: int, key: str, *, simulation: bool
) -> dict[str, str]:
    """What the notifier needs to send letters, as far as the operator has not set it.

    Only letters that stay on this machine have a link to this machine and, in a simulation, an invented address.
    """
    wanted = {TOKEN_KEYS: key}
    if SMTP_URL not in real:
        wanted |= {PUBLIC_URL: f"http://{HOST}:{http_port}"} | (
            {POSTAL_ADDRESS: INVENTED_ADDRESS} if simulation else {}
        )
    folder = environment.get("PIPELINE_SECRETS_DIR")
    given = {name for name in wanted if environment.get(name) or environment.get(_own(name))}
    given |= {name for name in wanted if folder and Path(folder, name.lower()).is_file()}
    return {name: value for name, value in wanted.items() if name not in given}


def settings_of_digests(
    environment: Mapping[str, str], real: Mapping[str, str], used: Mapping[str, str], *, simulation: bool
) -> dict[str, str]:
    """What the courier needs to send digests. By the embedded server they stay on this machine, in a simulation always.

    The operator's server for letters, one of the `real` ones, is for the notifier only.
    """
    embedded_url = "" if SMTP_URL in real else used.get(SMTP_URL, "")
    if environment.get(DIGESTS_URL) and not simulation:
        return {}
    if not embedded_url:
        return {DIGESTS_URL: ""} if simulation else {}
    return {DIGESTS_URL: embedded_url, DIGESTS_FROM: environment.get(DIGESTS_FROM) or LOCAL_SENDER}


def _own(name: str) -> str:
    return name.replace("PIPELINE_", f"PIPELINE_{OWNER.upper()}_")


def mail_addresses(existing: Mapping[str, str], smtp_port: int, imap_port: int, password: str) -> MailAddresses:
    """Those of the environment, otherwise those of the embedded server."""
    return MailAddresses(
        existing.get(SMTP_URL) or f"smtp://{USER}:{password}@{HOST}:{smtp_port}",
        existing.get(IMAP_URL) or f"imap://{USER}:{password}@{HOST}:{imap_port}/INBOX",
    )


def mail_program(folder: Path, smtp_port: int, imap_port: int, password: str, log: Path) -> Program:
    """The password is in the environment, so that process lists do not show it."""
    command = (sys.executable, "-m", "cli.stack.mail_server", str(folder), str(smtp_port), str(imap_port))
    # Index files are written beside the mail, because they are renamed into place.
    system = {"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC", "TMPDIR": str(folder)}
    return Program("mail", command, log, {**system, PASSWORD_VARIABLE: password})


def listens(port: int) -> bool:
    """Whether a server accepts connections."""
    try:
        socket.create_connection((HOST, port), timeout=2).close()
    except OSError:
        return False
    return True
