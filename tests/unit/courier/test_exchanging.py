"""What becomes of a slice of records that is exchanged with HubSpot?"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from engines.crm.exchange import Answer, Request
from engines.crm.mapping import Crm, crm_of
from services.courier.domain.crm import Lane
from services.courier.domain.wanted import Wanted
from services.courier.usecases.agreeing import agreed_of, differs, stored, taken
from services.courier.usecases.exchanging import Exchanged, Slice, exchange
from tests.support.crm import Driven

NOW = datetime(2026, 9, 21, tzinfo=UTC)
LANE = Lane("hubspot", "companies", None, [], {}, None, None, None, None, 0, None, None, None)
BASIC = Path(__file__).parents[3] / "packs" / "basic"


def a_map() -> Crm:
    found = crm_of(BASIC)
    assert found
    return found


def wanted(number: int = 1, their_id: str | None = None, agreed: Any = None, **values: str | None) -> Wanted:
    suppressed = bool(values.pop("suppressed", None))
    stated = {"name": f"Home {number}", "tier": "1", "status": "new", **values}
    changed = dict.fromkeys(stated, "2026-09-20T00:00:00+00:00")
    return Wanted(f"33500{number}", 1, stated, changed, suppressed, their_id, agreed or {}, 0)


class Hub:
    """HubSpot in this process, which can lose or spoil answers."""

    def __init__(self) -> None:
        self.driven = Driven("api.hubapi.com")
        self.instead: dict[str, Answer] = {}

    def exchange(self, *records: Wanted, lane: Lane = LANE, polls: bool = False) -> Exchanged:
        given = Slice(lane, a_map(), records, polls, NOW)
        return asyncio.run(exchange(given, self._ask))

    async def _ask(self, request: Request) -> Answer:
        for part, answer in self.instead.items():
            if part in request.path:
                return answer
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.driven.app)) as client:
            headers = {"authorization": f"Bearer {self.driven.token}"}
            url = f"http://localhost/{self.driven.host}{request.path}"
            got = await client.request(request.method, url, content=request.body, headers=headers)
            return Answer(got.status_code, got.content, dict(got.headers))

    @property
    def companies(self) -> dict[str, dict[str, Any]]:
        return {each["fp_facility_id"]: each for each in self.driven.control("GET", "hubspot/objects?kind=companies")}

    def change(self, facility_id: str, **properties: str) -> None:
        place = {"kind": "companies", "property": "fp_facility_id", "value": facility_id}
        self.driven.control("POST", "hubspot/changes", {**place, "properties": properties})


@pytest.fixture
def hub() -> Hub:
    return Hub()


def after(done: Exchanged, facility_id: str = "335001") -> Any:
    """What is stored of a record, which the next slice is given."""
    return stored(done.merged[facility_id][1].agreed)


def test_the_first_slice_sets_up_and_sends_and_the_same_again_sends_nothing(hub: Hub) -> None:
    done = hub.exchange(wanted(1), wanted(2))
    assert done.failure is None
    assert done.set_up
    assert "fp_tier" in done.set_up.created
    assert set(hub.companies) == {"335001", "335002"}
    before = list(hub.driven.app.requests)
    again = hub.exchange(wanted(1, "1", after(done)), lane=LANE._replace(set_up_at=NOW, owners_at=NOW))
    asked = [each["path"] for each in list(hub.driven.app.requests)[len(before) :]]
    assert asked == ["/crm/v3/objects/companies/batch/read"]
    assert again.merged["335001"][1].is_even


def test_a_change_there_is_taken_once_although_ours_shows_the_old_value(hub: Hub) -> None:
    first = hub.exchange(wanted())
    hub.change("335001", fp_status="working")
    seen = hub.exchange(lane=LANE._replace(set_up_at=NOW, owners_at=NOW), polls=True).seen
    assert [each.id for each in seen if differs(each, agreed_of(after(first)))] == ["335001"]
    second = hub.exchange(wanted(their_id="1", agreed=after(first)))
    assert taken(agreed_of(after(first)), second.merged["335001"][1]) == {"status": "working"}
    third = hub.exchange(wanted(their_id="1", agreed=after(second)))
    assert taken(agreed_of(after(second)), third.merged["335001"][1]) == {}
    assert hub.companies["335001"]["fp_status"] == "working"


def test_a_record_that_they_removed_is_made_again_and_nothing_is_taken(hub: Hub) -> None:
    first = hub.exchange(wanted())
    hub.driven.control("DELETE", "hubspot/objects?kind=companies")
    second = hub.exchange(wanted(their_id="1", agreed=after(first)))
    assert hub.companies["335001"]["fp_status"] == "new"
    assert second.merged["335001"][1].take == {}


def test_a_suppressed_account_is_not_sent_unless_they_have_it_and_then_only_that(hub: Hub) -> None:
    first = hub.exchange(wanted(1), wanted(2, suppressed="yes"))
    assert set(hub.companies) == {"335001"}
    assert [each.id for each in first.withheld] == ["335002"]
    hub.exchange(wanted(their_id="1", agreed=after(first), name="Another", suppressed="yes"))
    assert hub.companies["335001"]["fp_suppressed"] == "true"
    assert hub.companies["335001"]["name"] == "Home 1"


def test_a_suppressed_account_that_they_removed_is_not_made_again(hub: Hub) -> None:
    first = hub.exchange(wanted())
    hub.driven.control("DELETE", "hubspot/objects?kind=companies")
    second = hub.exchange(wanted(their_id="1", agreed=after(first), suppressed="yes"))
    assert hub.companies == {}
    assert [each.id for each in second.withheld] == ["335001"]


def test_an_owner_whom_they_do_not_know_is_neither_sent_nor_taken_back(hub: Hub) -> None:
    hub.driven.control("PUT", "hubspot/settings", {"owners": {"jo@seller.example": "7"}})
    first = hub.exchange(wanted(1, owner="Jo@Seller.example"), wanted(2, owner="al@seller.example"))
    assert hub.companies["335001"]["hubspot_owner_id"] == "7"
    assert not hub.companies["335002"].get("hubspot_owner_id")
    again = hub.exchange(wanted(2, "2", after(first, "335002"), owner="al@seller.example"))
    assert again.merged["335002"][1].is_even


@pytest.mark.parametrize(
    "answer, cause",
    [
        (Answer(0), "theirs"),
        (Answer(401), "credentials"),
        (Answer(429, headers={"retry-after": "7"}), "theirs"),
        (Answer(404, b"<html>"), "setup"),
        (Answer(200, b"<html>"), "theirs"),
    ],
)
def test_a_failure_of_all_ends_the_slice_and_nothing_counts_as_agreed(hub: Hub, answer: Answer, cause: str) -> None:
    hub.instead["batch/read"] = answer
    done = hub.exchange(wanted(), polls=True)
    assert done.failure
    assert done.failure.cause == cause
    assert done.merged == {}
    assert done.polled_until is None
    assert hub.companies == {}


def test_a_record_that_is_refused_does_not_stop_the_others(hub: Hub) -> None:
    done = hub.exchange(wanted(1), wanted(2, score="no number"))
    assert done.failure is None
    outcomes = {name: outcome.failure for name, (_, _, outcome) in done.merged.items()}
    assert outcomes["335001"] is None
    assert outcomes["335002"]
    assert outcomes["335002"].cause == "record"
    assert set(hub.companies) == {"335001"}


def test_what_is_agreed_on_is_stored_and_read_back_as_it_was(hub: Hub) -> None:
    merged = hub.exchange(wanted()).merged["335001"][1]
    assert agreed_of(stored(merged.agreed)) == merged.agreed


def test_a_value_that_they_write_in_another_form_is_sent_once(hub: Hub) -> None:
    first = hub.exchange(wanted(phone="518 555 0100"))
    assert hub.companies["335001"]["phone"] == "(518) 555-0100"
    seen = hub.exchange(lane=LANE._replace(set_up_at=NOW, owners_at=NOW), polls=True).seen
    assert [each.id for each in seen if differs(each, agreed_of(after(first)))] == []
    second = hub.exchange(wanted(phone="518 555 0100", their_id="1", agreed=after(first)))
    assert second.merged["335001"][1].is_even
    assert second.merged["335001"][1].conflicts == ()

    hub.change("335001", phone="5185550199")
    third = hub.exchange(wanted(phone="518 555 0100", their_id="1", agreed=after(second)))
    assert not third.merged["335001"][1].is_even, "a change is one still"
