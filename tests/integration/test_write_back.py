"""Does what people change in a CRM count as if a rep had done it here? (R62)"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.envelope import seal
from shared.contracts.events import (
    AccountMoved,
    CrmChanged,
    CrmField,
    CrmRefused,
    LeadLost,
    LeadMoved,
    TaskDone,
    TouchLogged,
)
from shared.contracts.sequencer import Account, Worklist
from shared.contracts.sequencer_leads import ShowLead
from shared.contracts.sequencer_reps import ChangeRep
from tests.integration.test_sequencer_commands import CCN, a_task
from tests.support.running import Running

NOW = datetime(2026, 7, 2, 10, tzinfo=UTC)
"""The time of the plan that makes a task due."""


def changed(changed_at: datetime | None = None, **fields: str | None) -> CrmChanged:
    return CrmChanged(
        facility_id=CCN,
        system="hubspot",
        their_id="1001",
        fields=tuple(CrmField(field=name, value=value, changed_at=changed_at) for name, value in fields.items()),
    )


def text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def stages(sequencer: Running) -> list[tuple[str, str]]:
    return [(each.stage, each.moved_by) for each in await sequencer.published(LeadMoved)]


async def refusals(sequencer: Running) -> dict[str, str]:
    return {each.field: each.why for event in await sequencer.published(CrmRefused) for each in event.fields}


async def test_a_touch_that_was_logged_there_completes_the_task_of_that_day_and_moves_the_lead(
    sequencer: Running,
) -> None:
    task = await a_task(sequencer)
    at = NOW - timedelta(minutes=20)

    await sequencer.receive(changed(outcome="interested", contacted_at=text(at)))

    [done] = [each for each in await sequencer.published(TaskDone) if each.task_id == task.task_id]
    assert (done.outcome, done.done_by) == ("interested", "HubSpot")
    [touch] = await sequencer.published(TouchLogged)
    assert (touch.touched_at, touch.outcome, touch.rep) == (at, "interested", "HubSpot")
    assert await stages(sequencer) == [("contacted", "sequencer")]
    assert (await sequencer.ask(Account(facility_id=CCN))).next_follow_up_on, "interest is followed up"
    assert await refusals(sequencer) == {}

    await sequencer.receive(changed(outcome="interested", contacted_at=text(at)))
    assert len(await sequencer.published(TouchLogged)) == 1, "it is the same touch"
    assert await refusals(sequencer) == dict.fromkeys(("outcome", "contacted_at"), "This touch is logged already.")


async def test_a_touch_without_a_task_is_logged_and_an_earlier_one_is_not_shown_as_the_last(
    sequencer: Running,
) -> None:
    await a_task(sequencer)
    await sequencer.receive(changed(NOW, outcome="Left a voicemail"))
    assert await sequencer.ask(Worklist()) == [], "the call of the day is done"

    await sequencer.receive(changed(contacted_at=text(NOW - timedelta(days=1))))

    first, second = await sequencer.published(TouchLogged)
    assert (first.touched_at, first.outcome) == (NOW, "left_voicemail")
    assert (str(second.touched_on), second.outcome) == ("2026-07-01", "reached")
    assert set(await refusals(sequencer)) == {"contacted_at"}


async def test_the_stage_and_the_owner_are_those_of_the_crm_and_a_stage_that_ends_a_lead_is_its_outcome(
    sequencer: Running,
) -> None:
    await a_task(sequencer)
    await sequencer.ask(ChangeRep(rep="rep-2", email="Bo@seller.example", actor="ann"))

    await sequencer.receive(changed(owner="bo@seller.example", status="Contacted"))
    await sequencer.receive(changed(status="lost"))

    assert [each.owner for each in await sequencer.published(AccountMoved)][-1] == "rep-2"
    assert await stages(sequencer) == [("contacted", "HubSpot"), ("lost", "HubSpot")]
    [lost] = await sequencer.published(LeadLost)
    assert (lost.decided_by, lost.reason) == ("HubSpot", "Set in HubSpot.")

    await sequencer.receive(changed(status="qualified"))
    assert (await refusals(sequencer))["status"].startswith(f"The lead of {CCN} is lost; re-open it first")
    story = (await sequencer.ask(ShowLead(facility_id=CCN))).story
    assert [each.by for each in story if each.kind == "refused"] == ["HubSpot"]


WRONG: dict[str, list[tuple[str | None, str]]] = {
    "status": [
        ("nowhere", "There is no stage 'nowhere'"),
        (None, "always in a stage"),
        ("x" * 10_000, "longer than 300"),
    ],
    "outcome": [
        ("nothing", "There is no outcome 'nothing'"),
        ("callback", "needs the day of the call"),
        (None, "is not removed in a CRM"),
    ],
    "contacted_at": [
        ("soon", "is not a time"),
        ("2026-07-03T10:00:00Z", "is in the future"),
        ("1999-07-03T10:00:00Z", "days ago"),
    ],
    "owner": [("no@seller.example", "No rep of the team"), (None, "keeps its owner")],
    "phone": [("5185550100", "is not taken over")],
}


async def test_a_value_that_cannot_count_changes_nothing_and_is_stated_with_why(sequencer: Running) -> None:
    await sequencer.receive(changed(status="contacted", outcome="reached"))
    assert set(await refusals(sequencer)) == {"status", "outcome"}, "there is no such account"
    await a_task(sequencer)

    for name, values in WRONG.items():
        for value, why in values:
            fields: dict[str, Any] = {name: value}
            await sequencer.receive(changed(**fields))
            [refused] = (await sequencer.published(CrmRefused))[-1].fields
            assert (refused.field, refused.value) == (name, value)
            assert why in refused.why

    assert await stages(sequencer) == []
    assert await sequencer.published(TouchLogged) == []


async def test_a_change_that_a_later_one_has_overtaken_does_not_count(sequencer: Running) -> None:
    await a_task(sequencer)
    earlier = seal(changed(status="new"), "courier", sequencer.app.clock.now())

    await sequencer.receive(changed(status="contacted"))
    await sequencer.publish("courier", [earlier])
    await sequencer.idle()

    assert await stages(sequencer) == [("contacted", "HubSpot")]
    assert await refusals(sequencer) == {"status": "A later change was followed already."}
