"""Does an empty day state the reason?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.sequencer.domain.calendar import holidays_of
from services.sequencer.domain.days import Day, why_empty

NEW_YORK = holidays_of("US", "NY")
THURSDAY = date(2026, 7, 2)
DAY = Day(
    on=THURSDAY,
    today=THURSDAY,
    planned=True,
    facilities=600,
    prospects=90,
    accounts=40,
    active=20,
    blocked=9,
    ended=0,
    others=5,
)


@pytest.mark.parametrize(
    "known, rep, kind, text",
    [
        ({"facilities": 0}, None, "no_facilities", "`pipeline import facilities FILE`"),
        ({"ended": 7}, "ann", "all_done", "All 7 tasks of the day for ann are done or skipped."),
        ({"ended": 1}, "ann", "all_done", "The task of the day for ann is done or skipped."),
        ({"ended": 1, "away_until": date(2026, 7, 9)}, "ann", "away", "ann is away until 2026-07-09; the tasks wait."),
        ({"on": date(2026, 7, 4)}, None, "weekend", "2026-07-04 is a Saturday"),
        ({"on": date(2026, 7, 3)}, None, "holiday", "2026-07-03 is a holiday, Independence Day"),
        ({"on": date(2026, 7, 6)}, None, "to_come", "in the future"),
        ({"away_until": date(2026, 7, 9), "doer": "bob"}, "ann", "away", "ann is away until 2026-07-09; bob does the"),
        ({"away_until": date(2026, 7, 9)}, "ann", "away", "ann is away until 2026-07-09; the tasks wait."),
        ({"prospects": 0, "active": 0, "blocked": 0}, None, "no_prospects", "`pipeline calibrate`"),
        ({"planned": False}, None, "not_planned", "06:00; `pipeline run sequencer plan` plans it now"),
        ({"accounts": 0}, "ann", "no_accounts", "ann owns no account."),
        ({}, "ann", "others_only", "Nothing is due for ann; 5 tasks are due for others."),
        ({}, None, "no_step", "20 enrollments are active, 9 wait for a person to call"),
    ],
)
def test_the_reason_is_the_first_that_applies(known: dict[str, object], rep: str | None, kind: str, text: str) -> None:
    why = why_empty(replace(DAY, **known), rep, NEW_YORK, "06:00")  # type: ignore[arg-type]

    assert why.kind == kind
    assert text in why.text
