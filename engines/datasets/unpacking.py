"""What does a packed file contain? Its first bytes decide, because names are unreliable."""

from __future__ import annotations

import gzip
import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from engines.datasets.rows import Unreadable

LARGEST = 1_000_000_000
"""The maximum number of unpacked bytes: a small archive can contain a file that fills the disk."""
DEEPEST = 3
"""The maximum nesting of archives."""
TABLES = (".csv", ".tsv", ".tab", ".psv", ".txt", ".json", ".jsonl", ".ndjson", ".xlsx", ".gz")

_OTHERS = (
    (b"%PDF", "a PDF, not a table"),
    (b"\xd0\xcf\x11\xe0", "a workbook in the old format (.xls), or with a password; save it as .xlsx or CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"BZh", "packed with bzip2; unpack it first"),
    (b"\xfd7zXZ", "packed with xz; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd; unpack it first"),
    (b"\x89PNG", "a picture, not a table"),
    (b"SQLite format 3", "a database; export the table as CSV"),
    (b"PAR1", "a Parquet file; export it as CSV"),
)
_DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    LookupError,
    OverflowError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
)


@contextmanager
def unpacked(path: Path, largest: int = LARGEST) -> Iterator[IO[bytes]]:
    """The unpacked content, open during the context; raises `Unreadable`."""
    if path.is_dir():
        raise Unreadable(f"{path} is a folder; name a file in it.")
    if not path.is_file():
        raise Unreadable(f"There is no file {path}.")
    with ExitStack() as stack:
        try:
            content: IO[bytes] = stack.enter_context(path.open("rb"))
        except OSError as error:
            raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
        for _ in range(DEEPEST):
            inner = _inner(path.name, content, largest)
            if inner is None:
                break
            content = stack.enter_context(inner)
        _refuse_others(path.name, content)
        yield content


def is_workbook(content: IO[bytes]) -> bool:
    content.seek(0)
    if content.read(4) != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(content) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except _DAMAGE:
        return False


def _inner(name: str, content: IO[bytes], largest: int) -> IO[bytes] | None:
    """The file in a packed file; None if it is not packed."""
    content.seek(0)
    head = content.read(4)
    try:
        if head[:2] == b"\x1f\x8b":
            content.seek(0)
            return _copied(name, gzip.GzipFile(fileobj=content), largest)
        if head in (b"PK\x03\x04", b"PK\x05\x06") and not is_workbook(content):
            return _of_archive(name, content, largest)
    except NotImplementedError as error:
        raise Unreadable(
            f"{name} is packed in a way that cannot be unpacked here ({error}); unpack it, and import the file in it."
        ) from error
    except _DAMAGE as error:
        raise Unreadable(f"{name} cannot be unpacked; it is damaged or cut short: {error}.") from error
    return None


def _of_archive(name: str, content: IO[bytes], largest: int) -> IO[bytes]:
    with zipfile.ZipFile(content) as archive:
        wanted = _the_table(name, archive.infolist())
        if wanted.flag_bits & 1:
            raise Unreadable(f"{name} is encrypted; unpack it with its password, and import the file in it.")
        if wanted.compress_type == 9:
            raise NotImplementedError("Deflate64")
        with archive.open(wanted) as inner:
            return _copied(name, inner, largest)


def _the_table(name: str, members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """The only table of an archive, ignoring files that operating systems add."""
    files = [one for one in members if not one.is_dir() and not _of_a_system(one.filename)]
    tables = [one for one in files if one.filename.lower().endswith(TABLES)]
    found = tables or files
    if len(found) == 1:
        return found[0]
    listed = ", ".join(one.filename for one in found[:4]) + (", ..." if len(found) > 4 else "")
    raise Unreadable(
        f"{name} contains {len(found)} files{f' ({listed})' if found else ''}; it must contain exactly one table."
        + (" Unpack it, and import the right one." if found else "")
    )


def _of_a_system(member: str) -> bool:
    parts = member.replace("\\", "/").split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1].lower() in ("thumbs.db", "desktop.ini")


def _copied(name: str, packed: IO[bytes] | gzip.GzipFile, largest: int) -> IO[bytes]:
    """Copy to a temporary file, so that memory use is small and the rows can be read more than once."""
    content = tempfile.TemporaryFile()  # noqa: SIM115  closed by the caller
    try:
        size = 0
        while block := packed.read(1 << 20):
            size += len(block)
            if size > largest:
                raise Unreadable(f"{name} unpacks to more than {largest:,} bytes; split it.")
            content.write(block)
    except BaseException:
        content.close()
        raise
    return content


def _refuse_others(name: str, content: IO[bytes]) -> None:
    content.seek(0)
    head = content.read(512)
    for begins, what in _OTHERS:
        if head.startswith(begins):
            raise Unreadable(f"{name} is {what}.")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise Unreadable(f"{name} is a web page or XML, not a table; was an error page of the website saved?")
    if head[:2] == b"\x1f\x8b" or head[:4] == b"PK\x05\x06":
        raise Unreadable(f"{name} is packed more than {DEEPEST} times; unpack it.")
