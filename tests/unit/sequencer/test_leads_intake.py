"""What does an intake form state, and what does a lead need before it enters a stage?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.sequencer.domain.intake import Invalid, filled, missing, why_not_enter
from services.sequencer.domain.leads import Lead, new_lead
from services.sequencer.domain.stages import Field
from services.sequencer.settings import playbook
from tests.support.following import an_account

STAGES = playbook().stages
FORM = (
    Field("size", "Size", "integer"),
    Field("share", "Share", "number"),
    Field("start_on", "Start", "date"),
    Field("remark", "Remark", "text", required=False),
)


def a_lead(**intake: str) -> Lead:
    return replace(new_lead(an_account(), (), date(2026, 7, 1), STAGES), intake=intake)


@pytest.mark.parametrize(
    "text, kept",
    [("size=1,200", "1200"), ("size=12.0", "12"), ("share=0.50", "0.5"), ("start_on=2026-09-01", "2026-09-01")],
)
def test_a_value_is_kept_in_one_form(text: str, kept: str) -> None:
    name, _, value = text.partition("=")

    assert filled(a_lead(), {name: value}, FORM) == {name: kept}


@pytest.mark.parametrize(
    "values, message",
    [
        ({"size": "many"}, "size 'many' is not a whole number"),
        ({"size": "1.5"}, "is not a whole number"),
        ({"size": "99999999999999999999999999999"}, "is not a whole number"),
        ({"share": "1e999999"}, "is not a number of 0 or more"),
        ({"share": "-1"}, "is not a number of 0 or more"),
        ({"share": "nan"}, "is not a number of 0 or more"),
        ({"start_on": "next month"}, "start_on 'next month' is not a date; write it as YYYY-MM-DD"),
        ({"color": "blue"}, "'color' is no field of the intake form; its fields are size, share, start_on, remark"),
    ],
)
def test_a_value_of_another_type_and_an_unknown_field_are_refused(values: dict[str, str], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        filled(a_lead(), values, FORM)


def test_values_add_up_and_an_empty_one_removes_what_was_stated() -> None:
    assert filled(a_lead(size="3", share="1"), {"share": "", "remark": "busy"}, FORM) == {"size": "3", "remark": "busy"}


def test_a_form_is_complete_without_its_optional_fields() -> None:
    assert missing(a_lead(size="3"), FORM) == ["Share", "Start"]
    assert missing(a_lead(size="3", share="1", start_on="2026-09-01"), FORM) == []


def test_a_lead_enters_a_stage_with_the_complete_form_and_a_loss_with_a_reason() -> None:  # R50, R52
    stages = replace(STAGES, intake=FORM)
    qualified, lost = stages.named("signal", "qualified"), stages.named("signal", "lost")
    assert qualified
    assert lost

    assert why_not_enter(a_lead(), qualified, stages, None) == "the intake form is incomplete: Size, Share, Start"
    assert why_not_enter(a_lead(size="3", share="1", start_on="2026-09-01"), qualified, stages, None) is None
    assert why_not_enter(a_lead(), lost, stages, None) == "a reason is needed"
    assert why_not_enter(a_lead(), lost, stages, "too dear") is None
