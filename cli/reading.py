"""What rows are in a file that a person hands over?

CSV (also gzipped, or the one CSV in a zip) and JSON lines, as they come: nothing is interpreted here.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TextIO

LARGEST_CELL = 1_000_000


class Unreadable(Exception):
    """A file cannot be read as what it should be; the message says why and what to do."""


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The text of a file, unpacked; UTF-8, or Windows-1252 where it is not."""
    if not path.is_file():
        raise Unreadable(f"There is no file {path}.")
    content = _unpacked(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    yield io.StringIO(text, newline="")


def day(text: str, option: str) -> date:
    """The date that a person gave; raises ValueError naming the option."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{option} {text!r} is no date; write it as YYYY-MM-DD, such as 2026-07-01.") from None


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file's content, which is the same however it is packed."""
    return hashlib.sha256(_unpacked(path)).hexdigest()


def table(path: Path, keep_empty: bool = False) -> Iterator[tuple[int, list[str]]]:
    """First line and cells of every CSV record, the header first; blank lines, and rows all empty, are passed over."""
    csv.field_size_limit(LARGEST_CELL)
    with opened(path) as text:
        reader = csv.reader(text)
        first = 1
        try:
            for cells in reader:
                if any(map(str.strip, cells)) or (keep_empty and cells):
                    yield first, cells
                first = reader.line_num + 1  # line_num is a record's last line: a cell may hold several
        except csv.Error as error:
            raise Unreadable(f"{path.name}, line {first}: not CSV: {error}.") from error


def records(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Line number and record of every row of a CSV or JSON lines file; a string says what is wrong with a row."""
    if _is_json(path):
        yield from _json_lines(path)
        return
    lines = table(path)
    header = [name.strip() for name in next(lines, (0, []))[1]]
    if not header:
        raise Unreadable(f"{path.name} is empty.")
    for line, cells in lines:
        if len(cells) != len(header):
            yield line, f"{len(cells)} cells where the header has {len(header)}"
        else:
            yield line, {name: cell for name, cell in zip(header, cells, strict=True) if cell != ""}


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    from pydantic_core import to_json  # here, because every command imports this module

    with opened(path) as text:
        for line, content in enumerate(text, 1):
            if not content.strip():
                continue
            try:
                record = json.loads(content)
                to_json(record)  # half a surrogate pair is JSON, but no text that could be handed on
            except ValueError as error:
                yield line, f"not JSON: {error}"
                continue
            yield line, record if isinstance(record, dict) else "not a JSON object"


def _is_json(path: Path) -> bool:
    return path.name.removesuffix(".gz").endswith((".jsonl", ".ndjson", ".json"))


def _unpacked(path: Path) -> bytes:
    try:
        if path.suffix == ".gz":
            return gzip.decompress(path.read_bytes())
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                names = [n for n in archive.namelist() if n.lower().endswith(".csv")]
                if len(names) != 1:
                    raise Unreadable(f"{path.name} holds {len(names)} CSV files; it must hold exactly one.")
                return archive.read(names[0])
        return path.read_bytes()
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        raise Unreadable(f"{path.name} cannot be unpacked: {error}.") from error
