"""How are the bytes of a file decoded into lines of text?"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from engines.datasets.rows import Findings, Note, Unreadable

BLOCK = 1 << 20
LONGEST_LINE = 4_000_000
"""The maximum number of bytes of a line.

A longer one cannot belong to a table, and would not fit into memory or a request.
"""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The decoder turns each byte that is not UTF-8 into half a surrogate pair, which identifies the byte.
_BAD = re.compile("[\udc80-\udcff]")
_FOREIGN = re.compile("[^\x00-\x7f\udc80-\udcff]")
WINDOWS = "It is not UTF-8 and was read as Windows-1252, the encoding of older spreadsheets."


@dataclass(frozen=True, slots=True)
class Survey:
    """Properties of the entire file, which are needed before its first line is read."""

    sha256: str
    encoding: str
    bad: bool
    """Some bytes are invalid in the encoding."""
    foreign: bool
    """Some valid characters are not ASCII."""
    nul: bool
    longest: int
    """The approximate number of bytes of the longest line."""


def survey(content: IO[bytes]) -> Survey:
    """Read the entire file once, block by block."""
    content.seek(0)
    encoding = _encoding(content.read(4_096))
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    bad = re.compile("\ufffd") if errors == "replace" else _BAD
    content.seek(0)
    digest, found = hashlib.sha256(), [False, False, False]
    run = longest = 0
    while block := content.read(BLOCK):
        digest.update(block)
        run, longest = _runs(block, run, longest)
        if found[0] and found[1]:
            continue
        text = decoder.decode(block)
        if not text.isascii():
            found[0] = found[0] or bool(bad.search(text))
            found[1] = found[1] or bool(_FOREIGN.search(text))
        found[2] = found[2] or "\0" in text
    text = decoder.decode(b"", True) if not (found[0] and found[1]) else ""
    found[0] = found[0] or bool(bad.search(text))
    return Survey(digest.hexdigest(), encoding, found[0], found[1], found[2] or (found[0] and found[1]), longest)


def _runs(block: bytes, run: int, longest: int) -> tuple[int, int]:
    """The bytes so far of the block's last line, and the longest line so far."""
    mark = b"\n" if b"\n" in block else b"\r"
    first = block.find(mark)
    if first < 0:
        return run + len(block), max(longest, run + len(block))
    return len(block) - block.rfind(mark), max(longest, run + first)


def _encoding(head: bytes) -> str:
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half >= 2 and max(even, odd) > 0.4 * half and min(even, odd) < 0.1 * half:
        return "utf-16-be" if even > odd else "utf-16-le"
    return "utf-8"


class Text:
    """The characters of a file. Every repaired line gets a warning."""

    def __init__(self, name: str, content: IO[bytes], surveyed: Survey, findings: Findings) -> None:
        self._name, self._content, self._survey, self.findings = name, content, surveyed, findings
        self._all_windows = surveyed.bad and not surveyed.foreign and surveyed.encoding == "utf-8"
        if self._all_windows:
            findings.remark(WINDOWS)

    @property
    def begins(self) -> str:
        """The first characters that are not white space."""
        return self.decoded().read(4_096).lstrip("\ufeff \t\r\n\0")[:64]

    def decoded(self) -> io.TextIOWrapper:
        """The file from its beginning, with invalid bytes marked."""
        self._content.seek(0)
        errors = "surrogateescape" if self._survey.encoding.startswith("utf-8") else "replace"
        return _Borrowed(self._content, encoding=self._survey.encoding, errors=errors, newline="")

    def lines(self) -> Iterator[str]:
        """The lines, each with its line ending. Raises `Unreadable` if a line is too long for any table."""
        if self._survey.longest > LONGEST_LINE:
            raise Unreadable(
                f"{self._name} has a line of {self._survey.longest:,} bytes, too long for any table; it is not CSV."
            )
        lines = iter(self.decoded())
        return self._mended(lines) if self._survey.bad or self._survey.nul else lines

    def _mended(self, lines: Iterator[str]) -> Iterator[str]:
        for number, line in enumerate(lines, 1):
            yield self.mend(line, number)

    def mend(self, line: str, number: int) -> str:
        """Remove NUL and read bytes that are not UTF-8 as Windows-1252, with a warning if the rest is UTF-8."""
        if line.isascii() and not self._survey.nul:
            return line
        if "\0" in line:
            line = line.replace("\0", "")
            self.findings.warnings.append(Note(number, "NUL characters were removed"))
        mended = _BAD.sub(_windows, line)
        if "\ufffd" in mended and "\ufffd" not in line:
            self.findings.warnings.append(
                Note(number, "some bytes are not text in any usual encoding; each is replaced by \ufffd")
            )
        elif mended != line and not self._all_windows:
            self.findings.warnings.append(Note(number, "not UTF-8 like the rest of the file; read as Windows-1252"))
        elif "\ufffd" in line and self._survey.bad and not self._survey.encoding.startswith("utf-8"):
            self.findings.warnings.append(Note(number, "some bytes are not text; each is replaced by \ufffd"))
        return mended


def _windows(found: re.Match[str]) -> str:
    return bytes([ord(found[0]) - 0xDC00]).decode("cp1252", "replace")


class _Borrowed(io.TextIOWrapper):
    """Leaves the file open for the next reader."""

    def __del__(self) -> None:
        with suppress(ValueError):
            self.detach()
