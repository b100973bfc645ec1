"""Do records travel to Salesforce and back, in requests and in jobs, with what became of each?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.fakes.asking import TOKEN
from cli.fakes.kept.salesforce import OURS
from engines.crm import soql
from engines.crm.drift import drift
from engines.crm.exchange import Answer, Failed, as_json
from engines.crm.jobs import asked
from engines.crm.mapping import Crm
from engines.crm.merging import Agreed, merge
from engines.crm.records import Kind, Record
from engines.crm.salesforce import Salesforce
from engines.crm.signing_in import token
from engines.packs import section_of
from tests.support.crm import Driven

CRM = section_of(Path(__file__).parents[3] / "packs" / "basic", "crm", Crm)
USERS = {"ann@ours.example": "005000000000001AAA"}
CREDENTIALS = {"grant_type": "refresh_token", "client_id": "of-the-fakes", "client_secret": TOKEN,
               "refresh_token": TOKEN}  # fmt: skip
KINDS: tuple[Kind, ...] = ("companies", "contacts", "tasks")


def sf() -> Salesforce:
    return Salesforce(CRM, USERS)


def company(number: int, **values: str | None) -> Record:
    stated = {"facility_id": f"f{number}", "account_key": f"0{number:05}", "name": f"Birch {number}", "tier": "1",
              "score": "87.5", "owner": "ann@ours.example", "next_touch_on": "2026-12-01", "status": "open",
              "contacted_at": None, "suppressed": "false", "reasons": "One\nTwo, \"three\""}  # fmt: skip
    return Record("companies", f"f{number}", stated | values)


@pytest.fixture
def crm() -> Driven:
    driven = Driven("login.salesforce.com")
    driven.control("PUT", "salesforce/settings", {"users": USERS})
    driven.token = driven.run(token(CREDENTIALS)).access_token
    for kind in KINDS:
        driven.run(sf().set_up(kind))
    return driven


def all_of(driven: Driven, kind: Kind = "companies") -> list[Record]:
    adapter = Salesforce(CRM, {"": OURS, **USERS})
    found, after = list[Record](), None
    while True:
        page = driven.run(adapter.all(kind, after))
        found += page.records
        if (after := page.after) is None:
            return found


def test_a_token_is_refreshed_and_a_refused_one_is_an_error_of_the_credentials(crm: Driven) -> None:
    crm.clock.now += 10_000
    with pytest.raises(Failed, match="INVALID_SESSION_ID") as expired:
        crm.run(sf().users())
    with pytest.raises(Failed, match="invalid_grant: expired") as refused:
        crm.run(token({**CREDENTIALS, "refresh_token": "old"}))
    assert {expired.value.failure.cause, refused.value.failure.cause} == {"credentials"}

    crm.token = crm.run(token(CREDENTIALS)).access_token
    assert crm.run(sf().users()) == {"": OURS, **USERS}
    assert crm.run(token({**CREDENTIALS, "grant_type": "client_credentials"})).instance_url.startswith(
        "http://localhost"
    )


def test_set_up_creates_our_fields_once(crm: Driven) -> None:
    for kind in KINDS:
        again = crm.run(sf().set_up(kind))
        assert again.created == again.wrong == ()
    assert "FP_Facility_Id__c" in crm.run(sf().set_up("companies")).present


def test_fields_that_are_there_and_that_no_one_sees_are_shown_to_us_by_a_permission_set() -> None:
    driven = Driven("login.salesforce.com")
    driven.token = driven.run(token(CREDENTIALS)).access_token
    hidden = {"FullName": "Account.FP_Tier__c", "Metadata": {"label": "Tier", "type": "Text", "length": 255}}
    driven.run(asked(as_json("POST", "/services/data/v65.0/tooling/sobjects/CustomField", hidden)))

    done = driven.run(sf().set_up("companies"))
    assert done.wrong == ()
    assert "FP_Tier__c" in done.present
    assert "FP_Facility_Id__c" in done.created
    assert not driven.run(sf().upsert("companies", [company(1, owner=None)]))[0].failure
    [ours] = driven.control("GET", "salesforce/objects?object=PermissionSet")
    assert ours["Label"] == CRM.title
    assigned = driven.control("GET", "salesforce/objects?object=PermissionSetAssignment")
    assert [each["AssigneeId"] for each in assigned] == [OURS]


def test_of_250_companies_with_three_invalid_ones_247_arrive_and_three_state_why(crm: Driven) -> None:
    wrong = {7: {"score": "high"}, 120: {"next_touch_on": "soon"}, 249: {"name": "B" * 300}}
    sent = [company(number, **wrong.get(number, {})) for number in range(250)]

    outcomes = crm.run(sf().upsert("companies", sent))

    failed = {each.id: each.failure for each in outcomes if each.failure}
    assert {name: each.code for name, each in failed.items()} == {
        "f7": "INVALID_TYPE_ON_FIELD_IN_RECORD", "f120": "INVALID_TYPE_ON_FIELD_IN_RECORD", "f249": "STRING_TOO_LONG",
    }  # fmt: skip
    assert {each.cause for each in failed.values()} == {"record"}
    assert [each.id for each in outcomes] == [each.id for each in sent]
    valid = [each for each in sent if each.id not in failed]
    assert drift(valid, all_of(crm), {}, CRM.rules("companies")) == []
    assert not any(each.created for each in crm.run(sf().upsert("companies", valid[:3])))


def test_a_job_sends_many_and_states_what_became_of_each(crm: Driven) -> None:
    sent = [company(number) for number in range(300)] + [company(300, score="high")]
    ids = [each.id for each in sent]
    crm.control("PUT", "salesforce/settings", {"locked": ["f5"]})
    job = crm.run(sf().start_job("companies", sent))

    assert crm.run(sf().job_result("companies", job, ids)) is None
    outcomes = crm.run(sf().job_result("companies", job, ids))

    assert outcomes is not None
    causes = {each.id: each.failure.cause for each in outcomes if each.failure}
    assert causes == {"f5": "theirs", "f300": "record"}
    assert all(each.their_id and each.created for each in outcomes if not each.failure)
    valid = [each for each in sent if each.id not in causes]
    assert drift(valid, all_of(crm), {}, CRM.rules("companies")) == []


def test_a_job_changes_only_what_a_record_states_and_removes_what_it_empties(crm: Driven) -> None:
    crm.run(sf().upsert("companies", [company(1), company(2)]))
    changes = [Record("companies", "f1", {"tier": "2"}), Record("companies", "f2", {"next_touch_on": None})]
    job = crm.run(sf().start_job("companies", changes))
    while crm.run(sf().job_result("companies", job, ["f1", "f2"])) is None:
        pass

    expected = [company(1, tier="2"), company(2, next_touch_on=None)]
    assert drift(expected, all_of(crm), {}, CRM.rules("companies")) == []


def test_a_contact_belongs_to_the_account_with_our_id_however_it_is_sent(crm: Driven) -> None:
    place = crm.run(sf().upsert("companies", [company(1)]))[0].their_id
    stated = {"facility_id": "f1", "last_name": "Lee", "email": "lee@b.example"}
    people = [Record("contacts", name, stated) for name in ("c0", "c1")]
    assert not crm.run(sf().upsert("contacts", people[:1]))[0].failure
    job = crm.run(sf().start_job("contacts", people[1:]))
    while crm.run(sf().job_result("contacts", job, ["c1"])) is None:
        pass
    alone = crm.run(sf().upsert("contacts", [Record("contacts", "c9", {"facility_id": "f9", "last_name": "Ray"})]))

    rows = crm.control("GET", "salesforce/objects?object=Contact")
    assert [each["AccountId"] for each in rows] == [place, place]
    assert alone[0].failure is not None  # its account has not arrived yet
    assert alone[0].failure.cause == "record"


def test_tasks_arrive_once_although_they_have_no_external_id(crm: Driven) -> None:
    place = str(crm.run(sf().upsert("companies", [company(1)]))[0].their_id)
    task = Record("tasks", "t1", {"subject": "Call", "due_on": "2026-12-01", "status": "open"})
    first = crm.run(sf().upsert("tasks", [task], {"t1": {"companies": place}}))
    done = Record("tasks", "t1", {**task.values, "status": "done"})
    second = crm.run(sf().upsert("tasks", [done]))

    assert [(each.created, each.failure) for each in first + second] == [(True, None), (False, None)]
    rows = crm.control("GET", "salesforce/objects?object=Task")
    assert [(each["WhatId"], each["Status"], each["ActivityDate"]) for each in rows] == [
        (place, "Completed", "2026-12-01")
    ]
    crm.run(sf().remove("tasks", [str(first[0].their_id), "00T000000000404AAA"]))
    assert all_of(crm, "tasks") == []


def test_changes_of_their_users_are_found_page_by_page(crm: Driven) -> None:
    crm.control("PUT", "salesforce/settings", {"page": 50})
    crm.run(sf().upsert("companies", [company(number) for number in range(130)]))
    crm.clock.now += 100
    since = datetime.fromtimestamp(crm.clock.now, UTC)
    for number in range(120):
        won = {
            "object": "Account",
            "field": "FP_Facility_Id__c",
            "value": f"f{number}",
            "values": {"FP_Status__c": "won"},
        }
        crm.control("POST", "salesforce/changes", won)
    found, after = list[Record](), None
    while True:
        page = crm.run(sf().modified("companies", since, after))
        found += page.records
        if (after := page.after) is None:
            break

    assert [each.id for each in found] == [f"f{number}" for number in range(120)]
    assert {each.values["status"] for each in found} == {"won"}


def test_a_round_of_exchange_merges_what_both_sides_changed_and_leaves_no_drift(crm: Driven) -> None:
    rules, base, ours = CRM.rules("companies"), dict[str, Agreed](), company(1)
    for _ in range(3):
        theirs = next(iter(crm.run(sf().read("companies", [ours.id]))), None)
        merged = merge(base, ours, theirs, rules, datetime.fromtimestamp(crm.clock.now, UTC))
        if merged.push:
            push = Record("companies", ours.id, merged.push)
            assert not crm.run(sf().upsert("companies", [push]))[0].failure
        base = dict(merged.agreed)
        ours = Record("companies", ours.id, {**ours.values, **merged.take})
        if crm.clock.now < 1_790_000_100:
            crm.clock.now += 3600
            crm.control("POST", "salesforce/changes", {"object": "Account", "field": "FP_Facility_Id__c", "value": "f1",
                        "values": {"FP_Status__c": "won", "FP_Tier__c": "3"}})  # fmt: skip
            ours = Record("companies", "f1", {**ours.values, "status": "working"})

    assert ours.values["status"] == "won"
    assert drift([ours], all_of(crm), {"f1": base}, rules) == []


def test_an_external_id_that_two_records_have_is_an_error_of_the_record(crm: Driven) -> None:
    for _ in range(2):
        crm.control("POST", "salesforce/twins",
                    {"object": "Account", "values": {"Name": "Twin", "FP_Facility_Id__c": "f1"}})  # fmt: skip

    failure = crm.run(sf().upsert("companies", [company(1)]))[0].failure
    assert failure is not None
    assert (failure.cause, failure.code) == ("record", "DUPLICATE_EXTERNAL_ID")
    assert [each.why for each in drift([], all_of(crm), {}, {})] == ["there twice", "unknown here"]


def test_a_locked_row_waits_alone_and_a_used_up_day_stops_the_rest(crm: Driven) -> None:
    sent = [company(number) for number in range(450)]
    crm.control("PUT", "salesforce/settings", {"locked": ["f3"]})
    outcomes = crm.run(sf().upsert("companies", sent))
    assert [each.id for each in outcomes if each.failure] == ["f3"]

    crm.control("PUT", "salesforce/settings", {"daily": 1})
    outcomes = crm.run(sf().upsert("companies", sent))
    assert {(each.failure.code, each.failure.after) for each in outcomes if each.failure} == {
        ("REQUEST_LIMIT_EXCEEDED", 3600.0)
    }
    assert len(outcomes) == 450


def test_an_answer_that_states_less_than_was_sent_is_not_taken_for_success(crm: Driven) -> None:
    outcomes = crm.run(
        sf().upsert("companies", [company(1), company(2)]), faults={0: Answer(200, b'[{"success": true}]')}
    )

    assert {each.failure.code for each in outcomes if each.failure} == {"NO_RESULT"}
    for nothing in (b"", b"{}", b"[]", b"<html>Maintenance</html>"):
        with pytest.raises(Failed, match="NO_RESULT"):
            crm.run(sf().read("companies", ["f1"]), faults={0: Answer(200, nothing)})
    with pytest.raises(Failed, match="ELSEWHERE"):
        crm.run(
            sf().all("companies"),
            faults={0: Answer(200, b'{"records": [], "done": false, "nextRecordsUrl": "http://evil.example/"}')},
        )


@pytest.mark.parametrize("name", ["O'Brien", "back\\slash", "x' OR Name != '", "line\nbreak"])
def test_no_id_breaks_out_of_a_query(crm: Driven, name: str) -> None:
    there = Record("companies", name, {"facility_id": name, "name": "Birch"})
    crm.run(sf().upsert("companies", [there, company(2)]))

    assert [each.id for each in crm.run(sf().read("companies", [name]))] == [name]
    assert soql.text("a'b\\") == "'a\\'b\\\\'"


def test_what_no_one_owns_here_the_app_owns_there_and_an_owner_whom_they_choose_is_seen(crm: Driven) -> None:
    adapter = Salesforce(CRM, crm.run(sf().users()))
    crm.run(adapter.upsert("companies", [company(1, owner=None), company(2)]))
    assert [each.values["owner"] for each in all_of(crm)] == [None, "ann@ours.example"]

    crm.run(adapter.upsert("companies", [Record("companies", "f2", {"owner": None})]))
    theirs = {
        "object": "Account",
        "field": "FP_Facility_Id__c",
        "value": "f1",
        "values": {"OwnerId": USERS["ann@ours.example"]},
    }
    crm.control("POST", "salesforce/changes", theirs)
    found = crm.run(adapter.all("companies")).records
    assert [each.values["owner"] for each in found] == ["ann@ours.example", None]


def test_a_query_is_never_longer_than_an_address_may_be(crm: Driven) -> None:
    ids = [f"{number:036}'" for number in range(450)]
    crm.run(sf().upsert("companies", [Record("companies", each, {"name": "Birch"}) for each in ids]))
    found = crm.run(sf().read("companies", ids))

    assert sorted(each.id for each in found) == sorted(ids)
    assert max(len(each["path"]) + len(each["query"]) for each in crm.app.requests) < 8_000


def test_changes_are_read_from_the_first_page_again_if_they_forgot_the_next_one(crm: Driven) -> None:
    crm.run(sf().upsert("companies", [company(1)]))
    lost = Answer(400, b'[{"errorCode": "INVALID_QUERY_LOCATOR", "message": "invalid query locator"}]')
    page = crm.run(sf().modified("companies", datetime(2026, 1, 1, tzinfo=UTC), "/services/data/v65.0/query/01g"),
                   faults={0: lost})  # fmt: skip

    assert [each.id for each in page.records] == ["f1"]
