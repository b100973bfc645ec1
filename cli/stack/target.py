"""Which servers are prepared for the services, and where does what belongs to them lie?

Apart from the rest of the stack, because the set-up image has none of it.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


class StackError(Exception):
    """What went wrong with the stack, and what to do next; meant to be shown to a person as it is."""


@dataclass(frozen=True)
class Target:
    """The servers that set-up prepares; `database_url` is None when every service brings a database of its own."""

    nats_url: str
    database_url: str | None
    service_urls: dict[str, str]


def write_private(path: Path, text: str) -> None:
    """Replaces a file as a whole, so that a reader or a crash never meets half of it; mode 0600."""
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
