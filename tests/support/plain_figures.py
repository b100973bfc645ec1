"""What are the key figures, computed plainly and slowly, without the engine? Numerator and denominator of each.

Loops over all events for each of them, in the order in which they were published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median
from typing import Any, NamedTuple

RELEVANT = ("mds_coordinator", "pdpm_rac", "chart_review", "qm")


class Stored(NamedTuple):
    subject: str
    body: dict[str, Any]


Events = list[Stored]
Counts = tuple[int, int]


def bodies(events: Events, *subjects: str) -> Iterable[dict[str, Any]]:
    return [event.body for event in events if event.subject in subjects]


def day(text: str) -> date:
    return date.fromisoformat(text)


def relevant_postings(events: Events) -> dict[str, date]:
    found: dict[str, date] = {}
    for body in bodies(events, "posting.seen"):
        if body["role_family"] in RELEVANT:
            found.setdefault(body["posting_id"], day(body["first_seen_on"]))
    return found


def facility_of(events: Events, posting_id: str) -> str | None:
    """The facility that a posting is matched to in the end."""
    facility = None
    for event in events:
        if event.subject == "facility.matched" and posting_id in event.body["posting_ids"]:
            facility = event.body["facility_id"]
        if event.subject == "posting.unmatched" and event.body["posting_id"] == posting_id:
            facility = None
    return facility


def signal_matched(events: Events, today: date) -> Counts:
    postings = relevant_postings(events)
    return sum(facility_of(events, posting) is not None for posting in postings), len(postings)


def signal_lead(events: Events, today: date) -> Counts:
    postings = relevant_postings(events)
    reached = 0
    for posting, seen_on in postings.items():
        facility = facility_of(events, posting)
        reached += any(
            lead["facility_id"] == facility and not closed_before(events, lead, seen_on)
            for lead in bodies(events, "lead.raised", "lead.reopened")
        )
    return reached, len(postings)


def closed_before(events: Events, lead: dict[str, Any], on: date) -> bool:
    return any(same(lead, end) and day(end["decided_on"]) < on for end in bodies(events, "lead.won", "lead.lost"))


def same(lead: dict[str, Any], other: dict[str, Any]) -> bool:
    return (lead["lead_id"], lead["raised_on"]) == (other["lead_id"], other["raised_on"])


def phase_day(events: Events, lead: dict[str, Any], *phases: str) -> date | None:
    for move in bodies(events, "lead.moved"):
        if same(lead, move) and move["phase"] in phases:
            return day(move["moved_on"])
    return None


CONTACTED = ("contacted", "qualified", "proposal", "won")


def lead_contacted(events: Events, today: date) -> Counts:
    ripe = [
        lead for lead in bodies(events, "lead.raised", "lead.reopened") if day(lead["raised_on"]) + timedelta(7) < today
    ]
    days = [(day(lead["raised_on"]), phase_day(events, lead, *CONTACTED)) for lead in ripe]
    return sum(moved is not None and (moved - raised).days <= 7 for raised, moved in days), len(ripe)


def contacted_qualified(events: Events, today: date) -> Counts:
    leads = [lead for lead in bodies(events, "lead.raised", "lead.reopened") if phase_day(events, lead, *CONTACTED)]
    return sum(phase_day(events, lead, *CONTACTED[1:]) is not None for lead in leads), len(leads)


def qualified_proposal(events: Events, today: date) -> Counts:
    leads = [lead for lead in bodies(events, "lead.raised", "lead.reopened") if phase_day(events, lead, *CONTACTED[1:])]
    return sum(phase_day(events, lead, *CONTACTED[2:]) is not None for lead in leads), len(leads)


def touch_completion(events: Events, today: date) -> Counts:
    due = {
        (body["task_id"], day(body["due_on"]))
        for body in bodies(events, "task.due")
        if body["kind"] != "research" and day(body["due_on"]) < today
    }
    ended = {(body["task_id"], day(body["done_on"])): body["status"] for body in bodies(events, "task.done")}
    counted = [ended.get(one) for one in due if ended.get(one) != "canceled"]
    return counted.count("done"), len(counted)


def sequence_completion(events: Events, today: date) -> Counts:
    ended: dict[str, str] = {}
    for body in bodies(events, "enrollment.started", "enrollment.ended"):
        ended.pop(body["enrollment_id"], None)
        if "ended_on" in body:
            ended[body["enrollment_id"]] = body["status"]
    return list(ended.values()).count("completed"), len(ended)


def win_rate(events: Events, today: date) -> Counts:
    won, lost = (list(bodies(events, subject)) for subject in ("lead.won", "lead.lost"))
    undone = Counter(body["outcome"] for body in bodies(events, "lead.outcome_undone"))
    return len(won) - undone["won"], len(won) + len(lost) - undone["won"] - undone["lost"]


def clients(events: Events) -> int:
    active = {body["facility_id"]: body["client"] for body in bodies(events, "account.moved")}
    return sum(active.values())


PLAIN = {
    "signal_matched": signal_matched,
    "signal_lead": signal_lead,
    "lead_contacted": lead_contacted,
    "contacted_qualified": contacted_qualified,
    "qualified_proposal": qualified_proposal,
    "touch_completion": touch_completion,
    "sequence_completion": sequence_completion,
    "win_rate": win_rate,
}


def days_to_contact(events: Events) -> float:
    days = [
        (day(lead["raised_on"]), phase_day(events, lead, *CONTACTED))
        for lead in bodies(events, "lead.raised", "lead.reopened")
    ]
    return median((moved - raised).days for raised, moved in days if moved)


def days_in_stage(events: Events) -> dict[str, float]:
    moves = list(bodies(events, "lead.moved"))
    stages = {move["from_stage"] for move in moves}
    return {stage: median(move["days"] for move in moves if move["from_stage"] == stage) for stage in stages}


def lost_reasons(events: Events) -> dict[str, int]:
    return Counter(body["reason"] for body in bodies(events, "lead.lost"))
