"""Do letters leave while their recipients work, and never more than the pack allows?"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.pacing import (
    WEEKDAYS,
    Bounces,
    Pending,
    Sending,
    Today,
    opens,
    opens_tomorrow,
    too_many_bounced,
    waits,
)

NEW_YORK, CHICAGO = "America/New_York", "America/Chicago"
RULES = Sending(hours="08:30-17:00", per_rep=3, per_domain=2)
NONE = Today({}, {})
instants = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
zones = st.sampled_from([NEW_YORK, CHICAGO, "Pacific/Honolulu", "Asia/Kolkata"])


def at(text: str, zone: str = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    "now, zone, expected",
    [
        ("2026-07-01T10:00", NEW_YORK, "2026-07-01T10:00"),
        ("2026-07-01T08:45", CHICAGO, "2026-07-01T09:30"),
        ("2026-07-01T17:00", NEW_YORK, "2026-07-02T08:30"),
        ("2026-07-03T18:00", NEW_YORK, "2026-07-06T08:30"),
    ],
)
def test_a_letter_leaves_within_the_hours_of_its_recipient(now: str, zone: str, expected: str) -> None:
    assert opens(at(now), zone, RULES) == at(expected)


@given(now=instants, zone=zones)
def test_the_next_time_is_within_the_hours_and_there_is_none_before(now: datetime, zone: str) -> None:
    found, tomorrow = opens(now, zone, RULES), opens_tomorrow(now, zone, RULES)

    local = found.astimezone(ZoneInfo(zone))
    assert WEEKDAYS[local.weekday()] in RULES.weekdays
    assert "08:30" <= f"{local:%H:%M}" < "17:00"
    assert now <= found < now + timedelta(days=4)
    assert tomorrow.astimezone(ZoneInfo(zone)).date() > now.astimezone(ZoneInfo(zone)).date()


@given(
    letters=st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), max_size=20),
    sent=st.tuples(st.integers(0, 4), st.integers(0, 3)),
)
def test_no_day_has_more_letters_than_the_pack_allows(letters: list[tuple[str, str]], sent: tuple[int, int]) -> None:
    pending = [Pending(UUID(int=number), rep, to, NEW_YORK) for number, (rep, to) in enumerate(letters)]
    now = at("2026-07-01T10:00")

    found = waits(pending, now, RULES, Today({"a": sent[0]}, {"x": sent[1]}))

    left = [each for each in pending if each.message_id not in found]
    reps = Counter(each.rep for each in left) + Counter({"a": sent[0]})
    domains = Counter(each.domain for each in left) + Counter({"x": sent[1]})
    assert all(reps[each.rep] <= 3 and domains[each.domain] <= 2 for each in left)
    assert all(each.until == at("2026-07-02T08:30") for each in found.values())
    assert all(reps[each.rep] >= 3 or domains[each.domain] >= 2 for each in pending if each.message_id in found), (
        "a letter waits although there is room for it"
    )


@pytest.mark.parametrize(
    "letters, bounced, stops",
    [(20, 1, False), (4, 4, False), (5, 5, True), (100, 5, True), (101, 5, False), (200, 9, False), (200, 10, True)],
)
def test_sending_stops_at_the_share_of_bounces_and_never_for_a_few_of_them(
    letters: int, bounced: int, stops: bool
) -> None:
    why = too_many_bounced(letters, bounced, Bounces(share=0.05, at_least=5))

    assert stops == (f"{bounced} of the last {letters} bounced" in (why or ""))
    assert stops == (why is not None)


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"hours": "8-17"}, "write it as 08:00-17:00"),
        ({"hours": "17:00-08:00"}, "ends before it begins"),
        ({"weekdays": ("mon",)}, "weekdays has mon"),
        ({"weekdays": ()}, "no letter would ever leave"),
        ({"per_rep": 0}, "per_rep is 0"),
    ],
)
def test_a_mistake_in_the_pack_is_named(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Sending(**wrong)  # type: ignore[arg-type]


def test_one_wrong_address_cannot_stop_all_letters() -> None:
    with pytest.raises(ValueError, match="one wrong address would stop all letters"):
        Bounces(at_least=1)
