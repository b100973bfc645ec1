"""Which rows does a published table have?"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from functools import lru_cache
from pathlib import Path

Table = list[dict[str, str]]


@lru_cache(maxsize=8)
def content_of(path: Path, changed: int) -> bytes:
    """The content of a table in CSV, which may be packed. `changed`: when the file was, in nanoseconds."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(content)
    if path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            return files.read(files.namelist()[0])
    return content


def read(path: Path) -> bytes:
    return content_of(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _rows(path: Path, changed: int) -> Table:
    content = content_of(path, changed)
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        written = content.decode("cp1252")
    return list(csv.DictReader(io.StringIO(written)))


def rows(path: Path) -> Table:
    """The rows by their headings."""
    return _rows(path, path.stat().st_mtime_ns)


def name_of(heading: str) -> str:
    """A heading as interfaces for queries spell it: `City/Town` is `citytown`."""
    return re.sub(r"\s+", "_", re.sub(r"[^\w\s]", "", heading.lower()).strip())
