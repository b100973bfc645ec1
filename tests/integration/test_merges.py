"""What happens when two names are of the same person?"""

from __future__ import annotations

import pytest

from services.sequencer.settings import playbook
from services.sequencer.store.letters import rests
from shared.contracts.events import ContactChanged, TaskChanged
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import AllowContact, ContactCells, ImportContacts, StopContact, WhyContact, Worklist
from shared.contracts.sequencer_contacts import DuplicateRow, Duplicates, MergeContacts, MergedContacts
from tests.integration.test_sequencer_commands import CCN, a_task
from tests.support.running import Running
from tests.support.sequencing import contact


async def twice_named(sequencer: Running) -> DuplicateRow:
    """Ada Moss, who is to be called, is named anew with an initial."""
    await a_task(sequencer)
    row = contact(CCN, name="A. Moss", source_date="2026-07-01", direct_phone="518-555-0122")
    await sequencer.ask(ImportContacts(rows=[ContactCells(**row)], actor="ann"))
    [pair] = await sequencer.ask(Duplicates(facility_id=CCN))
    return pair


async def merge(sequencer: Running, pair: DuplicateRow, undo: bool = False) -> MergedContacts:
    """Keep the full name."""
    keep, drop = str(pair.drop.contact_id)[:8], str(pair.keep.contact_id)
    return await sequencer.ask(MergeContacts(keep=keep, drop=drop, undo=undo, actor="ann"))


async def stop(sequencer: Running) -> None:
    """Do not call the person under the full name."""
    given = StopContact(facility_id=CCN, role="administrator", name="Ada Moss", reason="asked", actor="ann")
    await sequencer.ask(given.model_copy(update={"channels": ["call"]}))


async def whom(sequencer: Running) -> list[tuple[str | None, str | None]]:
    return [(task.person, task.person_phone) for task in await sequencer.ask(Worklist())]


async def test_two_names_of_one_person_are_no_turnover_once_merged(sequencer: Running) -> None:
    pair = await twice_named(sequencer)
    assert (pair.keep.name, pair.drop.name, pair.common) == ("A. Moss", "Ada Moss", "role")
    assert await whom(sequencer) == [("A. Moss", "(518) 555-0122")]

    await merge(sequencer, pair)

    assert await whom(sequencer) == [("Ada Moss", "(518) 555-0122")]
    assert [str(each.changed_on) for each in await sequencer.published(ContactChanged)] == [
        "None",
        "2026-07-01",
        "None",
    ]
    assert await sequencer.ask(Duplicates()) == []
    assert not (await merge(sequencer, pair)).changed


async def test_a_suppression_of_one_name_applies_to_the_merged_person_until_it_is_taken_back(
    sequencer: Running,
) -> None:
    pair = await twice_named(sequencer)
    await stop(sequencer)
    assert await whom(sequencer) == [("A. Moss", "(518) 555-0122")]

    answer = await merge(sequencer, pair)

    assert [task.status for task in answer.tasks] == ["skipped"]
    why = await sequencer.ask(WhyContact(facility_id=CCN, role="administrator", name="A. Moss"))
    assert [each.label for each in why.in_force] == ["Ada Moss (Administrator, 335001)"]
    await merge(sequencer, pair, undo=True)
    apart = await sequencer.ask(WhyContact(facility_id=CCN, role="administrator", name="A. Moss"))
    assert apart.in_force == []
    assert await whom(sequencer) == [("A. Moss", "(518) 555-0122")]


async def test_allowing_one_name_does_not_lift_the_suppression_of_the_other(sequencer: Running) -> None:
    pair = await twice_named(sequencer)
    await stop(sequencer)
    await merge(sequencer, pair)

    allowed = AllowContact(facility_id=CCN, role="administrator", name="A. Moss", reason="called us", actor="ann")
    answer = await sequencer.ask(allowed)

    assert (answer.changed, [each.target for each in answer.still]) == ([], ["facility:335001/ada moss"])


async def test_the_marks_of_a_task_contain_both_names(sequencer: Running) -> None:
    pair = await twice_named(sequencer)

    await merge(sequencer, pair)

    marks = set((await sequencer.published(TaskChanged))[-1].marks)
    assert {"name:facility:335001/ada moss", "name:facility:335001/moss"} <= marks


async def test_the_letters_to_a_merged_person_count_together_at_all_addresses(sequencer: Running) -> None:
    pair = await twice_named(sequencer)
    row = contact(CCN, name="A. Moss", source_date="2026-07-02", email="moss@example.org")
    await sequencer.ask(ImportContacts(rows=[ContactCells(**row)], actor="ann"))

    async def address_of_limits() -> str:
        async with sequencer.app.database.begin_internal() as tx:
            return (await rests(tx, playbook())).key("Moss@example.org")

    before = await address_of_limits()
    await merge(sequencer, pair)

    assert (before, await address_of_limits()) == ("moss@example.org", "ada@example.org")


async def test_people_who_were_not_merged_are_not_taken_apart(sequencer: Running) -> None:
    pair = await twice_named(sequencer)

    with pytest.raises(AskFailed, match=r"Ada Moss and A\. Moss were not merged; nothing was changed"):
        await merge(sequencer, pair, undo=True)
    with pytest.raises(AskFailed, match="No one has the id 0000"):
        await sequencer.ask(MergeContacts(keep="0000", drop=str(pair.drop.contact_id), actor="ann"))
