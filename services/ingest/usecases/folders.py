"""How are the files of a watched folder answered, as if they were pages of a host?

Only regular files directly in a folder that the operator configured are read. No link is followed.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from pydantic_core import to_json

from services.ingest.adapters.folder import SCHEME
from services.ingest.adapters.protocol import Answer

LARGEST: Final = 10_000_000
_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def answer(root: Path | None, url: str) -> Answer:
    """The answer to `file:FOLDER/` (names) or `file:FOLDER/NAME` (content). Blocking: it runs in a thread."""
    folder, _, quoted = url.removeprefix(SCHEME).partition("/")
    name = unquote(quoted)
    if root is None or not _FOLDER.fullmatch(folder):
        return Answer(404, url, {}, b"")
    try:
        if not quoted:
            return Answer(200, url, {}, to_json(_names(root / folder)))
        if "/" in name or "\0" in name or name in (".", ".."):
            return Answer(404, url, {}, b"")
        return _content(root / folder / name, url)
    except FileNotFoundError:
        return Answer(404, url, {}, b"")
    except OSError:
        return Answer(403, url, {}, b"")


def _names(folder: Path) -> list[str]:
    """The files in a folder; hidden ones, such as those that are still being written, are left out."""
    with os.scandir(folder) as entries:
        found = [each.name for each in entries if each.is_file(follow_symlinks=False)]
    return sorted(name for name in found if not name.startswith(".") and _is_text(name))


def _is_text(name: str) -> bool:
    """Whether a name can be stored: those of some old archives are not UTF-8."""
    return name.encode("utf-8", "replace").decode() == name


def _content(path: Path, url: str) -> Answer:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return Answer(404, url, {}, b"")
        body = file.read(LARGEST + 1)
    return Answer(413, url, {}, b"") if len(body) > LARGEST else Answer(200, url, {}, body)
