"""Which runs end today, and what becomes of their touches?"""

from __future__ import annotations

from dataclasses import replace

from services.sequencer import announce
from services.sequencer.domain.due import is_complete
from services.sequencer.domain.runs import Run, still_prospects, why_stop
from services.sequencer.settings import Playbook
from services.sequencer.store import accounts, enrollments, tasks
from shared.storage.database import Tx

BY = "sequencer"
"""Who ends a touch that nobody did."""


async def stop_runs(tx: Tx, book: Playbook, of: str | None = None) -> None:
    """End the runs of clients, of delisted facilities and of those that belong elsewhere now (R45).

    Between two ticks only those that cover the facility `of`: the others' tiers may be on their way (2b).
    """
    runs = [run for run in await enrollments.open_runs(tx) if of is None or of in (run.facility_id, *run.covers)]
    standings = await accounts.standings(tx, [facility_id for run in runs for facility_id in run.covers])
    stopped: list[Run] = []
    narrowed: list[Run] = []
    for run in runs:
        members = still_prospects([standings[facility_id] for facility_id in run.covers])
        if reason := _withdrawn(run, book) or why_stop(run, standings[run.facility_id], members):
            stopped.append(replace(run, status="stopped", ended_on=tx.today, reason=reason))
        elif len(members) < len(run.covers):
            narrowed.append(replace(run, covers=[member.facility_id for member in members]))
    await enrollments.save(tx, stopped + narrowed)
    outcomes = {run.enrollment_id: run.reason or "" for run in stopped}
    tx.emit(*map(announce.done, await tasks.settle(tx, outcomes, "skipped", BY, tx.today)))
    tx.emit(*map(announce.ended, stopped))
    await accounts.expect_follow_up(tx, {run.facility_id: None for run in stopped})


def _withdrawn(run: Run, book: Playbook) -> str | None:
    """A pack may change while runs are under way; what it no longer names cannot go on."""
    if run.sequence not in book.sequences:
        return f"Sequence {run.sequence} is no longer in the pack."
    if run.status == "blocked" and run.tier not in book.tiers:
        return f"Tier {run.tier} is no longer worked."
    return None


async def complete_runs(tx: Tx, book: Playbook) -> None:
    """End the runs whose last touch is behind them."""
    active = [run for run in await enrollments.open_runs(tx) if run.status == "active"]
    past = await tasks.past(tx, [run.enrollment_id for run in active])
    completed = [
        replace(run, status="completed", ended_on=tx.today, reason="Every touch was done or skipped.")
        for run in active
        if is_complete(book.sequences[run.sequence], past[run.enrollment_id])
    ]
    await enrollments.save(tx, completed)
    tx.emit(*map(announce.ended, completed))
    await accounts.expect_follow_up(tx, {run.facility_id: None for run in completed})
