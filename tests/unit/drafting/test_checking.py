"""Does one check refuse every text that no careful person would send?"""

from __future__ import annotations

import pytest

from engines.drafting.checking import Rules, Words, faults
from engines.drafting.templates import Span

RULES = Rules(
    never=("just checking in", "AI"), subject=20, words={"email": Span(12, least=5)}, characters={"linkedin": 30}
)
GROUNDS = ["Oak Hill", "Albany", "posted on May 7", "four of 12 beds"]
GOOD = "We saw that you hire. Would a hand help?"


def of(body: str = GOOD, subject: str | None = "A hand", channel: str = "email") -> list[str]:
    return faults(Words(channel, body, subject), RULES, GROUNDS)


@pytest.mark.parametrize(
    "body", [GOOD, "On May 7 you had 12 beds. Is it so?", "That aim is paid in full, as Al wrote. Is it?"]
)
def test_a_short_text_of_facts_with_one_question_passes(body: str) -> None:
    assert of(body) == []


@pytest.mark.parametrize(
    "body,subject,fault",
    [
        ("Would it help?", "A hand", "3 words, and 5 to 12"),
        (f"{GOOD} {GOOD}", "A hand", "words, and 5 to 12"),
        ("We saw that you hire. We can help.", "A hand", "asks 0 questions"),
        ("We saw that you hire? Would it help?", "A hand", "asks 2 questions"),
        (GOOD, "A hand, and many more words than fit", "subject has 36 characters"),
        (GOOD, "", "subject has 0 characters"),
        ("You save 30% with us. Would that help?", "A hand", "30% is the number of no fact"),
        ("You save $1,200 with us. Would that help?", "A hand", "$1,200 is the number of no fact"),
        ("You have 12% of beds. Would it help?", "A hand", "12% is the number of no fact"),
        (GOOD, "Only 3 left", "3 is the number of no fact"),
        ("Just Checking  In: would a hand help?", "A hand", "it says 'just checking in'"),
        ("Our AI writes to you. Would it help?", "A hand", "it says 'AI'"),
        ("Hello {{ name }}, would a hand help?", "A hand", "looks like a placeholder"),
        ("Hello [Name], would a hand help you?", "A hand", "looks like a placeholder"),
        ("Hello <first name>, would it help you?", "A hand", "looks like a placeholder"),
        ("Hello TBD, would a hand help you?", "A hand", "looks like a placeholder"),
        ("Hello \u202eyou, would a hand help you?", "A hand", "invisible characters"),
        ("See https://a.example and www.b.example now: would it help?", "A hand", "2 links"),
    ],
)
def test_a_text_that_breaks_a_rule_is_refused_with_what_it_breaks(body: str, subject: str, fault: str) -> None:
    assert fault in "; ".join(of(body, subject))


def test_a_message_is_limited_by_its_characters_and_needs_no_question() -> None:
    assert of("Glad to connect.", None, "linkedin") == []
    assert "31 characters, and at most 30" in "; ".join(of("x" * 31, None, "linkedin"))
