"""Which touches fall due today?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.sequencer.domain.due import Offer, offers
from services.sequencer.domain.reach import unreachable
from services.sequencer.domain.touches import Touch
from services.sequencer.schedule.briefing import Briefing, announce_touches, brief, touch
from services.sequencer.schedule.ending import BY
from services.sequencer.settings import Playbook
from services.sequencer.store import accounts, enrollments, tasks
from shared.storage.database import Tx


async def offer_touches(tx: Tx, book: Playbook) -> None:
    """Materialise the next step of every active run whose day has come, once (R36)."""
    active = [run for run in await enrollments.open_runs(tx) if run.status == "active"]
    past = await tasks.past(tx, [run.enrollment_id for run in active])
    briefings = await brief(tx, book, active)
    touches = [
        _touch(each, offer, tx.today)
        for each in briefings
        for offer in offers(
            book.sequences[each.run.sequence],
            each.run.started_on or tx.today,
            past[each.run.enrollment_id],
            each.people,
            tx.today,
            book.closed,
            chain=bool(each.run.chain),
        )
    ]
    announce_touches(tx, briefings, await tasks.add(tx, touches))
    await accounts.expect_follow_up(tx, {each.facility_id: each.due_on for each in touches if each.status == "due"})


def _touch(briefing: Briefing, offer: Offer, today: date) -> Touch:
    if offer.person:
        return touch(briefing, offer.step, offer.due_on, offer.person, briefing.why)
    why_not = unreachable(briefing.people, offer.step.persona, offer.step.channel, chain=bool(briefing.run.chain))
    skipped = touch(briefing, offer.step, offer.due_on, None, why_not)
    return replace(skipped, status="skipped", outcome=why_not, done_by=BY, done_on=today)
