"""Which fields of a CRM do our events state?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.courier.domain.wanted import Stated
from services.courier.usecases.stating import stated
from shared.contracts.events import AccountMoved, Event, LeadRaised, Origin, SuppressionChanged, TouchLogged
from tests.support.sequencing import listed, scored

AT = datetime(2026, 7, 1, 12, tzinfo=UTC)


def of(event: Event) -> list[Stated]:
    event.set_origin(Origin(UUID(int=1), "/test", AT, ""))
    return stated([event])


def values(event: Event) -> dict[str, str | None]:
    return {each.field: each.value for each in of(event)}


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


def suppressed(scope: Any, target: str, lifted: bool = False) -> SuppressionChanged:
    return SuppressionChanged(
        suppression_id=UUID(int=9), scope=scope, target=target, version=1, channels=("all",), lifted=lifted, marks=(),
        label=target, reason="asked", source="command", stated_by="ann", stated_on=date(2026, 7, 1),
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
    assert values(AccountMoved(facility_id="335001", owner="", version=1)) == {"owner": None}


def test_a_later_lead_of_an_account_is_newer_than_all_versions_of_the_one_before() -> None:
    [old], [new] = of(lead(date(2026, 6, 1), 40)), of(lead(date(2026, 6, 2), 1))
    assert new.version > old.version


def test_what_a_person_did_is_the_last_contact_but_a_skipped_task_is_none() -> None:
    assert values(touch()) == {"contacted_at": "2026-07-01T12:00:00.000Z", "outcome": "no answer"}
    assert of(touch(kind="skipped")) == of(touch(channel="research", outcome="found")) == []


def test_a_touch_that_was_logged_in_a_crm_was_when_that_says() -> None:
    earlier = AT - timedelta(hours=2)
    assert values(touch(touched_at=earlier))["contacted_at"] == "2026-07-01T10:00:00.000Z"
    assert max(of(touch(touched_at=earlier))[0].version, of(touch())[0].version) == of(touch())[0].version


def test_suppressions_of_accounts_and_chains_count_and_those_of_people_are_not_of_the_account() -> None:
    assert [(each.kind, each.id, each.value) for each in of(suppressed("chain", "OAK"))] == [("chains", "OAK", "true")]
    assert [(each.kind, each.value) for each in of(suppressed("facility", "335001", lifted=True))] == [
        ("companies", "false")
    ]
    assert of(suppressed("person", "335001/ada moss")) == []
