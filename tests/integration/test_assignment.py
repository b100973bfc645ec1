"""How does an account get its owner, and what if no rule finds one, in the running service?"""

from __future__ import annotations

from datetime import date

import pytest

from shared.contracts.events import AccountMoved, EnrollmentStarted, RepChanged, TaskChanged
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import Account, ContactCells, Counts, ImportContacts, Worklist
from shared.contracts.sequencer_accounts import AssignAccount, Unassigned
from shared.contracts.sequencer_reps import AddRep, ChangeRep, RecordLeave, Team
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, scored

THURSDAY, MONDAY = "2026-07-02T06:00", "2026-07-06T06:00"
FIRST, SECOND = "335001", "335002"


async def known(sequencer: Running, *facility_ids: str, chain: str | None = None) -> None:
    rows = [ContactCells(**contact(each, **CALLABLE)) for each in facility_ids]
    await sequencer.ask(ImportContacts(rows=rows, actor="ann"))
    await sequencer.receive(*(kind for each in facility_ids for kind in (listed(each, chain=chain), scored(each, 1))))


async def test_an_owner_is_stored_and_published_with_the_reason(sequencer: Running) -> None:
    await known(sequencer, FIRST)

    await sequencer.at(THURSDAY)

    reason = "In everywhere, the rep with the fewest accounts of Tier 1."
    account = await sequencer.ask(Account(facility_id=FIRST))
    assert (account.owner, account.owner_reason) == ("rep-1", reason)
    assert [(each.owner, each.reason) for each in await sequencer.published(AccountMoved)] == [("rep-1", reason)]


async def test_an_account_without_a_rep_waits_until_a_person_assigns_it(sequencer: Running) -> None:
    for rep in ("rep-1", "rep-2"):
        await sequencer.ask(RecordLeave(rep=rep, to_on=date(2026, 7, 31), actor="ann"))
    await known(sequencer, FIRST)
    await sequencer.at(THURSDAY)

    [waiting] = await sequencer.ask(Unassigned())
    counts = await sequencer.ask(Counts())
    await sequencer.ask(AddRep(rep="cleo", name="Cleo Fern", actor="ann"))
    given = await sequencer.ask(AssignAccount(facility_id=FIRST, rep="cleo", why="knows Ada", actor="ann"))
    await sequencer.at(MONDAY)

    assert (waiting.facility_id, waiting.reason) == (FIRST, "Every rep of everywhere is away for more than 14 days.")
    assert counts.unassigned == 1
    assert (given.rep, given.accounts) == ("cleo", [FIRST])
    assert await sequencer.ask(Unassigned()) == []
    [moved] = await sequencer.published(AccountMoved)
    assert (moved.owner, moved.reason) == ("cleo", "Given by ann: knows Ada.")
    assert [(each.facility_id, each.rep) for each in await sequencer.ask(Worklist())] == [(FIRST, "cleo")]


async def test_what_is_worked_moves_with_its_account_and_a_chain_stays_together(sequencer: Running) -> None:
    await known(sequencer, FIRST, SECOND, chain="MOSS")
    await sequencer.at(THURSDAY)

    given = await sequencer.ask(AssignAccount(facility_id=SECOND, rep="rep-2", actor="ann"))
    again = await sequencer.ask(AssignAccount(facility_id=SECOND, rep="rep-2", actor="ann"))

    assert (given.accounts, given.enrollments, given.tasks) == ([FIRST, SECOND], 1, 1)
    assert again.accounts == []
    assert [each.owner for each in await sequencer.published(EnrollmentStarted)] == ["rep-1", "rep-2"]
    assert [each.rep for each in await sequencer.published(TaskChanged)] == ["rep-2"]
    assert [each.rep for each in await sequencer.ask(Worklist())] == ["rep-2"]


@pytest.mark.parametrize(
    "facility_id, rep, problem",
    [("335999", "rep-1", "There is no account 335999"), (FIRST, "dora", "There is no rep 'dora'")],
)
async def test_a_mistake_is_refused_in_a_sentence(sequencer: Running, facility_id: str, rep: str, problem: str) -> None:
    await known(sequencer, FIRST)

    with pytest.raises(AskFailed, match=problem):
        await sequencer.ask(AssignAccount(facility_id=facility_id, rep=rep, actor="ann"))


async def test_a_rep_has_territories_of_the_pack(sequencer: Running) -> None:
    await sequencer.ask(ChangeRep(rep="rep-1", territories=("everywhere",), actor="ann"))
    with pytest.raises(AskFailed, match="The pack has no territory 'West'; there are everywhere"):
        await sequencer.ask(ChangeRep(rep="rep-2", territories=("West",), actor="ann"))

    found = {each.rep: each.territories for each in await sequencer.ask(Team())}
    assert found == {"rep-1": ("everywhere",), "rep-2": ()}
    assert [each.territories for each in await sequencer.published(RepChanged)][-1] == ("everywhere",)
    cleared = await sequencer.ask(ChangeRep(rep="rep-1", territories=(), actor="ann"))
    assert cleared.territories == ()
