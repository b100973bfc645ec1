"""Does a requester learn from an error what to do about it?"""

from __future__ import annotations

import nats.errors
import psycopg
import pytest

from shared.contracts.envelope import TooLong
from shared.contracts.refusals import AskFailed, Refused
from shared.refusing import refusal_of
from shared.storage.database import DatabaseUnavailable


@pytest.mark.parametrize(
    "error, code",
    [
        (Refused("No.", 409, {"seen": "is outdated"}), 409),
        (AskFailed("Another service refused.", 404), 404),
        (AskFailed("Another service did not reply.", 504), 504),
        (TooLong("Too long."), 413),
        (psycopg.errors.StringDataRightTruncation(), 422),
        (psycopg.errors.NumericValueOutOfRange(), 422),
        (DatabaseUnavailable("gone"), 503),
        (nats.errors.TimeoutError(), 503),
        (ConnectionRefusedError(), 503),
    ],
)
def test_what_a_requester_caused_or_can_repeat_has_a_code(error: Exception, code: int) -> None:
    refusal = refusal_of(error, "matcher")

    assert refusal is not None
    assert (refusal.code, bool(str(refusal))) == (code, True)


def test_a_refusal_keeps_its_message_and_fields() -> None:
    refused = Refused("This has changed.", 409, {"seen": "is outdated"})

    assert refusal_of(refused, "matcher") is refused


@pytest.mark.parametrize("error", [ValueError("a bug"), KeyError("x"), psycopg.errors.UndefinedColumn()])
def test_a_bug_is_no_refusal(error: Exception) -> None:
    assert refusal_of(error, "matcher") is None
