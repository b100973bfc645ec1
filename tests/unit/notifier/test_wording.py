"""Does a language model get the words and their facts alone, and is its answer taken for data?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from engines.drafting.checking import Rules
from engines.drafting.drafter import Brief, Proposal
from services.notifier.domain.wording import LONGEST_NOTE, LONGEST_TEXT, Unusable, proposal_in, question, shortened
from services.notifier.settings import NotifierSettings

BRIEF = Brief("email", "Re: beds", "We help Oak Hill. Useful?", {"place": "Oak Hill"})


def answer(content: Any) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


def test_the_request_has_the_words_their_facts_and_the_limits() -> None:
    asked = question(BRIEF, Rules(subject=40), "small")

    given = json.loads(asked["messages"][1]["content"])
    assert (asked["model"], given["words"], given["facts"]) == ("small", BRIEF.words, {"place": "Oak Hill"})
    assert given["limits"]["characters_of_subject"] == 40


@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", "\n{} "])
def test_an_answer_proposes_a_subject_and_words(around: str) -> None:
    content = around.replace("{}", json.dumps({"subject": " A hand ", "words": "One.\r\n\r\nTwo? "}))

    assert proposal_in(answer(content), BRIEF) == Proposal("A hand", "One.\n\nTwo?")


def test_a_reply_keeps_its_subject_and_a_message_to_paste_has_none() -> None:
    content = answer(json.dumps({"subject": "Another", "words": "Two?"}))

    reply, message = Brief("email", "Re: beds", "One?", {}, answers=True), Brief("linkedin", None, "One.", {})
    assert proposal_in(content, reply) == Proposal("Re: beds", "Two?")
    assert proposal_in(content, message) == Proposal(None, "Two?")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": null}}]}',
        b"[" * 50_000,
        b"\xff\xfe",
        answer("Certainly! Here is your message."),
        answer('{"subject": "A"}'),
        answer('{"words": ["a"]}'),
        answer('{"words": "\\ud800"}'),
        answer(json.dumps({"words": "a" * (LONGEST_TEXT + 1)})),
    ],
)
def test_an_answer_of_another_form_proposes_nothing(content: bytes) -> None:
    with pytest.raises(Unusable, match=r"its (answer|text)"):
        proposal_in(content, BRIEF)


def test_a_note_stays_short() -> None:
    assert (shortened("a"), len(shortened("a" * 999))) == ("a", LONGEST_NOTE)


@pytest.mark.parametrize(
    "settings,fault",
    [({"drafter_url": "ftp://x", "drafter_model": "m"}, "https://HOST/v1"), ({"drafter_url": "http://x"}, "MODEL")],
)
def test_settings_that_name_no_model_are_refused(settings: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        NotifierSettings(**settings)
