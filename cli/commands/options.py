"""What do the options of a command say that is the same for many of them?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from engines.datasets.paths import file_to_read, file_to_write


def day(text: str, option: str) -> date:
    """The date that a person gave; raises ValueError naming the option."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{option} {text!r} is no date; write it as YYYY-MM-DD, such as 2026-07-01.") from None


def to_read(given: Any) -> Any:
    """The callback of every option or argument that names files to be read; raises `Unusable`."""
    for path in given if isinstance(given, list | tuple) else [given]:
        if isinstance(path, Path):
            file_to_read(path)
    return given


def to_write(given: Path | None) -> Path | None:
    """The callback of every option or argument that names a file to be written; raises `Unusable`."""
    return file_to_write(given) if given is not None else None
