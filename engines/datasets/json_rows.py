"""What rows does a JSON file have: one object per line, or an array of objects?"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from engines.datasets.encodings import LONGEST_LINE, Text
from engines.datasets.rows import Row, Unread, Unreadable

_BLOCK = 1 << 16
DEEPEST = 50
"""The maximum nesting of objects and lists. Rows have a few levels; a message allows 250."""
_DECODER = json.JSONDecoder()
_BLANKS = re.compile(r"[ \t\r\n]+")
_BEFORE = re.compile("[\ufeff \\t\\r\\n]+")
_AFTER = re.compile(r"[ \t\r\n\x1a]+")


def is_json(text: Text) -> bool:
    return text.begins.startswith(("[", "{"))


def objects(name: str, text: Text) -> Iterator[tuple[int, dict[str, Any] | Unread]]:
    """Each object with its line; raises `Unreadable` if an array is incomplete."""
    return _array(name, text) if text.begins.startswith("[") else _of_lines(text)


def _of_lines(text: Text) -> Iterator[tuple[int, dict[str, Any] | Unread]]:
    for line, content in enumerate(text.lines(), 1):
        content = content.strip("\ufeff \t\r\n")
        if not content:
            text.findings.blank += 1
            continue
        try:
            yield line, _object(json.loads(content), line, line)
        except (ValueError, RecursionError) as error:
            yield line, Unread(line, line, f"not JSON: {error}")


def _object(value: Any, line: int, last: int) -> dict[str, Any] | Unread:
    if not isinstance(value, dict):
        return Unread(line, last, "not a JSON object")
    # Half a surrogate pair is valid JSON, but cannot be encoded: this raises.
    json.dumps(value, ensure_ascii=False).encode()
    if _is_deeper(value, DEEPEST):
        raise ValueError(f"nested more than {DEEPEST} deep")
    return value


def _is_deeper(value: Any, most: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return most < 0 or any(_is_deeper(each, most - 1) for each in inner)


class _Window:
    """The part of a text that is being parsed, from position `at`, which is on line `line`."""

    def __init__(self, text: Text) -> None:
        self._file: io.TextIOWrapper = text.decoded()
        self._text = text
        self.content, self.at, self.line, self.ended = "", 0, 1, False

    @property
    def left(self) -> int:
        return len(self.content) - self.at

    def more(self) -> None:
        block = self._file.read(max(_BLOCK, self.left))
        self.ended = not block
        mended = self._text.mend(block, self.line + self.content.count("\n", self.at)) if block else ""
        # The window is copied only here, because it may contain many small objects.
        self.content, self.at = self.content[self.at :] + mended, 0

    def move(self, to: int) -> None:
        self.line += self.content.count("\n", self.at, to)
        self.at = to

    def skip(self, blanks: re.Pattern[str]) -> str:
        """Skip blanks; returns the character after them, or "" at the end."""
        while True:
            if found := blanks.match(self.content, self.at):
                self.move(found.end())
            if self.left or self.ended:
                return self.content[self.at : self.at + 1]
            self.more()


def _array(name: str, text: Text) -> Iterator[tuple[int, dict[str, Any] | Unread]]:
    window = _Window(text)
    window.skip(_BEFORE)
    window.move(window.at + 1)
    first = True
    while (following := window.skip(_BLANKS)) != "]":
        if not first:
            if following != ",":
                raise _broken(name, window, "a comma or ] is missing")
            window.move(window.at + 1)
            window.skip(_BLANKS)
        first = False
        line = window.line
        value, end = _value(name, window)
        window.move(end)
        try:
            yield line, _object(value, line, window.line)
        except (ValueError, RecursionError) as error:
            yield line, Unread(line, window.line, f"not JSON: {error}")
    window.move(window.at + 1)
    if window.skip(_AFTER):
        raise _broken(name, window, "text follows the array")


def _value(name: str, window: _Window) -> tuple[Any, int]:
    while True:
        try:
            value, end = _DECODER.raw_decode(window.content, window.at)
            if end < len(window.content) or window.ended:  # otherwise a number might continue
                return value, end
        except (ValueError, RecursionError) as error:
            if window.ended or window.left > LONGEST_LINE or isinstance(error, RecursionError):
                raise _broken(name, window, "this is not JSON, or the file is incomplete") from error
        window.more()


def _broken(name: str, window: _Window, why: str) -> Unreadable:
    return Unreadable(f"{name}, line {window.line}: the JSON array cannot be read: {why}.")


def table(name: str, text: Text) -> tuple[list[str], Iterator[Row | Unread]]:
    """The rows; the header consists of the keys of all objects."""
    header: dict[str, None] = {}
    first: Unread | None = None
    for _, one in objects(name, text):
        if isinstance(one, Unread):
            first = first or one
        else:
            header.update(dict.fromkeys(one))
    if not header:
        why = f"; line {first.line}: {first.reason}" if first else ""
        raise Unreadable(f"{name} contains neither JSON objects, one per line, nor an array of them{why}.")
    text.findings.warnings.clear()
    text.findings.blank = 0
    return list(header), _rows(name, text, list(header))


def _rows(name: str, text: Text, header: list[str]) -> Iterator[Row | Unread]:
    for line, one in objects(name, text):
        yield one if isinstance(one, Unread) else Row(line, line, [as_text(one.get(key)) for key in header])


def as_text(value: object) -> str:
    """A JSON value as the cell of a table."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, bool | Mapping | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
