"""Is what prospects do recorded once, with what reported it? (R76, R178)"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from shared.contracts.events import EngagementRecorded
from shared.contracts.keys import hash_of, new_key
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer_engagement import AddReporter, Engagements, RecordEngagement
from tests.integration.test_do_not_contact import CCN, OTHER, add_contacts
from tests.support.running import Running
from tests.support.sequencing import contact, listed


def report(**fields: Any) -> RecordEngagement:
    return RecordEngagement(**({"kind": "visit", "facility_id": CCN, "actor": "ann"} | fields))


async def test_an_engagement_is_recorded_and_published_once_for_each_id_of_its_source(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN), listed(OTHER))
    await add_contacts(sequencer, contact(CCN, email="ada@moss.example"))

    first = await sequencer.ask(report(source="website", source_id="17", what="Pricing"))
    again = await sequencer.ask(report(source="website", source_id="17", what="Other", kind="download"))
    by_address = await sequencer.ask(report(facility_id=None, email="Ada@moss.example", kind="meeting"))
    same_day = await sequencer.ask(report(facility_id=None, email="ada@moss.example", kind="meeting"))

    assert (first.changed, again.changed, again.kind) == (True, False, "visit")
    assert (by_address.facility_id, by_address.changed, same_day.changed) == (CCN, True, False)
    found = await sequencer.ask(Engagements(facility_id=CCN))
    assert {(each.kind, each.source, each.recorded_by) for each in found} == {
        ("visit", "website", "ann"),
        ("meeting", "a representative", "ann"),
    }
    events = await sequencer.published(EngagementRecorded)
    assert [(each.kind, each.what) for each in events] == [("visit", "Pricing"), ("meeting", None)]


async def test_openings_are_recorded_only_where_they_are_turned_on(
    sequencer: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sequencer.receive(listed(CCN))
    for wrong, why in (
        (report(kind="open"), "PIPELINE_TRACK_OPENS=true turns it on"),
        (report(facility_id="335999"), "There is no account 335999"),
        (report(facility_id=None, email="x@moss.example"), "No contact has the address"),
        (report(on="2099-01-01"), "is in the future"),
    ):
        with pytest.raises(AskFailed, match=why):
            await sequencer.ask(wrong)

    monkeypatch.setenv("PIPELINE_TRACK_OPENS", "true")

    assert (await sequencer.ask(report(kind="open"))).changed


async def test_programs_report_over_http_with_their_key_as_the_source(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN))
    key = new_key()
    await sequencer.ask(AddReporter(name="website", key_hash=hash_of(key), actor="ann"))
    base, one = f"http://127.0.0.1:{sequencer.app.http_port}", {"kind": "visit", "facility_id": CCN, "source_id": "1"}
    async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
        headers = {"Authorization": f"Bearer {key}"}
        new, known, without = (
            await client.post("/engagements", json=one, headers=headers),
            await client.post("/engagements", json=one, headers=headers),
            await client.post("/engagements", json=one),
        )
        wrong = {"kind": "dance", "facility_id": CCN}
        many = await client.post("/engagements", json=[one | {"source_id": "2"}, wrong, {}], headers=headers)

    assert (new.status_code, known.status_code, without.status_code) == (201, 200, 401)
    assert [each["status"] for each in many.json()["results"]] == [201, 422, 422]
    assert "kind" in many.json()["results"][1]["errors"]
    assert [each.source for each in await sequencer.ask(Engagements())] == ["website"] * 2
