"""What happened to a facility, event by event?"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from pydantic_core import from_json

from cli.client.recalling import stored_events
from shared.contracts import topology
from shared.contracts.events import CRMS
from shared.contracts.kernel import History
from shared.contracts.sequencer_enrollments import CoveredBy

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

SUBJECTS = (
    "facility.matched",
    "signal.expired",
    "score.changed",
    "lead.raised",
    "lead.reopened",
    "lead.moved",
    "lead.changed",
    "lead.met",
    "lead.won",
    "lead.lost",
    "lead.outcome_undone",
    "account.moved",
    "enrollment.started",
    "enrollment.blocked",
    "enrollment.paused",
    "enrollment.ended",
    "touch.logged",
    "note.added",
    "sla.breached",
    "crm.refused",
)
"""From the signal to the touch; events about contacts and tasks that only wait are left out."""
OF_CHAINS = (*(each for each in SUBJECTS if each.startswith("enrollment.")), "touch.logged")
"""What happened to other facilities of a chain, and to this one as well."""


class Happened(NamedTuple):
    """An event about a facility."""

    event_id: UUID
    at: datetime
    subject: str
    text: str


async def story(broker: Broker, facility_id: str) -> list[Happened]:
    """The events about a facility, in the order of time."""
    requests = {
        service: History(subjects=subjects, key=facility_id)
        for service in topology.SERVICES
        if (subjects := sorted(set(SUBJECTS).intersection(topology.subjects_of(service))))
    }
    others = await broker.ask(CoveredBy(facility_id=facility_id))
    read = await asyncio.gather(
        *(_read(broker, service, request) for service, request in requests.items()),
        *(_read(broker, "sequencer", History(subjects=[*OF_CHAINS], key=key), facility_id) for key in others),
    )
    return sorted(each for found in read for each in found)


async def _read(broker: Broker, service: str, request: History, about: str | None = None) -> list[Happened]:
    """The events of a request; of another facility, those that are about this one as well."""
    found: list[Happened] = []
    async for each in stored_events(broker, service, request):
        body = from_json(each.body)
        if about and about not in (*body.get("covers", ()), *body.get("reached", ())):
            continue
        if text := _text(each.subject, body):
            at = datetime.fromisoformat(each.headers["ce-time"])
            found.append(Happened(each.event_id, at, each.subject, f"{text}{_of_chain(body, about)}"))
    return found


def _of_chain(body: dict[str, Any], about: str | None) -> str:
    return f" (with its chain, at {body['facility_id']})" if about else ""


def _text(subject: str, body: dict[str, Any]) -> str:
    """An event in a few words."""
    match subject:
        case "facility.matched":
            count = len(body["signals"])
            return f"{body['role_family']}: {count} open {'signal' if count == 1 else 'signals'}"
        case "signal.expired":
            return f"{body['role_family']}: a signal expired"
        case "score.changed":
            return f"score {body['score']}, Tier {body['tier']}, by {body['cause']}"
        case "lead.raised":
            return f"{_lead(body)} in stage {body['stage']}, owner {body['owner'] or 'none yet'}"
        case "lead.reopened":
            return f"{_lead(body)} in stage {body['stage']} again{_by(body, 'reopened_by')}{_why(body)}"
        case "lead.moved":
            return f"{_lead(body)} from {body['from_stage']} to {body['stage']}{_by(body, 'moved_by')}{_why(body)}"
        case "lead.changed":
            return _changed(body)
        case "lead.outcome_undone":
            return f"{body['outcome']} taken back{_by(body, 'undone_by')}"
        case "lead.met" | "lead.won" | "lead.lost":
            return f"{_lead(body)}{_by(body, 'decided_by')}{_why(body)}"
        case "touch.logged":
            return _touch(body)
        case "sla.breached":
            return f"{body['label']}: {body['hours']} hours without a touch, owner {body['owner'] or 'none'}"
        case "account.moved":
            return f"{'client of' if body.get('client') else 'owner'} {body['owner'] or 'none'}{_why(body)}"
        case "crm.refused":
            return "; ".join(_refused(body, each) for each in body["fields"])
        case "note.added":
            return f"a note{_by(body, 'noted_by')}"
        case _:
            return _enrollment(body)


def _enrollment(body: dict[str, Any]) -> str:
    """The state of an enrollment; one that began earlier is published again whenever what it covers has changed."""
    since = f", since {body['started_on']}" if body.get("started_on") else ""
    covers = f", for {len(body['covers'])} facilities" if len(body["covers"]) > 1 else ""
    missing = f", needs {', '.join(body['missing'])}" if body.get("missing") else ""
    return f"{body['sequence']}, Tier {body['tier']}, {body['owner']}{since}{covers}{missing}{_why(body)}"


def _touch(body: dict[str, Any]) -> str:
    """A touch with its outcome, or what else was done about its task, and why."""
    kind, outcome, note = body["kind"], body.get("outcome"), body.get("note")
    result = {"done": outcome, "answered": outcome, "undone": "taken back"}.get(kind, kind)
    why = note or (outcome if kind == "skipped" else None)
    task = f" [{body['task_id'][:8]}]" if body.get("task_id") else ""
    return f"{body['channel']} to {body['persona']}: {result}{f' ({why})' if why else ''}{_by(body, 'rep')}{task}"


def _changed(body: dict[str, Any]) -> str:
    """A change that ends a lead, or asks to re-open it; others are left out."""
    if body.get("reopen_asked_on"):
        return "a later signal asks to re-open the lead"
    closed = body.get("closed_on") and body["phase"] not in ("won", "lost")
    return f"{_lead(body)} closed: {body['closed_reason']}" if closed else ""


def _lead(body: dict[str, Any]) -> str:
    return "upsell lead" if body["lead_source"] == "upsell" else "lead"


def _refused(body: dict[str, Any], each: dict[str, Any]) -> str:
    """A value that was set in a CRM, and why it does not count."""
    return f"{each['field']} {each['value'] or 'removed'} in {CRMS[body['system']]} does not count: {each['why']}"


def _by(body: dict[str, Any], name: str) -> str:
    by = body[name]
    return f", in {by}" if by in CRMS.values() else f", by {by}"


def _why(body: dict[str, Any]) -> str:
    return f": {body['reason']}" if body.get("reason") else ""
