"""Are pydantic's errors described in words that people know?"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core._pydantic_core import list_all_errors

from engines.problems import describe, problems, sentence
from shared.contracts.limits import ShortText

PRIVATE = ("input", "string", "valid ", "instance", "str ", "int ", "dict", "tuple", "boolean", "pydantic", "mapping")


def problem(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as invalid:
        TypeAdapter(kind).validate_python(value)
    return problems(invalid.value, "request")["request"]


@pytest.mark.parametrize("kind", [each["type"] for each in list_all_errors()])
def test_no_description_of_an_error_has_words_of_python(kind: str) -> None:
    example = next(each for each in list_all_errors() if each["type"] == kind)

    message = describe(kind, {"error": "", **(example["example_context"] or {})}, example["example_message_python"])

    assert message
    assert not [word for word in PRIVATE if word in message.lower()]


@pytest.mark.parametrize(
    "kind, value, message",
    [
        (str, 5, "must be text"),
        (Annotated[str, Field(min_length=1)], "", "is empty"),
        (Annotated[str, Field(min_length=4)], "a", "has fewer than 4 characters"),
        (Annotated[str, Field(max_length=1_000)], "a" * 1_001, "is longer than 1,000 characters"),
        (int, "x", "must be a whole number"),
        (int, 1.5, "must be a whole number"),
        (Annotated[int, Field(ge=1)], 0, "must be at least 1"),
        (Annotated[int, Field(le=9)], 10, "must be at most 9"),
        (Decimal, "x", "must be a number"),
        (bool, "perhaps", "must be true or false"),
        (date, "tomorrow", "must be a date, such as 2026-07-01"),
        (date, "2026-02-30", "must be a date, such as 2026-07-01"),
        (datetime, "soon", "must be a date and time, such as 2026-07-01T08:30:00Z"),
        (AwareDatetime, datetime(2026, 7, 1), "must name its time zone, such as 2026-07-01T08:30:00Z"),  # noqa: DTZ001
        (time, "noon", "must be a time of day, such as 06:30"),
        (UUID, "x", "must be an id of 32 hexadecimal digits, such as 6f0c1f1e-2b0b-5d53-9a52-6f7a1e0c9b11"),
        (Literal["won", "lost"], "tied", "must be one of 'won' or 'lost'"),
        (list[int], {}, "must be a list"),
        (dict[str, int], [], "must be an object with fields"),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "has more than 1 entries"),
    ],
)
def test_an_error_describes_what_is_expected(kind: Any, value: object, message: str) -> None:
    assert problem(kind, value) == message


class Rows(BaseModel, extra="forbid"):
    facility_id: str
    rows: list[int] = []


def test_errors_are_reported_by_field_and_errors_of_many_rows_are_counted() -> None:
    with pytest.raises(ValidationError) as invalid:
        Rows.model_validate({"rows": ["x"] * 100, "x" * 100_000: 1})

    message = problems(invalid.value, "request")

    assert message["facility_id"] == "is missing"
    assert message["rows.0"] == "must be a whole number"
    assert message["..."] == "82 more are wrong"
    assert len(sentence(invalid.value, "request")) < 2_000


def test_the_limit_of_a_normalized_text_is_reported_in_characters() -> None:
    assert problem(Annotated[ShortText, Field(max_length=60)], "x" * 61) == "is longer than 60 characters"
    assert problem(Annotated[ShortText, Field(min_length=4)], "x") == "has fewer than 4 characters"
