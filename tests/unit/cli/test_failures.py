"""Are errors printed for people as sentences?"""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from cli.printing import failures
from shared.contracts.scorer import Why


def test_an_invalid_question_is_reported_by_field_before_it_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValidationError) as invalid:
        Why.model_validate({"facility_id": "335001", "on": "yesterday"})

    assert failures.shown(invalid.value)
    assert capsys.readouterr().err == "on: must be a date, such as 2026-07-01\n"


def test_a_programming_error_is_raised_and_not_printed() -> None:
    assert not failures.shown(KeyError("ties"))
