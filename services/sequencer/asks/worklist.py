"""What is there to do today, and how is it told that it was done?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.sequencer import store
from services.sequencer.asks.requests import Strict
from services.sequencer.domain import reach
from services.sequencer.domain.due import follow_up_on
from services.sequencer.domain.identity import activity_id
from services.sequencer.domain.outcomes import no_contact
from services.sequencer.domain.plan.research import again_on
from services.sequencer.domain.tasks import Task, TaskStatus
from services.sequencer.settings import greeted, playbook, roles, usual_name
from services.sequencer.store import accounts, board, days, enrollments, tasks
from services.sequencer.usecases.announcing import task_done, touch_logged
from shared.contracts.limits import FacilityId, LongText, Name, ShortText
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


class WorklistRequest(Strict):
    rep: ShortText | None = None
    on: date | None = None


@router.ask("worklist")
async def worklist(request: WorklistRequest, tx: Tx) -> list[dict[str, Any]]:
    """The touches of a day, best first, with the reason for each one's place (R39); refused for an unknown rep."""
    if request.rep is not None and request.rep not in (known := await known_reps(tx)):
        raise Refused(f"There is no rep {request.rep!r}; there are {', '.join(known)}.", code=404)
    return [_named(task) for task in await tasks.worklist(tx, request.rep, request.on or tx.today)]


async def known_reps(tx: Tx) -> list[str]:
    """Whoever may have touches."""
    return await days.reps(tx, playbook().reps)


def _named(task: dict[str, Any]) -> dict[str, Any]:
    """With names as people write them beside those given."""
    person = greeted(task["person"]) if task["person"] else None
    return task | {
        "facility_display_name": usual_name(task["facility"]),
        "chain_display_name": usual_name(task["chain"]),
        "person_display_name": person.full if person else None,
    }


class Printed(Strict):
    """What a worklist showed of a touch that a person names by its rank there."""

    on: date
    facility_id: FacilityId


class EndTask(Strict):
    """Which touch (its id or the beginning of it), what came of it, and who says so.

    With `printed`, only the touch as it was shown, and only on that day.
    """

    task_id: Annotated[ShortText, Field(min_length=4)]
    outcome: LongText | None = None
    by: Name
    printed: Printed | None = None


class Ended(BaseModel):
    """A touch that is behind us."""

    model_config = ConfigDict(from_attributes=True)

    task_id: UUID
    enrollment_id: UUID
    facility_id: str
    step_no: int
    status: TaskStatus
    outcome: str | None
    done_by: str
    done_on: date
    channel: str
    persona: str
    rep: str
    news: bool = True
    """False where it had been ended before, and nothing was recorded."""
    facility: str | None = None
    city: str | None = None
    person: str | None = None
    sounds_like_no: list[str] = []
    """The channels by which they are not to be contacted, if what came of it is meant as the pack's reasons are."""
    opens_gate: str | None = None
    """What a run still waits for after research on it ended; None where nothing is missing."""


@router.ask("done")
async def done(request: EndTask, tx: Tx) -> Ended:
    return await _end(request, "done", tx)


@router.ask("skip")
async def skip(request: EndTask, tx: Tx) -> Ended:
    return await _end(request, "skipped", tx)


async def _end(request: EndTask, status: TaskStatus, tx: Tx) -> Ended:
    """End a touch once: asking again is answered as before, asking for the opposite is refused."""
    await store.lock(tx)
    touch = await _find(request.task_id, tx)
    _refuse_another(touch, request.printed, tx.today)
    news = touch.status == "due"
    if news:
        touch = replace(touch, status=status, outcome=request.outcome, done_by=request.by, done_on=tx.today)
        await _record(touch, tx)
    elif touch.status != status:
        raise Refused(
            f"Task {str(touch.task_id)[:8]} was {touch.status} by {touch.done_by} on {touch.done_on}"
            f"{f' ({touch.outcome})' if touch.outcome else ''}; nothing was changed.",
            code=409,
        )
    return await _ended(touch, news, tx)


def _refuse_another(touch: Task, printed: Printed | None, today: date) -> None:
    """A rank is that of one day's worklist, and research may since have gone to another facility of its chain."""
    if printed and printed.on != today:
        raise Refused(f"That worklist is of {printed.on}; today is {today}. Print today's: `pipeline worklist`.", 409)
    if printed and printed.facility_id != touch.facility_id:
        raise Refused(
            f"Task {str(touch.task_id)[:8]} is about {touch.facility_id} now, no longer about {printed.facility_id};"
            f" nothing was"
            " recorded. Print the worklist again: `pipeline worklist`.",
            409,
        )


async def _ended(touch: Task, news: bool, tx: Tx) -> Ended:
    about = (await accounts.load(tx, [touch.facility_id])).get(touch.facility_id)
    person = touch.person["name"] if touch.person else None
    called = greeted(person) if person else None
    return Ended.model_validate({name: getattr(touch, name) for name in _OF_TOUCH}).model_copy(
        update={
            "news": news,
            "facility": usual_name(about.name) if about else None,
            "city": about.city if about else None,
            "person": called.full if called else person,
            "sounds_like_no": no_contact(touch.outcome, playbook().outcomes.no_contact),
            "opens_gate": await _opens_gate(touch, tx),
        }
    )


_OF_TOUCH = Ended.model_fields.keys() & Task.__dataclass_fields__.keys() - {"person"}


async def _opens_gate(touch: Task, tx: Tx) -> str | None:
    """Ending research opens nothing by itself: what was found has to be imported (R47)."""
    if touch.channel != "research":
        return None
    now = await board.load_open(tx, roles(), lambda each: each.enrollment_id == touch.enrollment_id)
    blocked = now.blocked
    if not blocked or not reach.missing(now.people(blocked[0]), bool(blocked[0].chain)):
        return None
    return reach.opens_gate(roles(), bool(blocked[0].chain))


async def _find(prefix: str, tx: Tx) -> Task:
    if not re.fullmatch(r"[0-9a-fA-F-]{4,36}", prefix):
        raise Refused(f"{prefix!r} is no task id. Give the id from the worklist, or its first characters.", code=422)
    found = await tasks.starting_with(tx, prefix)
    if not found:
        raise Refused(f"There is no task {prefix}. The worklist shows the ids of those that are due.", code=404)
    if len(found) > 1:
        raise Refused(f"More than one task begins with {prefix}. Give more of its id.", code=409)
    return found[0]


async def _record(touch: Task, tx: Tx) -> None:
    """Write the touch down, log it on the account, and tell the others (R49)."""
    await tasks.save(tx, [touch])
    follow_up = await _follow_up(touch, tx)
    logged = activity_id(touch.task_id, touch.facility_id, tx.today)
    await tasks.log(tx, logged, touch, follow_up, tx.now)
    contacted = touch.status == "done" and touch.channel != "research"
    await accounts.record_follow_up(tx, touch.facility_id, tx.today if contacted else None, follow_up)
    tx.emit(task_done(touch), touch_logged(touch, logged, tx.today, follow_up))


async def _follow_up(touch: Task, tx: Tx) -> date | None:
    run = await enrollments.get(tx, touch.enrollment_id)
    book = playbook()
    if run.status == "blocked" and run.tier in book.tiers:
        return again_on(run, tx.today, book)
    if run.started_on is None or run.sequence not in book.sequences:
        return None
    past = await tasks.of_enrollments(tx, [run.enrollment_id])
    return follow_up_on(book.sequences[run.sequence], run.started_on, past, tx.today, book.closed)
