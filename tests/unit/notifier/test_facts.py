"""Which facts does a draft contain, and is hostile text harmless in it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.facts import (
    LONGEST,
    LONGEST_PROSE,
    ChainWords,
    Outreach,
    Posting,
    Task,
    clean,
    deliverable,
    facts_of,
)
from services.notifier.domain.writing import Template, write

OUTREACH = Outreach(
    company="Nightingale",
    offer="MDS work",
    personas={"administrator": "Administrator", "don": "Director of Nursing"},
    roles={"mds_coordinator": "an MDS coordinator"},
    context={"NY": "Rates are about to depend on it."},
)
POSTING = Posting("mds_coordinator", "Urgent: MDS Nurse", date(2026, 7, 2), date(2026, 7, 30), chronic=True)
TASK = Task("email", "intro", "Xanfern Care Center", "Albany", "NY", "don", "rep-1", posting=POSTING)


def test_a_named_person_is_addressed_by_name() -> None:
    assert facts_of(replace(TASK, person="Ada Zimble"), OUTREACH).salutation == "Ada Zimble"


def test_without_a_name_the_role_is_addressed() -> None:
    assert facts_of(TASK, OUTREACH).salutation == "Director of Nursing"


@pytest.mark.parametrize(
    "known, signature",
    [
        ({}, "rep-1, Nightingale"),
        ({"rep": "Ann Lee", "rep_phone": "(518) 555-0142"}, "Ann Lee, Nightingale, (518) 555-0142"),
        ({"rep": "Ann Lee", "rep_email": "ann@x.example"}, "Ann Lee, Nightingale, ann@x.example"),
    ],
)
def test_a_signature_has_what_is_known_of_the_sender(known: dict[str, str], signature: str) -> None:
    assert facts_of(replace(TASK, **known), OUTREACH).signature == signature  # type: ignore[arg-type]


def test_a_posting_provides_its_title_its_dates_and_the_name_of_the_role() -> None:
    facts = facts_of(TASK, OUTREACH)

    assert (facts.role, facts.posting_title) == ("an MDS coordinator", "Urgent: MDS Nurse")
    assert (facts.posting_first_seen, facts.posting_last_seen) == ("July 2, 2026", "July 30, 2026")
    assert facts.reposted


def test_without_a_posting_there_are_no_facts_about_one() -> None:
    known = facts_of(replace(TASK, posting=None), OUTREACH).known()

    assert not {"role", "posting_title", "posting_first_seen", "posting_last_seen", "reposted"} & known.keys()


@pytest.mark.parametrize("state,known", [("NY", True), ("NJ", False)])
def test_the_context_of_a_state_is_a_fact_in_that_state_only(state: str, known: bool) -> None:
    assert ("context" in facts_of(replace(TASK, state=state), OUTREACH).known()) == known


@pytest.mark.parametrize(
    "towns, words",
    [
        ((), None),
        (("Albany",), "your home in Albany"),
        (("Albany", "Albany"), "your homes in Albany"),
        (("Albany", "Troy"), "your homes in Albany and Troy"),
        (("Albany", "Troy", "Albany", "Utica"), "your homes in Albany, Troy and one more"),
        (tuple(f"Town {n}" for n in range(20)), "your homes in Town 0, Town 1 and 18 more"),
    ],
)
def test_a_person_of_a_chain_is_written_to_about_the_homes_of_the_chain(towns: tuple[str, ...], words: str) -> None:
    outreach = replace(OUTREACH, of_chain=ChainWords("your home in", "your homes in"))

    facts = facts_of(replace(TASK, towns=towns), outreach)

    assert (facts.homes_of_chain, facts.place) == (words, words or "Xanfern Care Center")


@pytest.mark.parametrize("homes,fact", [(1, None), (0, None), (3, "3")])
def test_the_number_of_homes_is_a_fact_of_chains_only(homes: int, fact: str | None) -> None:
    assert facts_of(replace(TASK, homes=homes), OUTREACH).homes == fact


def test_a_role_or_persona_that_the_pack_does_not_name_is_unknown() -> None:
    odd = replace(TASK, persona="owner", posting=replace(POSTING, role_family="chef"))

    assert not {"role", "persona", "salutation"} & facts_of(odd, OUTREACH).known().keys()


@pytest.mark.parametrize(
    "text,line",
    [
        ("  Xan \t Fern  ", "Xan Fern"),
        ("Xan\r\nBcc: all@x.example", "Xan Bcc: all@x.example"),
        ("Xan\u2028Fern\u0000\x1b[31m", "Xan Fern [31m"),
        ("Xan\u202eFern\u200b", "XanFern"),
        ("\ud800Xan", "Xan"),
        (" \n\u200b ", None),
        (None, None),
    ],
)
def test_a_fact_is_one_visible_line(text: str | None, line: str | None) -> None:
    assert clean(text) == line


@given(st.text(st.characters(codec=None), max_size=400))
def test_every_text_is_reduced_to_one_line_of_limited_length(text: str) -> None:
    line = clean(text)

    assert line is None or (line.isprintable() and 0 < len(line) <= LONGEST and line == line.strip())
    assert clean(line) == line


def test_a_shortened_fact_ends_in_an_ellipsis() -> None:
    assert clean("x" * LONGEST) == "x" * LONGEST
    assert clean("x" * (LONGEST + 1)) == "x" * (LONGEST - 1) + "…"


@pytest.mark.parametrize("length", [LONGEST + 1, LONGEST_PROSE])
def test_prose_of_the_pack_is_never_shortened(length: int) -> None:
    prose = ("words " * length)[: length - 1] + "."
    pack = replace(OUTREACH, offer=prose, context={"NY": prose})

    facts = facts_of(TASK, pack)

    assert (facts.offer, facts.context) == (prose, prose)
    template = Template("intro", "email", "{{ offer }}", subject="{{ offer }} and more")
    text = write(replace(TASK, email="a@x.example"), facts, {"intro": template})
    assert (text.subject, text.body) == (f"{prose} and more", prose)


@pytest.mark.parametrize(
    "changes,complaint",
    [
        ({"offer": "x" * 1_001}, "offer has 1001 characters, and at most 1000 are accepted"),
        ({"context": {"NY": "x" * 1_500}}, "context.NY has 1500 characters, and at most 1000 are accepted"),
        ({"case_study": "x" * 1_001}, "case_study has 1001 characters"),
        ({"company": "x" * 161}, "company has 161 characters, and at most 160 are accepted"),
        ({"personas": {"don": "x" * 161}}, "personas.don has 161 characters"),
        ({"roles": {"qm": " "}}, "roles.qm is blank"),
    ],
)
def test_prose_of_the_pack_that_is_too_long_is_refused_with_its_length_and_the_limit(
    changes: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        replace(OUTREACH, **changes)


@pytest.mark.parametrize("address", ["ada.zimble@xanfern.example", " a+b@c-d.co "])
def test_an_address_is_deliverable(address: str) -> None:
    assert deliverable(address) == address.strip()


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "ada",
        "a@b",
        "a@b.c\nBcc: d@e.f",
        "a@b.c, d@e.f",
        "Ada <a@b.c>",
        "a b@c.d",
        "a@b..c",
        f"{'a' * 260}@b.c",
    ],
)
def test_anything_but_one_address_is_not_deliverable(address: str | None) -> None:
    assert deliverable(address) is None
