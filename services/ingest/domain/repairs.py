"""What does an optional field of doubtful form say, where that is certain?

Each function takes what a source sent and returns the field in the form in which it is kept; where it cannot be sure
it raises ValueError, which says what the field should look like.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from engines.datasets import phones
from engines.datasets.account_key import AccountKey
from engines.datasets.states import state_of
from engines.datasets.text import one_line, plain
from engines.datasets.values import text_of, whole

EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)
LONGEST_PHONE = 40
_LOOKED_AT = 100_000
_READ = 1_000
"""Characters of a short field that are looked at; a longer one is none."""

_ZIP = re.compile(r"([0-9]{5})(?:[ -]?([0-9]{4})|-)?")
_ZIP_WITHIN = re.compile(r"(?<![0-9-])([0-9]{5})(?:-([0-9]{4}))?(?![0-9-])")
_ZERO_STATES = frozenset("CT MA ME NH NJ PR RI VI VT".split())
"""Whose ZIP codes begin with a zero, which spreadsheets drop."""
# Nearly all are like this, and are told in a tenth of the time.
_USUAL_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#]|$)")
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_MAIL = re.compile(r"(?:[A-Za-z]{3}, ?)?[0-9]{1,2} [A-Za-z]{3} [0-9]{4} [0-9]{2}:[0-9]{2}")
_TIMED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}")
_ZONE = re.compile(r"\s*(?:UTC|GMT|Z)$|\s+(?=[+-][0-9]{2}:?[0-9]{2}$)", re.I)

A_ZIP = "must be five digits, such as 12207, or nine, such as 12207-1234"
A_STATE = "must be a state, such as NY or New York"
A_PHONE = f"must be one telephone number of at most {LONGEST_PHONE} characters"
A_DAY = "must be a date, such as 2026-07-01"
A_MOMENT = "must be a date or a time, such as 2026-07-01 or 2026-07-01T08:30:00Z"
AN_ADDRESS = "is no address that begins with http:// or https://"


def line(value: object) -> str:
    """A text as people read it."""
    return plain(_bounded(text_of(value)))


def _bounded(text: str) -> str:
    """Enough of a text to see that it is too long; one character may become eighteen when it is read."""
    return text[:_LOOKED_AT]


def _short(value: object, wanted: str) -> str:
    text = text_of(value)
    if len(text) > _READ:
        raise ValueError(wanted)
    return one_line(text)


def id_of(value: object) -> str:
    """What a source calls a posting: `4001`, `4001.0` and "4001" are one; how programs write "none" is none."""
    text = whole(one_line(_bounded(text_of(value))))
    if text.casefold() in ("nan", "null", "none", "undefined"):
        raise ValueError(f"is missing: {text!r} is what a program writes where it has none")
    return text


def state(value: object) -> str | None:
    text = _short(value, A_STATE)
    code = state_of(text)
    if text and not code:
        raise ValueError(A_STATE)
    return code


def zip_code(value: object, state: str | None) -> str | None:
    """Five digits or nine; a dropped zero is put back where all ZIP codes of the state begin with one."""
    text = whole(_short(value, A_ZIP))
    if re.fullmatch(r"[0-9]{4}|[0-9]{8}", text) and state in _ZERO_STATES:
        text = f"0{text}"
    found = [_ZIP.fullmatch(text)] if text.replace("-", "").replace(" ", "").isdigit() else _ZIP_WITHIN.findall(text)
    if not text:
        return None
    if len(found) != 1 or not found[0]:
        raise ValueError(A_ZIP)
    five, four = found[0] if isinstance(found[0], tuple) else found[0].groups()
    return f"{five}-{four}" if four else str(five)


def phone(value: object) -> str | None:
    """As it is written; what is too long for a number is one if it holds exactly one."""
    text = whole(_short(value, A_PHONE))
    if len(text) <= LONGEST_PHONE:
        return text or None
    number = phones.found_in(text)
    if not number:
        raise ValueError(A_PHONE)
    return number


def facility_id(value: object, key: AccountKey) -> str | None:
    text = _short(value, f"must be {key.form}")
    if not text:
        return None
    found = key.repaired(text)
    if not found:
        raise ValueError(key.problem(text))
    return found


def web_address(value: object) -> str | None:
    """An address with its scheme; of `www.` what it is, is certain."""
    text = one_line(_bounded(text_of(value)))
    if text[:4].lower() == "www.":
        text = f"https://{text}"
    if not text:
        return None
    if not is_web_address(text):
        raise ValueError(AN_ADDRESS)
    return text


def is_web_address(text: str) -> bool:
    if _USUAL_ADDRESS.match(text):
        return True
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in parts.netloc and parts.port != 0
        )
    except ValueError:
        return False


def moment(value: object) -> datetime | None:
    """A time, or the midnight that begins a day; without a zone where none is said."""
    text = _date_text(value, A_MOMENT)
    return _plausible(_read(text, A_MOMENT)) if text else None


def day(value: object) -> date | datetime | None:
    """A day, or the instant that is in it. Midnight is how programs write a day without a time."""
    text = _date_text(value, A_DAY)
    if not text:
        return None
    # Of a time in words of its own ("08:30 EST") the day is as written.
    timed = _TIMED.match(text)
    found = _plausible(_read(timed[1] if timed and not _is_iso(text) else text, A_DAY))
    return found if found.tzinfo and (found.hour or found.minute or found.second) else _written(found)


def _written(found: datetime) -> date:
    """The day as it stands in a time, whatever the zone."""
    return date(found.year, found.month, found.day)


def _date_text(value: object, wanted: str) -> str:
    # A bare number may be seconds or thousandths, since 1970 or 1900.
    if not isinstance(value, str) or len(value) > _READ:
        raise ValueError(wanted)
    return one_line(value)


def _read(text: str, wanted: str) -> datetime:
    try:
        if text[4:5] == "-":
            return _iso(text)
        if american := _AMERICAN.fullmatch(text):
            month, of_month, year = map(int, american.groups())
            return datetime(year, month, of_month)  # noqa: DTZ001  whoever reads it knows the zone
        if _MAIL.match(text):
            return parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        pass
    raise ValueError(wanted)


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        if day := _DAY.fullmatch(text):
            return datetime(*map(int, day.groups()))  # type: ignore[arg-type]  # noqa: DTZ001  as above
        return datetime.fromisoformat(_ZONE.sub(lambda zone: "" if zone[0].isspace() else "+00:00", text))


def _is_iso(text: str) -> bool:
    try:
        return bool(_iso(text))
    except ValueError:
        return False


def _plausible(found: datetime) -> datetime:
    if not EARLIEST <= _written(found) <= LATEST:
        raise ValueError(f"lies outside the years from {EARLIEST.year} to {LATEST.year - 1}")
    return found
