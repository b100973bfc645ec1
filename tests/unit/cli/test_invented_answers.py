"""Do the answers of invented recipients look like mail of people and servers, at the stated rates?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

import pytest

from cli.demo.behavior import Answer, behavior
from cli.demo.invented.answers import Letter, answer, answered, letter_of
from services.notifier import settings
from services.notifier.domain import composing
from services.notifier.domain.arriving import Arrived, arrived
from services.notifier.domain.composing import Headers, compose

NOW = datetime(2026, 7, 14, 20, tzinfo=UTC)


def a_letter(number: int = 0) -> tuple[UUID, Letter]:
    """A letter as the notifier composes it, and as its recipient sees it."""
    message_id = uuid5(UUID(int=0), str(number))
    letter = composing.Letter(
        message_id, "Bo Reed", "bo@seller.example", "Ada Moss", "ada@home.example", "Your open shifts", "Good morning."
    )
    return message_id, letter_of(compose(letter, Headers("https://seller.example/u/1", "bo@seller.example"), NOW))


def came_back(kind: Answer) -> Arrived:
    _, letter = a_letter()
    return arrived(answer(behavior(), kind, letter, NOW).as_bytes(), settings.private())


@pytest.mark.parametrize(
    "kind, read_as",
    [("replied", "reply"), ("bounced", "bounce"), ("away", "absence"), ("unsubscribed", "unsubscribe")],
)
def test_an_answer_is_read_as_what_it_is_and_names_its_letter(kind: Answer, read_as: str) -> None:
    message_id, _ = a_letter()

    found = came_back(kind)

    assert (found.kind, found.letters, found.sealed) == (read_as, (message_id,), None)


def test_a_bounce_is_hard_and_an_absence_note_has_the_day_of_the_return() -> None:
    assert [(each.address, each.hard) for each in came_back("bounced").recipients] == [("ada@home.example", True)]
    assert came_back("away").back_on == date(2026, 7, 21)


def test_answers_come_at_the_stated_rates_and_the_same_in_every_run() -> None:
    rates = behavior()
    letters = [replace(a_letter()[1], message_id=f"<{number}@seller.example>") for number in range(2_000)]
    answers = [answered(rates, 1, letter) for letter in letters]

    assert answers == [answered(rates, 1, letter) for letter in letters]
    counts = Counter(answers)
    for kind, rate in rates.letters.items():
        assert abs(counts[kind] / len(letters) - rate) < 0.015, kind
