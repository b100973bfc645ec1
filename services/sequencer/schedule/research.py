"""What is asked of a rep when the gate holds a run back?"""

from __future__ import annotations

from datetime import date

from services.sequencer.domain.calendar import business_days_after
from services.sequencer.domain.pack import Step
from services.sequencer.domain.reach import research_request, research_role
from services.sequencer.domain.runs import Run
from services.sequencer.domain.touches import RESEARCH, Touch
from services.sequencer.schedule.briefing import Briefing, announce_touches, brief, touch
from services.sequencer.settings import Playbook
from services.sequencer.store import accounts, tasks
from shared.storage.database import Tx

STEP = Step(n=RESEARCH, day=1, channel="research", persona="administrator")


async def ask_for_research(tx: Tx, book: Playbook, blocked: list[Run]) -> None:
    """Put step 0 on the worklist: find somebody to call, with the main number to ask at (R47).

    A run that stays blocked asks again some days after it was tried in vain, and at once at another facility.
    """
    tried = await tasks.of_step(tx, [run.enrollment_id for run in blocked], RESEARCH)
    asking = [run for run in blocked if _may_ask(run, tried.get(run.enrollment_id), book, tx.today)]
    briefings = await brief(tx, book, asking)
    touches = [
        touch(each, STEP, tx.today, each.people.get(research_role(each.people)), request(each)) for each in briefings
    ]
    announce_touches(tx, briefings, await tasks.ask_again(tx, touches))
    await accounts.expect_follow_up(tx, {each.facility_id: each.due_on for each in touches})


def _may_ask(run: Run, tried: Touch | None, book: Playbook, today: date) -> bool:
    if tried is None or tried.facility_id != run.facility_id:
        return True
    return tried.done_on is not None and today >= again_on(run, tried.done_on, book)


def again_on(run: Run, done_on: date, book: Playbook) -> date:
    """When research that was tried on a day is due again."""
    return business_days_after(done_on, book.rule(run.tier).ask_again_after, book.closed)


def request(briefing: Briefing) -> str:
    asked = research_request(briefing.run.chain, briefing.people, briefing.main_phone)
    return f"{asked}. {briefing.why}"
