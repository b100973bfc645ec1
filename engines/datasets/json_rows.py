"""What rows are in JSON: an object a line, or an array of objects?"""

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
"""Objects and lists within each other; no row has more than a few, and no message takes more than 250."""
_DECODER = json.JSONDecoder()
_BLANKS = re.compile(r"[ \t\r\n]+")
_BEFORE = re.compile("[\ufeff \\t\\r\\n]+")
_AFTER = re.compile(r"[ \t\r\n\x1a]+")


def is_json(text: Text) -> bool:
    return text.begins.startswith(("[", "{"))


def objects(name: str, text: Text) -> Iterator[tuple[int, dict[str, Any] | Unread]]:
    """Line and object; raises `Unreadable` where an array breaks off."""
    return _array(name, text) if text.begins.startswith("[") else _of_lines(text)


def _of_lines(text: Text) -> Iterator[tuple[int, dict[str, Any] | Unread]]:
    for line, content in enumerate(text.lines(), 1):
        content = content.strip("\ufeff \t\r\n")
        if not content:
            text.noticed.blank += 1
            continue
        try:
            yield line, _object(json.loads(content), line, line)
        except (ValueError, RecursionError) as error:
            yield line, Unread(line, line, f"not JSON: {error}")


def _object(value: Any, line: int, last: int) -> dict[str, Any] | Unread:
    if not isinstance(value, dict):
        return Unread(line, last, "not a JSON object")
    # Half a surrogate pair is JSON, but no text that could be handed on.
    json.dumps(value, ensure_ascii=False).encode()
    if _is_deeper(value, DEEPEST):
        raise ValueError(f"nested more than {DEEPEST} deep")
    return value


def _is_deeper(value: Any, most: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return most < 0 or any(_is_deeper(each, most - 1) for each in inner)


class _Window:
    """The part of a text that is looked at, from `at` on; `line` is the line of that place."""

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
        # Only here is anything copied: many small objects may stand in one window.
        self.content, self.at = self.content[self.at :] + mended, 0

    def move(self, to: int) -> None:
        self.line += self.content.count("\n", self.at, to)
        self.at = to

    def skip(self, blanks: re.Pattern[str]) -> str:
        """Leaves out blanks; returns the character after them, or nothing at the end."""
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
            if end < len(window.content) or window.ended:  # a number might go on
                return value, end
        except (ValueError, RecursionError) as error:
            if window.ended or window.left > LONGEST_LINE or isinstance(error, RecursionError):
                raise _broken(name, window, "what stands here is no JSON, or the file breaks off") from error
        window.more()


def _broken(name: str, window: _Window, why: str) -> Unreadable:
    return Unreadable(f"{name}, line {window.line}: the JSON array cannot be read: {why}.")


def table(name: str, text: Text) -> tuple[int, list[str], Iterator[Row | Unread]]:
    """The names that any object has are the header."""
    header: dict[str, None] = {}
    first: Unread | None = None
    for _, one in objects(name, text):
        if isinstance(one, Unread):
            first = first or one
        else:
            header.update(dict.fromkeys(one))
    if not header:
        why = f"; line {first.line}: {first.reason}" if first else ""
        raise Unreadable(f"{name} holds neither JSON objects, one a line, nor an array of them{why}.")
    text.noticed.warnings.clear()
    text.noticed.blank = 0
    return 1, list(header), _rows(name, text, list(header))


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
