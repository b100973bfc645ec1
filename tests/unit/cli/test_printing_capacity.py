"""Is the plan of the next days displayed with what is full, impossible and scarce?"""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from PIL import Image

from cli.printing.capacity import CAP, REPS, capacity, picture, waiting
from shared.contracts.sequencer_capacity import AccountStanding, CapacityPlan, LateTouch, PlannedDay

MONDAY = date(2026, 7, 6)
LATE = LateTouch.model_validate(
    {"enrollment_id": "00000000-0000-0000-0000-000000000001", "facility_id": "335001", "facility": "Moss Home",
     "step_no": 3, "latest_on": MONDAY, "on": None}
)  # fmt: skip
RESTING = AccountStanding.model_validate(
    {"facility_id": "335002", "facility": "Fern Home", "tier": 1, "score": "44.1", "owner": "ann", "state": "resting",
     "reason": "Rests until 2026-08-01, after its last touches.", "starts_on": None}
)  # fmt: skip


def a_plan(*totals: int, late: tuple[LateTouch, ...] = ()) -> CapacityPlan:
    days = [
        PlannedDay(on=MONDAY + timedelta(days=n), touches={"ann": total - 1, "bob": 1}, total=total, starts=n, away=[])
        for n, total in enumerate(totals)
    ]
    return CapacityPlan(
        scope="team", most=15, days=days, late=list(late), counts={"running": 3, "resting": 1}, waiting=[RESTING],
        scarce=["1 rest"], touches=[],
    )  # fmt: skip


def test_each_day_has_its_touches_and_the_summary_names_the_fullest(capsys: pytest.CaptureFixture[str]) -> None:
    capacity(a_plan(4, 12, 6))

    shown = " ".join(capsys.readouterr().out.split())
    assert "The fullest day is 2026-07-07 with 12 touches; the mean is 7.3." in shown
    assert "Every touch has a day within its limits." in shown
    assert "3 running, 1 resting" in shown
    assert "What keeps places empty: 1 rest." in shown


def test_a_plan_that_is_impossible_names_what_makes_it_so(capsys: pytest.CaptureFixture[str]) -> None:
    capacity(a_plan(4, late=(LATE,)))

    shown = capsys.readouterr().out
    assert "Impossible as it stands" in shown
    assert "Moss Home" in shown


def test_what_waits_is_shown_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    waiting(a_plan(4))

    assert "Rests until 2026-08-01" in " ".join(capsys.readouterr().out.split())


def test_the_picture_has_the_days_in_the_colors_of_the_reps_under_the_cap() -> None:
    with Image.open(io.BytesIO(picture(a_plan(4, 12, 6)))) as image:
        colors = {color for _, color in image.convert("RGB").getcolors(1 << 20) or []}

    assert {CAP, REPS[0], REPS[1]} <= colors
