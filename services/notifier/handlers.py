"""Which drafts follow from due, changed and completed tasks, and from suppressions?"""

from __future__ import annotations

from collections.abc import Sequence

from engines.drafting.templates import EMAIL
from engines.suppression.statements import suppression_of
from services.notifier import store
from services.notifier.store import suppressions
from services.notifier.usecases.announcing import email_drafted
from services.notifier.usecases.drafting import write_drafts
from services.notifier.usecases.wording import ask_for_words
from shared.contracts.events import SuppressionChanged, TaskChanged, TaskDone, TaskDue, TaskMoved, TaskReopened
from shared.service import Locks, Router
from shared.storage.database import Tx

router = Router()


def _shared_lock(events: list[TaskDue]) -> Locks:
    """A draft and a suppression must not be written at the same time, because neither would see the other."""
    return Locks(suppressions.KIND, shared=["all"])


def _exclusive_lock(events: list[SuppressionChanged]) -> Locks:
    return Locks(suppressions.KIND, ["all"])


@router.events(TaskDue, locks=_shared_lock)
async def draft_tasks(events: list[TaskDue], tx: Tx) -> None:
    """Write a draft for each task that needs a text.

    A draft has a text, or the reason why there is none. Nothing is sent.
    """
    await _write(events, tx)


@router.events(TaskChanged, locks=_shared_lock)
async def redraft_tasks(events: list[TaskChanged], tx: Tx) -> None:
    """Rewrite the drafts of tasks that address another person now."""
    await _write(events, tx)


@router.events(TaskReopened, locks=_shared_lock)
async def reopen_drafts(events: list[TaskReopened], tx: Tx) -> None:
    """Write the drafts of tasks again that were ended by mistake."""
    await _write(events, tx)


@router.events(SuppressionChanged, locks=_exclusive_lock)
async def apply_suppressions(events: list[SuppressionChanged], tx: Tx) -> None:
    """Withdraw existing and later drafts to suppressed people, facilities and chains."""
    await suppressions.save(tx, [suppression_of(event.model_dump()) for event in events])


async def _write(events: Sequence[TaskDue], tx: Tx) -> None:
    causes = {event.task_id: event for event in sorted(events, key=lambda event: event.version)}
    written = await write_drafts(events, tx)
    await ask_for_words(written, tx)
    for draft in written:
        if draft.channel == EMAIL and draft.reason is None:
            tx.emit(email_drafted(draft), cause=causes[draft.task_id])


@router.events(TaskMoved)
async def put_drafts_aside(events: list[TaskMoved], tx: Tx) -> None:
    """Close the drafts of tasks that wait; they are written again when the tasks are due."""
    await store.record_ends(tx, [store.End(event.task_id, event.version, "moved") for event in events])


@router.events(TaskDone)
async def close_drafts(events: list[TaskDone], tx: Tx) -> None:
    """Close the drafts of tasks that were done or skipped, including drafts that are not written yet."""
    await store.record_ends(tx, [_end(event) for event in events])


def _end(event: TaskDone) -> store.End:
    outcome, done_on = (event.outcome, event.done_on) if event.status == "done" else (None, None)
    return store.End(event.task_id, event.version, event.status, outcome, done_on)
