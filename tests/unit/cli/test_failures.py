"""Is what went wrong said to a person in a sentence?"""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from cli.printing import failures
from shared.contracts.scorer import Why


def test_what_is_wrong_with_a_question_is_said_by_field_before_it_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValidationError) as invalid:
        Why.model_validate({"facility_id": "335001", "on": "yesterday"})

    assert failures.shown(invalid.value)
    assert capsys.readouterr().err == "on: must be a date, such as 2026-07-01\n"


def test_a_mistake_of_ours_is_not_said_but_raised() -> None:
    assert not failures.shown(KeyError("ties"))
