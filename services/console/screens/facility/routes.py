"""The page of an account: what is known of it, and why it has this score."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.console import settings
from services.console.domain.addresses import a_day
from services.console.domain.filtering import Filter
from services.console.domain.permissions import SCREENS
from services.console.domain.sessions import Session
from services.console.rendering.environment import render
from services.console.rendering.frame import tabs
from services.console.rendering.shapes import Choice
from services.console.screens.facility import queries
from services.console.screens.facility.building import facility
from services.console.screens.facility.known import Asked, Known, Neighbors
from services.console.screens.facility.queries import Entry, Row, State
from services.console.screens.facility.story import SHOWN, Wording
from services.console.screens.facility.view import Why as Shown
from services.console.screens.facility.why import DAYS, Standing, entries_of_scores, of_event, of_reply, why
from services.console.screens.pages import Page
from services.console.store import team
from services.console.store.accounts import place as position
from services.console.store.scores import cuts as cuts_of
from services.console.usecases.addresses import reading_address
from services.console.usecases.asking import asked as ask
from services.console.usecases.asking import found
from services.console.usecases.describing.words import names_of
from services.console.usecases.framing import MISSING, frame, words_of_pack, zone_of
from services.console.usecases.reading import visible
from services.console.usecases.seeing import begin
from shared.contracts.courier_crm import CrmAccount, CrmOfAccount
from shared.contracts.matcher import Facility, FacilityDetails
from shared.contracts.refusals import AskFailed, Refused
from shared.contracts.scorer import Why
from shared.contracts.scorer_replies import ScoreReasons
from shared.contracts.sequencer import Contacts
from shared.contracts.sequencer_leads import LeadStory, ShowLead
from shared.contracts.sequencer_replies import ContactRow
from shared.storage.database import Tx

FORMS = ("call", "note", "move", "contact")
ABOUT = "account,contact,email,enrollment,facility,lead,note,score,signal,sla,task,touch"
EVENTS = 60
"""The events of a page of the timeline."""
POSTINGS = 20


@dataclass(frozen=True, slots=True)
class Replies:
    """What the owners of things say about the account."""

    why: ScoreReasons | None
    contacts: list[ContactRow] | None
    details: Facility | None
    lead: LeadStory | None
    crm: CrmAccount | None
    missing: list[str]
    """What could not be asked, a sentence each."""


async def show(request: Request, session: Session) -> Response:
    asked = _asked(request)
    replies = await _replies(request, session, asked)
    async with begin(request, session) as tx:
        row = await queries.row(tx, asked.facility_id)
        if row is None:
            raise Refused(f"No {words_of_pack().account} has the number {asked.facility_id}.", 404)
        known = await _known(tx, session, asked, row, replies)
        view = facility(asked, session, known)
        around = await frame(
            request, session, tx, view.name, "facilities", missing=replies.missing, about=ABOUT, facility=view.id
        )
    return HTMLResponse(render("facility/page.html", frame=around, tabs=tabs(around.groups), view=view))


def _asked(request: Request) -> Asked:
    """What the address asks for; refuses a day or an event that is none."""
    query = request.query_params
    shown, opened = query.get("shown", ""), query.get("do", "")
    with reading_address():
        return Asked(
            facility_id=request.path_params["facility"],
            on=a_day(query["on"]) if query.get("on") else None,
            shown=shown if shown in SHOWN else "",
            before=UUID(query["before"]) if query.get("before") else None,
            all_facts=query.get("facts") == "all",
            opened=opened if opened in FORMS else "",
            origin=query.get("from", ""),
        )


async def _replies(request: Request, session: Session, asked: Asked) -> Replies:
    people, missing = session.can_see("people"), list[str]()
    reasons, details, contacts, lead, crm = await asyncio.gather(
        _why(request, asked, missing),
        found(request, FacilityDetails(facility_id=asked.facility_id)),
        _contacts(request, asked) if people else _nothing(),
        found(request, ShowLead(facility_id=asked.facility_id)) if people else _nothing(),
        found(request, CrmOfAccount(facility_id=asked.facility_id)),
    )
    if people and contacts is None:
        missing.append("People and notes are not shown: the sequencer does not answer.")
    return Replies(reasons, contacts, details, lead, crm, missing)


async def _nothing() -> None:
    return None


async def _contacts(request: Request, asked: Asked) -> list[ContactRow] | None:
    """None if the sequencer does not answer; none at all if it knows no such account."""
    try:
        return await ask(request, Contacts(facility_id=asked.facility_id))
    except AskFailed as failed:
        if failed.code != 404:
            raise
        return []


async def _why(request: Request, asked: Asked, missing: list[str]) -> ScoreReasons | None:
    try:
        reasons = await ask(request, Why(facility_id=asked.facility_id, on=asked.on))
    except AskFailed as failed:
        if asked.on:
            missing.append(f"There is no score of that day: {failed}")
        return None
    if reasons is None:
        missing.append(MISSING.format(what="The score", verb="is", service="the scorer"))
    return reasons


async def _known(tx: Tx, session: Session, asked: Asked, row: Row, replies: Replies) -> Known:
    found = await queries.states(tx, row.facility_id, row.chain)
    states = [replace(each, data=visible(each.kind, each.data, session.can_see)) for each in found]
    entries = await queries.timeline(
        tx, row.facility_id, subjects=SHOWN[asked.shown][1], before=asked.before, limit=EVENTS + 1
    )
    entries = [replace(each, data=visible(each.subject, each.data, session.can_see)) for each in entries]
    on = min(asked.on or tx.today, tx.today)
    history = await queries.history(tx, row.facility_id, on - timedelta(days=DAYS))
    cuts, reps = await cuts_of(tx) if replies.why is None else {}, await team.reps(tx)
    return Known(
        row=row,
        states=states,
        entries=entries[:EVENTS],
        history=history,
        facts=await queries.facts(tx, row.facility_id),
        postings=await queries.postings(tx, row.facility_id, POSTINGS),
        wording=_telling(session, states, entries, replies.lead, tx.today, reps.names),
        now=tx.now,
        why=_shown(replies.why, row, states if asked.on is None else (), history, cuts, on),
        people=replies.contacts,
        team=reps.present,
        crm=replies.crm,
        names=_names(replies.details),
        neighbors=await _neighbors(tx, asked),
        rests_until=replies.lead.rests_until if replies.lead else None,
        older=asked.href(before=str(entries[EVENTS - 1].event_id)) + "#timeline" if len(entries) > EVENTS else "",
    )


async def _neighbors(tx: Tx, asked: Asked) -> Neighbors | None:
    """The list that the address names, and what is beside the account in it; None for any other address."""
    address = urlsplit(asked.origin)
    if address.path != "/facilities" or address.netloc:
        return None
    try:
        listed = Filter.of(dict(parse_qsl(address.query)))
    except ValueError:
        return None
    place = await position(tx, listed, asked.facility_id)
    origin = Choice(words_of_pack().accounts.capitalize(), listed.href())
    if place is None:
        return Neighbors(origin)
    previous, following = (listed.opening(each) if each else "" for each in (place.previous, place.following))
    return Neighbors(origin, f"{place.number:,} of {place.total:,}", previous, following)


def _shown(
    reply: ScoreReasons | None,
    row: Row,
    states: Sequence[State],
    history: Sequence[Entry],
    cuts: dict[int, float],
    on: date,
) -> Shown | None:
    """The arithmetic of the score: as the scorer states it, or as its last event did, which is no past score."""
    event = next((each.data for each in states if each.kind == "score"), None)
    if reply is None and event is None:
        return None
    known = of_reply(reply) if reply else of_event(event or {}, cuts)
    scores = [each for each in entries_of_scores(history) if each[0] <= on]
    return why(known, Standing(row.rank, row.of, on, scores))


def _telling(
    session: Session,
    states: Sequence[State],
    entries: Sequence[Entry],
    lead: LeadStory | None,
    today: date,
    reps: Mapping[str, str],
) -> Wording:
    zone = zone_of(session)
    return Wording(
        names=names_of(reps),
        zone=zone,
        today=today,
        notes=_notes(entries, lead),
        undone=_undone(session, states, today),
    )


def _notes(entries: Sequence[Entry], lead: LeadStory | None) -> dict[str, str]:
    """The texts of notes by id: those of one day and person are in the order in which they were made."""
    texts: dict[tuple[date, str | None], list[str]] = {}
    for each in lead.story if lead else ():
        if each.kind == "note":
            texts.setdefault((each.on, each.by), []).append(each.text)
    notes = sorted((each for each in entries if each.subject == "note.added"), key=lambda each: each.event_id)
    found = dict[str, str]()
    for note in notes:
        waiting = texts.get((date.fromisoformat(note.data["noted_on"]), note.data["noted_by"]), [])
        if waiting:
            found[note.data["note_id"]] = waiting.pop(0)
    return found


def _undone(session: Session, states: Sequence[State], today: date) -> Callable[[Entry], tuple[str, int] | None]:
    """Whether a touch of today can be taken back by the person."""
    ends = {each.id: each for each in states if each.kind == "task_end"}

    def target(entry: Entry) -> tuple[str, int] | None:
        end = ends.get(entry.data.get("task_id") or "")
        if entry.subject != "touch.logged" or end is None or end.day != today or end.status not in ("done", "skipped"):
            return None
        return (end.id, end.version) if session.can("touches", own=end.rep == session.rep) else None

    return target


def _names(details: Facility | None) -> tuple[str, ...]:
    """The other names that were not withdrawn, each once."""
    if details is None:
        return ()
    names = (settings.usual_name(each.name) for each in details.names if each.withdrawn_by is None)
    own = settings.usual_name(details.name or "")
    return tuple(each for each in dict.fromkeys(names) if each != own)


PAGES: Sequence[Page] = (Page("/facilities/{facility}", SCREENS["facilities"], show),)
