"""What is the value of a malformed optional field, if it is certain?

Each function takes what a source sent, and returns the value in the form in which it is stored. It raises `ValueError`
with a description of the correct form if the value is not certain.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from engines.crawling.denied import USUAL_URL
from engines.datasets import phones, urls
from engines.datasets.account_key import AccountKey
from engines.datasets.states import state_of
from engines.datasets.text import one_line, plain
from engines.datasets.values import text_of, without_decimals

EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)
LONGEST_PHONE = 40
_MAX_TEXT = 100_000
_MAX_SHORT_TEXT = 1_000
"""Characters of a short field; a longer one is invalid."""

# Nearly all ZIP codes are five digits and need no repair.
_FIVE_DIGITS = re.compile(r"[0-9]{5}")
_ZIP = re.compile(r"([0-9]{5})(?:[ -]?([0-9]{4})|-)?")
_ZIP_WITHIN = re.compile(r"(?<![0-9-])([0-9]{5})(?:-([0-9]{4}))?(?![0-9-])")
_ZERO_STATES = frozenset("CT MA ME NH NJ PR RI VI VT".split())
"""States whose ZIP codes begin with a zero, which spreadsheets drop."""
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_MAIL = re.compile(r"(?:[A-Za-z]{3}, ?)?[0-9]{1,2} [A-Za-z]{3} [0-9]{4} [0-9]{2}:[0-9]{2}")
_TIMED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}")
_ZONE = re.compile(r"\s*(?:UTC|GMT|Z)$|\s+(?=[+-][0-9]{2}:?[0-9]{2}$)", re.I)

A_ZIP = "must be five digits, such as 12207, or nine, such as 12207-1234"
A_STATE = "must be a state, such as NY or New York"
A_PHONE = f"must be one telephone number of at most {LONGEST_PHONE} characters"
A_DATE = "must be a date, such as 2026-07-01"
A_TIME = "must be a date or a time, such as 2026-07-01 or 2026-07-01T08:30:00Z"
A_URL = "must be a URL that begins with http:// or https://"


def line(value: object) -> str:
    """A text on one line, without markup."""
    return plain(_bounded(text_of(value)))


def _bounded(text: str) -> str:
    """Cut a text before it is decoded. The limit is generous, because an encoded character may have eighteen."""
    return text[:_MAX_TEXT]


def _short(value: object, wanted: str) -> str:
    text = text_of(value)
    if len(text) > _MAX_SHORT_TEXT:
        raise ValueError(wanted)
    return one_line(text)


def id_of(value: object) -> str:
    """The source's id of a posting. `4001`, `4001.0` and "4001" are equal; "null" and the like are not ids."""
    text = without_decimals(one_line(_bounded(text_of(value))))
    if text.casefold() in ("nan", "null", "none", "undefined"):
        raise ValueError(f"is missing: {text!r} is a program's word for a missing value")
    return text


def state(value: object) -> str | None:
    text = _short(value, A_STATE)
    code = state_of(text)
    if text and not code:
        raise ValueError(A_STATE)
    return code


def zip_code(value: object, state: str | None) -> str | None:
    """Five or nine digits. A dropped zero is restored if all ZIP codes of the state begin with one."""
    if isinstance(value, str) and _FIVE_DIGITS.fullmatch(value):
        return value
    text = without_decimals(_short(value, A_ZIP))
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
    """The number as it is written. A longer text is valid if it contains exactly one number."""
    text = without_decimals(_short(value, A_PHONE))
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


def url(value: object) -> str | None:
    """A URL with its scheme, which is added to one that begins with `www.`."""
    text = one_line(_bounded(text_of(value)))
    if text[:4].lower() == "www.":
        text = f"https://{text}"
    if not text:
        return None
    if not is_url(text):
        raise ValueError(A_URL)
    return text


def is_url(text: str) -> bool:
    return bool(USUAL_URL.match(text)) or urls.is_url(text)


def moment(value: object) -> datetime | None:
    """A time, or the midnight that begins a day; without a zone if none is given."""
    text = _date_text(value, A_TIME)
    return _plausible(_read(text, A_TIME)) if text else None


def day(value: object) -> date | datetime | None:
    """A day, or an instant. Programs write a day without a time as midnight, so midnight is a day."""
    text = _date_text(value, A_DATE)
    if not text:
        return None
    # If the time has a form of its own ("08:30 EST"), only the day is read.
    timed = _TIMED.match(text)
    found = _plausible(_read(timed[1] if timed and not _is_iso(text) else text, A_DATE))
    return found if found.tzinfo and (found.hour or found.minute or found.second) else _written(found)


def _written(found: datetime) -> date:
    """The day as it is written in a time, whatever the zone."""
    return date(found.year, found.month, found.day)


def _date_text(value: object, wanted: str) -> str:
    # A number is ambiguous: it may be seconds or milliseconds, since 1970 or 1900.
    if not isinstance(value, str) or len(value) > _MAX_SHORT_TEXT:
        raise ValueError(wanted)
    return one_line(value)


def _read(text: str, wanted: str) -> datetime:
    try:
        if text[4:5] == "-":
            return _iso(text)
        if american := _AMERICAN.fullmatch(text):
            month, of_month, year = map(int, american.groups())
            return datetime(year, month, of_month)  # noqa: DTZ001  the caller adds the zone
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
        raise ValueError(f"is outside the years from {EARLIEST.year} to {LATEST.year - 1}")
    return found
