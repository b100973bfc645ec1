"""Is a text that the template did not word refused if it says anything that it was not given?"""

from __future__ import annotations

from time import process_time

import pytest

from engines.drafting.checking import Rules
from engines.drafting.drafter import Brief, Proposal, TemplateDrafter, enclosed, objections, stated_in
from engines.drafting.facts import Fact
from engines.drafting.inventing import inventions
from engines.drafting.templates import Span

RULES = Rules(never=("just checking in",), subject=30, words={"email": Span(30, least=5)})
BRIEF = Brief(
    "email",
    "A hand at Oak Hill",
    "You posted on May 7 for four of 12 beds in Albany. We help. Would it be useful?",
    {"place": "Oak Hill", "rep_name": "Ann Lee"},
)
GOOD = "I saw that Oak Hill in Albany posted on May 7. We'd be glad to help with four beds. Would that be useful?"


def objected(words: str = GOOD, subject: str | None = "Help for Oak Hill", brief: Brief = BRIEF) -> str:
    return "; ".join(objections(Proposal(subject, words), brief, RULES))


async def test_the_default_has_the_words_of_the_template_which_pass() -> None:
    proposal = await TemplateDrafter().propose(BRIEF)

    assert proposal == Proposal(BRIEF.subject, BRIEF.words)
    assert objections(proposal, BRIEF, RULES) == []


def test_other_words_for_the_same_facts_pass() -> None:
    assert objected() == ""


@pytest.mark.parametrize(
    "words,subject,why",
    [
        ("We help 38 homes in Albany. Would it be useful?", "Help", "38 is the number of no fact"),
        ("You save 30% with us, as others. Would it be useful?", "Help", "30% is the number of no fact"),
        ("We help seven homes in Albany. Would it be useful?", "Help", "'seven' is a number that was not given"),
        ("We help some fifteen homes here. Would it be useful?", "Help", "'fifteen' is a number that was not given"),
        ("We helped Elm Court in Albany. Would it be useful?", "Help", "'Elm' looks like a name"),
        ("Lakeview trusts us with its beds. Would it be useful?", "Help", "'Lakeview' looks like a name"),
        ("We help homes (Elm) in Albany. Would it be useful?", "Help", "'Elm' looks like a name"),
        ("We help in Albany, as Will knows. Would it be useful?", "Help", "'Will' looks like a name"),
        ("We help in Albany, as Élan knows. Would it be useful?", "Help", "'Élan' looks like a name"),
        ("See https://evil.example/x for help. Would it be useful?", "Help", "is a link that was not given"),
        ("Write to sales@evil.example for help. Would it be useful?", "Help", "is a link that was not given"),
        ("Go to evil.example for more help. Would it be useful?", "Help", "is a link that was not given"),
        ("We help <b>you</b> in Albany now. Would it be useful?", "Help", "looks like a placeholder"),
        ("Just checking in at Oak Hill again. Would it be useful?", "Help", "it says 'just checking in'"),
        ("We help at Oak Hill in Albany.", "Help", "asks 0 questions"),
        ("Would it be useful?", "Help", "it has 4 words"),
        (GOOD, "Help\nBcc: a@b.example", "its subject has a line break"),
        (GOOD, "", "its subject has 0 characters"),
        (GOOD + "\u202e", "Help", "invisible characters"),
    ],
)
def test_words_that_say_more_or_break_a_rule_are_refused(words: str, subject: str, why: str) -> None:
    assert why in objected(words, subject)


def test_a_message_to_paste_stays_one_paragraph() -> None:
    brief = Brief("linkedin", None, "Glad to connect.", {})

    assert objections(Proposal(None, "Glad to connect here."), brief, RULES) == []
    assert "several lines" in objected("Glad to\nconnect.", None, brief)


def test_few_inventions_are_named_and_a_long_text_takes_no_time() -> None:
    assert len(inventions("a Bob b Carl c Dave d Earl", [])) == 3
    assert inventions("x. " * 2_000, []) == []
    started = process_time()
    assert len(inventions("a-" * 2_000 + ".a" * 1_000, [])) <= 3
    assert process_time() - started < 0.2


def test_a_link_is_the_one_that_was_given_and_not_a_part_of_it() -> None:
    given = ["See https://oak.example/a (or write to ann@oak.example)."]

    assert inventions("write to ann@oak.example, or see https://oak.example/a!", given) == []
    assert inventions("see https://oak.exam", given) == ["'https://oak.exam' is a link that was not given"]


def test_greeting_and_foot_stay_around_the_words() -> None:
    known = {"greeting": Fact("Hi Ada,", ""), "foot": Fact("Ann\n\n1 Main St", "")}

    assert enclosed("Hi Ada,\n\nWe help.\n\nUseful?\n\nAnn\n\n1 Main St", known) == (
        "Hi Ada,",
        "We help.\n\nUseful?",
        "Ann\n\n1 Main St",
    )
    assert enclosed("Hello,\n\nWe help.\n\nAnn\n\n1 Main St", known) is None
    assert enclosed("We help.", {}) == ("", "We help.", "")


def test_only_facts_that_the_words_state_are_given() -> None:
    facts = {"place": "Oak Hill", "postal": "1 Main St", "person": "Ada Zimble"}

    assert stated_in(["Help", "We help Oak Hill."], facts) == {"place": "Oak Hill"}
