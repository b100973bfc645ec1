"""What is wrong with an invalid input, in words for its sender?

The one place that translates pydantic's errors: the sender of a field knows neither patterns nor Python types.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core.core_schema import ErrorType

MAX_FIELDS = 20
"""The number of fields that are reported; the others are counted."""
MAX_NAME = 60
"""The number of characters that are quoted from a part of a field's name, which the sender may have made up."""

_A_DATE = "must be a date, such as 2026-07-01"
_A_TIME = "must be a date and time, such as 2026-07-01T08:30:00Z"
_AN_OBJECT = "must be an object with fields"
_BY_KIND = {
    "missing": "is missing",
    "missing_argument": "is missing",
    "missing_keyword_only_argument": "is missing",
    "missing_positional_only_argument": "is missing",
    "extra_forbidden": "is not a field here; remove it, or check its spelling",
    "unexpected_keyword_argument": "is not a field here; remove it, or check its spelling",
    "none_required": "must be left empty",
    "string_unicode": "contains characters that are not text",
    "string_pattern_mismatch": "does not have the required form",
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
    "string_too_long": lambda context: f"is longer than {context['max_length']:,} characters",
    "string_too_short": lambda context: _too_short(context, "characters"),
    "bytes_too_long": lambda context: f"is longer than {context['max_length']:,} bytes",
    "bytes_too_short": lambda context: _too_short(context, "bytes"),
    "too_long": lambda context: _too_long(context),
    "too_short": lambda context: _too_short(context, "characters" if _is_text(context) else "entries"),
    "greater_than": lambda context: f"must be more than {context['gt']}",
    "greater_than_equal": lambda context: f"must be at least {context['ge']}",
    "less_than": lambda context: f"must be less than {context['lt']}",
    "less_than_equal": lambda context: f"must be at most {context['le']}",
    "multiple_of": lambda context: f"must be a multiple of {context['multiple_of']}",
    "literal_error": lambda context: f"must be one of {context['expected']}",
    "enum": lambda context: f"must be one of {context['expected']}",
    "union_tag_invalid": lambda context: f"names an unknown kind; the known ones are {context['expected_tags']}",
    "union_tag_not_found": lambda context: f"must name its kind in {context['discriminator']}",
    "json_invalid": lambda context: f"is not JSON: {context['error']}",
    "value_error": lambda context: str(context["error"]),
    "assertion_error": lambda context: str(context["error"]),
}


def problems(invalid: ValidationError, name: str) -> dict[str, str]:
    """The problem of each invalid field; problems of the entire input are reported as those of `name`."""
    errors = invalid.errors(include_url=False, include_input=False)
    found = {_field(each["loc"]) or name: describe(each["type"], each.get("ctx", {}), each["msg"]) for each in errors}
    if len(found) > MAX_FIELDS:
        more = len(found) - MAX_FIELDS
        found = dict(list(found.items())[:MAX_FIELDS])
        found["..."] = f"{more:,} more are wrong"
    return found


def sentence(invalid: ValidationError, name: str) -> str:
    """All problems in one line."""
    return "; ".join(f"{field}: {problem}" for field, problem in problems(invalid, name).items())


def describe(kind: str, context: Mapping[str, Any], message: str) -> str:
    """The problem for an error type of pydantic and its context; for other error types, their message."""
    if kind not in _PYDANTIC_ERRORS:
        return message
    if kind in _BY_LIMIT:
        return _BY_LIMIT[kind](context)
    if kind in _BY_KIND:
        return _BY_KIND[kind]
    return next((text for beginning, text in _BY_BEGINNING if kind.startswith(beginning)), "is invalid")


_PYDANTIC_ERRORS = frozenset(get_args(ErrorType))


def _is_text(context: Mapping[str, Any]) -> bool:
    """After a `BeforeValidator`, pydantic reports the length of a text as that of a generic value."""
    return context.get("field_type") == "Value"


def _too_long(context: Mapping[str, Any]) -> str:
    limit = context["max_length"]
    return f"is longer than {limit:,} characters" if _is_text(context) else f"has more than {limit:,} entries"


def _too_short(context: Mapping[str, Any], unit: str) -> str:
    minimum = context["min_length"]
    return "is empty" if minimum == 1 else f"has fewer than {minimum} {unit}"


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(_shortened(str(part)) for part in location)


def _shortened(name: str) -> str:
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"
