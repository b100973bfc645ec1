"""Is a text chosen by what is known, the same one each time, and never twice for one person?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.drafting.checking import Rules
from engines.drafting.facts import LONGEST, Fact, clean
from engines.drafting.templates import Template, Version, unknown_in_passages, unknown_names
from engines.drafting.writing import NotWritten, problems, rotated, with_passages, write

DAY = date(2026, 7, 1)
FACTS = {
    "first_name": Fact("Ada", "a roster"),
    "place": Fact("Oak Hill", "the registry"),
    "rep_name": Fact("Ann Lee", "a profile"),
}
POSTED = {"role": Fact("a welder", "a posting", DAY), "posted": Fact("yes", "a posting", DAY)}
PASSAGES = {
    "greeting": (("Hi {{ first_name }},",), ("Hello,",)),
    "foot": (("{{ rep_name }}\nPhone: none",),),
    "opener": (("You look for {{ role }}.", "I saw that you hire {{ role }}."), ("I write to {{ place }}.",)),
}
LETTER = Template(
    "letter",
    "email",
    (
        Version(("Until then we can help.\n\nShall we?",), needs=("posted",), subjects=("Welding",)),
        Version(
            ("We weld,\nby post.\n\nShall we?", "By post we weld.\n\nWould it help?"),
            subjects=("About {{ place }}", "Welding"),
            openings=("{{ opener }}",),
        ),
    ),
)


def letter(facts: dict[str, Fact], seed: str = "1", **options: Any) -> Any:
    return write(LETTER, with_passages(facts, PASSAGES, seed), Rules(), seed, **options)


def test_a_letter_has_its_greeting_its_words_and_its_foot_whose_line_breaks_are_kept() -> None:
    body = letter(FACTS, "1").body.split("\n\n")

    assert (body[0], body[1], body[-1]) == ("Hi Ada,", "I write to Oak Hill.", "Ann Lee\nPhone: none")
    assert body[2] in ("We weld, by post.", "By post we weld.")


def test_the_first_version_whose_needs_are_known_is_written() -> None:
    assert letter(FACTS | POSTED).words == "Until then we can help.\n\nShall we?"


def test_a_passage_is_written_from_the_first_group_whose_facts_are_known() -> None:
    assert with_passages(FACTS, PASSAGES, "1")["opener"].value == "I write to Oak Hill."
    assert "a welder" in with_passages(FACTS | POSTED, PASSAGES, "1")["opener"].value
    assert "opener" not in with_passages({}, PASSAGES, "1")


def test_the_seed_chooses_and_always_the_same() -> None:
    texts = {seed: letter(FACTS, seed).body for seed in map(str, range(20))}

    assert texts == {seed: letter(FACTS, seed).body for seed in texts}
    assert len(set(texts.values())) == 2


def test_a_person_gets_no_text_twice_and_none_when_all_were_used() -> None:
    first = letter(FACTS)
    second = letter(FACTS, already={first.letter})

    assert second.letter != first.letter
    with pytest.raises(NotWritten, match="no text that its reader did not get before"):
        letter(FACTS, already={first.letter, second.letter})


def test_a_letter_knows_what_it_states_and_until_when_that_is_true() -> None:
    passages = PASSAGES | {"opener": (("You look for {{ role }}.",),)}
    version = Version(("Shall we?",), subjects=("Welding",), openings=("{{ opener }}",))
    found = write(Template("letter", "email", (version,)), with_passages(FACTS | POSTED, passages, "1"), Rules(), "1")

    assert found.states == {"role", "first_name", "rep_name"}
    assert {"posted"} < letter(FACTS | POSTED).states
    assert found.until == DAY


def test_a_reply_has_the_subject_of_what_it_replies_to_which_is_never_rendered() -> None:
    with pytest.raises(NotWritten, match="looks like a placeholder"):
        letter(FACTS, subject="Re: {{ place }}")
    assert letter(FACTS, subject="Re: Welding").subject == "Re: Welding"


@pytest.mark.parametrize(
    "hostile", ["{{ 7 * 7 }}", "{% for x in y %}", "{{ rep_name.__class__ }}", "{# gone #}", "<b>&amp;"]
)
def test_a_name_is_never_rendered_as_a_template(hostile: str) -> None:
    template = Template("note", "call", (Version(("About {{ place }}",)),))
    opener = with_passages({"place": Fact(hostile, "the registry")}, PASSAGES, "1")["opener"]

    assert opener.value == f"I write to {hostile}."
    with pytest.raises(NotWritten, match="looks like a placeholder"):
        write(template, {"place": Fact(hostile, "the registry")}, Rules(), "1")


def test_a_text_that_needs_an_unknown_fact_is_not_written() -> None:
    with pytest.raises(NotWritten, match="needs an unknown fact: 'opener' is undefined"):
        letter({"first_name": FACTS["first_name"]})


def test_a_missing_fact_is_false_in_a_condition() -> None:
    template = Template("note", "call", (Version(("Hello{% if role %}, about {{ role }}{% endif %}.",)),))

    assert write(template, {}, Rules(), "1").body == "Hello."


def test_a_template_that_accesses_the_engine_is_not_rendered() -> None:
    template = Template("note", "call", (Version(("{{ place.__class__.__mro__ }}",)),))

    with pytest.raises(NotWritten, match=r"cannot be rendered|needs an unknown fact"):
        write(template, FACTS, Rules(), "1")


def test_authors_see_each_text_that_breaks_a_rule() -> None:
    found = problems(LETTER, with_passages(FACTS, PASSAGES, ""), Rules(never=("by post",)))

    assert found == ["breaks a rule: it says 'by post'"]


@pytest.mark.parametrize(
    "version,complaint",
    [
        (Version(()), "each version a body"),
        (Version(("Hello",), subjects=("About you",)), "a message or a call has none"),
        (Version(("{% if role %}",)), r"versions\.0\.bodies\.0 is malformed"),
        (Version(("{{ role|shout }}",)), "is malformed"),
    ],
)
def test_an_invalid_template_is_refused_when_it_is_loaded(version: Version, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Template("note", "call", (version,))


def test_names_that_are_no_facts_are_found_with_their_key() -> None:
    template = Template("note", "call", (Version(("{{ residents }} {{ range(9) }}",), needs=("posted", "odd")),))

    found = [("versions.0.bodies.0", "range"), ("versions.0.bodies.0", "residents"), ("versions.0.needs", "odd")]
    assert list(unknown_names(template, ["posted"])) == found
    assert list(unknown_in_passages({"a": (("{{ b }}",),), "b": (("{{ a }}",),)}, [])) == [("passages.a", "b")]


@given(st.lists(st.integers(), min_size=1), st.text())
def test_a_choice_keeps_all_and_their_order(choices: list[int], seed: str) -> None:
    found = rotated(choices, seed)

    assert any(found == [*choices[at:], *choices[:at]] for at in range(len(choices)))


@pytest.mark.parametrize(
    "text,line",
    [
        ("  Xan \t Fern  ", "Xan Fern"),
        ("Xan\r\nBcc: all@x.example", "Xan Bcc: all@x.example"),
        ("Xan\u2028Fern\u0000\x1b[31m", "Xan Fern [31m"),
        ("Xan\u202eFern\u200b", "XanFern"),
        ("\ud800Xan", "Xan"),
        ("x" * (LONGEST + 1), None),
        (" \n\u200b ", None),
        (None, None),
    ],
)
def test_a_fact_is_one_visible_line_that_is_never_cut(text: str | None, line: str | None) -> None:
    assert clean(text) == line


@given(st.text(st.characters(codec=None), max_size=400))
def test_every_text_is_reduced_to_one_line_of_limited_length(text: str) -> None:
    line = clean(text)

    assert line is None or (line.isprintable() and 0 < len(line) <= LONGEST and line == line.strip())
    assert clean(line) == line
