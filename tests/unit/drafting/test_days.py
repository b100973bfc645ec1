"""How does a letter name a day, so that no reader takes it for another?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engines.drafting.days import named, named_until

MONDAY = date(2026, 8, 10)
WEDNESDAY, SATURDAY, SUNDAY = MONDAY + timedelta(2), MONDAY + timedelta(5), MONDAY + timedelta(6)


@pytest.mark.parametrize(
    "today,age,name",
    [
        (WEDNESDAY, 0, "today"),
        (WEDNESDAY, 1, "yesterday"),
        (WEDNESDAY, 2, "on Monday"),
        (WEDNESDAY, 3, "over the weekend"),
        (WEDNESDAY, 4, "over the weekend"),
        (WEDNESDAY, 5, "last Friday"),
        (WEDNESDAY, 6, "last Thursday"),
        (WEDNESDAY, 7, "on August 5"),
        (MONDAY, 1, "yesterday"),
        (MONDAY, 2, "over the weekend"),
        (MONDAY, 3, "last Friday"),
        (MONDAY, 6, "last Tuesday"),
        (SATURDAY, 6, "last Sunday"),
        (SUNDAY, 6, "on Monday"),
    ],
)
def test_a_day_is_named_as_people_name_it(today: date, age: int, name: str) -> None:
    assert named(today - timedelta(age), today) == name


@pytest.mark.parametrize("today", [MONDAY + timedelta(each) for each in range(7)])
def test_no_earlier_day_has_the_name_of_todays_weekday(today: date) -> None:
    assert not [age for age in range(30) if f"{today:%A}" in named(today - timedelta(age), today)]


@pytest.mark.parametrize("age", range(12))
def test_a_name_is_right_until_its_last_day_and_no_longer(age: int) -> None:
    day = WEDNESDAY - timedelta(age)
    last = named_until(day, WEDNESDAY)

    assert named(day, last) == named(day, WEDNESDAY)
    assert age > 6 or named(day, last + timedelta(1)) != named(day, WEDNESDAY)
