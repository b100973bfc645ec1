"""Do files of contacts and touches have everyone, and of suppressed people nothing but that?"""

from __future__ import annotations

from typing import Any

from shared.contracts.sequencer_contacts import ExportContacts, ExportedContact
from shared.contracts.sequencer_touches import ExportTouches, LogTouch
from tests.integration.test_do_not_contact import CCN, DON, OTHER, add_contacts, allow, stop
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, scored

DAN = contact(OTHER, "administrator", name="Dan Oak", email="dan@oak.example")


async def exported(sequencer: Running) -> dict[str | None, ExportedContact]:
    """The contacts by what names them."""
    found = await sequencer.ask(ExportContacts())
    assert [each.contact_id for each in found] == sorted({each.contact_id for each in found})
    return {each.name: each for each in found}


EVERY = ["call", "email", "linkedin"]


async def test_of_a_suppressed_person_nothing_but_the_suppression_leaves(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN, chain="MOSS CARE"), listed(OTHER))
    await add_contacts(sequencer, contact(CCN, **CALLABLE), DAN)
    assert (await exported(sequencer)).keys() == {"Ada Moss", "Dan Oak"}

    targets: list[tuple[dict[str, str], list[str]]] = [
        ({"facility_id": CCN, "role": "administrator"}, ["email"]),
        ({"email": "Ada@example.org"}, ["email"]),
        ({"facility": CCN}, EVERY),
        ({"chain": "moss  care"}, EVERY),
    ]
    for target, channels in targets:
        await stop(sequencer, *([] if channels == EVERY else channels), **target)

        found = await exported(sequencer)
        assert found.keys() == {None, "Dan Oak"}, target
        assert (found["Dan Oak"].email, found["Dan Oak"].suppressed) == ("dan@oak.example", [])
        left = found[None].model_dump(exclude_none=True, exclude={"contact_id"})
        assert left == {"facility_id": CCN, "role": "administrator", "suppressed": channels}

        await allow(sequencer, **target)
        assert (await exported(sequencer)).keys() == {"Ada Moss", "Dan Oak"}


async def test_a_person_whom_another_source_names_otherwise_is_suppressed_there_as_well(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN))
    other: dict[str, Any] = contact(CCN, "don", name="MOSS, ADA, RN", source="another", **CALLABLE)
    await add_contacts(sequencer, contact(CCN, **CALLABLE), other, DON | contact(CCN, "don") | DON)
    await stop(sequencer, facility_id=CCN, role="administrator")

    assert (await exported(sequencer)).keys() == {None, "Ben Fern"}
    assert len(await sequencer.ask(ExportContacts())) == 3


async def test_pages_of_contacts_are_complete(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN), listed(OTHER))
    await add_contacts(sequencer, contact(CCN, **CALLABLE), DAN)

    [first] = await sequencer.ask(ExportContacts(limit=1))
    [second] = await sequencer.ask(ExportContacts(limit=1, after=first.contact_id))
    assert {first.name, second.name} == {"Ada Moss", "Dan Oak"}
    assert await sequencer.ask(ExportContacts(after=second.contact_id)) == []


async def test_touches_are_listed_without_notes_and_without_those_that_were_taken_back(sequencer: Running) -> None:
    await sequencer.receive(listed(CCN), scored(CCN, 1))
    await add_contacts(sequencer, contact(CCN, **CALLABLE))
    touch = LogTouch(facility_id=CCN, outcome="no_answer", note="Ada Moss was out", actor="rep-1")
    recorded = await sequencer.ask(touch)

    [found] = await sequencer.ask(ExportTouches())
    assert (found.facility_id, found.reached, found.rep, found.channel) == (CCN, [CCN], "rep-1", "call")
    assert found.outcome == "no_answer"
    assert "Ada" not in found.model_dump_json()

    await sequencer.ask("undo_task", {"task_id": str(recorded.task_id), "actor": "rep-1"})
    assert await sequencer.ask(ExportTouches()) == []
