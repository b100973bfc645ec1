"""Which postings do saved pages and answers state? Works without any server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from engines.datasets.paths import Unusable, file_to_read
from engines.postings import Read, Unreadable, read
from engines.postings.pages import LARGEST
from shared.clock import local_date

FIELDS = ("source_posting_id", "title", "employer_name", "city", "state", "zip", "posted_on", "closes_on", "url")
"""What is shown of a posting. The address and the description determine the match and the urgency."""


def read_files(files: Sequence[Path], saved_on: date | None, timezone: str) -> Iterator[tuple[Path, Read | str]]:
    """Each file with its postings, or the reason why it cannot be read."""
    for file in files:
        try:
            file_to_read(file)
            with file.open("rb") as content:
                day = saved_on or _changed_on(file, timezone)
                yield file, read(content.read(LARGEST + 1), file.name, day=day)
        except (Unusable, Unreadable) as problem:
            yield file, str(problem)
        except OSError as error:
            yield file, f"{error.strerror}."


def _changed_on(file: Path, timezone: str) -> date:
    return local_date(datetime.fromtimestamp(file.stat().st_mtime, UTC), timezone)


def rows(file: Path, found: Read) -> Iterator[dict[str, Any]]:
    """The postings of a file for programs."""
    for posting in found.postings:
        yield {"file": str(file), "format": found.format} | {field: getattr(posting, field) for field in FIELDS}
