"""Does a text speak of earlier touches only as far as they were logged, and of the right ones?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.notifier.domain.facts import facts_of
from services.notifier.domain.history import Touch, got_before, replied_to, touches_of
from services.notifier.domain.tasks import Posting
from tests.unit.notifier.test_facts import OUTREACH, POSTING, TASK, TODAY, an_id, values

TUESDAY = TODAY - timedelta(3)
VOICEMAIL = Touch(
    draft_id=an_id("draft"),
    task_id=an_id("earlier"),
    facility_id="33X001",
    enrollment_id=TASK.enrollment_id,
    rep="rep-1",
    channel="call",
    template="call-first",
    person="Ada Zimble",
    to_email=None,
    subject=None,
    letter="c0",
    status="done",
    outcome="left_voicemail",
    done_on=TUESDAY,
)
LETTER = replace(
    VOICEMAIL, channel="email", outcome="sent", to_email="Ada@x.example", subject="Welding", letter="a1", template="one"
)


def history(*touches: Touch, task: Any = TASK, today: date = TODAY) -> dict[str, str]:
    found = values(task, *touches_of(task, touches), today=today)
    names = ("vm_day", "talk_day", "colleague", "colleague_day", "mailed_day", "earlier_day", "news")
    return {name: found[name] for name in names if name in found}


def test_a_voicemail_for_the_person_is_named_by_its_day() -> None:
    assert history(VOICEMAIL) == {"vm_day": "on Tuesday"}
    assert history(VOICEMAIL, today=TODAY + timedelta(5)) == {"vm_day": "on July 28"}


def test_a_voicemail_for_a_named_colleague_is_named_with_the_colleague() -> None:
    assert history(replace(VOICEMAIL, person="Dana Reed")) == {"colleague": "Dana Reed", "colleague_day": "on Tuesday"}


def test_a_talk_is_named_by_its_day() -> None:
    assert history(replace(VOICEMAIL, outcome="reached")) == {"talk_day": "on Tuesday"}


@pytest.mark.parametrize(
    "touch",
    [
        replace(VOICEMAIL, outcome="no_answer"),
        replace(VOICEMAIL, outcome=None, status=None, done_on=None),
        replace(VOICEMAIL, rep="rep-2"),
        replace(VOICEMAIL, done_on=TODAY - timedelta(15)),
        replace(VOICEMAIL, person=None),
        replace(VOICEMAIL, person="Dana Reed", facility_id="33X002", to_email="ada@x.example"),
        replace(LETTER, outcome="bounced"),
        replace(LETTER, outcome=None, status="skipped"),
    ],
)
def test_what_was_not_logged_or_was_long_ago_or_was_done_by_another_rep_is_silent(touch: Touch) -> None:
    assert history(touch) == {}


def test_only_the_newest_touch_is_spoken_of() -> None:
    later = replace(LETTER, task_id=an_id("later"), done_on=TUESDAY + timedelta(1))

    assert history(later, VOICEMAIL) == {"mailed_day": "on Wednesday"}


def test_a_letter_of_an_earlier_enrollment_is_referred_to_and_a_newer_posting_is_news() -> None:
    earlier = replace(LETTER, enrollment_id=an_id("other"), done_on=TODAY - timedelta(40))
    task = replace(TASK, posting=POSTING)

    assert history(earlier) == {"mailed_day": "on June 21", "earlier_day": "on June 21"}
    assert history(earlier, task=task)["news"] == "yes"
    assert "earlier_day" not in history(earlier, LETTER, task=task)


def test_a_letter_replies_to_one_of_its_enrollment_that_was_sent_to_the_same_address() -> None:
    assert replied_to("one", TASK, [LETTER], OUTREACH) == LETTER
    for other in (
        replace(LETTER, to_email="dana@x.example"),
        replace(LETTER, outcome=None),
        replace(LETTER, enrollment_id=an_id("other")),
        replace(LETTER, template="two"),
    ):
        assert replied_to("one", TASK, [other], OUTREACH) is None
    assert replied_to(None, TASK, [LETTER], OUTREACH) is None


@pytest.mark.parametrize("status,counts", [("done", True), (None, True), ("skipped", False), ("canceled", False)])
def test_a_text_counts_as_received_unless_it_was_never_sent(status: str | None, counts: bool) -> None:
    assert got_before(TASK, [replace(LETTER, status=status)]) == ({"a1"} if counts else set())
    assert got_before(TASK, [replace(LETTER, to_email="dana@x.example")]) == set()


@pytest.mark.parametrize("states,age,known", [("posted", 21, False), ("posted", 20, True), ("place", 20, False)])
def test_an_opening_is_still_open_if_the_last_letter_was_about_it(states: str, age: int, known: bool) -> None:
    letter = replace(LETTER, done_on=TODAY - timedelta(age), states=[states])
    found = values(replace(TASK, posting=POSTING), letter)

    assert ("still_open" in found) == known


CLOSING = replace(LETTER, template="closing", to_email="dana@x.example", person="Dana Reed", done_on=TUESDAY)


@pytest.mark.parametrize(
    "posting,channel,touch,mentioned",
    [
        (POSTING, "email", CLOSING, False),
        (POSTING, "linkedin", CLOSING, False),
        (POSTING, "call", CLOSING, True),
        (POSTING, "email", replace(CLOSING, outcome=None, status="skipped"), True),
        (POSTING, "email", replace(CLOSING, template="one"), True),
        (replace(POSTING, first_seen_on=TUESDAY + timedelta(1)), "email", CLOSING, True),
        (replace(POSTING, reposted_on=TUESDAY + timedelta(1)), "email", CLOSING, True),
    ],
)
def test_nothing_is_written_about_an_opening_after_its_last_letter(
    posting: Posting, channel: str, touch: Touch, mentioned: bool
) -> None:
    task = replace(TASK, posting=posting, channel=channel)

    assert ("posted" in facts_of(task, replace(OUTREACH, closing=("closing",)), TODAY, [touch])) == mentioned
