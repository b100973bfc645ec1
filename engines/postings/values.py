"""What does a value of an answer or a page mean: a text, a day, an address on the web, an id?

Values come from outside, in any type and of any length. A value that means nothing is None or empty, never an error.
"""

from __future__ import annotations

import hashlib
import math
import re
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from engines.datasets.text import one_line, plain, unescaped
from engines.datasets.urls import is_url

LONGEST_LINE: Final = 2_000
LONGEST_ID: Final = 200
LONGEST_DESCRIPTION: Final = 20_000
_LONGEST_MARKUP: Final = 100_000
"""Characters of a description with its tags that are looked at."""
_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)

_MAIL_ADDRESS: Final = re.compile(r"(?:mailto:)?[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.I)
_TELEPHONE: Final = re.compile(r"(?<![\w-])(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]{0,2}\d{3}[ .-]\d{4}(?![\w-])")
_EMPTIED: Final = re.compile(r"\(\s*\)|\[\s*\]|^[\s,;:|/–-]+|[\s,;:|/–-]+$")

_YEAR_FIRST: Final = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_AMERICAN: Final = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")
_MONTH_FIRST: Final = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
_DAY_FIRST: Final = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})[ .,-]{1,2}(\d{4})(?!\d)")
_DOTTED: Final = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d*)?")
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def text(value: Any) -> str:
    """The characters of a value; empty for lists, objects and the like."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return str(value) if abs(value) < 10**30 else ""


def line(value: Any) -> str:
    """A text on one line, without markup, e-mail addresses and telephone numbers.

    Systems escape their texts up to three times.
    """
    found = text(value)[:LONGEST_LINE]
    if "&" in found:
        found = unescaped(unescaped(found))
    found = plain(found)
    if "@" in found:
        found = _trimmed(_MAIL_ADDRESS.sub(" ", found))
    if _TELEPHONE.search(found):
        found = _trimmed(_TELEPHONE.sub(" ", found))
    return found


def _trimmed(found: str) -> str:
    return " ".join(_EMPTIED.sub(" ", found).split())


def description(*values: Any) -> str | None:
    """The texts of a description as one line, without markup."""
    found = " ".join(filter(None, map(text, values)))[:_LONGEST_MARKUP]
    if "&" in found:
        found = unescaped(unescaped(found))
    return plain(found)[:LONGEST_DESCRIPTION] or None


def id_of(value: Any) -> str:
    """The id of a posting. A longer one than can be stored is replaced by its hash."""
    found = one_line(text(value)[: LONGEST_LINE * 2])
    if found.casefold() in ("null", "none", "nan", "undefined"):
        return ""
    return found if len(found) <= LONGEST_ID else derived_id(found)


def derived_id(*parts: str | None) -> str:
    """The id of a posting that states none: the same for the same parts."""
    return hashlib.sha256("\n".join(part or "" for part in parts).encode("utf-8", "replace")).hexdigest()[:32]


def url(value: Any, base: str | None = None) -> str | None:
    """The address of a web page; None for everything else, and for one that contains a person's e-mail address."""
    found = one_line(unescaped(text(value)[:LONGEST_LINE]))
    if found[:4].lower() == "www.":
        found = f"https://{found}"
    if base and found and not found.startswith("#"):
        try:
            found = urljoin(base, found)
        except ValueError:
            return None
    if not found or not is_url(found) or _MAIL_ADDRESS.search(found.replace("%40", "@")):
        return None
    return found


def host(address: str | None) -> str:
    """The host of an address, in lower case."""
    try:
        return (urlsplit(address or "").hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def day(value: Any) -> date | None:
    """A day, as it is written in any usual form; of a number, the day in UTC of so many (milli)seconds since 1970."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _instant(value)
    written = one_line(value[:200]) if isinstance(value, str) else ""
    if written.isdigit() and written.isascii() and len(written) in (10, 13):
        return _instant(int(written))
    if found := _YEAR_FIRST.search(written) or _COMPACT.fullmatch(written):
        return _day(*map(int, found.groups()))
    if found := _AMERICAN.search(written):
        month, of_month, year = map(int, found.groups())
        return _day(year, month, of_month) or _day(year, of_month, month)
    if found := _DOTTED.search(written):
        of_month, month, year = map(int, found.groups())
        return _day(year, month, of_month)
    if (found := _MONTH_FIRST.search(written)) and (number := _month(found[1])):
        return _day(int(found[3]), number, int(found[2]))
    if (found := _DAY_FIRST.search(written)) and (number := _month(found[2])):
        return _day(int(found[3]), number, int(found[1]))
    return None


def _month(name: str) -> int | None:
    begins = name[:3].lower()
    return _MONTHS.index(begins) + 1 if begins in _MONTHS else None


def _day(year: int, month: int, of_month: int) -> date | None:
    try:
        found = date(year, month, of_month)
    except ValueError:
        return None
    return found if _EARLIEST <= found <= _LATEST else None


def _instant(number: float) -> date | None:
    seconds = number / 1000 if number > 100_000_000_000 else number
    if not 900_000_000 <= seconds <= 7_258_000_000:
        return None
    found = datetime.fromtimestamp(seconds, UTC)
    return date(found.year, found.month, found.day)


def at(value: Any, *path: str | int) -> Any:
    """The value at a path within objects and lists; None if there is none."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and -len(value) <= step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def first(record: dict[str, Any], *names: str) -> Any:
    """The first of these fields that has a value: systems spell some of their fields in several ways."""
    return next((record[name] for name in names if record.get(name) not in (None, "")), None)


def records(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; a single object is a list of one."""
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, dict)]
