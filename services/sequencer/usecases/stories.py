"""What happened to the leads of an account, in order?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from engines.packs import calendar
from services.sequencer.domain.engagement import Engagement
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.stages import DECIDED, Stages
from services.sequencer.settings import playbook, touches
from services.sequencer.store import crm, engagements, enrollments, leads, notes, outcomes, tasks
from shared.clock import local_date
from shared.contracts.events import CRMS
from shared.contracts.sequencer_leads import LeadRow, StoryEntry
from shared.storage.database import Tx

Timed = tuple[datetime, StoryEntry]
"""An entry with the time by which it is in order."""

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
"""Of a day, for what has a day only: it began before all else, or it ended after."""


ORDER = ("raised", "enrollment", "touch", "note", "engagement", "outcome", "moved", "refused", "amount", "closed")
"""Of what happened at the same time: a cause before its effect."""


async def story_of(tx: Tx, rows: list[LeadRow]) -> list[StoryEntry]:
    """All that happened to the leads of an account, oldest first."""
    facility_id, stages, found = rows[0].facility_id, playbook().stages, list[Timed]()
    for row in rows:
        found += _lead(row)
        found += [_move(each, stages) for each in await leads.moves_of(tx, row.lead_id)]
        found += [_amount(each) for each in await leads.amounts_of(tx, row.lead_id)]
    for enrollment in await enrollments.of_account(tx, facility_id):
        found += _enrollment(enrollment)
    found += [_touch(each, facility_id) for each in await tasks.touches_of(tx, facility_id)]
    found += [_note(each) for each in await notes.of_account(tx, facility_id)]
    found += [_engagement(each) for each in await engagements.of_account(tx, facility_id)]
    found += [_refused(each) for each in await crm.refused(tx, facility_id)]
    for outcome in await outcomes.of_account(tx, facility_id):
        found += _outcome(outcome)
    return [entry for _, entry in sorted(found, key=lambda each: (each[1].on, each[0], ORDER.index(each[1].kind)))]


def _lead(row: LeadRow) -> Iterator[Timed]:
    roles = f" for {', '.join(row.role_families)}" if row.role_families else ""
    name = "Upsell lead" if row.lead_source == "upsell" else "Lead"
    yield FIRST, _entry(row.raised_on, "raised", f"{name} raised{roles}")
    if row.closed_on and row.phase not in DECIDED:
        yield LAST, _entry(row.closed_on, "closed", f"{name} closed: {row.closed_reason}")
    if row.reopen_asked_on:
        yield LAST, _entry(row.reopen_asked_on, "raised", "A later signal asks to re-open the lead")


def _move(move: dict[str, Any], stages: Stages) -> Timed:
    def label(name: str) -> str:
        stage = stages.named(move["lead_source"], name)
        return stage.label if stage else name

    why = f": {move['reason']}" if move["reason"] else ""
    days = "1 day" if move["days"] == 1 else f"{move['days']} days"
    text = f"{label(move['from_stage'])} to {label(move['to_stage'])} after {days}{why}"
    return move["recorded_at"], _entry(move["moved_on"], "moved", text, move["moved_by"])


def _amount(stated: dict[str, Any]) -> Timed:
    amount = f"{stated['amount']:,.2f} {stated['currency']}" if stated["amount"] is not None else "no amount"
    expected = f", expected by {stated['close_on']}" if stated["close_on"] else ""
    return stated["recorded_at"], _entry(stated["stated_on"], "amount", amount + expected, stated["stated_by"])


def _enrollment(enrollment: Enrollment) -> Iterator[Timed]:
    covered = f" with {len(enrollment.covers)} facilities of {enrollment.chain}" if enrollment.chain else ""
    if enrollment.started_on:
        text = f"Enrolled in {enrollment.sequence}{covered}"
        yield FIRST, _entry(enrollment.started_on, "enrollment", text, enrollment.owner)
    elif enrollment.blocked_on:
        text = f"Waits for {enrollment.sequence}{covered}: {', '.join(enrollment.missing)}"
        yield FIRST, _entry(enrollment.blocked_on, "enrollment", text, enrollment.owner)
    if enrollment.ended_on:
        text = f"Left {enrollment.sequence}: {enrollment.reason}"
        yield LAST, _entry(enrollment.ended_on, "enrollment", text)


def _touch(logged: dict[str, Any], facility_id: str) -> Timed:
    title = touches().title(logged["channel"], logged["outcome"])
    parts = [each for each in (title, logged["note"]) if each]
    elsewhere = f" (with its chain, at {logged['facility_id']})" if logged["facility_id"] != facility_id else ""
    what = f"{logged['channel']} to {logged['persona']} {logged['kind']}{elsewhere}"
    return logged["logged_at"], _entry(logged["touched_on"], "touch", ": ".join([what, *parts]), logged["rep"])


def _note(note: dict[str, Any]) -> Timed:
    follow_up = f" (next follow-up {note['next_follow_up_on']})" if note["next_follow_up_on"] else ""
    return note["noted_at"], _entry(note["noted_on"], "note", note["text"] + follow_up, note["noted_by"])


def _engagement(engagement: Engagement) -> Timed:
    return engagement.recorded_at, _entry(engagement.engaged_on, "engagement", str(engagement), engagement.recorded_by)


def _refused(change: dict[str, Any]) -> Timed:
    text = f"{change['field']} {change['value'] or 'removed'} does not count: {change['refused']}"
    on = local_date(change["recorded_at"], calendar().timezone)
    return change["recorded_at"], _entry(on, "refused", text, CRMS[change["system"]])


def _outcome(outcome: dict[str, Any]) -> Iterator[Timed]:
    why = f": {outcome['reason']}" if outcome["reason"] else ""
    text = f"Outcome {outcome['outcome']}{why}"
    yield outcome["recorded_at"], _entry(outcome["decided_on"], "outcome", text, outcome["decided_by"])
    if outcome["undone_on"]:
        taken_back = f"Outcome {outcome['outcome']} taken back"
        yield LAST, _entry(outcome["undone_on"], "outcome", taken_back, outcome["undone_by"])


def _entry(on: date, kind: str, text: str, by: str | None = None) -> StoryEntry:
    return StoryEntry.model_validate({"on": on, "kind": kind, "text": text, "by": by})
