"""Do records travel to HubSpot and back, with what became of each?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engines.crm.drift import drift
from engines.crm.exchange import Answer, Failed
from engines.crm.hubspot import HubSpot
from engines.crm.mapping import Crm
from engines.crm.merging import Agreed, merge
from engines.crm.records import Kind, Record
from engines.packs import section_of
from tests.support.crm import Driven

CRM = section_of(Path(__file__).parents[3] / "packs" / "basic", "crm", Crm)
OWNERS = {"ann@ours.example": "71", "bo@ours.example": "72"}
KINDS: tuple[Kind, ...] = ("companies", "contacts", "tasks", "notes")
NOW = datetime(2026, 11, 2, tzinfo=UTC)


def company(number: int, **values: str | None) -> Record:
    stated = {"facility_id": f"f{number}", "account_key": f"0{number:05}", "name": f"Birch {number}", "tier": "1",
              "score": "87.5", "owner": "ann@ours.example", "next_touch_on": "2026-12-01", "status": "open",
              "contacted_at": None, "suppressed": "false", "reasons": "One\nTwo", "phone": "+15185550100"}  # fmt: skip
    return Record("companies", f"f{number}", stated | values)


@pytest.fixture
def crm() -> Driven:
    driven = Driven("api.hubapi.com")
    driven.control("PUT", "hubspot/settings", {"owners": OWNERS})
    for kind in KINDS:
        driven.run(hub().set_up(kind))
    return driven


def hub() -> HubSpot:
    return HubSpot(CRM, OWNERS)


def all_of(driven: Driven, kind: Kind = "companies") -> dict[str, Record]:
    found, after = dict[str, Record](), None
    while True:
        page = driven.run(hub().all(kind, after))
        found |= {each.id: each for each in page.records}
        if (after := page.after) is None:
            return found


def test_set_up_creates_our_properties_once_and_finds_those_of_another_type(crm: Driven) -> None:
    again = crm.run(hub().set_up("companies"))
    assert again.created == again.wrong == ()
    assert {"fp_facility_id", "fp_tier", "name"} <= set(again.present)

    other = Driven("api.hubapi.com")
    other.app.kept["hubspot"].known["companies"]["fp_score"] = {"name": "fp_score", "type": "string"}  # type: ignore[attr-defined]
    assert other.run(hub().set_up("companies")).wrong == ("companies: fp_score is of type string, not number",)


def test_owners_are_found_by_their_address(crm: Driven) -> None:
    assert crm.run(hub().users()) == OWNERS


def test_of_250_companies_with_three_invalid_ones_247_arrive_and_three_state_why(crm: Driven) -> None:
    wrong = {7: {"score": "high"}, 120: {"next_touch_on": "soon"}, 249: {"name": "B" * 70_000}}
    sent = [company(number, **wrong.get(number, {})) for number in range(250)]

    outcomes = crm.run(hub().upsert("companies", sent))

    assert [each.id for each in outcomes] == [each.id for each in sent]
    failed = {each.id: each.failure for each in outcomes if each.failure}
    assert set(failed) == {"f7", "f120", "f249"}
    assert {each.cause for each in failed.values()} == {"record"}
    assert "high was not a valid number" in failed["f7"].message
    assert sum(each.created for each in outcomes) == 247
    assert crm.asked.count("POST /crm/v3/objects/companies/batch/upsert") == 3

    theirs = all_of(crm)
    assert len(theirs) == 247
    for each in sent:
        if each.id not in failed:
            assert {name: theirs[each.id].values[name] for name in each.values} == each.values

    again = crm.run(hub().upsert("companies", sent[:5]))
    assert [(each.created, each.their_id) for each in again] == [(False, each.their_id) for each in outcomes[:5]]


def test_a_batch_that_is_refused_as_a_whole_is_halved_until_the_one_record_is_found(crm: Driven) -> None:
    refused = Answer(400, b'{"status": "error", "category": "VALIDATION_ERROR", "message": "no"}')

    outcomes = crm.run(hub().upsert("companies", [company(number) for number in range(8)]),
                       faults={0: refused, 1: refused, 2: refused, 3: refused})  # fmt: skip

    assert [each.failure is not None for each in outcomes] == [True] + [False] * 7


def test_a_207_that_calls_itself_complete_is_read_item_by_item(crm: Driven) -> None:
    body = {"status": "COMPLETE", "numErrors": 1,
            "results": [{"id": "1", "new": True, "properties": {"fp_facility_id": "f0"}}],
            "errors": [{"category": "INTERNAL_ERROR", "message": "later", "context": {"ids": ["f1"]}}]}  # fmt: skip

    outcomes = crm.run(hub().upsert("companies", [company(0), company(1), company(2)]),
                       faults={0: Answer(207, json.dumps(body).encode())})  # fmt: skip

    assert [(each.their_id, each.failure and each.failure.cause) for each in outcomes] == [
        ("1", None), (None, "theirs"), (None, "theirs"),
    ]  # fmt: skip


def test_over_the_limit_the_rest_waits_as_long_as_hubspot_asks(crm: Driven) -> None:
    crm.clock.now += 60
    crm.control("PUT", "hubspot/settings", {"per_ten_seconds": 1})
    sent = [company(number) for number in range(150)]

    outcomes = crm.run(hub().upsert("companies", sent))
    waits = {each.failure.after for each in outcomes[100:] if each.failure}
    crm.clock.now += 10
    later = crm.run(hub().upsert("companies", sent[100:]))

    assert (len([each for each in outcomes if each.failure]), waits) == (50, {10.0})
    assert not any(each.failure for each in later)


def test_a_token_that_is_refused_fails_everything_at_once(crm: Driven) -> None:
    crm.token = "another"
    outcomes = crm.run(hub().upsert("companies", [company(number) for number in range(150)]))

    assert {each.failure.cause for each in outcomes if each.failure} == {"credentials"}
    assert len(outcomes) == 150
    assert crm.asked.count("POST /crm/v3/objects/companies/batch/upsert") == 1
    with pytest.raises(Failed, match="INVALID_AUTHENTICATION"):
        crm.run(hub().users())


def test_a_contact_who_is_there_already_is_adopted(crm: Driven) -> None:
    hubspot = crm.app.kept["hubspot"]
    theirs = hubspot._upsert("contacts", {"idProperty": "email", "id": "ann@b.example", "properties": {}})  # type: ignore[attr-defined]
    ann = Record("contacts", "c1", {"email": "ann@b.example", "first_name": "Ann"})

    adopted = crm.run(hub().upsert("contacts", [ann]))[0]
    assert (adopted.failure, adopted.their_id, adopted.created) == (None, theirs["id"], False)
    assert all_of(crm, "contacts")["c1"].values["first_name"] == "Ann"


def test_tasks_and_notes_arrive_once_and_are_associated(crm: Driven) -> None:
    task = Record("tasks", "t1", {"subject": "Call", "due_at": "2026-12-01T15:00:00.000Z", "status": "open",
                                  "owner": "bo@ours.example"})  # fmt: skip
    note = Record("notes", "n1", {"body": "Called", "at": "2026-12-01T15:00:00.000Z"})
    for _ in range(2):
        place = str(crm.run(hub().upsert("companies", [company(1)]))[0].their_id)
        for one in (task, note):
            [outcome] = crm.run(hub().upsert(one.kind, [one], {one.id: {"companies": place}}))
            assert (outcome.failure, outcome.unassociated) == (None, None)

    assert [each[0::2] for each in crm.control("GET", "hubspot/associations")] == [
        ["notes", "companies", 190], ["tasks", "companies", 192],
    ]  # fmt: skip
    [stored] = crm.control("GET", "hubspot/objects?kind=tasks")
    assert stored["hs_task_status"] == "NOT_STARTED"
    assert all_of(crm, "tasks")["t1"].values["status"] == "open"


def test_a_record_whose_company_is_gone_does_not_stop_the_others_from_being_associated(crm: Driven) -> None:
    place = str(crm.run(hub().upsert("companies", [company(1)]))[0].their_id)
    notes = [Record("notes", f"n{number}", {"body": "Called", "at": "2026-12-01T15:00:00Z"}) for number in range(5)]
    about: dict[str, dict[Kind, str]] = {each.id: {"companies": place} for each in notes}
    about["n3"] = {"companies": "404"}

    outcomes = crm.run(hub().upsert("notes", notes, about))
    assert [each.unassociated.code if each.unassociated else None for each in outcomes] == [
        None, None, None, "OBJECT_NOT_FOUND", None,
    ]  # fmt: skip
    assert len(crm.control("GET", "hubspot/associations")) == 4


def test_a_record_is_removed_by_its_id_there_however_often_that_is_asked(crm: Driven) -> None:
    note = Record("notes", "n1", {"body": "Called", "at": "2026-12-01T15:00:00Z"})
    their_id = str(crm.run(hub().upsert("notes", [note]))[0].their_id)
    for _ in range(2):
        crm.run(hub().remove("notes", [their_id]))
    assert all_of(crm, "notes") == {}


def test_changes_of_their_users_are_found_in_pages_after_the_lag_of_the_index(crm: Driven) -> None:
    crm.run(hub().upsert("companies", [company(number) for number in range(230)]))
    crm.clock.now += 100
    since = datetime.fromtimestamp(crm.clock.now - 1, UTC)
    crm.control("PUT", "hubspot/settings", {"lag": 15})
    for number in range(205):
        crm.control("POST", "hubspot/changes", {"kind": "companies", "property": "fp_facility_id",
                                                "value": f"f{number}", "properties": {"fp_status": "won"}})  # fmt: skip
    assert crm.run(hub().modified("companies", since)).records == ()
    crm.clock.now += 15

    found, after = list[Record](), None
    while True:
        page = crm.run(hub().modified("companies", since, after))
        found += page.records
        if (after := page.after) is None:
            break

    assert len(found) == len({each.id for each in found}) == 205
    assert {each.values["status"] for each in found} == {"won"}


def test_a_round_of_exchange_merges_what_both_sides_changed_and_leaves_no_drift(crm: Driven) -> None:
    ours, rules, base = company(1), CRM.rules("companies"), dict[str, Agreed]()

    def cycle(ours: Record) -> tuple[Record, tuple[str, ...]]:
        nonlocal base
        theirs = next(iter(crm.run(hub().read("companies", [ours.id]))), None)
        merged = merge(base, ours, theirs, rules, datetime.fromtimestamp(crm.clock.now, UTC))
        if merged.push:
            assert not crm.run(hub().upsert("companies", [Record("companies", ours.id, merged.push)]))[0].failure
        base = dict(merged.agreed)
        accepted = Record("companies", ours.id, {**ours.values, **merged.take})
        return accepted, tuple(f"{each.field}: {each.ours}/{each.theirs}" for each in merged.conflicts)

    ours, conflicts = cycle(ours)
    assert conflicts == ()
    crm.clock.now += 3600
    crm.control("POST", "hubspot/changes", {"kind": "companies", "property": "fp_facility_id", "value": "f1",
                "properties": {"fp_status": "won", "fp_tier": "3",
                               "fp_contacted_at": "2026-11-02T09:00:00Z"}})  # fmt: skip
    ours = Record("companies", "f1", {**ours.values, "status": "working", "score": "90"})
    ours, conflicts = cycle(ours)

    assert set(conflicts) == {"status: working/won", "tier: 1/3"}
    assert (ours.values["status"], ours.values["contacted_at"]) == ("won", "2026-11-02T09:00:00.000Z")
    assert drift([ours], all_of(crm).values(), {"f1": base}, rules) == []
    assert cycle(ours)[1] == ()


def test_a_field_that_is_emptied_here_is_emptied_there(crm: Driven) -> None:
    crm.run(hub().upsert("companies", [company(1)]))
    crm.run(hub().upsert("companies", [company(1, phone=None, owner=None)]))

    found = all_of(crm)["f1"].values
    assert (found["phone"], found["owner"]) == (None, None)


def test_of_a_suppressed_contact_no_more_than_the_suppression_is_sent(crm: Driven) -> None:
    ann = Record("contacts", "c1", {"email": "ann@b.example", "first_name": "Ann", "phone": "1", "suppressed": "true"})

    assert hub().written(ann) == {"fp_contact_id": "c1", "email": "ann@b.example", "fp_suppressed": "true"}


def test_objects_may_have_a_path_of_another_version(crm: Driven) -> None:
    dated = HubSpot(CRM, OWNERS, "/crm/objects/2026-03")

    assert not crm.run(dated.upsert("companies", [company(1)]))[0].failure
    assert [each.id for each in crm.run(dated.read("companies", ["f1", "f2"]))] == ["f1"]
