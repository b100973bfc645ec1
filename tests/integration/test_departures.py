"""What happens when a person leaves a facility?"""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.events import ContactChanged
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import ContactCells, Contacts, ImportContacts, Tasks, Worklist
from shared.contracts.sequencer_contacts import RecordDeparture, RecordedDeparture
from tests.integration.test_sequencer_commands import CCN, a_task
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, scored

BEN = {"direct_phone": "518-555-0122", "email": "ben@example.org"}


async def left(sequencer: Running, who: str = "administrator", **more: Any) -> RecordedDeparture:
    return await sequencer.ask(RecordDeparture(facility_id=CCN, who=who, actor="ann", **more))


async def know(sequencer: Running, *args: str, **cells: str) -> None:
    await sequencer.ask(ImportContacts(rows=[ContactCells(**contact(CCN, *args, **cells))], actor="ann"))


async def to_call(sequencer: Running) -> list[tuple[str, str | None]]:
    return [(task.persona, task.person) for task in await sequencer.ask(Worklist())]


async def test_the_open_touch_of_a_person_who_left_goes_to_the_other_persona(sequencer: Running) -> None:
    await a_task(sequencer)
    await know(sequencer, "don", "Ben Fern", **BEN)
    before = await to_call(sequencer)

    answer = await left(sequencer)

    assert (before, await to_call(sequencer)) == ([("administrator", "Ada Moss")], [("don", "Ben Fern")])
    assert (answer.name, answer.changed) == ("Ada Moss (Administrator)", True)
    [research] = [task for task in answer.tasks if task.channel == "research"]
    assert research.reason == "Find the Administrator now: Ada Moss left. Main number (518) 555-0100."
    changed = (await sequencer.published(ContactChanged))[-1]
    assert (changed.role, str(changed.changed_on), changed.has_direct_phone) == ("administrator", "2026-07-02", False)


async def test_without_another_person_the_touch_is_skipped_with_the_reason(sequencer: Running) -> None:
    await a_task(sequencer)

    await left(sequencer)

    skipped = [task for task in await sequencer.ask(Tasks()) if task.status == "skipped"]
    assert [task.reason for task in skipped] == ["No direct phone is known of the Administrator or the DON."]
    assert await sequencer.ask(Worklist()) == []
    assert [each.current for each in await sequencer.ask(Contacts(facility_id=CCN))] == [False]


async def test_the_successor_whom_research_finds_ends_the_research(sequencer: Running) -> None:
    await a_task(sequencer)
    await left(sequencer, "Moss, Ada")

    await know(sequencer, name="Zoe Elm", source_date="2026-07-02", direct_phone="518-555-0144")

    research = [task for task in await sequencer.ask(Tasks()) if task.channel == "research"]
    assert [(task.status, task.outcome) for task in research] == [("done", "contact found")]


@pytest.mark.parametrize("who", ["administrator", "ada moss"])
async def test_a_report_is_taken_back_on_the_same_day_with_what_followed(sequencer: Running, who: str) -> None:
    await a_task(sequencer)
    await left(sequencer)

    await left(sequencer, who, undo=True)

    assert await to_call(sequencer) == [("administrator", "Ada Moss")]
    research = [task for task in await sequencer.ask(Tasks()) if task.channel == "research"]
    assert [(task.status, task.reason) for task in research] == [("canceled", "Ada Moss had not left.")]
    assert (await sequencer.published(ContactChanged))[-1].changed_on is None
    assert (await left(sequencer)).changed
    await sequencer.at("2026-07-06T06:00")
    with pytest.raises(AskFailed, match="No one reported today that Ada Moss"):
        await left(sequencer, who, undo=True)


async def test_a_report_with_a_corrected_day_is_taken_back_with_what_followed_from_the_first(
    sequencer: Running,
) -> None:
    await a_task(sequencer)
    await left(sequencer)
    await left(sequencer, "ada moss", on="2026-06-20")

    await left(sequencer, "ada moss", undo=True)

    assert await to_call(sequencer) == [("administrator", "Ada Moss")]
    research = [task for task in await sequencer.ask(Tasks()) if task.channel == "research"]
    assert [task.status for task in research] == ["canceled"]


async def test_the_same_report_twice_changes_nothing(sequencer: Running) -> None:
    await a_task(sequencer)
    await left(sequencer, on="2026-06-20")

    assert not (await left(sequencer, "ada moss", on="2026-06-20")).changed


@pytest.mark.parametrize(
    "given, why",
    [
        ({"on": "2026-05-01"}, "website names Ada Moss .Administrator. on 2026-06-01, which is after 2026-05-01"),
        ({"on": "2026-08-01"}, "2026-08-01 is in the future; report it on the day"),
        ({"who": "don"}, "No don is known at 335001"),
        ({"who": "Eve Oak"}, "No Eve Oak is known at 335001"),
    ],
)
async def test_a_report_about_another_day_or_person_is_refused(
    sequencer: Running, given: dict[str, str], why: str
) -> None:
    await a_task(sequencer)

    with pytest.raises(AskFailed, match=why):
        await left(sequencer, **given)


async def test_the_touches_of_a_chain_leave_a_regional_contact_who_left(sequencer: Running) -> None:
    rex = ContactCells(**contact(None, "regional", "Rex Fern", chain="Moss Care", direct_phone="518-555-0166"))
    await sequencer.ask(ImportContacts(rows=[rex], actor="ann"))
    await know(sequencer, **CALLABLE)
    await sequencer.receive(*(listed(each, chain="MOSS CARE") for each in (CCN, "335002")))
    await sequencer.receive(scored(CCN, 1, "50.0"), scored("335002", 1))
    await sequencer.at("2026-07-02T06:00")
    assert await to_call(sequencer) == [("regional", "Rex Fern")]

    answer = await left(sequencer, "regional")

    assert await to_call(sequencer) == [("administrator", "Ada Moss")]
    assert [task.persona for task in answer.tasks if task.channel == "research"] == ["regional"]
