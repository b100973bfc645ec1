"""Which fields of a CRM do our events state?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.courier import settings
from services.courier.domain.wanted import Statement
from services.courier.usecases.stating import stated
from services.courier.usecases.stating import suppressed as stopped
from services.courier.usecases.stating_people import names
from shared.contracts.events import (
    AccountMoved,
    Event,
    FacilityAssessed,
    Fact,
    LeadRaised,
    Origin,
    Person,
    SlaBreached,
    SuppressionChanged,
    TaskDone,
    TaskDue,
    TaskMoved,
    TouchLogged,
)
from tests.support.sequencing import delisted, listed, scored

AT = datetime(2026, 7, 1, 12, tzinfo=UTC)


def of(event: Event) -> list[Statement]:
    event.set_origin(Origin(UUID(int=1), "/test", AT, ""))
    return stated([event])


def values(event: Event, kind: str = "companies") -> dict[str, str | None]:
    return {name: value for each in of(event) if each.kind == kind for name, value in each.values.items()}


def lead(raised_on: date, version: int) -> LeadRaised:
    return LeadRaised(
        lead_id=UUID(int=1), facility_id="335001", lead_source="signal", owner=None, role_families=(),
        raised_on=raised_on, version=version, stage="new",
    )  # fmt: skip


def touch(**changes: Any) -> TouchLogged:
    stated: dict[str, Any] = {
        "activity_id": UUID(int=1), "facility_id": "335001", "task_id": None, "channel": "call", "persona": "don",
        "outcome": "no answer", "rep": "rep-1", "touched_on": date(2026, 7, 1),
    }  # fmt: skip
    return TouchLogged(**(stated | changes))


def due(**changes: Any) -> TaskDue:
    person = Person(
        role="don", name="MOSS, ADA", display_name="Ada Moss", greeting="Ada", direct_phone="518-555-0142",
        email="Ada@Moss.example",
    )  # fmt: skip
    stated: dict[str, Any] = {
        "task_id": UUID(int=5), "step_no": 1, "facility_id": "335001", "facility_name": "WILLOW BEND",
        "facility_display_name": "Willow Bend", "city": "Albany", "state": "NY", "tier": 1, "score": "58.0",
        "rep": "rep-1", "channel": "call", "persona": "don", "person": person, "due_on": date(2026, 7, 2),
        "reason": "QM rating 1 of 5", "pack": "test", "marks": ("facility:335001", "name:facility:335001/ada moss"),
    }  # fmt: skip
    return TaskDue(**(stated | changes))


def suppressed(scope: Any, target: str, lifted: bool = False, marks: tuple[str, ...] = ()) -> SuppressionChanged:
    return SuppressionChanged(
        suppression_id=UUID(int=9), scope=scope, target=target, version=1, channels=("all",), lifted=lifted,
        marks=marks, label=target, reason="asked", source="command", stated_by="ann", stated_on=date(2026, 7, 1),
    )  # fmt: skip


def test_an_account_has_its_identity_its_score_with_reasons_and_its_owner() -> None:
    assert values(listed("335001", chain="Oak"))["chain"] == "Oak"
    assert values(scored("335001", 1, "58.0")) == {
        "tier": "1",
        "score": "58.0",
        "reasons": "\n".join(
            f"{each.label}: {each.evidence}" for each in scored("335001", 1).breakdown if each.known and each.points > 0
        ),
    }
    assert values(AccountMoved(facility_id="335001", owner="", version=1)) == {"owner": None, "client": "false"}
    assert values(delisted("335001"))["delisted_on"] == "2026-07-01"
    assert values(listed("335001", version=3))["delisted_on"] is None, "it is on the registry again"


def test_its_website_is_the_fact_of_the_latest_date_and_then_of_the_last_import() -> None:
    def website(as_of: date, import_no: int) -> int:
        facts = (Fact(field="website", value="maple.example", as_of=as_of), Fact(field="beds", value="9", as_of=as_of))
        [found] = of(
            FacilityAssessed(facility_id="335001", facts=facts, import_no=import_no, dataset="d", received_at=AT)
        )
        assert found.values == {"website": "maple.example"}
        return found.version

    assert website(date(2026, 6, 1), 2) > website(date(2026, 6, 1), 1)
    assert website(date(2026, 6, 2), 1) > website(date(2026, 6, 1), 999_999)


def test_an_account_that_is_late_says_so_until_it_is_contacted_won_or_lost() -> None:
    late = SlaBreached(
        facility_id="335001", tier=1, owner="rep-1", label="URGENT", started_on=AT.date(), breached_on=AT.date(),
        hours=50, action="Call today",
    )  # fmt: skip
    assert values(late) == {"sla_status": "URGENT", "recommended_action": "Call today"}
    for event in (
        touch(),
        AccountMoved(facility_id="335001", owner="rep-1", version=2, client=True),
        lead(AT.date(), 2).model_copy(update={"closed_on": AT.date()}),
    ):
        assert values(event).items() >= {"sla_status": None, "recommended_action": None}.items()


def test_a_later_lead_of_an_account_is_newer_than_all_versions_of_the_one_before() -> None:
    [old], [new] = of(lead(date(2026, 6, 1), 40)), of(lead(date(2026, 6, 2), 1))
    assert new.version > old.version


def test_what_a_person_did_is_the_last_contact_but_a_skipped_task_is_none() -> None:
    assert values(touch()).items() >= {"contacted_at": "2026-07-01T12:00:00.000Z", "outcome": "no answer"}.items()
    assert of(touch(kind="skipped")) == []
    assert values(touch(channel="research", outcome="found")) == {}


def test_a_touch_that_was_logged_in_a_crm_was_when_that_says() -> None:
    earlier = AT - timedelta(hours=2)
    assert values(touch(touched_at=earlier))["contacted_at"] == "2026-07-01T10:00:00.000Z"
    at = [next(each.version for each in of(one) if "outcome" in each.values and each.kind == "companies")
          for one in (touch(touched_at=earlier), touch())]  # fmt: skip
    assert at[0] < at[1]


def test_what_was_done_is_a_note_until_it_is_taken_back() -> None:
    [note] = [each for each in of(touch(note="Ask for Bo.")) if each.kind == "notes"]
    assert note.values["body"] == f"Call ({settings.role_label('don')}): no answer\nAsk for Bo."
    assert (note.id, note.facility_id, note.values["owner"]) == (str(UUID(int=1)), "335001", "rep-1")
    [back] = of(touch(activity_id=UUID(int=2), kind="undone", reverses=UUID(int=1)))
    assert (back.kind, back.id, back.values) == ("notes", note.id, {"removed": "true"})


def test_a_task_states_what_is_to_be_done_when_and_by_whom_and_ends() -> None:
    found = values(due(), "tasks")
    assert found["subject"] == "Call: Willow Bend (Ada Moss)"
    assert found["body"] == "QM rating 1 of 5\nTier 1, score 58.0"
    assert (found["due_on"], found["due_at"]) == ("2026-07-02", "2026-07-02T13:00:00.000Z"), "nine in the morning"
    assert (found["status"], found["type"], found["owner"]) == ("open", "call", "rep-1")
    moved = TaskMoved(
        task_id=UUID(int=5), step_no=1, facility_id="335001", rep="rep-2", due_on=date(2026, 7, 3), version=2
    )
    assert values(moved, "tasks").items() >= {"owner": "rep-2", "due_on": "2026-07-03", "status": "open"}.items()
    statuses = {
        status: values(TaskDone(task_id=UUID(int=5), step_no=1, facility_id="335001", status=status, done_by="rep-1",
                                done_on=date(2026, 7, 2), version=3), "tasks")["status"]
        for status in ("done", "skipped", "canceled")
    }  # fmt: skip
    assert statuses == {"done": "done", "skipped": "dropped", "canceled": "dropped"}


def test_a_person_is_the_same_one_in_every_task_and_a_role_without_a_name_is_none() -> None:
    [first] = [each for each in of(due()) if each.kind == "contacts"]
    [later] = [each for each in of(due(task_id=UUID(int=6), version=9)) if each.kind == "contacts"]
    assert first.id == later.id
    assert "moss" not in first.id, "an id that is kept says nothing of the person"
    assert first.values.items() >= {
        "first_name": "Ada", "last_name": "Moss", "email": "Ada@Moss.example", "phone": "518-555-0142", "role": "don",
    }.items()  # fmt: skip
    assert "address:ada@moss.example" in (first.marks or ()), "who must not be written to is not sent either"
    assert [each.kind for each in of(due(person=None, marks=("facility:335001",)))] == ["tasks"]


@pytest.mark.parametrize(
    "shown, greeting, first, last",
    [
        ("Ada Moss", "Ada", "Ada", "Moss"),
        ("Jane A. Moss", "Jane", "Jane A.", "Moss"),
        ("Jan van der Berg", "Jan", "Jan", "van der Berg"),
        ("John Moss Jr.", "John", "John", "Moss Jr."),
        ("Moss", "Moss", None, "Moss"),
        ("Li Wei Chen", "Li Wei Chen", "Li Wei", "Chen"),
    ],
)
def test_a_name_has_a_given_and_a_family_name(shown: str, greeting: str, first: str | None, last: str) -> None:
    assert names(Person(role="don", name="x", display_name=shown, greeting=greeting)) == (first, last)


def test_a_suppression_stops_what_has_one_of_its_marks_until_it_is_lifted() -> None:
    [chain] = stopped([suppressed("chain", "OAK")])
    assert chain.marks == ["chain:OAK"]
    assert set(chain.marks) & set(of(listed("335001", chain="Oak"))[0].marks or ())
    [person] = stopped([suppressed("person", "facility:335001/ada moss", marks=("name:facility:335001/ada moss",))])
    assert set(person.marks) & set(of(due())[0].marks or ())
    [lifted] = stopped([suppressed("facility", "335001", lifted=True)])
    assert lifted.marks == []
