"""Which waiting accounts are called out, and how does a person see them? (R94 to R97)"""

from __future__ import annotations

from datetime import date

import pytest

from shared.contracts.events import SlaBreached
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import ContactCells, ImportContacts, StopContact, Worklist
from shared.contracts.sequencer_accounts import WorkedAccounts
from shared.contracts.sequencer_sla import SlaClocks
from shared.contracts.sequencer_touches import CompleteTask, MoveTask, UndoTask
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, matched, scored

CCN, OTHER = "335001", "335002"


async def a_touched_and_a_blocked_account(sequencer: Running) -> None:
    """One account with a person to call, whose first touch is due on Thursday, and one without."""
    await sequencer.ask(ImportContacts(rows=[ContactCells(**contact(CCN, **CALLABLE))], actor="ann"))
    await sequencer.receive(*(event(key) for key in (CCN, OTHER) for event in (listed, matched)))
    await sequencer.receive(scored(CCN, 1), scored(OTHER, 1))
    await sequencer.at("2026-07-02T06:00")


async def test_a_breach_is_published_once_for_each_clock(sequencer: Running) -> None:
    await a_touched_and_a_blocked_account(sequencer)

    for day in range(3, 9):
        await sequencer.at(f"2026-07-0{day}T06:00")

    breaches = {each.facility_id: each for each in await sequencer.published(SlaBreached)}
    assert len(await sequencer.published(SlaBreached)) == len(breaches) == 2
    other = breaches[OTHER]
    assert (other.tier, other.label, str(other.started_on), str(other.breached_on)) == (
        1, "URGENT - SLA BREACH", "2026-07-01", "2026-07-03",
    )  # fmt: skip
    assert other.owner
    assert other.action.startswith("Find the direct phone")
    assert breaches[CCN].action == "Do the touch of 2026-07-02 now."


async def test_a_touch_starts_the_clock_anew(sequencer: Running) -> None:
    await a_touched_and_a_blocked_account(sequencer)
    await sequencer.at("2026-07-03T06:00")
    [task] = [each for each in await sequencer.ask(Worklist()) if each.facility_id == CCN]
    assert task.sla == "URGENT - SLA BREACH"

    await sequencer.ask(CompleteTask(task_id=task.short_id, outcome="no_answer", actor="ann"))

    report = await sequencer.ask(SlaClocks())
    states = {row.facility_id: (row.status, row.hours, row.days_since_touch) for row in report.rows}
    assert states == {CCN: ("on_track", 0, 0), OTHER: ("breached", 54, None)}
    await sequencer.ask(UndoTask(task_id=task.short_id, actor="ann"))
    again = {row.facility_id: row.status for row in (await sequencer.ask(SlaClocks())).rows}
    assert again == {CCN: "breached", OTHER: "breached"}


async def test_the_worklist_and_the_clocks_agree_on_the_day_of_a_planned_touch(sequencer: Running) -> None:
    await a_touched_and_a_blocked_account(sequencer)
    await sequencer.at("2026-07-03T06:00")
    [task] = [each for each in await sequencer.ask(Worklist()) if each.facility_id == CCN]
    await sequencer.ask(MoveTask(task_id=task.short_id, until=date(2026, 7, 7), actor="ann"))

    await sequencer.at("2026-07-07T06:00")
    planned = {each.facility_id: each.sla for each in await sequencer.ask(Worklist())}
    clocks = {row.facility_id: row.label for row in (await sequencer.ask(SlaClocks())).rows}
    await sequencer.at("2026-07-08T06:00")
    overdue = {each.facility_id: each.sla for each in await sequencer.ask(Worklist())}

    assert (planned[CCN], clocks[CCN]) == (None, "ON TRACK")
    assert planned[OTHER] == clocks[OTHER] == overdue[CCN] == "URGENT - SLA BREACH"


async def test_the_report_sums_up_owners_and_tiers(sequencer: Running) -> None:
    await a_touched_and_a_blocked_account(sequencer)
    await sequencer.receive(listed("335003"), scored("335003", 3))
    await sequencer.at("2026-07-03T06:00")

    report = await sequencer.ask(SlaClocks())

    assert (report.breached_by_tier, report.monitored, report.monitor) == ({1: 2, 2: 0}, 1, "MONITOR")
    assert sum(each.breached for each in report.owners) == 2
    [owner] = [each.owner for each in report.owners if each.owner][:1]
    assert {row.owner for row in (await sequencer.ask(SlaClocks(rep=owner))).rows} == {owner}
    with pytest.raises(AskFailed, match="There is no rep 'rep-9'"):
        await sequencer.ask(SlaClocks(rep="rep-9"))


async def test_lists_get_every_account_with_its_owner_and_clock_in_pages(sequencer: Running) -> None:
    await a_touched_and_a_blocked_account(sequencer)
    await sequencer.receive(listed("335003"), scored("335003", 3))
    await sequencer.at("2026-07-03T06:00")

    first = await sequencer.ask(WorkedAccounts(limit=2))
    second = await sequencer.ask(WorkedAccounts(after=first[-1].facility_id, limit=2))

    clocks = {
        row.facility_id: (row.owner, row.status, row.label, row.action)
        for row in (await sequencer.ask(SlaClocks())).rows
    }
    found = {row.facility_id: (row.owner, row.sla_status, row.sla_label, row.sla_action) for row in first + second}
    assert found == {**clocks, "335003": (None, None, "MONITOR", None)}
    assert await sequencer.ask(WorkedAccounts(after="335003")) == []
    await sequencer.ask(StopContact(facility=CCN, reason="they asked", actor="ann"))
    assert [row.facility_id for row in await sequencer.ask(WorkedAccounts()) if row.closed] == [CCN]
