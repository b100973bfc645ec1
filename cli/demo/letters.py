"""How do invented reps send their letters, and what do recipients answer?"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from cli.client.connection import persistently
from cli.demo.behavior import Behavior
from cli.demo.invented.answers import answer, answered
from cli.demo.mail import MailServer
from shared.contracts.notifier import Draft, DraftDetails
from shared.contracts.notifier_sending import SendDrafts, Shown
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer_replies import WorklistTask

if TYPE_CHECKING:
    from shared.messaging.broker import Broker


async def send_off(broker: Broker, tasks: Sequence[WorklistTask]) -> set[UUID]:
    """Reps read the drafts of these tasks, and send them off; returns the tasks whose letters leave or wait."""
    found = await asyncio.gather(*(_draft(broker, task.task_id) for task in tasks))
    drafts = [draft for draft in found if draft]
    reps = {task.task_id: task.rep for task in tasks}
    leaving = {draft.draft_id for draft in drafts if draft.status in ("approved", "sending")}
    for rep in sorted(set(reps.values())):
        read = [draft for draft in drafts if draft.status == "draft" and reps[draft.task_id] == rep]
        leaving |= await _sent_off(broker, rep, read)
    return {draft.task_id for draft in drafts if draft.draft_id in leaving}


async def _draft(broker: Broker, task_id: UUID) -> Draft | None:
    try:
        return await persistently(broker, DraftDetails(task_id=task_id))
    except AskFailed as failed:
        if failed.code != 404:
            raise
        return None


async def _sent_off(broker: Broker, rep: str, drafts: Sequence[Draft]) -> set[UUID]:
    """The drafts that one rep may send, as they were shown."""
    shown = [Shown(draft_id=draft.draft_id, revision=draft.revision) for draft in drafts]
    try:
        answers = await persistently(broker, SendDrafts(drafts=shown, actor=rep)) if shown else []
    except AskFailed as failed:
        if failed.code != 409:
            raise
        return set()
    return {each.draft_id for each in answers if not each.refused}


async def answer_letters(server: MailServer, rates: Behavior, seed: int, now: datetime) -> Counter[str]:
    """Recipients read the letters that have left and answer some of them; returns how many did what."""
    letters = await server.unread_letters()
    answers = [(kind, letter) for letter in letters if (kind := answered(rates, seed, letter))]
    if answers:
        await server.deliver([answer(rates, kind, letter, now) for kind, letter in answers])
    return Counter(sent=len(letters)) + Counter(kind for kind, _ in answers)
