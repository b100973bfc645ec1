"""The pipeline: every lead at its stage, as a board, a table or a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console import settings
from services.console.domain.addresses import page_in, whole_number
from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.rendering.sheets import streamed
from services.console.screens.pages import Page
from services.console.screens.pipeline import queries
from services.console.screens.pipeline.building import next_text, pipeline
from services.console.screens.pipeline.known import Known
from services.console.screens.pipeline.leads import (
    BOARD,
    SHOWN,
    SINCE_DAYS,
    SORTS,
    TABLE,
    Asked,
    days_in,
    limit_of,
    name_of,
    of_board,
    of_page,
    ordered,
    selected,
)
from services.console.screens.pipeline.moving import may_move, question
from services.console.screens.pipeline.queries import Lead
from services.console.screens.pipeline.view import Question
from services.console.store import team
from services.console.store.scores import scores
from services.console.usecases.addresses import reading_address
from services.console.usecases.asking import found
from services.console.usecases.auditing import record
from services.console.usecases.framing import frame, words_of_pack
from services.console.usecases.reading import typed
from services.console.usecases.seeing import begin, refuse_undone
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_leads import ShowLead
from shared.storage.database import Tx

ABOUT = "account,lead,score,task"
HEADINGS = (
    "number", "name", "city", "state", "tier", "score", "stage", "since", "days", "limit", "owner", "next", "next on",
    "amount", "currency", "closed on", "reason",
)  # fmt: skip


async def show(request: Request, session: Session) -> Response:
    asked = asked_of(request, session)
    async with begin(request, session) as tx:
        known = await _known(tx, session, asked)
    asks = await _question(request, session, asked, known)
    async with begin(request, session) as tx:
        view = pipeline(asked, session, known, asks, _csv(session, asked))
        around = await frame(request, session, tx, "Pipeline", "pipeline", about=ABOUT, saves="/pipeline")
    return HTMLResponse(render("pipeline/page.html", frame=around, tabs=tabs(around.groups), view=view))


async def export(request: Request, session: Session) -> Response:
    """All rows of the table, which the audit log records."""
    asked = asked_of(request, session, TABLE)
    refuse_undone(session, "exports", own=_own(session, asked))
    async with begin(request, session) as tx:
        known = await _known(tx, session, asked, every=True)
        await record(tx, session, "export_pipeline", asked.href()[:300], {"rows": len(known.ordered)})
    return streamed("pipeline.csv", HEADINGS, (_cells(each, known) for each in known.ordered))


def asked_of(request: Request, session: Session, view: str = "") -> Asked:
    """What the address asks for; refuses what is none."""
    query = request.query_params
    owner, tier = query.get("owner", ""), query.get("tier", "")
    with reading_address():
        asked = Asked(
            view=view or query.get("view", BOARD),
            source=query.get("source", "signal"),
            owner=(session.rep or "") if owner == "me" else owner,
            tier=whole_number(tier) if tier else None,
            stage=query.get("stage", ""),
            over=query.get("over") == "1",
            again=query.get("again") == "1",
            sort=query.get("sort", "score"),
            up=query.get("up") == "1",
            page=page_in(query),
            move=query.get("move", ""),
            to=query.get("to", ""),
        )
    if asked.view not in (BOARD, TABLE) or asked.source not in ("signal", "upsell") or asked.sort not in SORTS:
        raise Refused("This address is not complete: there is no such view.", 400)
    return asked


async def _known(tx: Tx, session: Session, asked: Asked, *, every: bool = False) -> Known:
    found, people = await queries.leads(tx, tx.today - timedelta(days=SINCE_DAYS)), session.can_see("people")
    leads = [replace(each, reason=typed(each.reason, people=people)) for each in found]
    names, kept = await team.names(tx), selected(asked, leads, tx.today)
    sorted_by_touch = asked.view == TABLE and asked.sort == "next"
    due = await queries.touches(tx, {each.facility_id for each in kept}) if sorted_by_touch or every else {}
    rows = ordered(asked, kept, due, names, tx.today) if asked.view == TABLE else kept
    shown = rows if every else _shown(asked, rows, leads)
    ids = {each.facility_id for each in shown}
    return Known(
        leads=leads,
        ordered=rows,
        touches=due or await queries.touches(tx, ids),
        enrollments=await queries.enrollments(tx, ids),
        scores={} if every or asked.view == BOARD else await scores(tx, ids),
        reps=names,
        today=tx.today,
        account=words_of_pack().account,
    )


def _shown(asked: Asked, rows: Sequence[Lead], leads: Sequence[Lead]) -> list[Lead]:
    """The rows that the page shows, and those that something is asked about."""
    asks = [each for each in leads if each.asked_on or each.facility_id == asked.move or each.phase == "new"][:SHOWN]
    if asked.view == TABLE:
        return [*of_page(asked, rows), *asks]
    return [*(each for column in of_board(asked, rows).values() for each in column[:SHOWN]), *asks]


async def _question(request: Request, session: Session, asked: Asked, known: Known) -> Question | None:
    """What the move of the address asks, for who may make it."""
    lead = next((e for e in known.leads if e.facility_id == asked.move and e.source == asked.source), None)
    if lead is None or not may_move(lead, known.touches.get(lead.facility_id), session):
        return None
    stage = next((each for each in settings.stages().of(lead.source) if each.stage == asked.to), None)
    story = await found(request, ShowLead(facility_id=lead.facility_id)) if stage and stage.needs else None
    return question(asked, lead, story.form if story else None, known.account)


def _own(session: Session, asked: Asked) -> bool:
    """Whether the rows are only those of the person."""
    return session.rep is not None and asked.owner == session.rep


def _csv(session: Session, asked: Asked) -> str:
    """The same rows as a file, for those who may have them."""
    if not session.can("exports", own=_own(session, asked)):
        return ""
    return asked.href("/pipeline.csv", view=BOARD)


def _next(lead: Lead, known: Known) -> str:
    key = lead.facility_id
    return next_text(known.touches.get(key), known.enrollments.get(key), known.today)


def _cells(lead: Lead, known: Known) -> tuple[object, ...]:
    touch = known.touches.get(lead.facility_id)
    return (
        lead.facility_id, name_of(lead), lead.city, lead.state, lead.tier, lead.score,
        settings.stage_labels().get(lead.stage, lead.stage), lead.since, days_in(lead, known.today), limit_of(lead),
        known.reps.get(lead.owner or "", lead.owner), _next(lead, known),
        touch.due_on if touch else None, lead.amount, lead.currency, lead.closed_on, lead.reason,
    )  # fmt: skip


PAGES: Sequence[Page] = (
    Page("/pipeline", SCREENS["pipeline"], show),
    Page("/pipeline.csv", SCREENS["pipeline"], export),
)
