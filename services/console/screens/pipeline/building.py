"""How do leads become a board or a table?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median

from services.console import settings
from services.console.domain.sessions import Session
from services.console.rendering.filters import day, money, plural
from services.console.rendering.shapes import CHANNELS, Choice, slice_of
from services.console.screens.pipeline.filters import filters, owners, sorts
from services.console.screens.pipeline.known import Known
from services.console.screens.pipeline.leads import (
    BOARD,
    DECIDED,
    PAGE,
    SHOWN,
    SINCE_DAYS,
    TABLE,
    Asked,
    days_in,
    decided,
    is_over,
    limit_of,
    name_of,
    of_board,
    of_page,
    stages,
)
from services.console.screens.pipeline.moving import may_move, moves
from services.console.screens.pipeline.queries import Enrolled, Lead, Touch
from services.console.screens.pipeline.strips import strips
from services.console.screens.pipeline.view import Card, Column, Pipeline, Question, TableRow
from services.console.settings import StageWords
from services.console.usecases.scores import score_of


def pipeline(asked: Asked, session: Session, known: Known, question: Question | None = None, csv: str = "") -> Pipeline:
    """The page. Counts, board and table are of the same leads."""
    board, found = asked.view == BOARD, known.ordered
    return Pipeline(
        sentence=_sentence(found, known.today),
        views=(
            Choice("Board", asked.href(view=BOARD, stage=""), board),
            Choice("Table", asked.href(view=TABLE, stage=""), not board),
        ),
        owners=owners(asked, session, known),
        filters=filters(asked, known),
        columns=_columns(asked, session, known) if board and found else (),
        strips=strips(session, known) if board and asked.source == "signal" else (),
        rows=() if board else tuple(_row(asked, session, known, each) for each in of_page(asked, found)),
        sorts=sorts(asked, known.account),
        slice=None if board else slice_of(asked.page, PAGE, len(found), lambda page: asked.href(page=page)),
        csv="" if board else csv,
        question=question,
        empty=_empty(asked),
    )


def _sentence(leads: Sequence[Lead], today: date) -> str:
    over, opened = sum(is_over(each, today) for each in leads), sum(each.phase not in DECIDED for each in leads)
    return f"{plural(opened, 'open lead')}, {over or 'none'} over a limit"


def _empty(asked: Asked) -> str:
    if asked.owner or asked.tier or asked.over or asked.again or asked.stage:
        return "No lead is left by these filters."
    return "A signal, or the start of a sequence, raises a lead with the plan of the day."


# --- the board -----------------------------------------------------------------------------------------------


def _columns(asked: Asked, session: Session, known: Known) -> tuple[Column, ...]:
    columns = of_board(asked, known.ordered)
    narrow = asked.stage if asked.stage in columns else next((name for name, those in columns.items() if those), "")
    return tuple(_column(asked, session, known, each, columns[each.stage], narrow) for each in stages(asked))


def _column(
    asked: Asked, session: Session, known: Known, stage: StageWords, leads: Sequence[Lead], narrow: str
) -> Column:
    table = asked.href(view=TABLE, stage=stage.stage) if len(leads) > SHOWN else ""
    return Column(
        stage.stage,
        stage.label,
        len(leads),
        _facts(stage, leads, known.today),
        tuple(_card(asked, session, known, each) for each in leads[:SHOWN]),
        asked.href(stage=stage.stage),
        table,
        current=stage.stage == narrow,
    )


def _facts(stage: StageWords, leads: Sequence[Lead], today: date) -> tuple[str, ...]:
    if stage.phase in DECIDED:
        days = [_from_signal(each) for each in leads]
        since = f"here now, since {day(today - timedelta(days=SINCE_DAYS))}"
        return (f"median {plural(round(median(days)), 'day')} from signal", since) if days else (since,)
    limit = f"limit {stage.limit_days}" if stage.limit_days else "no limit"
    stays = [days_in(each, today) for each in leads]
    middle = f"median {plural(round(median(stays)), 'day')}, {limit}" if stays else limit
    over = sum(is_over(each, today) for each in leads)
    return (middle, f"{over} over the limit") if over else (middle,)


def _card(asked: Asked, session: Session, known: Known, lead: Lead) -> Card:
    touch, today, limit = known.touches.get(lead.facility_id), known.today, limit_of(lead)
    opened = lead.phase not in DECIDED
    late = bool(opened and touch and not touch.waits and touch.due_on < today)
    return Card(
        lead=lead.facility_id,
        version=lead.version,
        account=name_of(lead),
        href=f"/facilities/{lead.facility_id}",
        owner=known.reps.get(lead.owner or "", lead.owner or "no owner"),
        score=score_of(lead.score, lead.tier, known.scores.get(lead.facility_id, {})),
        line=next_text(touch, known.enrollments.get(lead.facility_id), today) if opened else decided(lead),
        late=late,
        stay=_stay(lead, today),
        share=min(100.0, 100 * days_in(lead, today) / limit) if opened and limit else None,
        over=is_over(lead, today),
        moves=moves(asked, lead, today) if may_move(lead, touch, session) else (),
        current=asked.move == lead.facility_id,
    )


def next_text(touch: Touch | None, enrolled: Enrolled | None, today: date) -> str:
    """The next touch, or else what the sequence waits for."""
    if touch is None:
        return _without_touch(enrolled)
    channel = CHANNELS[touch.channel][1] if touch.channel in CHANNELS else touch.channel.capitalize()
    return f"{channel}, {_when(touch, today)}"


def _without_touch(enrolled: Enrolled | None) -> str:
    if enrolled is None:
        return "No touch planned"
    if enrolled.status == "blocked":
        return "Blocked: a contact is missing" if enrolled.missing else "Blocked"
    if enrolled.status == "paused":
        return f"Paused till {day(enrolled.resume_on, 'week')}" if enrolled.resume_on else "Paused"
    return "Its sequence goes on"


def _when(touch: Touch, today: date) -> str:
    if touch.waits:
        return f"till {day(touch.due_on, 'week')}"
    if touch.due_on < today:
        return f"{plural((today - touch.due_on).days, 'day')} late"
    return "today" if touch.due_on == today else day(touch.due_on, "week")


def _from_signal(lead: Lead) -> int:
    return max(((lead.closed_on or lead.since) - lead.raised_on).days, 0)


def _stay(lead: Lead, today: date) -> str:
    if lead.phase == "won":
        return f"{plural(_from_signal(lead), 'day')} from signal"
    if lead.phase == "lost":
        return lead.reason or "no reason"
    days, limit = days_in(lead, today), limit_of(lead)
    if limit is None:
        return plural(days, "day")
    return f"{plural(days, 'day')}, limit {limit}" if days > limit else f"{days} of {limit} days"


# --- the table -----------------------------------------------------------------------------------------------


def _row(asked: Asked, session: Session, known: Known, lead: Lead) -> TableRow:
    place = ", ".join(filter(None, (lead.city, lead.state)))
    return TableRow(
        _card(asked, session, known, lead),
        " · ".join(filter(None, (place, lead.facility_id))),
        settings.stage_labels().get(lead.stage, lead.stage),
        days_in(lead, known.today),
        money(float(lead.amount), lead.currency or "USD") if lead.amount is not None else "",
    )
