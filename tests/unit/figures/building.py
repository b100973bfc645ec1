"""How does a test describe events and key figures?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from engines.figures.computing import Figure, Span, figures_of
from engines.figures.occurrences import KINDS
from engines.figures.pack import Kpi
from engines.figures.tables import Event

TODAY = date(2026, 9, 1)
NOW = datetime.combine(TODAY, time(12), UTC)
PUBLISHED = {subject for kind in KINDS.values() for subject in kind.subjects}

_ids = count(1)


def on(days_ago: int) -> date:
    return TODAY - timedelta(days_ago)


def event(subject: str, days_ago: int = 0, hour: int = 9, **body: Any) -> Event:
    day = on(days_ago)
    return Event(f"{next(_ids):032x}", subject, datetime.combine(day, time(hour), UTC), day, body)


def lead_raised(lead: str, days_ago: int, **body: Any) -> Event:
    known = {"lead_source": "signal", "owner": "ann", "role_families": ["welder"], "facility_id": f"F-{lead}"}
    return event("lead.raised", days_ago, lead_id=lead, raised_on=str(on(days_ago)), **{**known, **body})


def lead_reopened(lead: str, days_ago: int) -> Event:
    return lead_raised(lead, days_ago)._replace(subject="lead.reopened")


def lead_decided(kind: str, lead: str, days_ago: int, raised_days_ago: int, **body: Any) -> Event:
    known = {"lead_source": "signal", "facility_id": f"F-{lead}", "decided_by": "ann", "reason": None}
    days: dict[str, Any] = {"raised_on": str(on(raised_days_ago)), "decided_on": str(on(days_ago))}
    return event(f"lead.{kind}", days_ago, lead_id=lead, **days, **{**known, **body})


def lead_moved(lead: str, days_ago: int, raised_days_ago: int, phase: str, **body: Any) -> Event:
    known = {"facility_id": f"F-{lead}", "lead_source": "signal", "owner": "ann", "from_stage": "new", "days": 3}
    days: dict[str, Any] = {"raised_on": str(on(raised_days_ago)), "moved_on": str(on(days_ago))}
    return event("lead.moved", days_ago, lead_id=lead, phase=phase, **days, **{**known, **body})


def touch_due(task: str, days_ago: int, **body: Any) -> Event:
    known = {"kind": "step", "facility_id": "F-1", "rep": "ann", "channel": "call", "tier": 1}
    return event("task.due", days_ago, task_id=task, due_on=str(on(days_ago)), **{**known, **body})


def touch_done(task: str, days_ago: int, **body: Any) -> Event:
    known = {"kind": "step", "facility_id": "F-1", "status": "done", "done_by": "ann"}
    return event("task.done", days_ago, task_id=task, done_on=str(on(days_ago)), **{**known, **body})


def kpi(**fields: Any) -> Kpi:
    return Kpi(**{"name": "figure", "title": "Figure", "source": "R0", "group": "any", **fields})


def figure(row: Kpi, events: list[Event], **days: date) -> Figure:
    [found] = figures_of([row], events, PUBLISHED, Span(TODAY, NOW, **days))
    return found
