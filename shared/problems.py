"""What is wrong with something that was said, in words for whoever said it?

The one place that knows pydantic's errors: whoever fills in a field has never seen a pattern or a Python type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core.core_schema import ErrorType

MOST = 20
"""Fields that are named; of the others it is said how many they are."""
LONGEST_NAME = 60
"""Characters of a part of a field's name, which may be somebody's own."""

_A_DATE = "must be a date, such as 2026-07-01"
_A_TIME = "must be a date and time, such as 2026-07-01T08:30:00Z"
_AN_OBJECT = "must be an object with fields"
_BY_KIND = {
    "missing": "is missing",
    "missing_argument": "is missing",
    "missing_keyword_only_argument": "is missing",
    "missing_positional_only_argument": "is missing",
    "extra_forbidden": "is no field here; leave it out, or look at its spelling",
    "unexpected_keyword_argument": "is no field here; leave it out, or look at its spelling",
    "none_required": "must be left empty",
    "string_unicode": "holds characters that are no text",
    "string_pattern_mismatch": "does not have the form that it should have",
    "finite_number": "must be a finite number",
    "timezone_aware": "must name its time zone, such as 2026-07-01T08:30:00Z",
    "recursion_loop": "contains itself",
}
_BY_BEGINNING = (
    ("string", "must be text"),
    ("int", "must be a whole number"),
    ("float", "must be a number"),
    ("decimal", "must be a number"),
    ("complex", "must be a number"),
    ("bool", "must be true or false"),
    ("datetime", _A_TIME),
    ("date", _A_DATE),
    ("timezone", _A_TIME),
    ("time_delta", "must be a length of time, such as P1D"),
    ("time", "must be a time of day, such as 06:30"),
    ("uuid", "must be an id of 32 hexadecimal digits, such as 6f0c1f1e-2b0b-5d53-9a52-6f7a1e0c9b11"),
    ("url", "must be an address that begins with http:// or https://"),
    ("bytes", "must be text"),
    ("list", "must be a list"),
    ("tuple", "must be a list"),
    ("set", "must be a list"),
    ("frozen_set", "must be a list"),
    ("iter", "must be a list"),
    ("dict", _AN_OBJECT),
    ("mapping", _AN_OBJECT),
    ("model", _AN_OBJECT),
    ("dataclass", _AN_OBJECT),
)
_BY_LIMIT: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "string_too_long": lambda said: f"is longer than {said['max_length']:,} characters",
    "string_too_short": lambda said: _too_short(said, "characters"),
    "bytes_too_long": lambda said: f"is longer than {said['max_length']:,} bytes",
    "bytes_too_short": lambda said: _too_short(said, "bytes"),
    "too_long": lambda said: _too_long(said),
    "too_short": lambda said: _too_short(said, "characters" if _is_text(said) else "entries"),
    "greater_than": lambda said: f"must be more than {said['gt']}",
    "greater_than_equal": lambda said: f"must be at least {said['ge']}",
    "less_than": lambda said: f"must be less than {said['lt']}",
    "less_than_equal": lambda said: f"must be at most {said['le']}",
    "multiple_of": lambda said: f"must be a multiple of {said['multiple_of']}",
    "literal_error": lambda said: f"must be one of {said['expected']}",
    "enum": lambda said: f"must be one of {said['expected']}",
    "union_tag_invalid": lambda said: f"names no kind that is known; known are {said['expected_tags']}",
    "union_tag_not_found": lambda said: f"must name its kind in {said['discriminator']}",
    "json_invalid": lambda said: f"is not JSON: {said['error']}",
    "value_error": lambda said: str(said["error"]),
    "assertion_error": lambda said: str(said["error"]),
}


def problems(invalid: ValidationError, whole: str) -> dict[str, str]:
    """By field what is wrong with it; `whole` is what that is called which has the fields."""
    errors = invalid.errors(include_url=False, include_input=False)
    told = {_field(each["loc"]) or whole: describe(each["type"], each.get("ctx", {}), each["msg"]) for each in errors}
    if len(told) > MOST:
        more = len(told) - MOST
        told = dict(list(told.items())[:MOST])
        told["..."] = f"{more:,} more are wrong"
    return told


def sentence(invalid: ValidationError, whole: str) -> str:
    """All that is wrong, in one line."""
    return "; ".join(f"{field}: {problem}" for field, problem in problems(invalid, whole).items())


def describe(kind: str, said: Mapping[str, Any], message: str) -> str:
    """What is wrong, for one kind of error of pydantic's and what it says besides; of kinds of our own, the message."""
    if kind not in _PYDANTICS:
        return message
    if kind in _BY_LIMIT:
        return _BY_LIMIT[kind](said)
    if kind in _BY_KIND:
        return _BY_KIND[kind]
    return next((told for beginning, told in _BY_BEGINNING if kind.startswith(beginning)), "is not what it should be")


_PYDANTICS = frozenset(get_args(ErrorType))


def _is_text(said: Mapping[str, Any]) -> bool:
    """Of a text that is read before it is measured, pydantic does not know that it is one."""
    return said.get("field_type") == "Value"


def _too_long(said: Mapping[str, Any]) -> str:
    most = said["max_length"]
    return f"is longer than {most:,} characters" if _is_text(said) else f"has more than {most:,} entries"


def _too_short(said: Mapping[str, Any], of: str) -> str:
    least = said["min_length"]
    return "is empty" if least == 1 else f"has fewer than {least} {of}"


def _field(place: tuple[int | str, ...]) -> str:
    return ".".join(_shown(str(part)) for part in place)


def _shown(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
