"""Is every draft written from facts alone, or not at all?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.facts import Facts, Task, clean
from services.notifier.domain.writing import Template, needs_text, write

LETTER = Template(
    name="letter",
    channel="email",
    subject="About {{ facility }}",
    body="Dear {{ salutation }},\n\n{% if role is defined %}You look for {{ role }}.{% endif %}\n\nYours,\n\n{{ rep }}",
)
NOTE = Template(name="note", channel="linkedin", body="Hello {{ salutation }}")
TEMPLATES = {"letter": LETTER, "note": NOTE}
FACTS = Facts(facility="Xanfern Care Center", salutation="Ada Zimble", rep="rep-1")
TASK = Task(
    "email", "letter", "Xanfern Care Center", "Albany", "NY", "don", "rep-1", person="Ada Zimble", email="a@x.example"
)


def test_an_email_is_written_to_its_recipient_from_the_facts() -> None:
    text = write(TASK, FACTS, TEMPLATES)

    assert (text.to_email, text.subject, text.reason) == ("a@x.example", "About Xanfern Care Center", None)
    assert text.body == "Dear Ada Zimble,\n\nYours,\n\nrep-1"


def test_a_sentence_is_included_if_its_fact_is_known() -> None:
    text = write(TASK, replace(FACTS, role="an MDS coordinator"), TEMPLATES)

    assert text.body == "Dear Ada Zimble,\n\nYou look for an MDS coordinator.\n\nYours,\n\nrep-1"


def test_a_linkedin_text_has_neither_subject_nor_address() -> None:
    text = write(replace(TASK, channel="linkedin", template="note"), FACTS, TEMPLATES)

    assert (text.to_email, text.subject, text.body) == (None, None, "Hello Ada Zimble")


@pytest.mark.parametrize(
    "task,facts,reason",
    [
        (replace(TASK, template=None), FACTS, "names no template"),
        (replace(TASK, template="lost"), FACTS, "no template 'lost'"),
        (replace(TASK, template="note"), FACTS, "'note' is for linkedin, but the task is for email"),
        (replace(TASK, email=None), FACTS, "No e-mail address of Ada Zimble"),
        (replace(TASK, email="a@b.c\nBcc: d@e.f"), FACTS, "Correct the contact"),
        (TASK, replace(FACTS, salutation=None), "'salutation' is undefined"),
    ],
)
def test_a_draft_that_cannot_be_written_has_a_reason(task: Task, facts: Facts, reason: str) -> None:
    text = write(task, facts, TEMPLATES)

    assert reason in (text.reason or "")
    assert (text.to_email, text.subject, text.body) == (None, None, None)


@pytest.mark.parametrize(
    "hostile", ["{{ 7 * 7 }}", "{% for x in y %}", "{{ rep.__class__ }}", "{# gone #}", "<b>&amp;"]
)
def test_a_name_is_never_rendered_as_a_template(hostile: str) -> None:
    text = write(TASK, replace(FACTS, facility=hostile), TEMPLATES)

    assert text.subject == f"About {hostile}"


@given(st.text(max_size=200))
def test_the_subject_stays_on_one_line_with_any_name(name: str) -> None:
    text = write(TASK, replace(FACTS, facility=name), TEMPLATES)

    assert (text.subject or "").isprintable()


@pytest.mark.parametrize(
    "body,complaint",
    [
        ("{{ residents }}", "uses residents"),
        ("{{ range(9) }}", "uses range"),
        ("{% if role %}", "is malformed"),
        ("{{ role|shout }}", "is malformed"),
    ],
)
def test_an_invalid_template_is_refused_when_it_is_loaded(body: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        replace(NOTE, body=body)


def test_a_template_that_accesses_the_engine_is_not_rendered() -> None:
    reaching = replace(NOTE, body="{{ salutation.__class__.__mro__ }}")

    text = write(replace(TASK, channel="linkedin", template="note"), FACTS, {"note": reaching})

    assert "cannot be rendered" in (text.reason or "") or "needs a fact" in (text.reason or "")


def test_an_email_without_a_subject_and_a_linkedin_text_with_one_are_refused() -> None:
    with pytest.raises(ValueError, match="has a subject"):
        replace(LETTER, subject=None)
    with pytest.raises(ValueError, match="has a subject"):
        replace(NOTE, subject="Hello")


def test_the_script_of_a_call_states_the_same_facts_and_never_renders_them() -> None:
    script = Template("call-first", "call", "Ask for {{ salutation }} at {{ facility }}.")
    facts = replace(FACTS, facility=clean("{{ offer }}\x1b[2J HOME"))

    text = write(replace(TASK, channel="call", template="call-first"), facts, {"call-first": script})

    assert text.body == "Ask for Ada Zimble at {{ offer }} [2J HOME."
    assert (text.subject, text.to_email, text.reason) == (None, None, None)


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
