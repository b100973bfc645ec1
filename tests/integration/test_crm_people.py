"""Does a CRM have the people, tasks and notes of its accounts, and nothing of those who must not be contacted?"""

# ruff: noqa: F811  fixtures of another module

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.courier_crm import CrmStatus, SetUpCrm
from shared.contracts.events import Person, SuppressionChanged, TaskChanged, TaskDone, TaskDue, TouchLogged
from tests.integration.test_crm import Crm, courier, crm, differences, running_fakes, suppressed  # noqa: F401
from tests.support.running import Running
from tests.support.sequencing import listed

HUBSPOT = pytest.mark.parametrize("crm", ["hubspot"], indirect=True)
ADA = "name:facility:335001/ada moss"


def task(number: int = 1, kind: type[TaskDue] = TaskDue, version: int = 1, **changes: Any) -> TaskDue:
    person = Person(role="don", name="MOSS, ADA", display_name="Ada Moss", greeting="Ada", email="ada@moss.example")
    stated: dict[str, Any] = {
        "task_id": UUID(int=number), "step_no": 1, "facility_id": "335001", "facility_name": "HOME", "city": "ALBANY",
        "state": "NY", "tier": 1, "score": "58", "rep": "rep-1", "channel": "call", "persona": "don", "person": person,
        "due_on": date(2026, 7, 2), "reason": "Why", "pack": "t", "version": version,
        "marks": ("facility:335001", ADA),
    }  # fmt: skip
    return kind(**(stated | changes))


def ended(number: int, version: int = 2, status: Any = "done") -> TaskDone:
    return TaskDone(
        task_id=UUID(int=number), step_no=1, facility_id="335001", status=status, done_by="rep-1",
        done_on=date(2026, 7, 2), version=version,
    )  # fmt: skip


def touch(number: int, **changes: Any) -> TouchLogged:
    stated: dict[str, Any] = {
        "activity_id": UUID(int=number), "facility_id": "335001", "task_id": UUID(int=1), "channel": "call",
        "persona": "don", "outcome": "no answer", "rep": "rep-1", "touched_on": date(2026, 7, 1),
    }  # fmt: skip
    return TouchLogged(**(stated | changes))


def things(crm: Crm, kind: str) -> list[dict[str, Any]]:
    """Records as they are there."""
    found: list[dict[str, Any]] = crm.control("GET", f"objects?kind={kind}")
    return found


@pytest.fixture(autouse=True)
def empty(crm: Crm) -> None:
    """Nothing is there of another test."""
    places = ("kind=contacts", "kind=tasks", "kind=notes")
    for place in places if crm.system == "hubspot" else ("object=Contact", "object=Task"):
        crm.control("DELETE", f"objects?{place}")


@HUBSPOT
async def test_people_tasks_and_notes_follow_their_account_and_are_associated_with_it(
    courier: Running, crm: Crm
) -> None:
    await courier.receive(task(), task(2, person=None, marks=("facility:335001",)), ended(2), touch(10))
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    [ada], [call], [note] = things(crm, "contacts"), things(crm, "tasks"), things(crm, "notes")
    assert (ada["firstname"], ada["lastname"], ada["email"]) == ("Ada", "Moss", "ada@moss.example")
    assert (call["hs_task_subject"], call["hs_task_status"], call["hs_task_type"], call["hubspot_owner_id"]) == (
        "Call: HOME (Ada Moss)", "NOT_STARTED", "CALL", "77",
    ), "and none of the task that had ended before"  # fmt: skip
    assert note["hs_note_body"].endswith("no answer")
    place = crm.companies["335001"]["id"]
    assert {(kind, one, other) for kind, one, _, other, _ in crm.control("GET", "associations")} >= {
        ("contacts", ada["id"], place), ("tasks", call["id"], place), ("tasks", call["id"], ada["id"]),
        ("notes", note["id"], place), ("notes", note["id"], ada["id"]),
    }  # fmt: skip
    assert crm.companies["335001"]["next_touch_on"] == "2026-07-02"

    await courier.receive(task(kind=TaskChanged, version=2, due_on=date(2026, 7, 6)), ended(1, version=3))
    await courier.idle()
    [call] = things(crm, "tasks")
    assert (call["hs_task_status"], call["hs_timestamp"]) == ("COMPLETED", "2026-07-06T13:00:00.000Z")
    assert crm.companies["335001"]["next_touch_on"] is None
    assert await differences(courier) == []
    assert [(each.kind, each.linked, each.waiting, each.failed) for each in await courier.ask(CrmStatus())] == [
        ("companies", 2, 0, 0), ("contacts", 1, 0, 0), ("notes", 1, 0, 0), ("tasks", 1, 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("crm", ["salesforce"], indirect=True)
async def test_salesforce_has_people_and_tasks_of_the_account(courier: Running, crm: Crm) -> None:
    await courier.receive(task())
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    [ada], [call] = (crm.control("GET", f"objects?object={name}") for name in ("Contact", "Task"))
    place = crm.companies["335001"]["id"]
    assert (ada["LastName"], ada["AccountId"]) == ("Moss", place)
    assert (call["Status"], call["ActivityDate"], call["WhatId"], call["WhoId"]) == (
        "Not Started", "2026-07-02", place, ada["Id"],
    )  # fmt: skip
    assert await differences(courier) == []


@HUBSPOT
async def test_of_those_who_must_not_be_contacted_nothing_is_sent_and_their_task_ends(
    courier: Running, crm: Crm
) -> None:
    bo = task(2, person=Person(role="don", name="BO LI", email="bo@li.example"), marks=("facility:335001", "name:bo"))
    at_oak = task(3, facility_id="335002", marks=("facility:335002", "chain:OAK GROUP", "name:cy"))
    await courier.receive(suppressed("chain", "OAK GROUP"), task(), bo, at_oak, touch(11, facility_id="335002"))
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    assert {each["lastname"] for each in things(crm, "contacts")} == {"Moss", "LI"}, "no one of the chain"
    assert things(crm, "notes") == []

    ada = suppressed("person", "335001/ada moss").model_copy(update={"marks": (ADA,)})
    await courier.receive(ada)
    await courier.receive(task(version=2, kind=TaskChanged, reason="Another", due_on=date(2026, 7, 9)), touch(12))
    await courier.idle()
    there = {each["email"]: each for each in things(crm, "contacts")}
    assert there["ada@moss.example"]["fp_suppressed"] == "true"
    assert there["bo@li.example"]["fp_suppressed"] == "false"
    statuses = {
        each["hs_task_subject"]: (each["hs_task_status"], each["hs_task_body"]) for each in things(crm, "tasks")
    }
    assert statuses["Call: HOME (Ada Moss)"] == ("DEFERRED", "Why\nTier 1, score 58")
    assert statuses["Call: HOME (BO LI)"][0] == "NOT_STARTED"
    assert things(crm, "notes") == [], "a note about her is one of a suppressed person"
    assert await differences(courier) == []

    await courier.receive(SuppressionChanged(**{**ada.model_dump(), "version": 2, "lifted": True}))
    await courier.idle()
    assert len(things(crm, "notes")) == 1
    assert {each["hs_task_status"] for each in things(crm, "tasks")} == {"NOT_STARTED"}
    assert await differences(courier) == []


@HUBSPOT
async def test_a_touch_that_is_taken_back_leaves_neither_its_note_nor_its_outcome(courier: Running, crm: Crm) -> None:
    await courier.receive(task(), touch(10, outcome="left message"))
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.at("2026-07-01T09:00")
    await courier.receive(touch(11, outcome="meeting"))
    await courier.idle()
    assert crm.companies["335001"]["outcome"] == "meeting"
    before = crm.companies["335001"]["contacted_at"]

    await courier.receive(touch(12, kind="undone", outcome=None, reverses=UUID(int=11)))
    await courier.idle()
    assert [each["hs_note_body"].split(": ")[-1] for each in things(crm, "notes")] == ["left message"]
    assert crm.companies["335001"]["outcome"] == "left message"
    assert str(crm.companies["335001"]["contacted_at"]) < str(before)
    assert await differences(courier) == []

    await courier.receive(touch(13, kind="undone", outcome=None, reverses=UUID(int=10)))
    await courier.idle()
    assert things(crm, "notes") == []
    assert crm.companies["335001"]["contacted_at"] is None


@HUBSPOT
async def test_an_address_of_two_people_is_the_one_of_the_person_who_had_it_first_and_a_known_contact_is_adopted(
    courier: Running, crm: Crm
) -> None:
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    theirs = crm.control("POST", "records", {"kind": "contacts", "properties": {"email": "ada@moss.example"}})
    await courier.receive(task())
    bo = Person(role="don", name="BO LI", email="Ada@moss.example")
    await courier.receive(task(2, person=bo, marks=("facility:335001", "name:facility:335001/bo li")))
    await courier.idle()
    found = {each["lastname"]: each for each in things(crm, "contacts")}
    assert found["Moss"]["id"] == theirs["id"]
    assert not found["LI"].get("email")
    assert await differences(courier) == []


@HUBSPOT
async def test_an_account_that_was_removed_there_has_its_people_and_tasks_again(courier: Running, crm: Crm) -> None:
    await courier.receive(task())
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    crm.remove("335001")
    await differences(courier, apply=True)
    place = crm.companies["335001"]["id"]
    [call] = things(crm, "tasks")
    assert ("tasks", call["id"], "companies", place) in {tuple(each[:4]) for each in crm.control("GET", "associations")}


@HUBSPOT
async def test_an_account_that_comes_to_a_suppressed_chain_takes_its_people_and_tasks_along(
    courier: Running, crm: Crm
) -> None:
    await courier.receive(suppressed("chain", "OAK GROUP"), task())
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    await courier.receive(listed("335001", version=2, chain="Oak Group"))
    await courier.idle()
    [ada], [call] = things(crm, "contacts"), things(crm, "tasks")
    assert (ada["fp_suppressed"], call["hs_task_status"]) == ("true", "DEFERRED")
    assert await differences(courier) == []


@HUBSPOT
async def test_people_and_what_was_done_are_forgotten_after_a_while_and_the_crm_keeps_them(
    courier: Running, crm: Crm
) -> None:
    await courier.receive(task(), task(2, person=None, marks=("facility:335001",)), touch(10))
    await courier.receive(touch(11, note="Moss is away."))
    await courier.ask(SetUpCrm(actor="ann"))
    await courier.idle()
    await courier.receive(ended(1))
    await courier.sql("UPDATE crm_records SET stated_at = stated_at - interval '91 days'")
    for day in (2, 3):
        await courier.at(f"2026-07-0{day}T03:30")
    left = await courier.sql("SELECT kind, id FROM crm_records WHERE kind <> 'companies' ORDER BY kind")
    assert [(each["kind"], UUID(each["id"]).int) for each in left] == [("notes", 11), ("tasks", 2)], "one is open"
    assert await courier.sql("SELECT FROM crm_fields WHERE value ILIKE '%moss%'") == []
    assert await courier.sql("SELECT FROM crm_links WHERE agreed::text ILIKE '%moss%'") == []
    assert len(things(crm, "contacts")) == 1
    assert await differences(courier) == []

    await courier.receive(task(4))
    await courier.idle()
    assert len(things(crm, "contacts")) == 1, "she is the same one"
    assert await differences(courier) == []
