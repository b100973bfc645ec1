"""The worklist: a rep works off the day, a manager looks at the team's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console.domain.addresses import a_day, whole_number
from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.screens.pages import Page
from services.console.screens.worklist import queries
from services.console.screens.worklist.building import ME, TEAM, opened_task, shown_without_sequencer, worklist
from services.console.screens.worklist.known import CHANGES, MOST, Asked, Known
from services.console.store.scores import scores
from services.console.usecases.addresses import reading_address
from services.console.usecases.asking import asked as ask
from services.console.usecases.asking import found
from services.console.usecases.framing import MISSING, frame
from services.console.usecases.seeing import begin
from shared.contracts.notifier import Draft, DraftDetails
from shared.contracts.sequencer import Day
from shared.contracts.sequencer_replies import DayOfWork, WorklistTask
from shared.storage.database import Tx

ABOUT = "task,touch,score,email,lead,rep"
BEFORE = 5
"""The touches before this one that are listed."""


async def show(request: Request, session: Session) -> Response:
    """The day in the sequencer's order, and the touch that is open."""
    async with begin(request, session) as tx:
        asked = _asked(request, session, tx.today)
    rep = None if asked.who == TEAM else asked.who
    work, missing = await ask(request, Day(rep=rep, on=asked.on)), list[str]()
    if work is None:
        missing.append(MISSING.format(what="The order", verb="is", service="the sequencer"))
        async with begin(request, session) as tx:
            work = shown_without_sequencer(await queries.due(tx, rep, asked.on), asked.on, session)
    opened = opened_task(asked, work)
    draft = await _draft(request, session, opened)
    async with begin(request, session) as tx:
        known = await _known(tx, asked, rep, work, opened, draft)
        around = await frame(
            request, session, tx, "Worklist", "worklist", missing=missing, about=ABOUT, saves="/worklist"
        )
    view = worklist(asked, session, work, known)
    page = render("worklist/page.html", frame=around, tabs=tabs(around.groups), view=view)
    return HTMLResponse(page)


def _asked(request: Request, session: Session, today: date) -> Asked:
    """What the address asks for; refuses a day or a tier that is none."""
    query = request.query_params
    who = query.get("who", ME)
    tier, on = query.get("tier", ""), query.get("on", "")
    with reading_address():
        return Asked(
            who=(session.rep or TEAM) if who == ME else who,
            on=a_day(on) if on else today,
            channel=query.get("channel", ""),
            tier=whole_number(tier) if tier else None,
            task=request.path_params.get("task", ""),
            ask=query.get("ask", "") if query.get("ask") in CHANGES else "",
            several=tuple(query.getlist("id")[:MOST]),
        )


async def _draft(request: Request, session: Session, task: WorklistTask | None) -> Draft | None:
    """The text of the touch, which names people."""
    if task is None or task.channel == "research" or not session.can_see("people"):
        return None
    return await found(request, DraftDetails(task_id=task.task_id))


async def _known(
    tx: Tx, asked: Asked, rep: str | None, work: DayOfWork, opened: WorklistTask | None, draft: Draft | None
) -> Known:
    facilities = {each.facility_id for each in work.tasks}
    before, total = await queries.before(tx, opened.facility_id, BEFORE) if opened else ([], 0)
    return Known(
        scores=await scores(tx, facilities),
        ended=await queries.ended(tx, rep, asked.on),
        team=await queries.team(tx, asked.on),
        person=await queries.person(tx, str(opened.task_id)) if opened else {},
        before=before,
        before_total=total,
        draft=draft,
        now=tx.now,
        ahead=work.business_days,
    )


PAGES: Sequence[Page] = (
    Page("/worklist", SCREENS["worklist"], show),
    Page("/worklist/{task}", SCREENS["worklist"], show),
)
