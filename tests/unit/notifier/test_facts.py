"""Which facts does a draft contain, where are they from, and until when are they true?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest

from engines.drafting.accounts import Line
from engines.drafting.outreach import Claim, Days, Logged, Outreach, Record
from services.notifier.domain.facts import deliverable, facts_of
from services.notifier.domain.history import Touch
from services.notifier.domain.tasks import Closed, Home, Posting, Task

TODAY = date(2026, 7, 31)  # a Friday
OUTREACH = Outreach(
    company="Nightingale",
    personas={"owner": "Owner", "foreman": "Shop Foreman"},
    roles={"welder": "a frame welder"},
    passages={},
    generic=("care", "center", "for", "group"),
    alone=("park",),
    spoken={"Bronx": "the Bronx"},
    claims={
        "proof": Claim("We weld well.", "the guild, 2026", until=TODAY),
        "context": Claim("Rates change.", "a paper", states=("NY",)),
        "terms": None,
    },
    records=(Record("penalty", r"citation on (?P<cited_in>\d{4}-\d\d-\d\d)", "a file", days=180),),
    days=Days(),
    logged=Logged(voicemail=("left_voicemail",), spoke=("reached",), mailed=("sent",)),
)
POSTING = Posting("welder", TODAY - timedelta(20), TODAY - timedelta(1))


def an_id(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)


TASK = Task(
    task_id=an_id("this"),
    enrollment_id=an_id("enrollment"),
    step_no=2,
    channel="email",
    template="intro",
    facility_id="33X001",
    facility="Xanfern Care Center",
    city="Albany",
    state="NY",
    persona="owner",
    rep_id="rep-1",
    rep="Ann Lee",
    rep_phone="(518) 555-0142",
    person="Ada Zimble",
    greeting="Ada",
    email="ada@x.example",
    contact_source="https://roster.example",
)


def a_line(factor: str, evidence: str, points: int = 10) -> Line:
    return Line(factor, factor, evidence, Decimal(points), known=True, weightless=not points)


def values(task: Task, *touches: Touch, today: date = TODAY) -> dict[str, str]:
    return {name: fact.value for name, fact in facts_of(task, OUTREACH, today, touches).items()}


@pytest.mark.parametrize(
    "person,greeting,first_name,named",
    [
        ("Ada Zimble", "Ada", "Ada", "Ada Zimble"),
        ("Ada Moss", "Dr. Moss", None, "Dr. Moss"),
        ("J. Alvarez", "J. Alvarez", None, "J. Alvarez"),
        (None, None, None, None),
    ],
)
def test_a_first_name_is_a_fact_only_if_it_is_certain(
    person: str | None, greeting: str | None, first_name: str | None, named: str | None
) -> None:
    known = values(replace(TASK, person=person, greeting=greeting))

    assert (known.get("first_name"), known.get("person"), known["persona"]) == (first_name, named, "Owner")


def test_every_fact_has_a_source() -> None:
    facts = facts_of(replace(TASK, posting=POSTING), OUTREACH, TODAY, postal="1 Main St, Albany, NY 12201")

    sources = {name: facts[name].source for name in ("first_name", "place", "rep_phone", "job", "proof", "postal")}
    assert sources == {
        "first_name": "https://roster.example",
        "place": "the registry",
        "rep_phone": "the profile of rep-1",
        "job": "a posting, first seen on 2026-07-11, last on 2026-07-30",
        "proof": "the guild, 2026",
        "postal": "PIPELINE_POSTAL_ADDRESS",
    }
    assert all(fact.source for fact in facts.values())


def test_a_place_has_the_name_that_people_use() -> None:
    assert values(TASK)["place"] == "Xanfern"
    assert values(replace(TASK, facility="Park Center for Care"))["place"] == "Park Center"
    assert values(replace(TASK, city="Bronx"))["city"] == "the Bronx"


@pytest.mark.parametrize(
    "posting,expected",
    [
        (POSTING, {"posted": "yes", "role": "a frame welder", "job": "frame welder", "seen_on": "on July 11"}),
        (replace(POSTING, first_seen_on=TODAY - timedelta(3)), {"fresh": "yes", "seen_on": "on Tuesday"}),
        (replace(POSTING, reposted_on=TODAY - timedelta(4)), {"reposted_on": "on Monday"}),
    ],
)
def test_a_posting_that_was_seen_lately_is_a_fact_in_words(posting: Posting, expected: dict[str, str]) -> None:
    known = values(replace(TASK, posting=posting))

    assert expected.items() <= known.items()
    assert ("fresh" in known) == ("fresh" in expected)


@pytest.mark.parametrize(
    "task",
    [
        TASK,
        replace(TASK, posting=replace(POSTING, last_seen_on=TODAY - timedelta(8))),
        replace(TASK, posting=replace(POSTING, role_family="chef")),
    ],
)
def test_no_posting_an_old_one_or_one_that_the_pack_does_not_name_is_no_fact(task: Task) -> None:
    assert not {"posted", "role", "job", "seen_on", "fresh", "reposted_on"} & values(task).keys()


@pytest.mark.parametrize("age,known", [(30, True), (31, False)])
def test_a_posting_that_came_down_is_a_fact_for_a_month(age: int, known: bool) -> None:
    task = replace(TASK, closed=Closed("welder", TODAY - timedelta(age)))

    assert ("closed_on" in values(task)) == known
    assert "posted" not in values(task)


def test_a_fact_about_a_day_expires() -> None:
    facts = facts_of(replace(TASK, posting=POSTING), OUTREACH, TODAY)

    assert facts["job"].until == POSTING.last_seen_on + timedelta(7)
    assert facts["company"].until is None


@pytest.mark.parametrize("state,known", [("NY", True), ("NJ", False)])
def test_a_claim_is_a_fact_in_its_states_and_until_its_day(state: str, known: bool) -> None:
    assert ("context" in values(replace(TASK, state=state))) == known
    assert "proof" in values(TASK)
    assert "proof" not in values(TASK, today=TODAY + timedelta(1))
    assert "terms" not in values(TASK)


CITED = replace(TASK, lines=(a_line("penalty", "citation on 2026-03-02, 151 days before"),))


@pytest.mark.parametrize(
    "task,known",
    [
        (CITED, True),
        (replace(CITED, channel="call"), False),
        (replace(CITED, person=None, greeting=None), False),
        (replace(CITED, homes=(Home("A"), Home("B"))), False),
        (replace(CITED, lines=(a_line("penalty", "citation on 2026-01-02"),)), False),
        (replace(CITED, lines=(a_line("other", "citation on 2026-03-02"),)), False),
    ],
)
def test_a_record_is_a_fact_in_an_email_to_a_person_of_the_facility_who_is_known_by_name(
    task: Task, known: bool
) -> None:
    assert values(task).get("cited_in") == ("March" if known else None)


@pytest.mark.parametrize(
    "task,known",
    [
        (replace(CITED, channel="linkedin", person=None, greeting=None), True),
        (replace(CITED, homes=(Home("A"), Home("B"))), False),
    ],
)
def test_a_record_for_anyone_and_what_is_known_of_the_account_are_facts_unless_a_text_is_about_several(
    task: Task, known: bool
) -> None:
    outreach = replace(OUTREACH, records=(replace(OUTREACH.records[0], anyone=True),))
    task = replace(task, lines=(*task.lines, a_line("brand", "Zim as of 2026-06-01", points=0)))
    facts = facts_of(task, outreach, TODAY)

    assert {"cited_in", "brand", "top_driver_1_reason"} & facts.keys() == (
        {"cited_in", "brand", "top_driver_1_reason"} if known else set()
    )


def test_a_person_of_a_chain_is_written_to_about_its_homes_and_no_single_one() -> None:
    homes = (Home("Oak Hill Care Center", True), Home("Elm"), Home("Ash", True), Home("Bay", True))
    known = values(replace(TASK, chain="Lakeview Care Group", homes=homes, posting=POSTING))

    assert (known["homes"], known["group"], known["homes_named"]) == (
        "Oak Hill and Ash",
        "Lakeview",
        "Oak Hill and Ash",
    )
    assert (known["more_homes"], values(replace(TASK, homes=homes[1:3]))["homes"]) == ("yes", "Ash and Elm")
    assert "more_homes" not in values(replace(TASK, homes=homes[:2]))
    assert not {"facility", "place", "city", "job", "posted"} & known.keys()


@pytest.mark.parametrize("age,named", [(7, "Ash"), (8, None)])
def test_an_opening_of_a_home_is_a_fact_as_long_as_any_other(age: int, named: str | None) -> None:
    homes = (Home("Elm"), Home("Ash", True, TODAY - timedelta(age)))
    facts = facts_of(replace(TASK, homes=homes), OUTREACH, TODAY)

    assert (values(replace(TASK, homes=homes)).get("homes_named"), facts["homes"].until) == (named, None)
    assert not named or facts["homes_named"].until == TODAY


def test_a_person_of_a_chain_with_one_facility_is_written_to_about_that() -> None:
    known = values(replace(TASK, chain="Lakeview", homes=(Home("Xanfern Care Center"),), posting=POSTING))

    assert (known["place"], known["job"]) == ("Xanfern", "frame welder")
    assert "homes" not in known


@pytest.mark.parametrize("age,known", [(0, True), (90, True), (91, False)])
def test_a_person_is_new_in_a_role_for_a_while(age: int, known: bool) -> None:
    assert ("new_here" in values(replace(TASK, in_role_since=TODAY - timedelta(age)))) == known


@pytest.mark.parametrize(
    "changes,complaint",
    [
        ({"claims": {"proof": Claim("x" * 1_001, "us")}}, "proof.text has 1001 characters, and at most 1000 are"),
        ({"claims": {"proof": Claim("x", " ")}}, "claims.proof.source is blank"),
        ({"company": "x" * 161}, "company has 161 characters, and at most 160 are accepted"),
        ({"personas": {"don": "x" * 161}}, "personas.don has 161 characters"),
        ({"roles": {"qm": " "}}, "roles.qm is blank"),
        ({"spoken": {"Bronx": " "}}, "spoken.Bronx is blank"),
        ({"passages": {"hook": (("{{ a",),)}}, "passages.hook is malformed"),
    ],
)
def test_words_of_the_pack_that_cannot_be_used_are_refused_with_their_key(
    changes: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        replace(OUTREACH, **changes)


@pytest.mark.parametrize("pattern,complaint", [("(", "is malformed"), ("x", "needs a named group")])
def test_a_record_needs_a_pattern_with_a_name(pattern: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Record("penalty", pattern, "a file", 10)


@pytest.mark.parametrize("address", ["ada.zimble@xanfern.example", " a+b@c-d.co "])
def test_an_address_is_deliverable(address: str) -> None:
    assert deliverable(address) == address.strip()


@pytest.mark.parametrize(
    "address",
    [
        *(None, "", "ada", "a@b", "a@b.c\nBcc: d@e.f", "a@b.c, d@e.f", "Ada <a@b.c>", "a b@c.d", "a@b..c"),
        f"{'a' * 260}@b.c",
    ],
)
def test_anything_but_one_address_is_not_deliverable(address: str | None) -> None:
    assert deliverable(address) is None
