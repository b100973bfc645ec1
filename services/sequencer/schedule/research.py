"""What is asked of a rep when the gate holds a run back?"""

from __future__ import annotations

from services.sequencer.domain.pack import Step
from services.sequencer.domain.reach import research_request
from services.sequencer.domain.runs import Run
from services.sequencer.domain.touches import RESEARCH
from services.sequencer.schedule.briefing import Briefing, brief, put_on_worklist, touch
from services.sequencer.settings import Playbook
from shared.database import Tx

STEP = Step(n=RESEARCH, day=1, channel="research", persona="administrator")


async def ask_for_research(tx: Tx, book: Playbook, blocked: list[Run]) -> None:
    """Put step 0 on the worklist: find somebody to call, with the main number to ask at (R47)."""
    briefings = await brief(tx, book, blocked)
    await put_on_worklist(
        tx,
        briefings,
        [touch(each, STEP, tx.today, each.people.get(STEP.persona), _request(each)) for each in briefings],
    )


def _request(briefing: Briefing) -> str:
    asked = research_request(briefing.run.chain, briefing.people, briefing.main_phone)
    return f"{asked}. {briefing.why}"
