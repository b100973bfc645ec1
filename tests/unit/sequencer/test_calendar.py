"""Are weekends and New York holidays kept free of touches?"""

from datetime import date

import pytest

from services.sequencer.domain.calendar import holidays_of, is_business_day, monday_of, next_business_day, roll

NEW_YORK = holidays_of("US", "NY")


@pytest.mark.parametrize(
    "day, expected",
    [
        (date(2026, 7, 2), date(2026, 7, 2)),  # a Thursday
        (date(2026, 7, 3), date(2026, 7, 6)),  # Independence Day, observed on the Friday
        (date(2026, 7, 4), date(2026, 7, 6)),  # a Saturday
        (date(2026, 9, 7), date(2026, 9, 8)),  # Labor Day
        (date(2026, 11, 26), date(2026, 11, 27)),  # Thanksgiving
        (date(2026, 2, 12), date(2026, 2, 13)),  # Lincoln's Birthday, a holiday in New York
    ],
)
def test_a_day_moves_to_the_next_business_day(day: date, expected: date) -> None:
    assert roll(day, NEW_YORK) == expected


def test_the_next_business_day_is_never_the_day_itself() -> None:
    assert next_business_day(date(2026, 7, 1), NEW_YORK) == date(2026, 7, 2)
    assert next_business_day(date(2026, 7, 2), NEW_YORK) == date(2026, 7, 6)


def test_holidays_of_every_year_are_known() -> None:
    assert not is_business_day(date(2031, 12, 25), NEW_YORK)


def test_a_week_begins_on_its_monday() -> None:
    assert monday_of(date(2026, 7, 5)) == date(2026, 6, 29)
    assert monday_of(date(2026, 7, 6)) == date(2026, 7, 6)
