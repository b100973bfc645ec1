"""What becomes of a blocked run whose chain has another best member now?"""

from __future__ import annotations

from collections.abc import Mapping

from services.sequencer import announce
from services.sequencer.domain.runs import Run
from services.sequencer.schedule.ending import BY
from services.sequencer.store import accounts, enrollments, tasks
from shared.storage.database import Tx


async def hand_over(tx: Tx, runs: Mapping[str, Run]) -> None:
    """Let runs be carried by another facility; given by the CCN of the one that did so far.

    Research at the former one ends here. Where the gate stays shut, it is asked for anew at the present one.
    """
    await enrollments.save(tx, runs.values())
    reasons = {
        run.enrollment_id: f"{run.facility_id} is the best-scored facility of {run.chain} now." for run in runs.values()
    }
    tx.emit(*map(announce.done, await tasks.settle(tx, reasons, "skipped", BY, tx.today)))
    tx.emit(*(announce.blocked(run) for run in runs.values() if run.missing))
    await accounts.expect_follow_up(tx, dict.fromkeys(runs))
