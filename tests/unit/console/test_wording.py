"""How do people read what services state about ids, versions and days?"""

from __future__ import annotations

from datetime import date

import pytest

from services.console.usecases.wording import translated

NAMES = {"rep-1": "Dana Lee", "tier-2": "Tier 2 nurture", "335001": "Willow Bend"}


@pytest.mark.parametrize(
    "stated, read",
    [
        (
            "2026-09-05 is not a business day; the next one is 2026-09-08.",
            "Sat 5 Sep is not a business day; the next one is Tue 8 Sep.",
        ),
        ("It was done at 2026-09-01 06:00:00 EDT by rep-1.", "It was done at Tue 1 Sep by Dana Lee."),
        ("The enrollment in tier-2 ended.", "The enrollment in Tier 2 nurture ended."),
        (
            "335001 cannot enter Qualified: Payer mix. State it: `pipeline lead intake 335001`.",
            "Willow Bend cannot enter Qualified: Payer mix.",
        ),
        ("The lead is lost; re-open it first: `pipeline lead reopen 335001`.", "The lead is lost."),
        (
            "This has changed since version 4 that you saw: task 8b6e4df5 is done, at 335001.",
            "This has changed since you saw it: the touch is done.",
        ),
        ("Task 8b6e4df5 is not reopened.", "The touch is not reopened."),
        ("direct_phone '7' is not a telephone number", "Direct line '7' is not a telephone number"),
        ("rep-12 and my_own_field stay as they are.", "Rep-12 and my_own_field stay as they are."),
    ],
)
def test_a_sentence_of_a_service_has_names_and_days_instead_of_ids(stated: str, read: str) -> None:
    assert translated(stated, NAMES) == read


def test_a_day_of_another_year_has_its_year() -> None:
    text = "2025-01-01 is past; today is 2026-07-21."

    assert translated(text, {}, date(2026, 7, 21)) == "1 Jan 2025 is past; today is Tue 21 Jul."


def test_a_day_that_is_none_stays_as_it_is() -> None:
    assert translated("2026-13-41 is no day.", {}) == "2026-13-41 is no day."
