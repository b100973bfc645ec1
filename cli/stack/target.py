"""Which servers are prepared for the services, and where is the repository?

Separate from the rest of the stack, which the set-up image does not contain.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


class StackError(Exception):
    """What went wrong with the stack, and what to do next; the message is for people."""


@dataclass(frozen=True)
class Target:
    """The servers that set-up prepares; `database_url` is None if every service has an existing database."""

    nats_url: str
    database_url: str | None
    service_urls: dict[str, str]


def write_private(path: Path, text: str) -> None:
    """Replace a file atomically, with mode 0600, so that readers never see a part of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
