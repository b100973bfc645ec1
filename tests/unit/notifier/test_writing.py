"""Is every draft written from facts alone, or not at all, and does it say what is missing?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engines.drafting.templates import Span, Template, Version
from services.notifier.domain.history import Touch
from services.notifier.domain.tasks import Task
from services.notifier.domain.writing import Stationery, Text, needs_text, write
from tests.unit.notifier.test_facts import OUTREACH, POSTING, TASK, TODAY, an_id
from tests.unit.notifier.test_history import LETTER as SENT
from tests.unit.notifier.test_history import VOICEMAIL

INTRO = Template("intro", "email", (Version(("We weld. Would that help {{ place }}?",), subjects=("Welding",)),))
LATER = replace(INTRO, name="later", replies_to="one", versions=(Version(("Still?",), subjects=("Once more",)),))
LAST = replace(LATER, name="last", introduction="intro", words=Span(9, 1))
NOTE = Template("note", "linkedin", (Version(("Hello {{ first_name }},\nglad to connect.",)),))
SCRIPT = Template("call-first", "call", (Version(("Ask for {{ person }} at {{ place }}.",)),))
STATIONERY = Stationery(
    {each.name: each for each in (INTRO, LATER, LAST, NOTE, SCRIPT)},
    replace(OUTREACH, postal="1 Main St", passages={"greeting": (("Hi {{ first_name }},",),)}),
)


def written(task: Task = TASK, stationery: Stationery = STATIONERY) -> Text:
    return write(task, stationery, TODAY)


def test_an_email_is_written_to_its_recipient_from_the_facts() -> None:
    text = written()

    assert (text.to_email, text.subject, text.reason, text.missing) == ("ada@x.example", "Welding", None, None)
    assert text.body == "Hi Ada,\n\nWe weld. Would that help Xanfern?"
    assert text.states == {"first_name", "place"}


def test_a_message_to_paste_is_one_paragraph_without_subject_and_address() -> None:
    text = written(replace(TASK, channel="linkedin", template="note"))

    assert (text.to_email, text.subject, text.body) == (None, None, "Hello Ada, glad to connect.")


def test_the_script_of_a_call_is_written_in_the_same_way() -> None:
    text = written(replace(TASK, channel="call", template="call-first"))

    assert (text.body, text.missing) == ("Ask for Ada Zimble at Xanfern.", None)


@pytest.mark.parametrize(
    "task,reason",
    [
        (replace(TASK, template=None), "names no template"),
        (replace(TASK, template="lost"), "no template 'lost'"),
        (replace(TASK, template="note"), "'note' is for linkedin, not for email"),
        (replace(TASK, email=None), "No e-mail address of Ada Zimble"),
        (replace(TASK, email="a@b.c\nBcc: d@e.f"), "Correct the contact"),
        (replace(TASK, facility=""), "'place' is undefined"),
    ],
)
def test_a_draft_that_cannot_be_written_has_a_reason(task: Task, reason: str) -> None:
    text = written(task)

    assert reason in (text.reason or "")
    assert (text.subject, text.body) == (None, None)


def test_without_a_postal_address_or_a_sender_a_draft_says_what_to_set() -> None:
    bare = replace(STATIONERY, outreach=replace(STATIONERY.outreach, postal=None))
    text = written(replace(TASK, rep=None), bare)

    assert text.body
    assert "set PIPELINE_POSTAL_ADDRESS" in (text.missing or "")
    assert "`pipeline rep change rep-1 --name ...`" in (text.missing or "")
    assert written(stationery=replace(bare, postal="1 Main St")).missing is None


def test_a_letter_replies_to_the_one_before_under_its_subject() -> None:
    sent = replace(SENT, draft_id=an_id("sent"), subject="Re: Welding")
    text = write(replace(TASK, template="later"), STATIONERY, TODAY, [sent])

    assert (text.replies_to, text.subject) == (an_id("sent"), "Re: Welding")
    assert written(replace(TASK, template="later")).subject == "Once more"


@pytest.mark.parametrize("seen,answered", [(20, True), (2, False), (None, False)])
def test_a_letter_about_a_posting_is_answered_only_while_that_posting_is_up(seen: int | None, answered: bool) -> None:
    sent = replace(SENT, states=["posted"])
    posting = replace(POSTING, first_seen_on=TODAY - timedelta(seen)) if seen else None
    text = write(replace(TASK, template="later", posting=posting), STATIONERY, TODAY, [sent])

    assert text.subject == ("Re: Welding" if answered else "Once more")


@pytest.mark.parametrize(
    "touches,subject",
    [
        ([], "Welding"),
        ([VOICEMAIL], "Welding"),
        ([replace(SENT, outcome=None)], "Welding"),
        ([replace(SENT, to_email="dana@x.example", person="Dana Reed")], "Welding"),
        ([replace(SENT, template="other", rep="rep-2")], "Once more"),
    ],
)
def test_a_person_who_never_got_an_email_is_introduced_to_us_whatever_the_step(
    touches: list[Touch], subject: str
) -> None:
    assert write(replace(TASK, template="last"), STATIONERY, TODAY, touches).subject == subject


def test_the_first_letter_to_a_person_has_the_usual_length_whatever_its_template_says() -> None:
    rules = replace(OUTREACH.rules, words={"email": Span(9, 5)})
    short = replace(STATIONERY, outreach=replace(STATIONERY.outreach, rules=rules))
    task = replace(TASK, template="short")
    short = replace(short, templates={"short": replace(LAST, introduction=None, replies_to=None)})

    assert "it has 1 words, and 5 to 9 are wanted" in (write(task, short, TODAY).reason or "")
    assert write(task, short, TODAY, [SENT]).subject == "Once more"


def test_a_text_that_the_person_got_at_another_facility_is_not_written_again() -> None:
    first = written()
    again = replace(SENT, letter=first.letter, facility_id="33X009", status=None, outcome=None)

    assert "no text that its reader did not get before" in (write(TASK, STATIONERY, TODAY, [again]).reason or "")


@pytest.mark.parametrize(
    "channel, template, needed",
    [
        ("email", None, True),
        ("linkedin", "a", True),
        ("call", "a", True),
        ("call", None, False),
        ("research", "a", False),
    ],
)
def test_a_call_without_a_script_and_research_need_no_text(channel: str, template: str | None, needed: bool) -> None:
    assert needs_text(channel, template) is needed
