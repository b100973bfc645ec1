"""Does the report of a simulation say how full its days were?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cli.commands.simulate import _reps_of
from cli.demo import showing
from cli.demo.behavior import FILE, behavior
from cli.demo.days import Workday
from cli.demo.run import Run, touches_of
from cli.files.report import Report
from engines.datasets.reading import Unreadable

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 7, day) for day in (6, 7, 8))
DAYS = [
    Workday(MONDAY, {"ann": 8, "bob": 4}, done=10, skipped=1, left=1),
    Workday(TUESDAY, {}),
    Workday(WEDNESDAY, {"ann": 3, "bob": 6}, done=9),
]


def test_it_has_the_mean_the_fullest_and_the_emptiest_day() -> None:
    touches = touches_of(DAYS)

    assert touches
    assert (touches.mean, touches.fullest.on, touches.emptiest.on) == (7, MONDAY, TUESDAY)
    assert (touches.most_of_a_rep, touches.done, touches.skipped) == (8, 19, 1)


def test_the_last_twenty_days_have_a_mean_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    days = [Workday(MONDAY, {"ann": 3}), *[Workday(TUESDAY, {"ann": 10})] * 20]

    showing.touches(days)

    printed = " ".join(capsys.readouterr().out.split())
    assert "mean 9.7 of 21 business days" in printed
    assert "mean of the last days 10.0 of 20 business days" in printed


def test_a_weekend_has_no_touches_to_report(capsys: pytest.CaptureFixture[str]) -> None:
    showing.touches([])

    assert (touches_of([]), capsys.readouterr().out) == (None, "")


def test_it_is_printed_with_the_days_and_who_was_busy(capsys: pytest.CaptureFixture[str]) -> None:
    showing.run(Run(MONDAY, WEDNESDAY, DAYS, Report(counts={"new": 3})), [])

    printed = " ".join(capsys.readouterr().out.split())
    assert "Simulated 2026-07-06 to 2026-07-08: 3 business days." in printed
    assert "Postings: 3 new." in printed
    assert "fullest day 12 Mon 2026-07-06: ann 8, bob 4" in printed
    assert "emptiest day 0 Tue 2026-07-07: nothing due" in printed


def test_as_json_it_has_every_business_day_and_what_was_assumed() -> None:
    content = showing.as_json(Run(MONDAY, WEDNESDAY, DAYS, Report()), [], behavior())

    assert [(day["on"], day["total"]) for day in content["days"]] == [(MONDAY, 12), (TUESDAY, 0), (WEDNESDAY, 9)]
    assert content["behavior"]["left_for_tomorrow"] == behavior().left_for_tomorrow


def test_reps_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "reps.csv"
    file.write_text("id,name,email,phone,hours\nann,Ann Lee,ann@seller.example,212-555-0101,8:30-17\nbob,Bob Ray,,,\n")

    ann, bob = _reps_of(file)

    assert (ann.rep, ann.name, ann.email, str(ann.from_hour)) == ("ann", "Ann Lee", "ann@seller.example", "08:30:00")
    assert (bob.rep, bob.name, bob.email, bob.from_hour) == ("bob", "Bob Ray", None, None)


@pytest.mark.parametrize("row", ["ann,,,", ",Ann Lee,,", "ann,Ann Lee,,all day"])
def test_an_invalid_rep_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    file = tmp_path / "reps.csv"
    file.write_text(f"id,name,email,hours\n{row}\n")

    with pytest.raises(Unreadable, match=r"reps\.csv, line 2: "):
        _reps_of(file)


def test_a_file_of_behavior_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "busy.yaml"
    file.write_text(FILE.read_text("utf-8").replace("skipped: 0.04", "skipped: 1.4"))

    with pytest.raises(ValueError, match=r"busy\.yaml: skipped"):
        behavior(file)
    with pytest.raises(ValueError, match=r"ends in \.yaml"):
        behavior(tmp_path / "busy.csv")
