"""Which notices do our own people get, when, and can a name of others do anything in them?"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID

import pytest

from services.courier.domain import wording
from services.courier.domain.noticing import (
    APART,
    GATHERING,
    MOST,
    SHOWN,
    Followed,
    Happened,
    Message,
    Step,
    Work,
    clean,
    decide,
    message_of,
    worklist_of,
)
from services.courier.domain.recipients import Recipient, allowed, next_morning
from services.courier.usecases.noticing import kinds_of
from shared.contracts.courier_notices import AddRecipient
from tests.support.sequencing import listed, scored

NOON = datetime(2026, 7, 1, 16, tzinfo=UTC)
"""A Wednesday, 12:00 in New York."""
FOURTH = {date(2026, 7, 3)}
"""The day off for Independence Day, a Friday."""


def jo(**changes: Any) -> Recipient:
    values: dict[str, Any] = {
        "name": "jo",
        "rep": None,
        "slack": None,
        "email": "jo@seller.example",
        "kinds": ["hot", "sla", "tier", "worklist"],
        "quiet_from": time(18),
        "quiet_to": time(8),
        "morning_at": time(7, 30),
        "timezone": "America/New_York",
        "added_by": "ann",
        "added_at": NOON,
    }
    return Recipient(**(values | changes))


def crossing(n: int = 1, kind: str = "hot", tier: int = 1, before: int | None = 2, **changes: Any) -> Happened:
    values: dict[str, Any] = {"at": NOON, "owner": "rep-1", "city": "Albany", "state": "NY", "score": f"{60 + n % 9}.0"}
    values |= {"facility_id": f"3350{n:02}", "facility": f"Home {n}", "tier": tier, "previous_tier": before}
    return Happened("jo", kind, n, **(values | changes))


def here(text: str) -> datetime:
    """A time in New York in the summer, as an instant."""
    return datetime.fromisoformat(f"{text}-04:00").astimezone(UTC)


@pytest.mark.parametrize(
    "at, then",
    [
        ("2026-07-01T12:00", "2026-07-01T12:00"),
        ("2026-07-01T17:59", "2026-07-01T17:59"),
        ("2026-07-01T18:00", "2026-07-02T08:00"),
        ("2026-07-02T00:30", "2026-07-02T08:00"),
        ("2026-07-02T08:00", "2026-07-02T08:00"),
        ("2026-07-02T19:00", "2026-07-06T08:00"),  # a holiday and a weekend follow
        ("2026-07-05T12:00", "2026-07-06T08:00"),
    ],
)
def test_nothing_is_sent_in_quiet_hours_on_weekends_and_on_holidays(at: str, then: str) -> None:
    assert allowed(jo(), here(at), FOURTH) == here(then)


@pytest.mark.parametrize(
    "start, end, at, then",
    [
        (time(12), time(13), "2026-07-01T12:30", "2026-07-01T13:00"),
        (time(12), time(13), "2026-07-01T20:00", "2026-07-01T20:00"),
        (None, None, "2026-07-01T03:00", "2026-07-01T03:00"),
    ],
)
def test_quiet_hours_may_be_at_noon_or_never(start: time | None, end: time | None, at: str, then: str) -> None:
    assert allowed(jo(quiet_from=start, quiet_to=end), here(at), FOURTH) == here(then)


def test_quiet_hours_are_those_of_the_recipient() -> None:
    denver = jo(timezone="America/Denver")

    assert allowed(denver, here("2026-07-01T09:00"), FOURTH) == here("2026-07-01T10:00")


@pytest.mark.parametrize(
    "last, now, due",
    [
        ("2026-07-01T07:30", "2026-07-01T09:00", "2026-07-02T08:00"),  # 7:30 is quiet
        ("2026-06-30T08:00", "2026-07-01T11:00", "2026-07-01T11:00"),  # the service was down
        ("2026-07-02T08:00", "2026-07-02T08:01", "2026-07-06T08:00"),
        ("2026-06-26T08:00", "2026-07-04T11:00", "2026-07-06T08:00"),
        ("2026-06-30T08:00", "2026-07-01T19:00", "2026-07-02T08:00"),
    ],
)
def test_a_worklist_arrives_once_on_each_working_day(last: str, now: str, due: str) -> None:
    assert next_morning(jo(), here(last), here(now), FOURTH) == here(due)


def step(happened: list[Happened], now: datetime = NOON + GATHERING, **options: Any) -> Step:
    to, before = options.pop("to", jo()), options.pop("before", Followed("jo", "hot", 0))
    return decide(to, before, happened, 50, now, FOURTH, is_unsent=options.pop("is_unsent", False))


def test_an_account_that_enters_the_first_tier_is_stated_after_what_follows_was_gathered() -> None:
    early = step([crossing()], NOON)
    assert early == Step(Followed("jo", "hot", 0, wait_until=NOON + GATHERING))

    made = step([crossing(1), crossing(2)])

    assert made.followed == Followed("jo", "hot", 50, NOON + GATHERING, NOON + GATHERING + APART)
    assert made.message == Message(
        "2 accounts entered tier 1",
        (
            "Home 2 (Albany, NY): from tier 2 to tier 1, score 62.0",
            "Home 1 (Albany, NY): from tier 2 to tier 1, score 61.0",
        ),
    )


@pytest.mark.parametrize(
    "happened, to",
    [
        ([], jo()),
        ([crossing(tier=1, before=1)], jo()),
        ([crossing(tier=2, before=3)], jo()),
        ([crossing(owner="rep-2")], jo(rep="rep-1")),
        ([crossing(owner=None)], jo(rep="rep-1")),
        ([crossing(kind="tier", before=None)], jo()),
    ],
)
def test_what_concerns_no_one_is_passed_over(happened: list[Happened], to: Recipient) -> None:
    assert step(happened, to=to) == Step(Followed("jo", "hot", 50))


def test_one_notice_of_a_kind_an_hour_states_all_that_happened_since_the_last_one() -> None:
    before = Followed("jo", "hot", 3, last_at=NOON - timedelta(minutes=20))
    assert step([crossing(9)], before=before).followed.wait_until == NOON + timedelta(minutes=40)

    made = step([crossing(n) for n in range(4, 30)], NOON + timedelta(minutes=40), before=before)

    assert made.message
    assert made.message.title == "26 accounts entered tier 1"
    assert (len(made.message.lines), made.message.more) == (SHOWN, 26 - SHOWN)


def test_while_a_notice_has_not_left_no_further_one_is_made() -> None:
    assert step([crossing()], is_unsent=True).message is None


def test_a_flood_of_events_is_read_in_parts() -> None:
    flood = [crossing(n, facility_id=str(n)) for n in range(1, MOST + 1)]
    assert (
        decide(jo(), Followed("jo", "hot", 0), flood, 9_999, NOON + GATHERING, (), is_unsent=False).followed.position
        == MOST
    )

    passed = decide(jo(rep="rep-9"), Followed("jo", "hot", 0), flood, 9_999, NOON, (), is_unsent=False)

    assert passed == Step(Followed("jo", "hot", MOST, wait_until=NOON)), "it goes on at once"


def test_an_account_is_stated_once_as_it_is_now() -> None:
    found = message_of("tier", [crossing(1, "tier", 3, 2), crossing(1, "tier", 2, 3)])

    assert found == Message("1 account changed tier", ("Home 1 (Albany, NY): from tier 3 to tier 2, score 61.0",))


def test_a_breach_states_since_when_an_account_waits_and_what_to_do() -> None:
    late = crossing(kind="sla", label="Hot lead", started_on="2026-06-28", action="Call today.")

    assert message_of("sla", [late]).lines == ("Home 1 (Albany, NY): Hot lead, since 2026-06-28. Call today.",)


def task(rep: str = "rep-1", due_on: date = date(2026, 7, 1)) -> Work:
    return Work(rep, f"Name of {rep}", due_on, "Call", "Home 1", "Albany, NY", "QM rating 1 of 5")


def test_a_rep_gets_the_tasks_of_the_day_and_the_team_how_many_each_rep_has() -> None:
    day = date(2026, 7, 1)
    own = worklist_of(jo(rep="rep-1"), day, [task()] * 12)
    team = worklist_of(jo(), day, [task(), task("rep-2"), task("rep-2", date(2026, 6, 30))])

    assert own == Message(
        "Worklist of Wednesday, 2026-07-01: 12 tasks", ("Call: Home 1 (Albany, NY): QM rating 1 of 5",) * 10, 2
    )
    assert team
    assert team.lines == ("Name of rep-2: 2, 1 of them from earlier days", "Name of rep-1: 1")
    assert worklist_of(jo(), day, []) is None, "no task, no notice"


def test_an_event_wakes_only_those_who_may_get_a_notice_of_it() -> None:
    assert kinds_of([listed("335001")]) == set()
    assert kinds_of([scored("335001", 1, "58.0")]) == {"hot"}
    assert kinds_of([scored("335001", 3, "38.0")]) == set()


HOSTILE = "<!channel> & <https://evil.example|Reset your password>\r\nBcc: all@home.example\u202e\x00"


def test_a_name_cannot_mention_a_channel_or_be_a_link_in_a_chat() -> None:
    body = json.loads(wording.slack(message_of("hot", [crossing(facility=HOSTILE)] * 2), "https://console.example/"))

    texts = [body["text"], *(each["text"]["text"] for each in body["blocks"])]
    assert "&lt;!channel&gt; &amp; &lt;https://evil.example|Reset" in texts[1]
    assert all("<!" not in text and "<https://evil" not in text and "\u202e" not in text for text in texts)
    assert texts[1].endswith("<https://console.example/|Open the console>")
    assert all(each["text"]["verbatim"] for each in body["blocks"])


def test_a_notice_fits_into_the_blocks_of_a_chat_whatever_it_states() -> None:
    lines = tuple(clean("&" * 9_999) for _ in range(SHOWN))

    body = json.loads(wording.slack(Message("t" * 250, lines), None))

    assert all(len(each["text"]["text"]) <= 3_000 for each in body["blocks"])
    assert len(body["blocks"]) <= 50


def test_no_text_adds_a_header_to_a_digest() -> None:
    message = message_of("hot", [crossing(facility=HOSTILE)])
    hostile = message._replace(title=clean(HOSTILE))

    raw = wording.mail(UUID(int=1), hostile, "notices@seller.example", "jo@seller.example", None, NOON)

    read = message_from_bytes(raw, policy=policy.default)
    assert (read["To"], read["Bcc"], read["Auto-Submitted"]) == ("jo@seller.example", None, "auto-generated")
    assert read["Message-ID"] == f"<{UUID(int=1)}@seller.example>"
    assert read.get_content_type() == "text/plain"
    with pytest.raises(ValueError, match="linefeed"):
        wording.mail(
            UUID(int=1), Message("a\r\nBcc: x@home.example"), "a@seller.example", "jo@seller.example", None, NOON
        )


@pytest.mark.parametrize(
    "address", ["jo@seller.example\nBcc: a@b.example", "jo", "jo@here", "a b@c.example", "<a@b.example>"]
)
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="email"):
        AddRecipient(name="jo", email=address, kinds=["hot"], actor="ann")


@pytest.mark.parametrize(
    "status, body, is_lost",
    [
        (200, "ok", False),
        (400, "invalid_payload", False),
        (403, "invalid_token", True),
        (404, "no_service", True),
        (400, "no_service", True),
        (410, "channel_is_archived", True),
        (429, "rate_limited", False),
        (500, "rollup_error", False),
    ],
)
def test_only_an_address_that_accepts_nothing_any_more_pauses_its_recipient(
    status: int, body: str, is_lost: bool
) -> None:
    assert bool(wording.refusal(status, body)) is is_lost
